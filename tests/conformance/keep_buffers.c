/* keep_buffers: preloaded before Oclgrind, so that no buffer is ever given back.
 *
 * Oclgrind 21.10 numbers a new buffer like one that was released and goes on with the
 * old one's record of what was written, in the old one's size: beyond that everything
 * looks uninitialised. Buffers that stay have numbers of their own.
 */
#include <CL/cl.h>

CL_API_ENTRY cl_int CL_API_CALL clReleaseMemObject(cl_mem buffer)
{
    return buffer ? CL_SUCCESS : CL_INVALID_MEM_OBJECT;
}
