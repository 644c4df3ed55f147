/* fail_nth_calls.h: OpenCL 1.2's entry points as rows, but for images, samplers, OpenGL's
 * and those that no library here calls; tests/faults/calls.sh looks that none is missing.
 *
 *     ASKS(name, parameters, arguments)            gives a code; a failure does nothing
 *     ENDS(name, parameters, arguments)            gives a code; is done first
 *     MAKES(type, name, parameters, arguments)     gives an object, and a code in *code
 *     ENQUEUES(name, parameters, arguments)        then come num_wait, wait and event
 *
 * Include it with these four defined; they are not when it ends. */

ASKS(clGetPlatformIDs, (cl_uint room, cl_platform_id *out, cl_uint *count),
     (room, out, count))
ASKS(clGetPlatformInfo,
     (cl_platform_id platform, cl_platform_info what, size_t size, void *value,
      size_t *size_ret),
     (platform, what, size, value, size_ret))
ASKS(clGetDeviceIDs,
     (cl_platform_id platform, cl_device_type type, cl_uint room, cl_device_id *out,
      cl_uint *count),
     (platform, type, room, out, count))
ASKS(clGetDeviceInfo,
     (cl_device_id device, cl_device_info what, size_t size, void *value,
      size_t *size_ret),
     (device, what, size, value, size_ret))
ASKS(clRetainDevice, (cl_device_id device), (device))
ENDS(clReleaseDevice, (cl_device_id device), (device))

MAKES(cl_context, clCreateContext,
      (const cl_context_properties *properties, cl_uint count,
       const cl_device_id *devices,
       void(CL_CALLBACK *notify)(const char *, const void *, size_t, void *),
       void *data, cl_int *code),
      (properties, count, devices, notify, data, code))
ASKS(clRetainContext, (cl_context context), (context))
ENDS(clReleaseContext, (cl_context context), (context))
ASKS(clGetContextInfo,
     (cl_context context, cl_context_info what, size_t size, void *value,
      size_t *size_ret),
     (context, what, size, value, size_ret))

MAKES(cl_command_queue, clCreateCommandQueue,
      (cl_context context, cl_device_id device, cl_command_queue_properties properties,
       cl_int *code),
      (context, device, properties, code))
ASKS(clRetainCommandQueue, (cl_command_queue queue), (queue))
ENDS(clReleaseCommandQueue, (cl_command_queue queue), (queue))
ASKS(clGetCommandQueueInfo,
     (cl_command_queue queue, cl_command_queue_info what, size_t size, void *value,
      size_t *size_ret),
     (queue, what, size, value, size_ret))
ASKS(clFlush, (cl_command_queue queue), (queue))
ENDS(clFinish, (cl_command_queue queue), (queue))

MAKES(cl_mem, clCreateBuffer,
      (cl_context context, cl_mem_flags flags, size_t size, void *host, cl_int *code),
      (context, flags, size, host, code))
MAKES(cl_mem, clCreateSubBuffer,
      (cl_mem buffer, cl_mem_flags flags, cl_buffer_create_type type, const void *info,
       cl_int *code),
      (buffer, flags, type, info, code))
ASKS(clRetainMemObject, (cl_mem buffer), (buffer))
ENDS(clReleaseMemObject, (cl_mem buffer), (buffer))
ASKS(clGetMemObjectInfo,
     (cl_mem buffer, cl_mem_info what, size_t size, void *value, size_t *size_ret),
     (buffer, what, size, value, size_ret))

MAKES(cl_program, clCreateProgramWithSource,
      (cl_context context, cl_uint count, const char **texts, const size_t *lengths,
       cl_int *code),
      (context, count, texts, lengths, code))
MAKES(cl_program, clCreateProgramWithBinary,
      (cl_context context, cl_uint count, const cl_device_id *devices,
       const size_t *lengths, const unsigned char **binaries, cl_int *status,
       cl_int *code),
      (context, count, devices, lengths, binaries, status, code))
ENDS(clReleaseProgram, (cl_program program), (program))
ASKS(clBuildProgram,
     (cl_program program, cl_uint count, const cl_device_id *devices,
      const char *options, void(CL_CALLBACK *notify)(cl_program, void *), void *data),
     (program, count, devices, options, notify, data))
ASKS(clGetProgramInfo,
     (cl_program program, cl_program_info what, size_t size, void *value,
      size_t *size_ret),
     (program, what, size, value, size_ret))
ASKS(clGetProgramBuildInfo,
     (cl_program program, cl_device_id device, cl_program_build_info what, size_t size,
      void *value, size_t *size_ret),
     (program, device, what, size, value, size_ret))

MAKES(cl_kernel, clCreateKernel, (cl_program program, const char *name, cl_int *code),
      (program, name, code))
ENDS(clReleaseKernel, (cl_kernel kernel), (kernel))
ASKS(clSetKernelArg, (cl_kernel kernel, cl_uint index, size_t size, const void *value),
     (kernel, index, size, value))
ASKS(clGetKernelInfo,
     (cl_kernel kernel, cl_kernel_info what, size_t size, void *value,
      size_t *size_ret),
     (kernel, what, size, value, size_ret))
ASKS(clGetKernelWorkGroupInfo,
     (cl_kernel kernel, cl_device_id device, cl_kernel_work_group_info what,
      size_t size, void *value, size_t *size_ret),
     (kernel, device, what, size, value, size_ret))

ENDS(clWaitForEvents, (cl_uint count, const cl_event *events), (count, events))
ASKS(clRetainEvent, (cl_event event), (event))
ENDS(clReleaseEvent, (cl_event event), (event))
ASKS(clGetEventInfo,
     (cl_event event, cl_event_info what, size_t size, void *value, size_t *size_ret),
     (event, what, size, value, size_ret))
ASKS(clGetEventProfilingInfo,
     (cl_event event, cl_profiling_info what, size_t size, void *value,
      size_t *size_ret),
     (event, what, size, value, size_ret))

ENQUEUES(clEnqueueNDRangeKernel,
         (cl_command_queue queue, cl_kernel kernel, cl_uint dims, const size_t *offset,
          const size_t *global, const size_t *local),
         (queue, kernel, dims, offset, global, local))
ENQUEUES(clEnqueueNativeKernel,
         (cl_command_queue queue, void(CL_CALLBACK *call)(void *), void *data,
          size_t size, cl_uint count, const cl_mem *buffers, const void **places),
         (queue, call, data, size, count, buffers, places))
ENQUEUES(clEnqueueReadBuffer,
         (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset,
          size_t size, void *data),
         (queue, buffer, blocking, offset, size, data))
ENQUEUES(clEnqueueWriteBuffer,
         (cl_command_queue queue, cl_mem buffer, cl_bool blocking, size_t offset,
          size_t size, const void *data),
         (queue, buffer, blocking, offset, size, data))
ENQUEUES(clEnqueueReadBufferRect,
         (cl_command_queue queue, cl_mem buffer, cl_bool blocking, const size_t *there,
          const size_t *here, const size_t *region, size_t row_there,
          size_t slice_there, size_t row_here, size_t slice_here, void *data),
         (queue, buffer, blocking, there, here, region, row_there, slice_there,
          row_here, slice_here, data))
ENQUEUES(clEnqueueWriteBufferRect,
         (cl_command_queue queue, cl_mem buffer, cl_bool blocking, const size_t *there,
          const size_t *here, const size_t *region, size_t row_there,
          size_t slice_there, size_t row_here, size_t slice_here, const void *data),
         (queue, buffer, blocking, there, here, region, row_there, slice_there,
          row_here, slice_here, data))
ENQUEUES(clEnqueueCopyBuffer,
         (cl_command_queue queue, cl_mem from, cl_mem to, size_t from_offset,
          size_t to_offset, size_t size),
         (queue, from, to, from_offset, to_offset, size))
ENQUEUES(clEnqueueFillBuffer,
         (cl_command_queue queue, cl_mem buffer, const void *pattern,
          size_t pattern_size, size_t offset, size_t size),
         (queue, buffer, pattern, pattern_size, offset, size))
ENQUEUES(clEnqueueMigrateMemObjects,
         (cl_command_queue queue, cl_uint count, const cl_mem *buffers,
          cl_mem_migration_flags flags),
         (queue, count, buffers, flags))
ENQUEUES(clEnqueueUnmapMemObject, (cl_command_queue queue, cl_mem buffer, void *mapped),
         (queue, buffer, mapped))
ENQUEUES(clEnqueueMarkerWithWaitList, (cl_command_queue queue), (queue))
ENQUEUES(clEnqueueBarrierWithWaitList, (cl_command_queue queue), (queue))

#undef ASKS
#undef ENDS
#undef MAKES
#undef ENQUEUES
