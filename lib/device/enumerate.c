#include "device/enumerate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/cl_error.h"
#include "device/facts.h"
#include "device/pocl.h"

#define PLATFORM_NOT_FOUND (-1001) /* cl_khr_icd: the loader found no driver */

/* All platforms; *out is the caller's to free, NULL if there is none. */
static tsr_status get_platforms(cl_platform_id **out, cl_uint *count)
{
    cl_int code;

    *out = NULL;
    *count = 0;
    code = clGetPlatformIDs(0, NULL, count);
    if (code == PLATFORM_NOT_FOUND || (code == CL_SUCCESS && *count == 0)) {
        *count = 0;
        return TSR_OK;
    }
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clGetPlatformIDs", NULL);
    *out = calloc(*count, sizeof **out);
    if (!*out)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for %u platforms", *count);
    code = clGetPlatformIDs(*count, *out, NULL);
    if (code != CL_SUCCESS) {
        free(*out);
        *out = NULL;
        return tsr__fail_cl(code, "clGetPlatformIDs", NULL);
    }
    return TSR_OK;
}

/* All devices of a platform; *out is the caller's to free, NULL if there is none. */
static tsr_status get_devices(cl_platform_id platform, cl_device_id **out,
                              cl_uint *count)
{
    cl_int code;

    *out = NULL;
    *count = 0;
    code = clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 0, NULL, count);
    if (code == CL_DEVICE_NOT_FOUND || (code == CL_SUCCESS && *count == 0)) {
        *count = 0;
        return TSR_OK;
    }
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clGetDeviceIDs", NULL);
    *out = calloc(*count, sizeof **out);
    if (!*out)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for %u devices", *count);
    code = clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, *count, *out, NULL);
    if (code != CL_SUCCESS) {
        free(*out);
        *out = NULL;
        return tsr__fail_cl(code, "clGetDeviceIDs", NULL);
    }
    return TSR_OK;
}

/* What is known to help a platform that is there but has no device. */
static const char *advice_for(const char *platform)
{
    if (strstr(platform, "rusticl"))
        return "; Mesa's rusticl wants to be told which of its drivers to use: set "
               "RUSTICL_ENABLE=llvmpipe for the CPU, or radeonsi, iris, nouveau for a "
               "GPU";
    if (strstr(platform, "Clover"))
        return "; Mesa's Clover knows AMD GPUs only";
    if (tsr__is_pocl(platform))
        return "; PoCL needs a cache directory it can write: set POCL_CACHE_DIR to one";
    return "; if its hardware is there, its kernel driver may not be loaded, or you "
           "may "
           "lack the right to use it (groups render and video)";
}

static tsr_status add_empty_platform(tsr__entries *entries, cl_uint index,
                                     cl_platform_id platform, const char *error)
{
    tsr_device_entry entry = tsr__entry_for_driver("", "");
    char name[sizeof entry.info.platform] = "";

    /* A platform that will not even say its name is still an entry. */
    if (clGetPlatformInfo(platform, CL_PLATFORM_NAME, sizeof name - 1, name, NULL) !=
        CL_SUCCESS)
        snprintf(name, sizeof name, "platform %u", index);
    memcpy(entry.info.platform, name, sizeof name);
    entry.info.platform_index = index;
    if (error)
        tsr__entry_reject(&entry, "%s", error);
    else
        tsr__entry_reject(&entry, "the platform has no devices%s", advice_for(name));
    return tsr__entries_add(entries, &entry);
}

/* A device that cannot even be asked is an entry with what was answered so far. */
static tsr_status add_device(tsr__entries *entries, cl_uint platform_index,
                             cl_platform_id platform, cl_uint index, cl_device_id id)
{
    tsr_device_entry entry = {.usable = true};
    tsr_status status = tsr__facts_read(platform, id, &entry.info);

    if (status == TSR_ERROR_ARGUMENT || status == TSR_ERROR_HOST_MEMORY)
        return status;
    entry.info.platform_index = platform_index;
    entry.info.device_index = index;
    if (status) {
        tsr__entry_reject(&entry, "%s", tsr_error_detail());
    } else if (!entry.info.has_compiler) {
        tsr__entry_reject(
            &entry, "it has no OpenCL C compiler, so no kernel can be built for it");
    }
    return tsr__entries_add(entries, &entry);
}

static tsr_status add_platform(tsr__entries *entries, cl_uint index,
                               cl_platform_id platform)
{
    cl_device_id *ids;
    cl_uint count;
    tsr_status status = get_devices(platform, &ids, &count);

    if (status == TSR_ERROR_HOST_MEMORY && !ids)
        return status;
    if (status)
        return add_empty_platform(entries, index, platform, tsr_error_detail());
    if (count == 0)
        return add_empty_platform(entries, index, platform, NULL);
    for (cl_uint d = 0; d < count && !status; d++)
        status = add_device(entries, index, platform, d, ids[d]);
    free(ids);
    return status;
}

tsr_status tsr__enumerate(tsr__entries *entries)
{
    cl_platform_id *platforms;
    cl_uint count;
    tsr_status status = get_platforms(&platforms, &count);

    for (cl_uint p = 0; p < count && !status; p++)
        status = add_platform(entries, p, platforms[p]);
    free(platforms);
    return status;
}

tsr_status tsr__find_handles(const tsr_device_info *info, tsr__handles *handles)
{
    cl_platform_id *platforms;
    cl_device_id *ids = NULL;
    cl_uint num_platforms, num_ids = 0;
    tsr_status status = get_platforms(&platforms, &num_platforms);

    *handles = (tsr__handles){NULL, NULL, NULL, NULL};
    if (!status && info->platform_index < num_platforms) {
        handles->platform = platforms[info->platform_index];
        status = get_devices(handles->platform, &ids, &num_ids);
    }
    if (!status && info->device_index < num_ids)
        handles->id = ids[info->device_index];
    free(ids);
    free(platforms);
    if (!status && !handles->id)
        status = tsr__fail(TSR_ERROR_NO_DEVICE, "%s is gone since it was listed",
                           info->name);
    return status;
}
