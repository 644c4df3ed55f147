/* layer.c: an OpenCL layer (OPENCL_LAYERS) for devices that are not here.
 *
 * FAIL_KERNEL=NAME     launching a kernel whose name contains NAME: CL_OUT_OF_RESOURCES
 * SEPARATE_MEMORY=1    the device says that it does not share the host's memory
 * NO_FP64=1            the device says that it has no doubles
 * HANG_KERNEL=NAME     launching one says so on stderr, and lasts a minute
 * TALK=1               the driver writes to standard output while it is loaded */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <CL/cl_layer.h>

static const struct _cl_icd_dispatch *target; /* the layer or driver below */

static cl_int CL_API_CALL launch(cl_command_queue queue, cl_kernel kernel, cl_uint dims,
                                 const size_t *offset, const size_t *global,
                                 const size_t *local, cl_uint num_wait,
                                 const cl_event *wait, cl_event *event)
{
    const char *failing = getenv("FAIL_KERNEL"), *hanging = getenv("HANG_KERNEL");
    char name[128] = "";

    target->clGetKernelInfo(kernel, CL_KERNEL_FUNCTION_NAME, sizeof name - 1, name,
                            NULL);
    if (failing && strstr(name, failing))
        return CL_OUT_OF_RESOURCES;
    if (hanging && strstr(name, hanging)) {
        fputs("it hangs\n", stderr);
        sleep(60);
    }
    return target->clEnqueueNDRangeKernel(queue, kernel, dims, offset, global, local,
                                          num_wait, wait, event);
}

static cl_int CL_API_CALL get_device_info(cl_device_id device, cl_device_info name,
                                          size_t size, void *value, size_t *size_ret)
{
    const cl_int code = target->clGetDeviceInfo(device, name, size, value, size_ret);

    if (name == CL_DEVICE_HOST_UNIFIED_MEMORY && value && code == CL_SUCCESS &&
        getenv("SEPARATE_MEMORY"))
        *(cl_bool *)value = CL_FALSE;
    if (name == CL_DEVICE_DOUBLE_FP_CONFIG && value && code == CL_SUCCESS &&
        getenv("NO_FP64"))
        *(cl_device_fp_config *)value = 0;
    return code;
}

static void wrap(struct _cl_icd_dispatch *own)
{
    own->clEnqueueNDRangeKernel = launch;
    own->clGetDeviceInfo = get_device_info;
    if (getenv("TALK"))
        puts("a driver talks");
}

#include "layer_entry.h"
