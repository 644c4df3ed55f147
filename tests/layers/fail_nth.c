/* fail_nth: an OpenCL layer (OPENCL_LAYERS) under which a device dies.
 *
 * FAIL_NTH=n    the n-th call that can fail, counted over all of the process, fails with
 *               CL_OUT_OF_RESOURCES, and so does every later one
 * FAIL_ONCE=1   only the n-th does
 *
 * Releases never fail. A call that waits still waits: a dead device writes nothing more. */
#include <stdatomic.h>
#include <stdlib.h>

#include <CL/cl_layer.h>

static const struct _cl_icd_dispatch *target; /* the layer or driver below */
static struct _cl_icd_dispatch dispatch;
static atomic_long calls;

static cl_bool fails(void)
{
    const char *text = getenv("FAIL_NTH");
    long nth = text ? atol(text) : 0, call = atomic_fetch_add(&calls, 1) + 1;

    return nth > 0 && (call == nth || (call > nth && !getenv("FAIL_ONCE")));
}

/* For calls that give an object: NULL, with the code in *code. */
static cl_bool fails_with(cl_int *code)
{
    if (!fails())
        return CL_FALSE;
    if (code)
        *code = CL_OUT_OF_RESOURCES;
    return CL_TRUE;
}

/* ---- Questions ------------------------------------------------------------------- */

static cl_int CL_API_CALL get_device_ids(cl_platform_id platform, cl_device_type type,
                                         cl_uint room, cl_device_id *devices,
                                         cl_uint *count)
{
    return fails() ? CL_OUT_OF_RESOURCES
                   : target->clGetDeviceIDs(platform, type, room, devices, count);
}

static cl_int CL_API_CALL get_device_info(cl_device_id device, cl_device_info what,
                                          size_t size, void *value, size_t *size_ret)
{
    return fails() ? CL_OUT_OF_RESOURCES
                   : target->clGetDeviceInfo(device, what, size, value, size_ret);
}

static cl_int CL_API_CALL get_group_info(cl_kernel kernel, cl_device_id device,
                                         cl_kernel_work_group_info what, size_t size,
                                         void *value, size_t *size_ret)
{
    return fails() ? CL_OUT_OF_RESOURCES
                   : target->clGetKernelWorkGroupInfo(kernel, device, what, size, value,
                                                      size_ret);
}

/* ---- Objects --------------------------------------------------------------------- */

static cl_context CL_API_CALL create_context(
    const cl_context_properties *properties, cl_uint count, const cl_device_id *devices,
    void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *), void *data,
    cl_int *code)
{
    return fails_with(code) ? NULL
                            : target->clCreateContext(properties, count, devices,
                                                      notify, data, code);
}

static cl_command_queue CL_API_CALL create_queue(cl_context context,
                                                 cl_device_id device,
                                                 cl_command_queue_properties properties,
                                                 cl_int *code)
{
    return fails_with(code)
               ? NULL
               : target->clCreateCommandQueue(context, device, properties, code);
}

static cl_mem CL_API_CALL create_buffer(cl_context context, cl_mem_flags flags,
                                        size_t size, void *host, cl_int *code)
{
    return fails_with(code) ? NULL
                            : target->clCreateBuffer(context, flags, size, host, code);
}

static cl_program CL_API_CALL create_from_source(cl_context context, cl_uint count,
                                                 const char **strings,
                                                 const size_t *lengths, cl_int *code)
{
    return fails_with(code) ? NULL
                            : target->clCreateProgramWithSource(context, count, strings,
                                                                lengths, code);
}

static cl_program CL_API_CALL create_from_binary(cl_context context, cl_uint count,
                                                 const cl_device_id *devices,
                                                 const size_t *lengths,
                                                 const unsigned char **binaries,
                                                 cl_int *status, cl_int *code)
{
    return fails_with(code)
               ? NULL
               : target->clCreateProgramWithBinary(context, count, devices, lengths,
                                                   binaries, status, code);
}

static cl_int CL_API_CALL build(cl_program program, cl_uint count,
                                const cl_device_id *devices, const char *options,
                                void(CL_CALLBACK *notify)(cl_program, void *),
                                void *data)
{
    return fails()
               ? CL_OUT_OF_RESOURCES
               : target->clBuildProgram(program, count, devices, options, notify, data);
}

static cl_kernel CL_API_CALL create_kernel(cl_program program, const char *name,
                                           cl_int *code)
{
    return fails_with(code) ? NULL : target->clCreateKernel(program, name, code);
}

static cl_int CL_API_CALL set_argument(cl_kernel kernel, cl_uint index, size_t size,
                                       const void *value)
{
    return fails() ? CL_OUT_OF_RESOURCES
                   : target->clSetKernelArg(kernel, index, size, value);
}

static cl_int CL_API_CALL retain_buffer(cl_mem buffer)
{
    return fails() ? CL_OUT_OF_RESOURCES : target->clRetainMemObject(buffer);
}

static cl_int CL_API_CALL retain_event(cl_event event)
{
    return fails() ? CL_OUT_OF_RESOURCES : target->clRetainEvent(event);
}

/* ---- Commands -------------------------------------------------------------------- */

static cl_int CL_API_CALL launch(cl_command_queue queue, cl_kernel kernel, cl_uint dims,
                                 const size_t *offset, const size_t *global,
                                 const size_t *local, cl_uint num_wait,
                                 const cl_event *wait, cl_event *event)
{
    return fails() ? CL_OUT_OF_RESOURCES
                   : target->clEnqueueNDRangeKernel(queue, kernel, dims, offset, global,
                                                    local, num_wait, wait, event);
}

static cl_int CL_API_CALL write_buffer(cl_command_queue queue, cl_mem buffer,
                                       cl_bool blocking, size_t offset, size_t size,
                                       const void *data, cl_uint num_wait,
                                       const cl_event *wait, cl_event *event)
{
    return fails() ? CL_OUT_OF_RESOURCES
                   : target->clEnqueueWriteBuffer(queue, buffer, blocking, offset, size,
                                                  data, num_wait, wait, event);
}

static cl_int CL_API_CALL read_buffer(cl_command_queue queue, cl_mem buffer,
                                      cl_bool blocking, size_t offset, size_t size,
                                      void *data, cl_uint num_wait,
                                      const cl_event *wait, cl_event *event)
{
    return fails() ? CL_OUT_OF_RESOURCES
                   : target->clEnqueueReadBuffer(queue, buffer, blocking, offset, size,
                                                 data, num_wait, wait, event);
}

static cl_int CL_API_CALL write_rectangle(cl_command_queue queue, cl_mem buffer,
                                          cl_bool blocking, const size_t *there,
                                          const size_t *here, const size_t *region,
                                          size_t row_there, size_t slice_there,
                                          size_t row_here, size_t slice_here,
                                          const void *data, cl_uint num_wait,
                                          const cl_event *wait, cl_event *event)
{
    return fails() ? CL_OUT_OF_RESOURCES
                   : target->clEnqueueWriteBufferRect(queue, buffer, blocking, there,
                                                      here, region, row_there,
                                                      slice_there, row_here, slice_here,
                                                      data, num_wait, wait, event);
}

static cl_int CL_API_CALL read_rectangle(cl_command_queue queue, cl_mem buffer,
                                         cl_bool blocking, const size_t *there,
                                         const size_t *here, const size_t *region,
                                         size_t row_there, size_t slice_there,
                                         size_t row_here, size_t slice_here, void *data,
                                         cl_uint num_wait, const cl_event *wait,
                                         cl_event *event)
{
    return fails() ? CL_OUT_OF_RESOURCES
                   : target->clEnqueueReadBufferRect(queue, buffer, blocking, there,
                                                     here, region, row_there,
                                                     slice_there, row_here, slice_here,
                                                     data, num_wait, wait, event);
}

static void *CL_API_CALL map_buffer(cl_command_queue queue, cl_mem buffer,
                                    cl_bool blocking, cl_map_flags flags, size_t offset,
                                    size_t size, cl_uint num_wait, const cl_event *wait,
                                    cl_event *event, cl_int *code)
{
    return fails_with(code)
               ? NULL
               : target->clEnqueueMapBuffer(queue, buffer, blocking, flags, offset,
                                            size, num_wait, wait, event, code);
}

static cl_int CL_API_CALL unmap(cl_command_queue queue, cl_mem buffer, void *mapped,
                                cl_uint num_wait, const cl_event *wait, cl_event *event)
{
    cl_int code =
        target->clEnqueueUnmapMemObject(queue, buffer, mapped, num_wait, wait, event);

    return fails() ? CL_OUT_OF_RESOURCES : code;
}

static cl_int CL_API_CALL flush(cl_command_queue queue)
{
    return fails() ? CL_OUT_OF_RESOURCES : target->clFlush(queue);
}

static cl_int CL_API_CALL finish(cl_command_queue queue)
{
    cl_int code = target->clFinish(queue);

    return fails() ? CL_OUT_OF_RESOURCES : code;
}

/* ---- The layer ------------------------------------------------------------------- */

CL_API_ENTRY cl_int CL_API_CALL clGetLayerInfo(cl_layer_info name, size_t size,
                                               void *value, size_t *size_ret)
{
    if (name != CL_LAYER_API_VERSION || (value && size < sizeof(cl_layer_api_version)))
        return CL_INVALID_VALUE;
    if (value)
        *(cl_layer_api_version *)value = CL_LAYER_API_VERSION_100;
    if (size_ret)
        *size_ret = sizeof(cl_layer_api_version);
    return CL_SUCCESS;
}

CL_API_ENTRY cl_int CL_API_CALL clInitLayer(cl_uint num_entries,
                                            const struct _cl_icd_dispatch *below,
                                            cl_uint *num_entries_ret,
                                            const struct _cl_icd_dispatch **ours)
{
    if (num_entries < sizeof dispatch / sizeof dispatch.clGetPlatformIDs)
        return CL_INVALID_VALUE;
    target = below;
    dispatch = *below;
    dispatch.clGetDeviceIDs = get_device_ids;
    dispatch.clGetDeviceInfo = get_device_info;
    dispatch.clGetKernelWorkGroupInfo = get_group_info;
    dispatch.clCreateContext = create_context;
    dispatch.clCreateCommandQueue = create_queue;
    dispatch.clCreateBuffer = create_buffer;
    dispatch.clCreateProgramWithSource = create_from_source;
    dispatch.clCreateProgramWithBinary = create_from_binary;
    dispatch.clBuildProgram = build;
    dispatch.clCreateKernel = create_kernel;
    dispatch.clSetKernelArg = set_argument;
    dispatch.clRetainMemObject = retain_buffer;
    dispatch.clRetainEvent = retain_event;
    dispatch.clEnqueueNDRangeKernel = launch;
    dispatch.clEnqueueWriteBuffer = write_buffer;
    dispatch.clEnqueueReadBuffer = read_buffer;
    dispatch.clEnqueueWriteBufferRect = write_rectangle;
    dispatch.clEnqueueReadBufferRect = read_rectangle;
    dispatch.clEnqueueMapBuffer = map_buffer;
    dispatch.clEnqueueUnmapMemObject = unmap;
    dispatch.clFlush = flush;
    dispatch.clFinish = finish;
    *ours = &dispatch;
    *num_entries_ret = sizeof dispatch / sizeof dispatch.clGetPlatformIDs;
    return CL_SUCCESS;
}
