/* adopt.c: a device made of the caller's own context, device and queue. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device/cl_error.h"
#include "device/create.h"
#include "device/enumerate.h"
#include "device/facts.h"
#include "device/select.h"
#include "device/selftest.h"

/* Whether `id` is `other` or a part of it. PoCL names the whole device where a context
 * or queue was made for a part. */
static bool is_part_of(cl_device_id id, cl_device_id other)
{
    while (id && id != other)
        if (clGetDeviceInfo(id, CL_DEVICE_PARENT_DEVICE, sizeof id, &id, NULL) !=
            CL_SUCCESS)
            return false;
    return id != NULL;
}

static tsr_status context_has_device(cl_context context, cl_device_id id)
{
    size_t bytes = 0;
    cl_int code = clGetContextInfo(context, CL_CONTEXT_DEVICES, 0, NULL, &bytes);
    cl_device_id *ids;
    bool found = false;

    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clGetContextInfo", "CL_CONTEXT_DEVICES");
    ids = malloc(bytes + sizeof *ids);
    if (!ids)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no %zu bytes for a context's devices",
                         bytes);
    code = clGetContextInfo(context, CL_CONTEXT_DEVICES, bytes, ids, NULL);
    for (size_t i = 0; code == CL_SUCCESS && i < bytes / sizeof *ids; i++)
        found = found || is_part_of(id, ids[i]);
    free(ids);
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clGetContextInfo", "CL_CONTEXT_DEVICES");
    if (!found)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "tsr_device_adopt: the device is not one of the context's");
    return TSR_OK;
}

static tsr_status queue_fits(cl_command_queue queue, cl_context context,
                             cl_device_id id)
{
    cl_context of_context = NULL;
    cl_device_id of_id = NULL;
    cl_command_queue_properties properties = 0;
    cl_int code;

    if ((code = clGetCommandQueueInfo(queue, CL_QUEUE_CONTEXT, sizeof of_context,
                                      &of_context, NULL)) != CL_SUCCESS ||
        (code = clGetCommandQueueInfo(queue, CL_QUEUE_DEVICE, sizeof of_id, &of_id,
                                      NULL)) != CL_SUCCESS ||
        (code = clGetCommandQueueInfo(queue, CL_QUEUE_PROPERTIES, sizeof properties,
                                      &properties, NULL)) != CL_SUCCESS)
        return tsr__fail_cl(code, "clGetCommandQueueInfo", NULL);
    if (of_context != context)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "tsr_device_adopt: the queue is of another context");
    if (!is_part_of(id, of_id))
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "tsr_device_adopt: the queue is of another device");
    if (properties & CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "tsr_device_adopt: the queue is out-of-order; create it "
                         "without CL_QUEUE_OUT_OF_ORDER_EXEC_MODE_ENABLE");
    return TSR_OK;
}

/* Its indices and the spec that chooses it. The caller's program has the drivers loaded
 * already, so they are asked here. A sub-device is in no list: it gets its parent's
 * name for a spec, and no indices. */
static tsr_status find_place(cl_device_id id, tsr_device_info *info)
{
    tsr__entries entries = {NULL, 0, 0};
    tsr_status status = tsr__enumerate(&entries);
    bool found = false;

    info->platform_index = info->device_index = UINT_MAX;
    snprintf(info->spec, sizeof info->spec, "%s:%s", info->platform, info->name);
    tsr__assign_specs(&entries);
    for (size_t i = 0; i < entries.count && !status && !found; i++) {
        const tsr_device_info *listed = &entries.items[i].info;
        tsr__handles handles;

        if (!entries.items[i].usable || tsr__find_handles(listed, &handles))
            continue;
        found = handles.id == id;
        if (found) {
            info->platform_index = listed->platform_index;
            info->device_index = listed->device_index;
            memcpy(info->spec, listed->spec, sizeof info->spec);
        }
    }
    tsr__entries_free(&entries);
    return status;
}

tsr_status tsr_device_adopt(cl_context context, cl_device_id id, cl_command_queue queue,
                            tsr_device **out)
{
    tsr__handles handles = {NULL, id, context, queue};
    tsr_device_info info;
    tsr_device *device;
    tsr_status status;
    cl_int code;

    if (!out)
        return tsr__fail(TSR_ERROR_ARGUMENT, "tsr_device_adopt: out is NULL");
    *out = NULL;
    if (!context || !id)
        return tsr__fail(TSR_ERROR_ARGUMENT, "tsr_device_adopt: %s is NULL",
                         context ? "id" : "context");
    if ((status = context_has_device(context, id)) ||
        (queue && (status = queue_fits(queue, context, id))))
        return status;
    code = clGetDeviceInfo(id, CL_DEVICE_PLATFORM, sizeof handles.platform,
                           &handles.platform, NULL);
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clGetDeviceInfo", "CL_DEVICE_PLATFORM");
    if ((status = tsr__facts_read(handles.platform, id, &info)))
        return status;
    if (!info.has_compiler)
        return tsr__fail(
            TSR_ERROR_NO_DEVICE,
            "%s has no OpenCL C compiler, so no kernel can be built for it", info.name);
    if ((status = find_place(id, &info)) ||
        (status = tsr__device_create(&handles, &info, &device)))
        return status;
    if ((status = tsr__selftest(device))) {
        tsr__device_release(device);
        return status;
    }
    *out = device;
    return TSR_OK;
}
