/* open.c: tsr_device_open. */
#include <stdio.h>
#include <string.h>

#include "device/cl_error.h"
#include "device/create.h"
#include "device/facts.h"

#define MAX_PLATFORMS 32
#define MAX_DEVICES   64

static int rank_of(const tsr_device_info *info)
{
    return info->type == TSR_DEVICE_GPU           ? 0
           : info->type == TSR_DEVICE_ACCELERATOR ? 1
           : info->type == TSR_DEVICE_CPU         ? 2
                                                  : 3;
}

tsr_status tsr_device_open(const char *spec, tsr_device **out)
{
    cl_platform_id platforms[MAX_PLATFORMS];
    cl_uint num_platforms = 0;
    tsr__handles best = {NULL, NULL, NULL, NULL};
    tsr_device_info best_info = {0};
    cl_int code;

    (void)spec;
    if (!out)
        return tsr__fail(TSR_ERROR_ARGUMENT, "tsr_device_open: out is NULL");
    *out = NULL;
    code = clGetPlatformIDs(MAX_PLATFORMS, platforms, &num_platforms);
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clGetPlatformIDs", NULL);
    for (cl_uint p = 0; p < num_platforms; p++) {
        cl_device_id ids[MAX_DEVICES];
        cl_uint num_ids = 0;

        if (clGetDeviceIDs(platforms[p], CL_DEVICE_TYPE_ALL, MAX_DEVICES, ids,
                           &num_ids) != CL_SUCCESS)
            continue;
        for (cl_uint d = 0; d < num_ids; d++) {
            tsr_device_info info;
            tsr_status status = tsr__facts_read(platforms[p], ids[d], &info);

            if (status)
                return status;
            info.platform_index = p;
            info.device_index = d;
            if (!best.id || rank_of(&info) < rank_of(&best_info)) {
                best.platform = platforms[p];
                best.id = ids[d];
                best_info = info;
            }
        }
    }
    if (!best.id)
        return tsr__fail(TSR_ERROR_NO_DEVICE,
                         "no OpenCL device found: install pocl-opencl-icd, or your GPU "
                         "vendor's driver");
    snprintf(best_info.spec, sizeof best_info.spec, "%s:%s", best_info.platform,
             best_info.name);
    return tsr__device_create(&best, &best_info, out);
}
