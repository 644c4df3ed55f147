/* Every enqueue: the event it gives, if one was asked for, is the program's. */
#include "ledger.h"

/* Books the event of a call that succeeded. */
static cl_int book(cl_int code, const cl_event *event, const char *call)
{
    if (code == CL_SUCCESS && event)
        ledger_add(LEDGER_EVENT, *event, call);
    return code;
}

static cl_int CL_API_CALL enqueue_read_buffer(cl_command_queue command_queue,
                                              cl_mem buffer, cl_bool blocking_read,
                                              size_t offset, size_t size, void *ptr,
                                              cl_uint num_events_in_wait_list,
                                              const cl_event *event_wait_list,
                                              cl_event *event)
{
    return book(ledger_next->clEnqueueReadBuffer(
                    command_queue, buffer, blocking_read, offset, size, ptr,
                    num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueReadBuffer");
}

static cl_int CL_API_CALL enqueue_read_buffer_rect(
    cl_command_queue command_queue, cl_mem buffer, cl_bool blocking_read,
    const size_t *buffer_origin, const size_t *host_origin, const size_t *region,
    size_t buffer_row_pitch, size_t buffer_slice_pitch, size_t host_row_pitch,
    size_t host_slice_pitch, void *ptr, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueReadBufferRect(
                    command_queue, buffer, blocking_read, buffer_origin, host_origin,
                    region, buffer_row_pitch, buffer_slice_pitch, host_row_pitch,
                    host_slice_pitch, ptr, num_events_in_wait_list, event_wait_list,
                    event),
                event, "clEnqueueReadBufferRect");
}

static cl_int CL_API_CALL enqueue_write_buffer(
    cl_command_queue command_queue, cl_mem buffer, cl_bool blocking_write,
    size_t offset, size_t size, const void *ptr, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueWriteBuffer(
                    command_queue, buffer, blocking_write, offset, size, ptr,
                    num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueWriteBuffer");
}

static cl_int CL_API_CALL enqueue_write_buffer_rect(
    cl_command_queue command_queue, cl_mem buffer, cl_bool blocking_write,
    const size_t *buffer_origin, const size_t *host_origin, const size_t *region,
    size_t buffer_row_pitch, size_t buffer_slice_pitch, size_t host_row_pitch,
    size_t host_slice_pitch, const void *ptr, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueWriteBufferRect(
                    command_queue, buffer, blocking_write, buffer_origin, host_origin,
                    region, buffer_row_pitch, buffer_slice_pitch, host_row_pitch,
                    host_slice_pitch, ptr, num_events_in_wait_list, event_wait_list,
                    event),
                event, "clEnqueueWriteBufferRect");
}

static cl_int CL_API_CALL enqueue_fill_buffer(
    cl_command_queue command_queue, cl_mem buffer, const void *pattern,
    size_t pattern_size, size_t offset, size_t size, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueFillBuffer(
                    command_queue, buffer, pattern, pattern_size, offset, size,
                    num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueFillBuffer");
}

static cl_int CL_API_CALL enqueue_copy_buffer(
    cl_command_queue command_queue, cl_mem src_buffer, cl_mem dst_buffer,
    size_t src_offset, size_t dst_offset, size_t size, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueCopyBuffer(
                    command_queue, src_buffer, dst_buffer, src_offset, dst_offset, size,
                    num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueCopyBuffer");
}

static cl_int CL_API_CALL enqueue_copy_buffer_rect(
    cl_command_queue command_queue, cl_mem src_buffer, cl_mem dst_buffer,
    const size_t *src_origin, const size_t *dst_origin, const size_t *region,
    size_t src_row_pitch, size_t src_slice_pitch, size_t dst_row_pitch,
    size_t dst_slice_pitch, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueCopyBufferRect(
                    command_queue, src_buffer, dst_buffer, src_origin, dst_origin,
                    region, src_row_pitch, src_slice_pitch, dst_row_pitch,
                    dst_slice_pitch, num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueCopyBufferRect");
}

static cl_int CL_API_CALL enqueue_read_image(cl_command_queue command_queue,
                                             cl_mem image, cl_bool blocking_read,
                                             const size_t *origin, const size_t *region,
                                             size_t row_pitch, size_t slice_pitch,
                                             void *ptr, cl_uint num_events_in_wait_list,
                                             const cl_event *event_wait_list,
                                             cl_event *event)
{
    return book(ledger_next->clEnqueueReadImage(
                    command_queue, image, blocking_read, origin, region, row_pitch,
                    slice_pitch, ptr, num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueReadImage");
}

static cl_int CL_API_CALL enqueue_write_image(
    cl_command_queue command_queue, cl_mem image, cl_bool blocking_write,
    const size_t *origin, const size_t *region, size_t input_row_pitch,
    size_t input_slice_pitch, const void *ptr, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueWriteImage(
                    command_queue, image, blocking_write, origin, region,
                    input_row_pitch, input_slice_pitch, ptr, num_events_in_wait_list,
                    event_wait_list, event),
                event, "clEnqueueWriteImage");
}

static cl_int CL_API_CALL enqueue_fill_image(cl_command_queue command_queue,
                                             cl_mem image, const void *fill_color,
                                             const size_t *origin, const size_t *region,
                                             cl_uint num_events_in_wait_list,
                                             const cl_event *event_wait_list,
                                             cl_event *event)
{
    return book(ledger_next->clEnqueueFillImage(command_queue, image, fill_color,
                                                origin, region, num_events_in_wait_list,
                                                event_wait_list, event),
                event, "clEnqueueFillImage");
}

static cl_int CL_API_CALL enqueue_copy_image(
    cl_command_queue command_queue, cl_mem src_image, cl_mem dst_image,
    const size_t *src_origin, const size_t *dst_origin, const size_t *region,
    cl_uint num_events_in_wait_list, const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueCopyImage(
                    command_queue, src_image, dst_image, src_origin, dst_origin, region,
                    num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueCopyImage");
}

static cl_int CL_API_CALL enqueue_copy_image_to_buffer(
    cl_command_queue command_queue, cl_mem src_image, cl_mem dst_buffer,
    const size_t *src_origin, const size_t *region, size_t dst_offset,
    cl_uint num_events_in_wait_list, const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueCopyImageToBuffer(
                    command_queue, src_image, dst_buffer, src_origin, region,
                    dst_offset, num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueCopyImageToBuffer");
}

static cl_int CL_API_CALL enqueue_copy_buffer_to_image(
    cl_command_queue command_queue, cl_mem src_buffer, cl_mem dst_image,
    size_t src_offset, const size_t *dst_origin, const size_t *region,
    cl_uint num_events_in_wait_list, const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueCopyBufferToImage(
                    command_queue, src_buffer, dst_image, src_offset, dst_origin,
                    region, num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueCopyBufferToImage");
}

static void *CL_API_CALL enqueue_map_buffer(
    cl_command_queue command_queue, cl_mem buffer, cl_bool blocking_map,
    cl_map_flags map_flags, size_t offset, size_t size, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event, cl_int *errcode_ret)
{
    void *mapped = ledger_next->clEnqueueMapBuffer(
        command_queue, buffer, blocking_map, map_flags, offset, size,
        num_events_in_wait_list, event_wait_list, event, errcode_ret);

    if (mapped)
        book(CL_SUCCESS, event, "clEnqueueMapBuffer");
    return mapped;
}

static void *CL_API_CALL enqueue_map_image(
    cl_command_queue command_queue, cl_mem image, cl_bool blocking_map,
    cl_map_flags map_flags, const size_t *origin, const size_t *region,
    size_t *image_row_pitch, size_t *image_slice_pitch, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event, cl_int *errcode_ret)
{
    void *mapped = ledger_next->clEnqueueMapImage(
        command_queue, image, blocking_map, map_flags, origin, region, image_row_pitch,
        image_slice_pitch, num_events_in_wait_list, event_wait_list, event,
        errcode_ret);

    if (mapped)
        book(CL_SUCCESS, event, "clEnqueueMapImage");
    return mapped;
}

static cl_int CL_API_CALL enqueue_unmap_mem_object(cl_command_queue command_queue,
                                                   cl_mem memobj, void *mapped_ptr,
                                                   cl_uint num_events_in_wait_list,
                                                   const cl_event *event_wait_list,
                                                   cl_event *event)
{
    return book(ledger_next->clEnqueueUnmapMemObject(command_queue, memobj, mapped_ptr,
                                                     num_events_in_wait_list,
                                                     event_wait_list, event),
                event, "clEnqueueUnmapMemObject");
}

static cl_int CL_API_CALL enqueue_migrate_mem_objects(
    cl_command_queue command_queue, cl_uint num_mem_objects, const cl_mem *mem_objects,
    cl_mem_migration_flags flags, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueMigrateMemObjects(
                    command_queue, num_mem_objects, mem_objects, flags,
                    num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueMigrateMemObjects");
}

static cl_int CL_API_CALL enqueue_nd_range_kernel(
    cl_command_queue command_queue, cl_kernel kernel, cl_uint work_dim,
    const size_t *global_work_offset, const size_t *global_work_size,
    const size_t *local_work_size, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueNDRangeKernel(
                    command_queue, kernel, work_dim, global_work_offset,
                    global_work_size, local_work_size, num_events_in_wait_list,
                    event_wait_list, event),
                event, "clEnqueueNDRangeKernel");
}

static cl_int CL_API_CALL enqueue_task(cl_command_queue command_queue, cl_kernel kernel,
                                       cl_uint num_events_in_wait_list,
                                       const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueTask(command_queue, kernel,
                                           num_events_in_wait_list, event_wait_list,
                                           event),
                event, "clEnqueueTask");
}

static cl_int CL_API_CALL enqueue_native_kernel(
    cl_command_queue command_queue, void(CL_CALLBACK *user_func)(void *), void *args,
    size_t cb_args, cl_uint num_mem_objects, const cl_mem *mem_list,
    const void **args_mem_loc, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueNativeKernel(
                    command_queue, user_func, args, cb_args, num_mem_objects, mem_list,
                    args_mem_loc, num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueNativeKernel");
}

static cl_int CL_API_CALL enqueue_marker_with_wait_list(cl_command_queue command_queue,
                                                        cl_uint num_events_in_wait_list,
                                                        const cl_event *event_wait_list,
                                                        cl_event *event)
{
    return book(ledger_next->clEnqueueMarkerWithWaitList(
                    command_queue, num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueMarkerWithWaitList");
}

static cl_int CL_API_CALL enqueue_barrier_with_wait_list(
    cl_command_queue command_queue, cl_uint num_events_in_wait_list,
    const cl_event *event_wait_list, cl_event *event)
{
    return book(ledger_next->clEnqueueBarrierWithWaitList(
                    command_queue, num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueBarrierWithWaitList");
}

static cl_int CL_API_CALL enqueue_marker(cl_command_queue command_queue,
                                         cl_event *event)
{
    return book(ledger_next->clEnqueueMarker(command_queue, event), event,
                "clEnqueueMarker");
}

static cl_int CL_API_CALL enqueue_svm_free(
    cl_command_queue command_queue, cl_uint num_svm_pointers, void *svm_pointers[],
    void(CL_CALLBACK *pfn_free_func)(cl_command_queue queue, cl_uint num_svm_pointers,
                                     void *svm_pointers[], void *user_data),
    void *user_data, cl_uint num_events_in_wait_list, const cl_event *event_wait_list,
    cl_event *event)
{
    return book(ledger_next->clEnqueueSVMFree(
                    command_queue, num_svm_pointers, svm_pointers, pfn_free_func,
                    user_data, num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueSVMFree");
}

static cl_int CL_API_CALL enqueue_svm_memcpy(cl_command_queue command_queue,
                                             cl_bool blocking_copy, void *dst_ptr,
                                             const void *src_ptr, size_t size,
                                             cl_uint num_events_in_wait_list,
                                             const cl_event *event_wait_list,
                                             cl_event *event)
{
    return book(ledger_next->clEnqueueSVMMemcpy(command_queue, blocking_copy, dst_ptr,
                                                src_ptr, size, num_events_in_wait_list,
                                                event_wait_list, event),
                event, "clEnqueueSVMMemcpy");
}

static cl_int CL_API_CALL enqueue_svm_mem_fill(cl_command_queue command_queue,
                                               void *svm_ptr, const void *pattern,
                                               size_t pattern_size, size_t size,
                                               cl_uint num_events_in_wait_list,
                                               const cl_event *event_wait_list,
                                               cl_event *event)
{
    return book(ledger_next->clEnqueueSVMMemFill(
                    command_queue, svm_ptr, pattern, pattern_size, size,
                    num_events_in_wait_list, event_wait_list, event),
                event, "clEnqueueSVMMemFill");
}

static cl_int CL_API_CALL enqueue_svm_map(cl_command_queue command_queue,
                                          cl_bool blocking_map, cl_map_flags flags,
                                          void *svm_ptr, size_t size,
                                          cl_uint num_events_in_wait_list,
                                          const cl_event *event_wait_list,
                                          cl_event *event)
{
    return book(ledger_next->clEnqueueSVMMap(command_queue, blocking_map, flags,
                                             svm_ptr, size, num_events_in_wait_list,
                                             event_wait_list, event),
                event, "clEnqueueSVMMap");
}

static cl_int CL_API_CALL enqueue_svm_unmap(cl_command_queue command_queue,
                                            void *svm_ptr,
                                            cl_uint num_events_in_wait_list,
                                            const cl_event *event_wait_list,
                                            cl_event *event)
{
    return book(ledger_next->clEnqueueSVMUnmap(command_queue, svm_ptr,
                                               num_events_in_wait_list, event_wait_list,
                                               event),
                event, "clEnqueueSVMUnmap");
}

void ledger_wrap_enqueues(cl_icd_dispatch *table)
{
    table->clEnqueueReadBuffer = enqueue_read_buffer;
    table->clEnqueueReadBufferRect = enqueue_read_buffer_rect;
    table->clEnqueueWriteBuffer = enqueue_write_buffer;
    table->clEnqueueWriteBufferRect = enqueue_write_buffer_rect;
    table->clEnqueueFillBuffer = enqueue_fill_buffer;
    table->clEnqueueCopyBuffer = enqueue_copy_buffer;
    table->clEnqueueCopyBufferRect = enqueue_copy_buffer_rect;
    table->clEnqueueReadImage = enqueue_read_image;
    table->clEnqueueWriteImage = enqueue_write_image;
    table->clEnqueueFillImage = enqueue_fill_image;
    table->clEnqueueCopyImage = enqueue_copy_image;
    table->clEnqueueCopyImageToBuffer = enqueue_copy_image_to_buffer;
    table->clEnqueueCopyBufferToImage = enqueue_copy_buffer_to_image;
    table->clEnqueueMapBuffer = enqueue_map_buffer;
    table->clEnqueueMapImage = enqueue_map_image;
    table->clEnqueueUnmapMemObject = enqueue_unmap_mem_object;
    table->clEnqueueMigrateMemObjects = enqueue_migrate_mem_objects;
    table->clEnqueueNDRangeKernel = enqueue_nd_range_kernel;
    table->clEnqueueTask = enqueue_task;
    table->clEnqueueNativeKernel = enqueue_native_kernel;
    table->clEnqueueMarkerWithWaitList = enqueue_marker_with_wait_list;
    table->clEnqueueBarrierWithWaitList = enqueue_barrier_with_wait_list;
    table->clEnqueueMarker = enqueue_marker;
    table->clEnqueueSVMFree = enqueue_svm_free;
    table->clEnqueueSVMMemcpy = enqueue_svm_memcpy;
    table->clEnqueueSVMMemFill = enqueue_svm_mem_fill;
    table->clEnqueueSVMMap = enqueue_svm_map;
    table->clEnqueueSVMUnmap = enqueue_svm_unmap;
}
