/* oclgrind_shim: preloaded before Oclgrind 21.10, to keep it from seeing uninitialised
 * memory where there is none.
 *
 * Oclgrind records for each buffer what has been written. Its record is cut short in two
 * ways, and what is beyond it looks uninitialised for good:
 *   - a new buffer gets the number of a released one, and its record, in its size;
 *   - a host write to a part of a buffer makes a new record, of that part's size.
 * So no buffer is ever given back here, and what is written from the host is put into the
 * buffer's present content and written whole.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <CL/cl.h>

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

typedef cl_int(CL_API_CALL *write_buffer)(cl_command_queue, cl_mem, cl_bool, size_t,
                                          size_t, const void *, cl_uint,
                                          const cl_event *, cl_event *);

CL_API_ENTRY cl_int CL_API_CALL clReleaseMemObject(cl_mem buffer)
{
    return buffer ? CL_SUCCESS : CL_INVALID_MEM_OBJECT;
}

CL_API_ENTRY cl_int CL_API_CALL clEnqueueWriteBuffer(
    cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset, size_t size,
    const void *data, cl_uint num_wait, const cl_event *wait, cl_event *event)
{
    write_buffer next;
    void *symbol = dlsym(RTLD_NEXT, "clEnqueueWriteBuffer");
    size_t all = 0;
    char *whole;
    cl_int code;

    memcpy(&next, &symbol, sizeof next);
    clGetMemObjectInfo(buffer, CL_MEM_SIZE, sizeof all, &all, NULL);
    if (!data || offset > all || size > all - offset || size == all ||
        !(whole = malloc(all)))
        return next(queue, buffer, blocking, offset, size, data, num_wait, wait, event);
    code = clEnqueueReadBuffer(queue, buffer, CL_TRUE, 0, all, whole, num_wait, wait,
                               NULL);
    if (code == CL_SUCCESS) {
        memcpy(whole + offset, data, size);
        code = next(queue, buffer, CL_TRUE, 0, all, whole, 0, NULL, event);
    }
    free(whole);
    return code;
}
