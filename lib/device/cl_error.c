#include "device/cl_error.h"

#include <stdarg.h>
#include <stdio.h>

/* CL/cl.h of 1.2 has no name for these, yet loaders and newer drivers return them. */
enum {
    PLATFORM_NOT_FOUND = -1001, /* cl_khr_icd */
    INVALID_PIPE_SIZE = -69,
    INVALID_DEVICE_QUEUE = -70,
    INVALID_SPEC_ID = -71,
    MAX_SIZE_RESTRICTION_EXCEEDED = -72
};

/* Code, name, and what to do about it ("" where only the caller can know). */
typedef struct known_code {
    cl_int code;
    const char *name;
    const char *advice;
} known_code;

static const known_code known_codes[] = {
    {CL_SUCCESS, "CL_SUCCESS", ""},
    {CL_DEVICE_NOT_FOUND, "CL_DEVICE_NOT_FOUND", "the platform has no such device"},
    {CL_DEVICE_NOT_AVAILABLE, "CL_DEVICE_NOT_AVAILABLE",
     "another program may hold the device; try again"},
    {CL_COMPILER_NOT_AVAILABLE, "CL_COMPILER_NOT_AVAILABLE",
     "the driver has no OpenCL C compiler; choose another device"},
    {CL_MEM_OBJECT_ALLOCATION_FAILURE, "CL_MEM_OBJECT_ALLOCATION_FAILURE",
     "the device's memory is full; destroy tensors or use smaller ones"},
    {CL_OUT_OF_RESOURCES, "CL_OUT_OF_RESOURCES",
     "the device failed or ran out of memory while working; close it and open it "
     "again"},
    {CL_OUT_OF_HOST_MEMORY, "CL_OUT_OF_HOST_MEMORY", "the host's memory is full"},
    {CL_PROFILING_INFO_NOT_AVAILABLE, "CL_PROFILING_INFO_NOT_AVAILABLE", ""},
    {CL_MEM_COPY_OVERLAP, "CL_MEM_COPY_OVERLAP", ""},
    {CL_IMAGE_FORMAT_MISMATCH, "CL_IMAGE_FORMAT_MISMATCH", ""},
    {CL_IMAGE_FORMAT_NOT_SUPPORTED, "CL_IMAGE_FORMAT_NOT_SUPPORTED", ""},
    {CL_BUILD_PROGRAM_FAILURE, "CL_BUILD_PROGRAM_FAILURE", ""},
    {CL_MAP_FAILURE, "CL_MAP_FAILURE", ""},
    {CL_MISALIGNED_SUB_BUFFER_OFFSET, "CL_MISALIGNED_SUB_BUFFER_OFFSET", ""},
    {CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST,
     "CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST",
     "a command enqueued earlier failed; close the device and open it again"},
    {CL_COMPILE_PROGRAM_FAILURE, "CL_COMPILE_PROGRAM_FAILURE", ""},
    {CL_LINKER_NOT_AVAILABLE, "CL_LINKER_NOT_AVAILABLE", ""},
    {CL_LINK_PROGRAM_FAILURE, "CL_LINK_PROGRAM_FAILURE", ""},
    {CL_DEVICE_PARTITION_FAILED, "CL_DEVICE_PARTITION_FAILED", ""},
    {CL_KERNEL_ARG_INFO_NOT_AVAILABLE, "CL_KERNEL_ARG_INFO_NOT_AVAILABLE", ""},
    {CL_INVALID_VALUE, "CL_INVALID_VALUE", ""},
    {CL_INVALID_DEVICE_TYPE, "CL_INVALID_DEVICE_TYPE", ""},
    {CL_INVALID_PLATFORM, "CL_INVALID_PLATFORM", ""},
    {CL_INVALID_DEVICE, "CL_INVALID_DEVICE", ""},
    {CL_INVALID_CONTEXT, "CL_INVALID_CONTEXT", ""},
    {CL_INVALID_QUEUE_PROPERTIES, "CL_INVALID_QUEUE_PROPERTIES", ""},
    {CL_INVALID_COMMAND_QUEUE, "CL_INVALID_COMMAND_QUEUE", ""},
    {CL_INVALID_HOST_PTR, "CL_INVALID_HOST_PTR", ""},
    {CL_INVALID_MEM_OBJECT, "CL_INVALID_MEM_OBJECT", ""},
    {CL_INVALID_IMAGE_FORMAT_DESCRIPTOR, "CL_INVALID_IMAGE_FORMAT_DESCRIPTOR", ""},
    {CL_INVALID_IMAGE_SIZE, "CL_INVALID_IMAGE_SIZE", ""},
    {CL_INVALID_SAMPLER, "CL_INVALID_SAMPLER", ""},
    {CL_INVALID_BINARY, "CL_INVALID_BINARY", ""},
    {CL_INVALID_BUILD_OPTIONS, "CL_INVALID_BUILD_OPTIONS", ""},
    {CL_INVALID_PROGRAM, "CL_INVALID_PROGRAM", ""},
    {CL_INVALID_PROGRAM_EXECUTABLE, "CL_INVALID_PROGRAM_EXECUTABLE", ""},
    {CL_INVALID_KERNEL_NAME, "CL_INVALID_KERNEL_NAME", ""},
    {CL_INVALID_KERNEL_DEFINITION, "CL_INVALID_KERNEL_DEFINITION", ""},
    {CL_INVALID_KERNEL, "CL_INVALID_KERNEL", ""},
    {CL_INVALID_ARG_INDEX, "CL_INVALID_ARG_INDEX", ""},
    {CL_INVALID_ARG_VALUE, "CL_INVALID_ARG_VALUE", ""},
    {CL_INVALID_ARG_SIZE, "CL_INVALID_ARG_SIZE", ""},
    {CL_INVALID_KERNEL_ARGS, "CL_INVALID_KERNEL_ARGS", ""},
    {CL_INVALID_WORK_DIMENSION, "CL_INVALID_WORK_DIMENSION", ""},
    {CL_INVALID_WORK_GROUP_SIZE, "CL_INVALID_WORK_GROUP_SIZE", ""},
    {CL_INVALID_WORK_ITEM_SIZE, "CL_INVALID_WORK_ITEM_SIZE", ""},
    {CL_INVALID_GLOBAL_OFFSET, "CL_INVALID_GLOBAL_OFFSET", ""},
    {CL_INVALID_EVENT_WAIT_LIST, "CL_INVALID_EVENT_WAIT_LIST", ""},
    {CL_INVALID_EVENT, "CL_INVALID_EVENT", ""},
    {CL_INVALID_OPERATION, "CL_INVALID_OPERATION", ""},
    {CL_INVALID_GL_OBJECT, "CL_INVALID_GL_OBJECT", ""},
    {CL_INVALID_BUFFER_SIZE, "CL_INVALID_BUFFER_SIZE",
     "zero, or more than the device's largest allocation"},
    {CL_INVALID_MIP_LEVEL, "CL_INVALID_MIP_LEVEL", ""},
    {CL_INVALID_GLOBAL_WORK_SIZE, "CL_INVALID_GLOBAL_WORK_SIZE", ""},
    {CL_INVALID_PROPERTY, "CL_INVALID_PROPERTY", ""},
    {CL_INVALID_IMAGE_DESCRIPTOR, "CL_INVALID_IMAGE_DESCRIPTOR", ""},
    {CL_INVALID_COMPILER_OPTIONS, "CL_INVALID_COMPILER_OPTIONS", ""},
    {CL_INVALID_LINKER_OPTIONS, "CL_INVALID_LINKER_OPTIONS", ""},
    {CL_INVALID_DEVICE_PARTITION_COUNT, "CL_INVALID_DEVICE_PARTITION_COUNT", ""},
    {INVALID_PIPE_SIZE, "CL_INVALID_PIPE_SIZE", ""},
    {INVALID_DEVICE_QUEUE, "CL_INVALID_DEVICE_QUEUE", ""},
    {INVALID_SPEC_ID, "CL_INVALID_SPEC_ID", ""},
    {MAX_SIZE_RESTRICTION_EXCEEDED, "CL_MAX_SIZE_RESTRICTION_EXCEEDED", ""},
    {PLATFORM_NOT_FOUND, "CL_PLATFORM_NOT_FOUND_KHR",
     "no OpenCL driver is installed: install pocl-opencl-icd, or your GPU vendor's "
     "driver"},
};

static const known_code *find(cl_int code)
{
    for (size_t i = 0; i < sizeof known_codes / sizeof known_codes[0]; i++)
        if (known_codes[i].code == code)
            return &known_codes[i];
    return NULL;
}

const char *tsr_cl_status_name(cl_int code)
{
    const known_code *known = find(code);

    return known ? known->name : "unknown OpenCL status";
}

static tsr_status status_of(cl_int code)
{
    switch (code) {
    case CL_OUT_OF_HOST_MEMORY:
        return TSR_ERROR_HOST_MEMORY;
    case CL_MEM_OBJECT_ALLOCATION_FAILURE:
        return TSR_ERROR_DEVICE_MEMORY;
    case CL_INVALID_BUFFER_SIZE:
        return TSR_ERROR_ALLOC_LIMIT;
    case CL_OUT_OF_RESOURCES:
    case CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST:
        return TSR_ERROR_DEVICE_LOST;
    case CL_DEVICE_NOT_FOUND:
    case PLATFORM_NOT_FOUND:
        return TSR_ERROR_NO_DEVICE;
    default:
        return TSR_ERROR_OPENCL;
    }
}

tsr_status tsr__fail_cl(cl_int code, const char *call, const char *what, ...)
{
    const known_code *known = find(code);
    const char *advice = known ? known->advice : "";
    char text[TSR__DETAIL_SIZE / 2] = "";
    va_list args;

    if (what) {
        va_start(args, what);
        vsnprintf(text, sizeof text, what, args);
        va_end(args);
    }
    return tsr__fail(status_of(code), "%s failed with %s (%d)%s%s%s%s", call,
                     tsr_cl_status_name(code), (int)code, text[0] ? ": " : "", text,
                     advice[0] ? "; " : "", advice);
}
