/* fake_icd: an OpenCL driver just large enough to be chosen, tested and blamed.
 *
 * FAKE_MODE, fixed when it is compiled, says what it is (fake_describe.c); "described" is
 * what $FAKE_ICD says. A question of an extension that a driver does not have makes it
 * abort.
 *
 * Every handle begins with the dispatch table, as cl_khr_icd wants it. Its devices know one
 * kernel, the one of lib/device/selftest.c, by the meaning of its arguments.
 */
#include "fake_describe.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct _cl_context {
    const cl_icd_dispatch *dispatch;
    cl_device_id device;
    bool lost;
};
struct _cl_command_queue {
    const cl_icd_dispatch *dispatch;
    cl_context context;
};
struct _cl_mem {
    const cl_icd_dispatch *dispatch;
    float data[]; /* the buffer */
};
struct _cl_program {
    const cl_icd_dispatch *dispatch;
    cl_context context;
};
struct _cl_kernel {
    const cl_icd_dispatch *dispatch;
    cl_context context;
    cl_int n, k;
    cl_mem a, b, c;
};

static cl_icd_dispatch dispatch; /* filled in clIcdGetPlatformIDsKHR */
static fake self;

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
    switch (what) {
    case CL_PLATFORM_NAME:
        return answer_text(id->name, size, to, size_ret);
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
    cl_uint found = 0;

    for (cl_uint i = id->first; i < id->first + id->count; i++) {
        if (!(self.devices[i].type & type))
            continue;
        if (to && found < entries)
            to[found] = &self.devices[i];
        found++;
    }
    if (count)
        *count = found;
    return found ? CL_SUCCESS : CL_DEVICE_NOT_FOUND;
}

/* What the vendors' drivers say beyond OpenCL 1.2. */
typedef struct vendor {
    const char *name, *extensions, *version;
    cl_uint id;
    struct {
        cl_device_info what;
        cl_uint number; /* as cl_uint; 0 ends the list */
    } answers[5];
    size_t sub_groups[3], group_multiple; /* 0: no such question */
} vendor;

static const vendor vendors[] = {
    {.name = "nvidia",
     .extensions = "cl_khr_fp16 cl_nv_device_attribute_query",
     .version = "OpenCL 3.0 CUDA",
     .id = 0x10de,
     .answers = {{0x4000, 9}, {0x4001, 1}, {0x4002, 65536}, {0x4003, 32}}},
    {.name = "amd",
     .extensions = "cl_amd_device_attribute_query",
     .version = "OpenCL 2.0 ",
     .id = 0x1002,
     .answers = {{0x4043, 64}, {0x404a, 10}, {0x404b, 3}}},
    {.name = "intel",
     .extensions = "cl_intel_subgroups cl_intel_required_subgroup_size",
     .version = "OpenCL 3.0 NEO ",
     .id = 0x8086,
     .sub_groups = {8, 32, 16}},
    {.name = "khronos",
     .extensions = "cl_khr_subgroups",
     .version = "OpenCL 3.0 ",
     .id = 0x10005,
     .group_multiple = 16},
    {.name = "foreign", .extensions = "", .version = "OpenCL 1.2 ", .id = 0x10de},
    {.name = "", .extensions = "", .version = ""}, /* no vendor */
};

static const vendor *its_vendor(cl_device_id id)
{
    const vendor *v = vendors;

    while (*v->name && strcmp(v->name, id->vendor) != 0)
        v++;
    return v;
}

/* To a question that not every driver knows. */
static cl_int answer_vendor(cl_device_id id, cl_device_info what, size_t size, void *to,
                            size_t *size_ret)
{
    const vendor *v = its_vendor(id);

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
    const size_t sizes[3] = {id->group, id->group, id->group};
    const cl_device_local_mem_type local = CL_LOCAL;
    const cl_device_fp_config doubles = id->fp64 ? CL_FP_FMA : 0;
    const cl_ulong zero = 0;
    const cl_uint some = 64;

    switch (what) {
    case CL_DEVICE_TYPE:
        return answer(&id->type, sizeof id->type, size, to, size_ret);
    case CL_DEVICE_PLATFORM:
        return answer(&id->platform, sizeof id->platform, size, to, size_ret);
    case CL_DEVICE_NAME:
        return answer_text(id->name, size, to, size_ret);
    case CL_DEVICE_VENDOR:
    case CL_DRIVER_VERSION:
        return answer_text("", size, to, size_ret);
    case CL_DEVICE_VERSION:
        return answer_text(its_vendor(id)->version, size, to, size_ret);
    case CL_DEVICE_EXTENSIONS:
        return answer_text(its_vendor(id)->extensions, size, to, size_ret);
    case CL_DEVICE_VENDOR_ID:
        return answer(&its_vendor(id)->id, sizeof(cl_uint), size, to, size_ret);
    case CL_DEVICE_MAX_COMPUTE_UNITS:
        return answer(&id->units, sizeof id->units, size, to, size_ret);
    case CL_DEVICE_MAX_CLOCK_FREQUENCY:
        return answer(&id->clock, sizeof id->clock, size, to, size_ret);
    case CL_DEVICE_MAX_WORK_ITEM_SIZES:
        return answer(sizes, sizeof sizes, size, to, size_ret);
    case CL_DEVICE_MAX_WORK_GROUP_SIZE:
        return answer(sizes, sizeof sizes[0], size, to, size_ret);
    case CL_DEVICE_LOCAL_MEM_TYPE:
        return answer(&local, sizeof local, size, to, size_ret);
    case CL_DEVICE_COMPILER_AVAILABLE:
        return answer(&id->compiler, sizeof id->compiler, size, to, size_ret);
    case CL_DEVICE_DOUBLE_FP_CONFIG:
        return answer(&doubles, sizeof doubles, size, to, size_ret);
    case CL_DEVICE_GLOBAL_MEM_CACHE_SIZE:
        return answer(&zero, sizeof zero, size, to, size_ret);
    case CL_DEVICE_HOST_UNIFIED_MEMORY:
        return answer(&id->unified, sizeof id->unified, size, to, size_ret);
    case CL_DEVICE_GLOBAL_MEM_SIZE:
    case CL_DEVICE_MAX_MEM_ALLOC_SIZE:
        return answer(&id->memory, sizeof id->memory, size, to, size_ret);
    case CL_DEVICE_LOCAL_MEM_SIZE:
        return answer(&id->local, sizeof id->local, size, to, size_ret);
    default:
        if (what > CL_DEVICE_PRINTF_BUFFER_SIZE) /* the last of OpenCL 1.2 */
            return answer_vendor(id, what, size, to, size_ret);
        /* the cl_uint ones */
        return answer(&some, sizeof some, size, to, size_ret);
    }
}

/* ---- Accidents -------------------------------------------------------------------- */

/* What a call on this context gives before it does anything. */
static cl_int state_of(cl_context context)
{
    return context->lost ? CL_OUT_OF_RESOURCES : CL_SUCCESS;
}

/* As state_of, for a command, which may be the one that something happens at. */
static cl_int command_on(cl_context context)
{
    cl_device_id device = context->device;
    unsigned number = ++device->commands;

    if (number == device->lost)
        context->lost = true;
    if (number == device->oom)
        return CL_MEM_OBJECT_ALLOCATION_FAILURE;
    return state_of(context);
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

    (void)id, (void)properties;
    if (queue)
        queue->context = context;
    return queue;
}

static cl_mem CL_API_CALL create_buffer(cl_context context, cl_mem_flags flags,
                                        size_t bytes, void *host, cl_int *code)
{
    cl_mem buffer = context->lost ? NULL : make(sizeof *buffer + bytes, code);

    if (context->lost)
        *code = CL_OUT_OF_RESOURCES;
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
        program->context = context;
    return program;
}

static cl_int CL_API_CALL build_program(cl_program program, cl_uint count,
                                        const cl_device_id *ids, const char *options,
                                        void(CL_CALLBACK *notify)(cl_program, void *),
                                        void *user)
{
    (void)count, (void)ids, (void)options, (void)notify, (void)user;
    switch (program->context->device->build) {
    case BUILD_ABORT:
        abort();
    case BUILD_HANG:
        for (;;)
            pause();
    case BUILD_FAILS:
        return CL_BUILD_PROGRAM_FAILURE;
    default:
        return state_of(program->context);
    }
}

static cl_int CL_API_CALL get_build_info(cl_program program, cl_device_id id,
                                         cl_program_build_info what, size_t size,
                                         void *to, size_t *size_ret)
{
    (void)program, (void)id, (void)what;
    return answer_text("error: it never does", size, to, size_ret);
}

static cl_kernel CL_API_CALL create_kernel(cl_program program, const char *name,
                                           cl_int *code)
{
    cl_kernel kernel = make(sizeof *kernel, code);

    (void)name;
    if (kernel)
        kernel->context = program->context;
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
    cl_int n = kernel->n, k = kernel->k, code = command_on(queue->context);

    (void)dims, (void)offset, (void)local;
    (void)num_wait, (void)wait, (void)event;
    if (code)
        return code;
    for (cl_int i = 0; i < (cl_int)global[0]; i++) {
        for (cl_int j = 0; j < n; j++) {
            float sum = kernel->context->device->wrong ? 1 : 0;

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
    cl_int code = command_on(queue->context);

    (void)blocking, (void)num_wait, (void)wait, (void)event;
    if (!code)
        memcpy(to, (const char *)buffer->data + offset, bytes);
    return code;
}

static cl_int CL_API_CALL write_buffer(cl_command_queue queue, cl_mem buffer,
                                       cl_bool blocking, size_t offset, size_t bytes,
                                       const void *from, cl_uint num_wait,
                                       const cl_event *wait, cl_event *event)
{
    cl_int code = command_on(queue->context);

    (void)blocking, (void)num_wait, (void)wait, (void)event;
    if (!code)
        memcpy((char *)buffer->data + offset, from, bytes);
    return code;
}

static cl_int CL_API_CALL finish(cl_command_queue queue)
{
    return state_of(queue->context);
}

static cl_int CL_API_CALL keep_device(cl_device_id id)
{
    (void)id;
    return CL_SUCCESS;
}

/* Only devices are retained by anyone but their creator. */
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
    if (self.crashes ||
        (self.jealous && dlopen("libpocl.so.2", RTLD_LAZY | RTLD_NOLOAD)))
        abort();
    while (self.hangs)
        pause();
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
    dispatch.clGetProgramBuildInfo = get_build_info;
    dispatch.clReleaseProgram = free_program;
    dispatch.clCreateKernel = create_kernel;
    dispatch.clReleaseKernel = free_kernel;
    dispatch.clSetKernelArg = set_arg;
    dispatch.clGetKernelWorkGroupInfo = group_info;
    dispatch.clEnqueueNDRangeKernel = run_kernel;
    dispatch.clEnqueueReadBuffer = read_buffer;
    dispatch.clEnqueueWriteBuffer = write_buffer;
}

static cl_int CL_API_CALL get_platforms(cl_uint entries, cl_platform_id *to,
                                        cl_uint *count)
{
    if (self.num_platforms == 0) {
        fake_describe(FAKE_MODE, &dispatch, &self);
        misbehave();
        fill_dispatch();
    }
    if (count)
        *count = self.num_platforms;
    for (cl_uint i = 0; to && i < entries && i < self.num_platforms; i++)
        to[i] = &self.platforms[i];
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
