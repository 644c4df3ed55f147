/* Everything that makes, retains or releases an object. */
#include "ledger.h"

/* ---- Contexts ------------------------------------------------------------------ */

static cl_context CL_API_CALL create_context(
    const cl_context_properties *properties, cl_uint num_devices,
    const cl_device_id *devices,
    void(CL_CALLBACK *pfn_notify)(const char *errinfo, const void *private_info,
                                  size_t cb, void *user_data),
    void *user_data, cl_int *errcode_ret)
{
    cl_context made = ledger_next->clCreateContext(properties, num_devices, devices,
                                                   pfn_notify, user_data, errcode_ret);

    ledger_add(LEDGER_CONTEXT, made, "clCreateContext");
    return made;
}

static cl_context CL_API_CALL create_context_from_type(
    const cl_context_properties *properties, cl_device_type device_type,
    void(CL_CALLBACK *pfn_notify)(const char *errinfo, const void *private_info,
                                  size_t cb, void *user_data),
    void *user_data, cl_int *errcode_ret)
{
    cl_context made = ledger_next->clCreateContextFromType(
        properties, device_type, pfn_notify, user_data, errcode_ret);

    ledger_add(LEDGER_CONTEXT, made, "clCreateContextFromType");
    return made;
}

static cl_int CL_API_CALL retain_context(cl_context context)
{
    cl_int code = ledger_next->clRetainContext(context);

    if (code == CL_SUCCESS)
        ledger_add(LEDGER_CONTEXT, context, "clRetainContext");
    return code;
}

static cl_int CL_API_CALL release_context(cl_context context)
{
    ledger_remove(LEDGER_CONTEXT, context);
    return ledger_next->clReleaseContext(context);
}

/* ---- Queues -------------------------------------------------------------------- */

static cl_command_queue CL_API_CALL
create_command_queue(cl_context context, cl_device_id device,
                     cl_command_queue_properties properties, cl_int *errcode_ret)
{
    cl_command_queue made =
        ledger_next->clCreateCommandQueue(context, device, properties, errcode_ret);

    ledger_add(LEDGER_QUEUE, made, "clCreateCommandQueue");
    return made;
}

static cl_command_queue CL_API_CALL create_command_queue_with_properties(
    cl_context context, cl_device_id device, const cl_queue_properties *properties,
    cl_int *errcode_ret)
{
    cl_command_queue made = ledger_next->clCreateCommandQueueWithProperties(
        context, device, properties, errcode_ret);

    ledger_add(LEDGER_QUEUE, made, "clCreateCommandQueueWithProperties");
    return made;
}

static cl_int CL_API_CALL retain_command_queue(cl_command_queue command_queue)
{
    cl_int code = ledger_next->clRetainCommandQueue(command_queue);

    if (code == CL_SUCCESS)
        ledger_add(LEDGER_QUEUE, command_queue, "clRetainCommandQueue");
    return code;
}

static cl_int CL_API_CALL release_command_queue(cl_command_queue command_queue)
{
    ledger_remove(LEDGER_QUEUE, command_queue);
    return ledger_next->clReleaseCommandQueue(command_queue);
}

/* ---- Memory objects ------------------------------------------------------------ */

static cl_mem CL_API_CALL create_buffer(cl_context context, cl_mem_flags flags,
                                        size_t size, void *host_ptr,
                                        cl_int *errcode_ret)
{
    cl_mem made =
        ledger_next->clCreateBuffer(context, flags, size, host_ptr, errcode_ret);

    ledger_add(LEDGER_BUFFER, made, "clCreateBuffer");
    return made;
}

static cl_mem CL_API_CALL create_buffer_with_properties(
    cl_context context, const cl_mem_properties *properties, cl_mem_flags flags,
    size_t size, void *host_ptr, cl_int *errcode_ret)
{
    cl_mem made = ledger_next->clCreateBufferWithProperties(
        context, properties, flags, size, host_ptr, errcode_ret);

    ledger_add(LEDGER_BUFFER, made, "clCreateBufferWithProperties");
    return made;
}

static cl_mem CL_API_CALL create_sub_buffer(cl_mem buffer, cl_mem_flags flags,
                                            cl_buffer_create_type buffer_create_type,
                                            const void *buffer_create_info,
                                            cl_int *errcode_ret)
{
    cl_mem made = ledger_next->clCreateSubBuffer(buffer, flags, buffer_create_type,
                                                 buffer_create_info, errcode_ret);

    ledger_add(LEDGER_BUFFER, made, "clCreateSubBuffer");
    return made;
}

static cl_mem CL_API_CALL create_image(cl_context context, cl_mem_flags flags,
                                       const cl_image_format *image_format,
                                       const cl_image_desc *image_desc, void *host_ptr,
                                       cl_int *errcode_ret)
{
    cl_mem made = ledger_next->clCreateImage(context, flags, image_format, image_desc,
                                             host_ptr, errcode_ret);

    ledger_add(LEDGER_BUFFER, made, "clCreateImage");
    return made;
}

static cl_mem CL_API_CALL create_image_with_properties(
    cl_context context, const cl_mem_properties *properties, cl_mem_flags flags,
    const cl_image_format *image_format, const cl_image_desc *image_desc,
    void *host_ptr, cl_int *errcode_ret)
{
    cl_mem made = ledger_next->clCreateImageWithProperties(
        context, properties, flags, image_format, image_desc, host_ptr, errcode_ret);

    ledger_add(LEDGER_BUFFER, made, "clCreateImageWithProperties");
    return made;
}

static cl_mem CL_API_CALL create_pipe(cl_context context, cl_mem_flags flags,
                                      cl_uint pipe_packet_size,
                                      cl_uint pipe_max_packets,
                                      const cl_pipe_properties *properties,
                                      cl_int *errcode_ret)
{
    cl_mem made = ledger_next->clCreatePipe(context, flags, pipe_packet_size,
                                            pipe_max_packets, properties, errcode_ret);

    ledger_add(LEDGER_BUFFER, made, "clCreatePipe");
    return made;
}

static cl_int CL_API_CALL retain_mem_object(cl_mem memobj)
{
    cl_int code = ledger_next->clRetainMemObject(memobj);

    if (code == CL_SUCCESS)
        ledger_add(LEDGER_BUFFER, memobj, "clRetainMemObject");
    return code;
}

static cl_int CL_API_CALL release_mem_object(cl_mem memobj)
{
    ledger_remove(LEDGER_BUFFER, memobj);
    return ledger_next->clReleaseMemObject(memobj);
}

/* ---- Programs ------------------------------------------------------------------ */

static cl_program CL_API_CALL create_program_with_source(cl_context context,
                                                         cl_uint count,
                                                         const char **strings,
                                                         const size_t *lengths,
                                                         cl_int *errcode_ret)
{
    cl_program made = ledger_next->clCreateProgramWithSource(context, count, strings,
                                                             lengths, errcode_ret);

    ledger_add(LEDGER_PROGRAM, made, "clCreateProgramWithSource");
    return made;
}

static cl_program CL_API_CALL create_program_with_binary(
    cl_context context, cl_uint num_devices, const cl_device_id *device_list,
    const size_t *lengths, const unsigned char **binaries, cl_int *binary_status,
    cl_int *errcode_ret)
{
    cl_program made = ledger_next->clCreateProgramWithBinary(
        context, num_devices, device_list, lengths, binaries, binary_status,
        errcode_ret);

    ledger_add(LEDGER_PROGRAM, made, "clCreateProgramWithBinary");
    return made;
}

static cl_program CL_API_CALL create_program_with_built_in_kernels(
    cl_context context, cl_uint num_devices, const cl_device_id *device_list,
    const char *kernel_names, cl_int *errcode_ret)
{
    cl_program made = ledger_next->clCreateProgramWithBuiltInKernels(
        context, num_devices, device_list, kernel_names, errcode_ret);

    ledger_add(LEDGER_PROGRAM, made, "clCreateProgramWithBuiltInKernels");
    return made;
}

static cl_program CL_API_CALL create_program_with_il(cl_context context, const void *il,
                                                     size_t length, cl_int *errcode_ret)
{
    cl_program made =
        ledger_next->clCreateProgramWithIL(context, il, length, errcode_ret);

    ledger_add(LEDGER_PROGRAM, made, "clCreateProgramWithIL");
    return made;
}

static cl_program CL_API_CALL link_program(
    cl_context context, cl_uint num_devices, const cl_device_id *device_list,
    const char *options, cl_uint num_input_programs, const cl_program *input_programs,
    void(CL_CALLBACK *pfn_notify)(cl_program program, void *user_data), void *user_data,
    cl_int *errcode_ret)
{
    cl_program made = ledger_next->clLinkProgram(
        context, num_devices, device_list, options, num_input_programs, input_programs,
        pfn_notify, user_data, errcode_ret);

    ledger_add(LEDGER_PROGRAM, made, "clLinkProgram");
    return made;
}

static cl_int CL_API_CALL retain_program(cl_program program)
{
    cl_int code = ledger_next->clRetainProgram(program);

    if (code == CL_SUCCESS)
        ledger_add(LEDGER_PROGRAM, program, "clRetainProgram");
    return code;
}

static cl_int CL_API_CALL release_program(cl_program program)
{
    ledger_remove(LEDGER_PROGRAM, program);
    return ledger_next->clReleaseProgram(program);
}

/* ---- Kernels ------------------------------------------------------------------- */

static cl_kernel CL_API_CALL create_kernel(cl_program program, const char *kernel_name,
                                           cl_int *errcode_ret)
{
    cl_kernel made = ledger_next->clCreateKernel(program, kernel_name, errcode_ret);

    ledger_add(LEDGER_KERNEL, made, "clCreateKernel");
    return made;
}

static cl_kernel CL_API_CALL clone_kernel(cl_kernel source_kernel, cl_int *errcode_ret)
{
    cl_kernel made = ledger_next->clCloneKernel(source_kernel, errcode_ret);

    ledger_add(LEDGER_KERNEL, made, "clCloneKernel");
    return made;
}

static cl_int CL_API_CALL create_kernels_in_program(cl_program program,
                                                    cl_uint num_kernels,
                                                    cl_kernel *kernels,
                                                    cl_uint *num_kernels_ret)
{
    cl_uint count = 0;
    cl_int code =
        ledger_next->clCreateKernelsInProgram(program, num_kernels, kernels, &count);

    for (cl_uint i = 0; code == CL_SUCCESS && kernels && i < count; i++)
        ledger_add(LEDGER_KERNEL, kernels[i], "clCreateKernelsInProgram");
    if (num_kernels_ret)
        *num_kernels_ret = count;
    return code;
}

static cl_int CL_API_CALL retain_kernel(cl_kernel kernel)
{
    cl_int code = ledger_next->clRetainKernel(kernel);

    if (code == CL_SUCCESS)
        ledger_add(LEDGER_KERNEL, kernel, "clRetainKernel");
    return code;
}

static cl_int CL_API_CALL release_kernel(cl_kernel kernel)
{
    ledger_remove(LEDGER_KERNEL, kernel);
    return ledger_next->clReleaseKernel(kernel);
}

/* ---- Events -------------------------------------------------------------------- */

static cl_event CL_API_CALL create_user_event(cl_context context, cl_int *errcode_ret)
{
    cl_event made = ledger_next->clCreateUserEvent(context, errcode_ret);

    ledger_add(LEDGER_EVENT, made, "clCreateUserEvent");
    return made;
}

static cl_int CL_API_CALL retain_event(cl_event event)
{
    cl_int code = ledger_next->clRetainEvent(event);

    if (code == CL_SUCCESS)
        ledger_add(LEDGER_EVENT, event, "clRetainEvent");
    return code;
}

static cl_int CL_API_CALL release_event(cl_event event)
{
    ledger_remove(LEDGER_EVENT, event);
    return ledger_next->clReleaseEvent(event);
}

void ledger_wrap_objects(cl_icd_dispatch *table)
{
    table->clCreateContext = create_context;
    table->clCreateContextFromType = create_context_from_type;
    table->clRetainContext = retain_context;
    table->clReleaseContext = release_context;
    table->clCreateCommandQueue = create_command_queue;
    table->clCreateCommandQueueWithProperties = create_command_queue_with_properties;
    table->clRetainCommandQueue = retain_command_queue;
    table->clReleaseCommandQueue = release_command_queue;
    table->clCreateBuffer = create_buffer;
    table->clCreateBufferWithProperties = create_buffer_with_properties;
    table->clCreateSubBuffer = create_sub_buffer;
    table->clCreateImage = create_image;
    table->clCreateImageWithProperties = create_image_with_properties;
    table->clCreatePipe = create_pipe;
    table->clRetainMemObject = retain_mem_object;
    table->clReleaseMemObject = release_mem_object;
    table->clCreateProgramWithSource = create_program_with_source;
    table->clCreateProgramWithBinary = create_program_with_binary;
    table->clCreateProgramWithBuiltInKernels = create_program_with_built_in_kernels;
    table->clCreateProgramWithIL = create_program_with_il;
    table->clLinkProgram = link_program;
    table->clRetainProgram = retain_program;
    table->clReleaseProgram = release_program;
    table->clCreateKernel = create_kernel;
    table->clCloneKernel = clone_kernel;
    table->clCreateKernelsInProgram = create_kernels_in_program;
    table->clRetainKernel = retain_kernel;
    table->clReleaseKernel = release_kernel;
    table->clCreateUserEvent = create_user_event;
    table->clRetainEvent = retain_event;
    table->clReleaseEvent = release_event;
}
