#include "launches.h"

#include <stdbool.h>
#include <stdio.h>

#include <tessera/interop.h>
#include <tessera/tessera.h>

#include "seed.h"

enum { BATCHES = 20, CALLS = 500 };

static const char *const source =
    "__kernel void empty(__global float *x, int n) { (void)x; (void)n; }\n";

/* What the measured calls need. */
typedef struct bench {
    tsr_device *device;
    cl_command_queue queue;
    cl_program program;
    cl_kernel kernel;
    cl_mem buffer;
    tsr_tensor *one, *result;
} bench;

/* Each does one call, or one batch; false if it failed. */
static bool enqueue(const bench *b)
{
    const size_t one = 1;

    return clEnqueueNDRangeKernel(b->queue, b->kernel, 1, NULL, &one, &one, 0, NULL,
                                  NULL) == CL_SUCCESS;
}

static bool enqueue_and_finish(const bench *b)
{
    return enqueue(b) && clFinish(b->queue) == CL_SUCCESS;
}

static bool set_buffer(const bench *b)
{
    return clSetKernelArg(b->kernel, 0, sizeof b->buffer, &b->buffer) == CL_SUCCESS;
}

static bool set_number(const bench *b)
{
    const cl_int n = 1;

    return clSetKernelArg(b->kernel, 1, sizeof n, &n) == CL_SUCCESS;
}

static bool multiply(const bench *b)
{
    return !tsr_matmul(b->one, b->one, b->result, NULL) &&
           !tsr_device_finish(b->device);
}

/* The best batch's microseconds per call, clFinish at a batch's end included; below 0 if
 * a call failed. The first batch is left out: kernels are built in it. */
static double measure(const bench *b, bool (*call)(const bench *))
{
    double best = -1;

    for (int batch = 0; batch <= BATCHES; batch++) {
        double start = milliseconds(), took;

        for (int i = 0; i < CALLS; i++)
            if (!call(b))
                return -1;
        if (clFinish(b->queue) != CL_SUCCESS)
            return -1;
        took = 1e3 * (milliseconds() - start) / CALLS;
        if (batch > 0 && (best < 0 || took < best))
            best = took;
    }
    return best;
}

static bool prepare(bench *b)
{
    cl_context context = tsr_device_get_cl_context(b->device);
    cl_device_id id = tsr_device_get_cl_device(b->device);
    const size_t shape[] = {1, 1};
    const float one = 1;
    const char *text = source;

    b->queue = tsr_device_get_cl_queue(b->device);
    return (b->program = clCreateProgramWithSource(context, 1, &text, NULL, NULL)) &&
           clBuildProgram(b->program, 1, &id, "-cl-std=CL1.2", NULL, NULL) ==
               CL_SUCCESS &&
           (b->kernel = clCreateKernel(b->program, "empty", NULL)) &&
           (b->buffer = clCreateBuffer(context, CL_MEM_READ_WRITE, 4, NULL, NULL)) &&
           set_buffer(b) && set_number(b) &&
           !tsr_tensor_from_host(b->device, TSR_F32, 2, shape, &one, &b->one) &&
           !tsr_tensor_create(b->device, TSR_F32, 2, shape, &b->result);
}

static void release(bench *b)
{
    tsr_tensor_destroy(b->result);
    tsr_tensor_destroy(b->one);
    if (b->buffer)
        clReleaseMemObject(b->buffer);
    if (b->kernel)
        clReleaseKernel(b->kernel);
    if (b->program)
        clReleaseProgram(b->program);
    tsr_device_close(b->device);
}

int launches(void)
{
    static const struct {
        const char *name;
        bool (*call)(const bench *);
    } rows[] = {{"empty kernel, enqueue + clFinish", enqueue_and_finish},
                {"empty kernel, one of 500 before clFinish", enqueue},
                {"clSetKernelArg, a buffer", set_buffer},
                {"clSetKernelArg, a number", set_number},
                {"1x1x1, tsr_matmul + tsr_device_finish", multiply}};
    bench b = {.device = NULL};
    tsr_status status = tsr_device_open(NULL, &b.device);
    bool good = !status && prepare(&b);

    for (size_t i = 0; i < sizeof rows / sizeof rows[0] && good; i++) {
        double us = measure(&b, rows[i].call);

        good = us >= 0;
        if (good)
            printf("%-42s %8.2f us\n", rows[i].name, us);
    }
    if (!good)
        fprintf(stderr, "startup: a call failed: %s\n", tsr_error_detail());
    release(&b);
    return good ? 0 : status == TSR_ERROR_NO_DEVICE ? 3 : 1;
}
