#include "device/extensions.h"

#include <stdio.h>
#include <string.h>

/* From the extensions' texts in the Khronos registry; headers may lack them. */
enum {
    NV_CAPABILITY_MAJOR = 0x4000, /* cl_nv_device_attribute_query */
    NV_CAPABILITY_MINOR = 0x4001,
    NV_REGISTERS_PER_BLOCK = 0x4002, /* "shared by all work-groups [...] resident on a
                                        multiprocessor" */
    NV_WARP_SIZE = 0x4003,
    AMD_WAVEFRONT_WIDTH = 0x4043, /* cl_amd_device_attribute_query */
    AMD_GFXIP_MAJOR = 0x404A,
    AMD_GFXIP_MINOR = 0x404B,
    INTEL_SUB_GROUP_SIZES = 0x4108,    /* cl_intel_required_subgroup_size */
    PREFERRED_GROUP_MULTIPLE = 0x1067, /* OpenCL 3.0 */
};

enum { VENDOR_NVIDIA = 0x10de, VENDOR_AMD = 0x1002, VENDOR_INTEL = 0x8086 }; /* PCI */

/* Whether a list of words separated by spaces has this one, whole. */
static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);

    while (*list) {
        size_t next = strcspn(list, " ");

        if (next == length && memcmp(list, word, length) == 0)
            return true;
        list += next + (list[next] == ' ');
    }
    return false;
}

/* The answer to a question of type cl_uint, 0 if there is none. */
static unsigned number(cl_device_id id, cl_device_info what)
{
    cl_uint value = 0;

    return clGetDeviceInfo(id, what, sizeof value, &value, NULL) == CL_SUCCESS ? value
                                                                               : 0;
}

static unsigned widest_sub_group(cl_device_id id)
{
    size_t sizes[16], bytes = 0, widest = 0;

    if (clGetDeviceInfo(id, INTEL_SUB_GROUP_SIZES, sizeof sizes, sizes, &bytes) !=
        CL_SUCCESS)
        return 0;
    for (size_t i = 0; i < bytes / sizeof sizes[0]; i++)
        widest = sizes[i] > widest ? sizes[i] : widest;
    return (unsigned)widest;
}

static unsigned preferred_multiple(cl_device_id id, const char *version)
{
    size_t value = 0;
    int major = 0;

    if (sscanf(version, "OpenCL %d", &major) != 1 || major < 3 ||
        clGetDeviceInfo(id, PREFERRED_GROUP_MULTIPLE, sizeof value, &value, NULL) !=
            CL_SUCCESS)
        return 0;
    return (unsigned)value;
}

void tsr__facts_of_extensions(cl_device_id id, const char *extensions,
                              tsr_device_info *info)
{
    unsigned vendor = number(id, CL_DEVICE_VENDOR_ID);

    info->fp16 = has_word(extensions, "cl_khr_fp16");
    if (vendor == VENDOR_NVIDIA &&
        has_word(extensions, "cl_nv_device_attribute_query")) {
        info->family = TSR_FAMILY_NVIDIA;
        info->generation =
            10 * number(id, NV_CAPABILITY_MAJOR) + number(id, NV_CAPABILITY_MINOR);
        info->wave_items = number(id, NV_WARP_SIZE);
        info->unit_registers = number(id, NV_REGISTERS_PER_BLOCK);
    } else if (vendor == VENDOR_AMD &&
               has_word(extensions, "cl_amd_device_attribute_query")) {
        info->family = TSR_FAMILY_AMD;
        info->generation =
            10 * number(id, AMD_GFXIP_MAJOR) + number(id, AMD_GFXIP_MINOR);
        info->wave_items = number(id, AMD_WAVEFRONT_WIDTH);
    } else if (vendor == VENDOR_INTEL && has_word(extensions, "cl_intel_subgroups")) {
        info->family = TSR_FAMILY_INTEL;
        if (has_word(extensions, "cl_intel_required_subgroup_size"))
            info->wave_items = widest_sub_group(id);
    }
    if (info->wave_items == 0)
        info->wave_items = preferred_multiple(id, info->version);
}
