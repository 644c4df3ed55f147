/* layer_entry.h: what a layer of OpenCL (OPENCL_LAYERS) has for the loader. To be included
 * at the end of a layer's one file, which has
 *
 *     static const struct _cl_icd_dispatch *target;    the layer or driver below
 *     static void wrap(struct _cl_icd_dispatch *own);  puts its functions in
 */
#ifndef TESTS_LAYER_ENTRY_H
#define TESTS_LAYER_ENTRY_H

#include <string.h>

#include <CL/cl_layer.h>

CL_API_ENTRY cl_int CL_API_CALL clGetLayerInfo(cl_layer_info name, size_t size,
                                               void *value, size_t *size_ret)
{
    const cl_layer_api_version version = CL_LAYER_API_VERSION_100;

    if (name != CL_LAYER_API_VERSION || (value && size < sizeof version))
        return CL_INVALID_VALUE;
    if (value)
        memcpy(value, &version, sizeof version);
    if (size_ret)
        *size_ret = sizeof version;
    return CL_SUCCESS;
}

CL_API_ENTRY cl_int CL_API_CALL clInitLayer(cl_uint num_entries,
                                            const struct _cl_icd_dispatch *below,
                                            cl_uint *num_entries_ret,
                                            const struct _cl_icd_dispatch **ours)
{
    static struct _cl_icd_dispatch dispatch;

    if (num_entries < sizeof dispatch / sizeof dispatch.clGetPlatformIDs)
        return CL_INVALID_VALUE;
    target = below;
    dispatch = *below;
    wrap(&dispatch);
    *ours = &dispatch;
    *num_entries_ret = sizeof dispatch / sizeof dispatch.clGetPlatformIDs;
    return CL_SUCCESS;
}

#endif /* TESTS_LAYER_ENTRY_H */
