#include "device/coherent.h"

#include <stdlib.h>

#include "base/trace.h"

enum { BYTES = 4096, WORDS = BYTES / sizeof(cl_uint) };

static bool all_are(const cl_uint *words, cl_uint value)
{
    for (size_t i = 0; i < WORDS; i++)
        if (words[i] != value)
            return false;
    return true;
}

/* What the device writes is in the array. */
static bool host_sees(cl_command_queue queue, cl_mem buffer, const cl_uint *array)
{
    const cl_uint value = 0x5eed0001;

    return clEnqueueFillBuffer(queue, buffer, &value, sizeof value, 0, BYTES, 0, NULL,
                               NULL) == CL_SUCCESS &&
           clFinish(queue) == CL_SUCCESS && all_are(array, value);
}

/* What is in the array is what the device reads. */
static bool device_sees(cl_command_queue queue, cl_mem buffer, cl_uint *array,
                        cl_uint *copy)
{
    const cl_uint value = 0x5eed0002;

    for (size_t i = 0; i < WORDS; i++)
        array[i] = value;
    return clEnqueueReadBuffer(queue, buffer, CL_TRUE, 0, BYTES, copy, 0, NULL, NULL) ==
               CL_SUCCESS &&
           all_are(copy, value);
}

bool tsr__coherent(const tsr_device *device)
{
    cl_uint *array = NULL, *copy = NULL;
    cl_mem buffer = NULL;
    bool coherent = false;

    if (!device->info.zero_copy || device->info.type != TSR_DEVICE_CPU)
        return false;
    array = calloc(1, BYTES); /* aligned as any array may be */
    copy = calloc(1, BYTES);
    if (array && copy)
        buffer =
            clCreateBuffer(device->context, CL_MEM_READ_WRITE | CL_MEM_USE_HOST_PTR,
                           BYTES, array, NULL);
    if (buffer) {
        coherent = host_sees(device->queue, buffer, array) &&
                   device_sees(device->queue, buffer, array, copy);
        clReleaseMemObject(buffer);
        clFinish(device->queue); /* the driver may use the array until then */
    }
    free(copy);
    free(array);
    tsr__trace(TSR__TRACE_DEVICE, "%s: lent arrays %s the device's memory",
               device->info.spec, coherent ? "are" : "are not always");
    return coherent;
}
