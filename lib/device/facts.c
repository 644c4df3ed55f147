#include "device/facts.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "device/cl_error.h"
#include "device/extensions.h"

/* ---- Texts ---------------------------------------------------------------------- */

/* As select.c sees it: a spec made of a name must be found again. */
static bool is_space(char c)
{
    return isspace((unsigned char)c) != 0;
}

/* Copies what fits, without the white space some drivers put around their names. */
static void copy_trimmed(const char *from, char *to, size_t size)
{
    size_t length;

    while (is_space(*from))
        from++;
    length = strlen(from);
    if (length >= size)
        length = size - 1;
    while (length > 0 && is_space(from[length - 1]))
        length--;
    memcpy(to, from, length);
    to[length] = '\0';
}

/* The whole text that clGetDeviceInfo has for `what`, to be freed by the caller. */
static tsr_status device_text(cl_device_id id, cl_device_info what, const char *name,
                              char **out)
{
    size_t size = 0;
    cl_int code = clGetDeviceInfo(id, what, 0, NULL, &size);
    char *text;

    *out = NULL;
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clGetDeviceInfo", "%s", name);
    text = calloc(size + 1, 1); /* some drivers leave the terminator out */
    if (!text)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no %zu bytes for %s", size, name);
    code = clGetDeviceInfo(id, what, size, text, NULL);
    if (code != CL_SUCCESS) {
        free(text);
        return tsr__fail_cl(code, "clGetDeviceInfo", "%s", name);
    }
    *out = text;
    return TSR_OK;
}

static tsr_status copy_device_text(cl_device_id id, cl_device_info what,
                                   const char *name, char *to, size_t size)
{
    char *text;
    tsr_status status = device_text(id, what, name, &text);

    if (status)
        return status;
    copy_trimmed(text, to, size);
    free(text);
    return TSR_OK;
}

static tsr_status copy_platform_name(cl_platform_id platform, char *to, size_t size)
{
    char text[1024] = "";
    cl_int code =
        clGetPlatformInfo(platform, CL_PLATFORM_NAME, sizeof text - 1, text, NULL);

    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clGetPlatformInfo", "CL_PLATFORM_NAME");
    copy_trimmed(text, to, size);
    return TSR_OK;
}

/* ---- The environment ------------------------------------------------------------- */

bool tsr__parse_size(const char *text, uint64_t *bytes)
{
    unsigned long long number;
    unsigned shift = 0;
    char *end;

    if (*text < '0' || *text > '9')
        return false;
    errno = 0;
    number = strtoull(text, &end, 10);
    if (errno == ERANGE)
        return false;
    if (*end == 'K' || *end == 'k')
        shift = 10;
    else if (*end == 'M' || *end == 'm')
        shift = 20;
    else if (*end == 'G' || *end == 'g')
        shift = 30;
    if (end[shift != 0] != '\0' || number == 0 || number > UINT64_MAX >> shift)
        return false;
    *bytes = (uint64_t)number << shift;
    return true;
}

static tsr_status apply_max_alloc(tsr_device_info *info)
{
    const char *text = getenv("TESSERA_MAX_ALLOC");
    uint64_t limit;

    if (!text || !*text)
        return TSR_OK;
    if (!tsr__parse_size(text, &limit))
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "TESSERA_MAX_ALLOC is \"%s\"; it must be a number of bytes, "
                         "such as 268435456, 262144K, 256M or 1G",
                         text);
    if (limit < info->max_alloc_bytes)
        info->max_alloc_bytes = limit;
    return TSR_OK;
}

const char *tsr__max_alloc_source(const tsr_device_info *info)
{
    const char *text = getenv("TESSERA_MAX_ALLOC");
    uint64_t limit;

    return text && tsr__parse_size(text, &limit) && limit == info->max_alloc_bytes
               ? " (TESSERA_MAX_ALLOC)"
               : "";
}

/* ---- Numbers --------------------------------------------------------------------- */

tsr_device_type tsr__type_of_bits(cl_device_type bits)
{
    if (bits & CL_DEVICE_TYPE_CPU)
        return TSR_DEVICE_CPU;
    if (bits & CL_DEVICE_TYPE_GPU)
        return TSR_DEVICE_GPU;
    if (bits & CL_DEVICE_TYPE_ACCELERATOR)
        return TSR_DEVICE_ACCELERATOR;
    return TSR_DEVICE_OTHER;
}

/* The raw answers, each of the type that OpenCL gives it. */
typedef struct answers {
    cl_device_type type;
    cl_uint compute_units, clock, float_lanes, double_lanes, align_bits;
    cl_ulong memory, max_alloc, local_memory, cache;
    size_t max_group, item_sizes[3];
    cl_device_local_mem_type local_type;
    cl_bool unified, compiler;
    cl_device_fp_config double_config;
} answers;

typedef struct question {
    cl_device_info what;
    const char *name;
    size_t size;
    void *answer;
} question;

static tsr_status ask(cl_device_id id, answers *a)
{
    size_t item_sizes[16] = {0}; /* one per dimension of the device, at least 3 */
    const question questions[] = {
        {CL_DEVICE_TYPE, "CL_DEVICE_TYPE", sizeof a->type, &a->type},
        {CL_DEVICE_MAX_COMPUTE_UNITS, "CL_DEVICE_MAX_COMPUTE_UNITS",
         sizeof a->compute_units, &a->compute_units},
        {CL_DEVICE_MAX_CLOCK_FREQUENCY, "CL_DEVICE_MAX_CLOCK_FREQUENCY",
         sizeof a->clock, &a->clock},
        {CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT, "CL_DEVICE_NATIVE_VECTOR_WIDTH_FLOAT",
         sizeof a->float_lanes, &a->float_lanes},
        {CL_DEVICE_NATIVE_VECTOR_WIDTH_DOUBLE, "CL_DEVICE_NATIVE_VECTOR_WIDTH_DOUBLE",
         sizeof a->double_lanes, &a->double_lanes},
        {CL_DEVICE_MEM_BASE_ADDR_ALIGN, "CL_DEVICE_MEM_BASE_ADDR_ALIGN",
         sizeof a->align_bits, &a->align_bits},
        {CL_DEVICE_GLOBAL_MEM_SIZE, "CL_DEVICE_GLOBAL_MEM_SIZE", sizeof a->memory,
         &a->memory},
        {CL_DEVICE_MAX_MEM_ALLOC_SIZE, "CL_DEVICE_MAX_MEM_ALLOC_SIZE",
         sizeof a->max_alloc, &a->max_alloc},
        {CL_DEVICE_LOCAL_MEM_SIZE, "CL_DEVICE_LOCAL_MEM_SIZE", sizeof a->local_memory,
         &a->local_memory},
        {CL_DEVICE_GLOBAL_MEM_CACHE_SIZE, "CL_DEVICE_GLOBAL_MEM_CACHE_SIZE",
         sizeof a->cache, &a->cache},
        {CL_DEVICE_MAX_WORK_GROUP_SIZE, "CL_DEVICE_MAX_WORK_GROUP_SIZE",
         sizeof a->max_group, &a->max_group},
        {CL_DEVICE_MAX_WORK_ITEM_SIZES, "CL_DEVICE_MAX_WORK_ITEM_SIZES",
         sizeof item_sizes, item_sizes},
        {CL_DEVICE_LOCAL_MEM_TYPE, "CL_DEVICE_LOCAL_MEM_TYPE", sizeof a->local_type,
         &a->local_type},
        {CL_DEVICE_HOST_UNIFIED_MEMORY, "CL_DEVICE_HOST_UNIFIED_MEMORY",
         sizeof a->unified, &a->unified},
        {CL_DEVICE_COMPILER_AVAILABLE, "CL_DEVICE_COMPILER_AVAILABLE",
         sizeof a->compiler, &a->compiler},
        {CL_DEVICE_DOUBLE_FP_CONFIG, "CL_DEVICE_DOUBLE_FP_CONFIG",
         sizeof a->double_config, &a->double_config},
    };

    for (size_t i = 0; i < sizeof questions / sizeof questions[0]; i++) {
        const question *q = &questions[i];
        cl_int code = clGetDeviceInfo(id, q->what, q->size, q->answer, NULL);

        if (code != CL_SUCCESS)
            return tsr__fail_cl(code, "clGetDeviceInfo", "%s", q->name);
    }
    memcpy(a->item_sizes, item_sizes, sizeof a->item_sizes);
    return TSR_OK;
}

static void fill_numbers(const answers *a, tsr_device_info *info)
{
    info->type = tsr__type_of_bits(a->type);
    info->compute_units = a->compute_units ? a->compute_units : 1;
    info->clock_mhz = a->clock;
    info->fp64 = a->double_config != 0;
    info->float_lanes = a->float_lanes ? a->float_lanes : 1;
    info->double_lanes = !info->fp64 ? 0 : a->double_lanes ? a->double_lanes : 1;
    info->memory_bytes = a->memory;
    info->max_alloc_bytes = a->max_alloc;
    info->local_memory_bytes = a->local_memory;
    info->cache_bytes = a->cache;
    info->max_group_size = a->max_group;
    memcpy(info->max_item_sizes, a->item_sizes, sizeof info->max_item_sizes);
    info->base_align_bytes = a->align_bits / 8;
    info->local_memory_dedicated = a->local_type == CL_LOCAL;
    info->zero_copy = a->unified == CL_TRUE;
    info->has_compiler = a->compiler == CL_TRUE;
}

tsr_status tsr__facts_read(cl_platform_id platform, cl_device_id id,
                           tsr_device_info *info)
{
    answers a = {0};
    char *extensions;
    tsr_status s;

    memset(info, 0, sizeof *info);
    if ((s = copy_platform_name(platform, info->platform, sizeof info->platform)) ||
        (s = copy_device_text(id, CL_DEVICE_NAME, "CL_DEVICE_NAME", info->name,
                              sizeof info->name)) ||
        (s = copy_device_text(id, CL_DEVICE_VENDOR, "CL_DEVICE_VENDOR", info->vendor,
                              sizeof info->vendor)) ||
        (s = copy_device_text(id, CL_DRIVER_VERSION, "CL_DRIVER_VERSION", info->driver,
                              sizeof info->driver)) ||
        (s = copy_device_text(id, CL_DEVICE_VERSION, "CL_DEVICE_VERSION", info->version,
                              sizeof info->version)) ||
        (s = ask(id, &a)) ||
        (s = device_text(id, CL_DEVICE_EXTENSIONS, "CL_DEVICE_EXTENSIONS",
                         &extensions)))
        return s;
    fill_numbers(&a, info);
    tsr__facts_of_extensions(id, extensions, info);
    free(extensions);
    return apply_max_alloc(info);
}

const char *tsr_device_type_name(tsr_device_type type)
{
    switch (type) {
    case TSR_DEVICE_CPU:
        return "cpu";
    case TSR_DEVICE_GPU:
        return "gpu";
    case TSR_DEVICE_ACCELERATOR:
        return "accelerator";
    case TSR_DEVICE_OTHER:
        break;
    }
    return "other";
}
