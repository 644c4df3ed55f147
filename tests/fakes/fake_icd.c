/* fake_icd: an OpenCL driver just large enough to be chosen, tested and blamed.
 *
 * FAKE_MODE, fixed when it is compiled:
 *     good        one GPU that multiplies right
 *     abort       abort() while its platforms are asked for
 *     hang        never returns from that
 *     empty       a platform without devices
 *     nocompiler  a GPU without a compiler
 *     wrong       a GPU whose products are wrong
 *     mixed       three GPUs; the compiler of the second aborts
 *     jealous     good, but aborts where PoCL is loaded too
 *     nvidia, amd, intel, khronos
 *                 good, with that vendor's extensions, or OpenCL 3.0
 *     foreign     an NVIDIA card under a driver without NVIDIA's extensions
 *
 * A question of an extension that a driver does not have makes it abort.
 *
 * Every handle begins with the dispatch table, as cl_khr_icd wants it. Its GPUs know one
 * kernel, the one of lib/device/selftest.c, by the meaning of its arguments.
 */
#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <CL/cl_icd.h>
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef enum behaviour { GOOD, WRONG, NO_COMPILER, CRASH_IN_BUILD } behaviour;

struct _cl_platform_id {
    const cl_icd_dispatch *dispatch;
};
struct _cl_device_id {
    const cl_icd_dispatch *dispatch;
    const char *name;
    behaviour behaviour;
};
struct _cl_context {
    const cl_icd_dispatch *dispatch;
    cl_device_id device;
};
struct _cl_command_queue {
    const cl_icd_dispatch *dispatch;
    cl_device_id device;
};
struct _cl_mem {
    const cl_icd_dispatch *dispatch;
    float data[]; /* the buffer */
};
struct _cl_program {
    const cl_icd_dispatch *dispatch;
    cl_device_id device;
};
struct _cl_kernel {
    const cl_icd_dispatch *dispatch;
    cl_device_id device;
    cl_int n, k;
    cl_mem a, b, c;
};

static cl_icd_dispatch dispatch; /* filled in clIcdGetPlatformIDsKHR */
static struct _cl_platform_id platform = {&dispatch};
static struct _cl_device_id devices[] = {
    {&dispatch, "Fake GPU 1", GOOD},
    {&dispatch, "Fake GPU 2", CRASH_IN_BUILD},
    {&dispatch, "Fake GPU 3", GOOD},
};
static cl_uint num_devices = 1;

static int mode_is(const char *mode)
{
    return strcmp(FAKE_MODE, mode) == 0;
}

/* ---- Answers ---------------------------------------------------------------------- */

static cl_int answer(const void *from, size_t bytes, size_t size, void *to,
                     size_t *size_ret)
{
    if (size_ret)
        *size_ret = bytes;
    if (to && size < bytes)
        return CL_INVALID_VALUE;
    if (to)
        memcpy(to, from, bytes);
    return CL_SUCCESS;
}

static cl_int answer_text(const char *text, size_t size, void *to, size_t *size_ret)
{
    return answer(text, strlen(text) + 1, size, to, size_ret);
}

static cl_int CL_API_CALL get_platform_info(cl_platform_id id, cl_platform_info what,
                                            size_t size, void *to, size_t *size_ret)
{
    (void)id;
    switch (what) {
    case CL_PLATFORM_NAME:
        return answer_text("Fake " FAKE_MODE, size, to, size_ret);
    case CL_PLATFORM_VENDOR:
        return answer_text("tessera's tests", size, to, size_ret);
    case CL_PLATFORM_VERSION:
        return answer_text("OpenCL 1.2 fake", size, to, size_ret);
    case CL_PLATFORM_PROFILE:
        return answer_text("FULL_PROFILE", size, to, size_ret);
    case CL_PLATFORM_EXTENSIONS:
        return answer_text("cl_khr_icd", size, to, size_ret);
    case CL_PLATFORM_ICD_SUFFIX_KHR:
        return answer_text("FAKE", size, to, size_ret);
    default:
        return CL_INVALID_VALUE;
    }
}

static cl_int CL_API_CALL get_device_ids(cl_platform_id id, cl_device_type type,
                                         cl_uint entries, cl_device_id *to,
                                         cl_uint *count)
{
    cl_uint found = type & CL_DEVICE_TYPE_GPU ? num_devices : 0;

    (void)id;
    if (count)
        *count = found;
    for (cl_uint i = 0; to && i < found && i < entries; i++)
        to[i] = &devices[i];
    return found ? CL_SUCCESS : CL_DEVICE_NOT_FOUND;
}

/* What the vendors' drivers say beyond OpenCL 1.2. */
typedef struct vendor {
    const char *mode, *extensions, *version;
    cl_uint id;
    struct {
        cl_device_info what;
        cl_uint number; /* as cl_uint; 0 ends the list */
    } answers[5];
    size_t sub_groups[3], group_multiple; /* 0: no such question */
} vendor;

static const vendor vendors[] = {
    {.mode = "nvidia",
     .extensions = "cl_khr_fp16 cl_nv_device_attribute_query",
     .version = "OpenCL 3.0 CUDA",
     .id = 0x10de,
     .answers = {{0x4000, 9}, {0x4001, 1}, {0x4002, 65536}, {0x4003, 32}}},
    {.mode = "amd",
     .extensions = "cl_amd_device_attribute_query",
     .version = "OpenCL 2.0 ",
     .id = 0x1002,
     .answers = {{0x4043, 64}, {0x404a, 10}, {0x404b, 3}}},
    {.mode = "intel",
     .extensions = "cl_intel_subgroups cl_intel_required_subgroup_size",
     .version = "OpenCL 3.0 NEO ",
     .id = 0x8086,
     .sub_groups = {8, 32, 16}},
    {.mode = "khronos",
     .extensions = "cl_khr_subgroups",
     .version = "OpenCL 3.0 ",
     .id = 0x10005,
     .group_multiple = 16},
    {.mode = "foreign", .extensions = "", .version = "OpenCL 1.2 ", .id = 0x10de},
    {.mode = FAKE_MODE, .extensions = "", .version = ""}, /* any other mode */
};

static const vendor *its_vendor(void)
{
    const vendor *v = vendors;

    while (!mode_is(v->mode))
        v++;
    return v;
}

/* To a question that not every driver knows. */
static cl_int answer_vendor(cl_device_info what, size_t size, void *to,
                            size_t *size_ret)
{
    const vendor *v = its_vendor();

    for (size_t i = 0; v->answers[i].what; i++) {
        if (v->answers[i].what == what)
            return answer(&v->answers[i].number, sizeof(cl_uint), size, to, size_ret);
    }
    if (what == 0x4108 && v->sub_groups[0])
        return answer(v->sub_groups, sizeof v->sub_groups, size, to, size_ret);
    if (what == 0x1067 && v->group_multiple)
        return answer(&v->group_multiple, sizeof(size_t), size, to, size_ret);
    abort();
}

static cl_int CL_API_CALL get_device_info(cl_device_id id, cl_device_info what,
                                          size_t size, void *to, size_t *size_ret)
{
    const cl_device_type gpu = CL_DEVICE_TYPE_GPU;
    const cl_platform_id its_platform = &platform;
    const size_t sizes[3] = {256, 256, 256};
    const cl_device_local_mem_type local = CL_LOCAL;
    const cl_bool compiler = id->behaviour != NO_COMPILER;
    const unsigned char zeros[8] = {0};
    const cl_uint some = 64;
    const cl_ulong memory = 1 << 30;

    switch (what) {
    case CL_DEVICE_TYPE:
        return answer(&gpu, sizeof gpu, size, to, size_ret);
    case CL_DEVICE_PLATFORM:
        return answer(&its_platform, sizeof its_platform, size, to, size_ret);
    case CL_DEVICE_NAME:
        return answer_text(id->name, size, to, size_ret);
    case CL_DEVICE_VENDOR:
    case CL_DRIVER_VERSION:
        return answer_text("", size, to, size_ret);
    case CL_DEVICE_VERSION:
        return answer_text(its_vendor()->version, size, to, size_ret);
    case CL_DEVICE_EXTENSIONS:
        return answer_text(its_vendor()->extensions, size, to, size_ret);
    case CL_DEVICE_VENDOR_ID:
        return answer(&its_vendor()->id, sizeof(cl_uint), size, to, size_ret);
    case CL_DEVICE_MAX_WORK_ITEM_SIZES:
        return answer(sizes, sizeof sizes, size, to, size_ret);
    case CL_DEVICE_MAX_WORK_GROUP_SIZE:
        return answer(sizes, sizeof sizes[0], size, to, size_ret);
    case CL_DEVICE_LOCAL_MEM_TYPE:
        return answer(&local, sizeof local, size, to, size_ret);
    case CL_DEVICE_COMPILER_AVAILABLE:
        return answer(&compiler, sizeof compiler, size, to, size_ret);
    case CL_DEVICE_DOUBLE_FP_CONFIG:
    case CL_DEVICE_GLOBAL_MEM_CACHE_SIZE:
        return answer(zeros, 8, size, to, size_ret);
    case CL_DEVICE_HOST_UNIFIED_MEMORY:
        return answer(zeros, sizeof(cl_bool), size, to, size_ret);
    case CL_DEVICE_GLOBAL_MEM_SIZE:
    case CL_DEVICE_MAX_MEM_ALLOC_SIZE:
    case CL_DEVICE_LOCAL_MEM_SIZE:
        return answer(&memory, sizeof memory, size, to, size_ret);
    default:
        if (what > CL_DEVICE_PRINTF_BUFFER_SIZE) /* the last of OpenCL 1.2 */
            return answer_vendor(what, size, to, size_ret);
        /* the cl_uint ones */
        return answer(&some, sizeof some, size, to, size_ret);
    }
}

/* ---- Objects ---------------------------------------------------------------------- */

static void *make(size_t bytes, cl_int *code)
{
    const cl_icd_dispatch **object = calloc(1, bytes);

    if (object)
        *object = &dispatch;
    if (code)
        *code = object ? CL_SUCCESS : CL_OUT_OF_HOST_MEMORY;
    return object;
}

static cl_context CL_API_CALL create_context(
    const cl_context_properties *properties, cl_uint count, const cl_device_id *ids,
    void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *), void *user,
    cl_int *code)
{
    cl_context context = make(sizeof *context, code);

    (void)properties, (void)count, (void)notify, (void)user;
    if (context)
        context->device = ids[0];
    return context;
}

static cl_command_queue CL_API_CALL create_queue(cl_context context, cl_device_id id,
                                                 cl_command_queue_properties properties,
                                                 cl_int *code)
{
    cl_command_queue queue = make(sizeof *queue, code);

    (void)context, (void)properties;
    if (queue)
        queue->device = id;
    return queue;
}

static cl_mem CL_API_CALL create_buffer(cl_context context, cl_mem_flags flags,
                                        size_t bytes, void *host, cl_int *code)
{
    cl_mem buffer = make(sizeof *buffer + bytes, code);

    (void)context;
    if (buffer && host && (flags & CL_MEM_COPY_HOST_PTR))
        memcpy(buffer->data, host, bytes);
    return buffer;
}

static cl_program CL_API_CALL create_program(cl_context context, cl_uint count,
                                             const char **texts, const size_t *lengths,
                                             cl_int *code)
{
    cl_program program = make(sizeof *program, code);

    (void)count, (void)texts, (void)lengths;
    if (program)
        program->device = context->device;
    return program;
}

static cl_int CL_API_CALL build_program(cl_program program, cl_uint count,
                                        const cl_device_id *ids, const char *options,
                                        void(CL_CALLBACK *notify)(cl_program, void *),
                                        void *user)
{
    (void)count, (void)ids, (void)options, (void)notify, (void)user;
    if (program->device->behaviour == CRASH_IN_BUILD)
        abort();
    return CL_SUCCESS;
}

static cl_kernel CL_API_CALL create_kernel(cl_program program, const char *name,
                                           cl_int *code)
{
    cl_kernel kernel = make(sizeof *kernel, code);

    (void)name;
    if (kernel)
        kernel->device = program->device;
    return kernel;
}

static cl_int CL_API_CALL set_arg(cl_kernel kernel, cl_uint index, size_t size,
                                  const void *value)
{
    void *const places[] = {&kernel->n, &kernel->k, &kernel->a, &kernel->b, &kernel->c};

    if (index < sizeof places / sizeof places[0])
        memcpy(places[index], value, size);
    return CL_SUCCESS;
}

static cl_int CL_API_CALL group_info(cl_kernel kernel, cl_device_id id,
                                     cl_kernel_work_group_info what, size_t size,
                                     void *to, size_t *size_ret)
{
    const size_t group = 256;

    (void)kernel, (void)id, (void)what;
    return answer(&group, sizeof group, size, to, size_ret);
}

static cl_int CL_API_CALL run_kernel(cl_command_queue queue, cl_kernel kernel,
                                     cl_uint dims, const size_t *offset,
                                     const size_t *global, const size_t *local,
                                     cl_uint num_wait, const cl_event *wait,
                                     cl_event *event)
{
    cl_int n = kernel->n, k = kernel->k;

    (void)queue, (void)dims, (void)offset, (void)local;
    (void)num_wait, (void)wait, (void)event;
    for (cl_int i = 0; i < (cl_int)global[0]; i++) {
        for (cl_int j = 0; j < n; j++) {
            float sum = kernel->device->behaviour == WRONG ? 1 : 0;

            for (cl_int at = 0; at < k; at++)
                sum += kernel->a->data[i * k + at] * kernel->b->data[at * n + j];
            kernel->c->data[i * n + j] = sum;
        }
    }
    return CL_SUCCESS;
}

static cl_int CL_API_CALL read_buffer(cl_command_queue queue, cl_mem buffer,
                                      cl_bool blocking, size_t offset, size_t bytes,
                                      void *to, cl_uint num_wait, const cl_event *wait,
                                      cl_event *event)
{
    (void)queue, (void)blocking, (void)num_wait, (void)wait, (void)event;
    memcpy(to, (const char *)buffer->data + offset, bytes);
    return CL_SUCCESS;
}

static cl_int CL_API_CALL finish(cl_command_queue queue)
{
    (void)queue;
    return CL_SUCCESS;
}

static cl_int CL_API_CALL keep_device(cl_device_id id)
{
    (void)id;
    return CL_SUCCESS;
}

/* Nothing here is retained by anyone but its creator. */
static cl_int CL_API_CALL free_context(cl_context object)
{
    free(object);
    return CL_SUCCESS;
}

static cl_int CL_API_CALL free_queue(cl_command_queue object)
{
    free(object);
    return CL_SUCCESS;
}

static cl_int CL_API_CALL free_buffer(cl_mem object)
{
    free(object);
    return CL_SUCCESS;
}

static cl_int CL_API_CALL free_program(cl_program object)
{
    free(object);
    return CL_SUCCESS;
}

static cl_int CL_API_CALL free_kernel(cl_kernel object)
{
    free(object);
    return CL_SUCCESS;
}

/* ---- The way in ------------------------------------------------------------------- */

static void misbehave(void)
{
    if (mode_is("abort"))
        abort();
    if (mode_is("jealous") && dlopen("libpocl.so.2", RTLD_LAZY | RTLD_NOLOAD))
        abort();
    while (mode_is("hang"))
        pause();
}

static void set_devices(void)
{
    if (mode_is("empty"))
        num_devices = 0;
    if (mode_is("mixed"))
        num_devices = 3;
    if (mode_is("wrong"))
        devices[0].behaviour = WRONG;
    if (mode_is("nocompiler"))
        devices[0].behaviour = NO_COMPILER;
}

static void fill_dispatch(void)
{
    dispatch.clGetPlatformInfo = get_platform_info;
    dispatch.clGetDeviceIDs = get_device_ids;
    dispatch.clGetDeviceInfo = get_device_info;
    dispatch.clRetainDevice = keep_device;
    dispatch.clReleaseDevice = keep_device;
    dispatch.clCreateContext = create_context;
    dispatch.clReleaseContext = free_context;
    dispatch.clCreateCommandQueue = create_queue;
    dispatch.clReleaseCommandQueue = free_queue;
    dispatch.clFinish = finish;
    dispatch.clCreateBuffer = create_buffer;
    dispatch.clReleaseMemObject = free_buffer;
    dispatch.clCreateProgramWithSource = create_program;
    dispatch.clBuildProgram = build_program;
    dispatch.clReleaseProgram = free_program;
    dispatch.clCreateKernel = create_kernel;
    dispatch.clReleaseKernel = free_kernel;
    dispatch.clSetKernelArg = set_arg;
    dispatch.clGetKernelWorkGroupInfo = group_info;
    dispatch.clEnqueueNDRangeKernel = run_kernel;
    dispatch.clEnqueueReadBuffer = read_buffer;
}

static cl_int CL_API_CALL get_platforms(cl_uint entries, cl_platform_id *to,
                                        cl_uint *count)
{
    misbehave();
    set_devices();
    fill_dispatch();
    if (count)
        *count = 1;
    if (to && entries > 0)
        to[0] = &platform;
    return CL_SUCCESS;
}

/* Only the loader may call this by its public name: inside this library that name means
 * the loader's own function. */
CL_API_ENTRY cl_int CL_API_CALL clGetPlatformInfo(cl_platform_id id,
                                                  cl_platform_info what, size_t size,
                                                  void *to, size_t *size_ret)
{
    return get_platform_info(id, what, size, to, size_ret);
}

CL_API_ENTRY void *CL_API_CALL clGetExtensionFunctionAddress(const char *name)
{
    /* ISO C has no cast from a function to an object pointer. */
    cl_int(CL_API_CALL * function)(cl_uint, cl_platform_id *, cl_uint *) =
        get_platforms;
    void *address = NULL;

    if (strcmp(name, "clIcdGetPlatformIDsKHR") == 0)
        memcpy(&address, &function, sizeof address);
    return address;
}
