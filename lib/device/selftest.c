#include "device/selftest.h"

#include <stdlib.h>
#include <string.h>

#include "device/cl_error.h"
#include "device/enumerate.h"

/* The kernel is here and not in kernels/, because lib/program, which brings those, is a
 * layer above. It asks of a driver what the real kernels ask: local memory and a barrier,
 * arguments by value, groups of several work-items (here, a column of C). No more than
 * that: each loop takes PoCL 10 ms longer to compile, with a barrier 50. A group brings as
 * many rows of B as it has items, and takes them again from the first for the others. */
static const char *const source =
    "__kernel void product(int N, int K, __global const float *A,\n"
    "                      __global const float *B, __global float *C,\n"
    "                      __local float *column)\n"
    "{\n"
    "    int i = get_global_id(0), j = get_global_id(1);\n"
    "    int l = get_local_id(0), rows = get_local_size(0);\n"
    "\n"
    "    column[l] = B[l * N + j];\n"
    "    barrier(CLK_LOCAL_MEM_FENCE);\n"
    "    A += i * K;\n"
    "    C[i * N + j] = A[0] * column[0] + A[1] * column[1 % rows] +\n"
    "                   A[2] * column[2 % rows] + A[3] * column[3 % rows];\n"
    "}\n";

enum { M = 4, N = 7, K = 4 };

/* Everything one self-test makes; NULL is "not made yet". */
typedef struct selftest {
    const tsr_device *device;
    cl_program program;
    cl_kernel kernel;
    cl_mem a, b, c;
    float host_a[M * K], host_b[K * N], host_c[M * N];
} selftest;

static tsr_status fail_build(const selftest *test, cl_int code)
{
    cl_device_id id = test->device->id;
    char log[512] = "";
    char *whole = NULL;
    size_t size = 0;

    if (clGetProgramBuildInfo(test->program, id, CL_PROGRAM_BUILD_LOG, 0, NULL,
                              &size) == CL_SUCCESS &&
        (whole = calloc(size + 1, 1)) &&
        clGetProgramBuildInfo(test->program, id, CL_PROGRAM_BUILD_LOG, size, whole,
                              NULL) == CL_SUCCESS) {
        const char *line = whole + strspn(whole, " \t\r\n");
        size_t length = strcspn(line, "\r\n");

        if (length >= sizeof log)
            length = sizeof log - 1;
        memcpy(log, line, length);
    }
    free(whole);
    if (code == CL_BUILD_PROGRAM_FAILURE)
        return tsr__fail(TSR_ERROR_BUILD,
                         "the self-test's kernel did not build (clBuildProgram: "
                         "CL_BUILD_PROGRAM_FAILURE): %s",
                         log[0] ? log : "the build log is empty");
    return tsr__fail_cl(code, "clBuildProgram", "self-test%s%s", log[0] ? ": " : "",
                        log);
}

static tsr_status build(selftest *test)
{
    const char *text = source;
    cl_int code;

    test->program =
        clCreateProgramWithSource(test->device->context, 1, &text, NULL, &code);
    if (!test->program)
        return tsr__fail_cl(code, "clCreateProgramWithSource", "self-test");
    code = clBuildProgram(test->program, 1, &test->device->id, "-cl-std=CL1.2", NULL,
                          NULL);
    if (code != CL_SUCCESS)
        return fail_build(test, code);
    test->kernel = clCreateKernel(test->program, "product", &code);
    if (!test->kernel)
        return tsr__fail_cl(code, "clCreateKernel", "self-test");
    return TSR_OK;
}

static tsr_status create_buffer(const selftest *test, float *data, size_t bytes,
                                cl_mem *out)
{
    cl_int code;

    *out = clCreateBuffer(test->device->context,
                          CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR, bytes, data, &code);
    return *out ? TSR_OK
                : tsr__fail_cl(code, "clCreateBuffer", "self-test, %zu bytes", bytes);
}

/* Rows that share a group: all, or one where the device allows no more (Apple's
 * CPU). */
static size_t group_size(const selftest *test)
{
    const tsr_device_info *info = &test->device->info;
    size_t kernel_limit = 1;

    clGetKernelWorkGroupInfo(test->kernel, test->device->id, CL_KERNEL_WORK_GROUP_SIZE,
                             sizeof kernel_limit, &kernel_limit, NULL);
    return kernel_limit >= M && info->max_item_sizes[0] >= M ? M : 1;
}

/* B repeats the rows that a group brings. */
static void fill_operands(selftest *test)
{
    const int brought = (int)group_size(test) * N;

    for (int i = 0; i < M * K; i++)
        test->host_a[i] = (float)(i * 7 % 13 - 6);
    for (int i = 0; i < K * N; i++)
        test->host_b[i] = (float)(i % brought * 5 % 11 - 5);
    for (int i = 0; i < M * N; i++)
        test->host_c[i] = -1e30f; /* a kernel that never ran must not look right */
}

static tsr_status run(selftest *test)
{
    const cl_int n = N, k = K;
    const size_t global[2] = {M, N}, local[2] = {group_size(test), 1};
    cl_command_queue queue = test->device->queue;
    cl_int code;

    if ((code = clSetKernelArg(test->kernel, 0, sizeof n, &n)) != CL_SUCCESS ||
        (code = clSetKernelArg(test->kernel, 1, sizeof k, &k)) != CL_SUCCESS ||
        (code = clSetKernelArg(test->kernel, 2, sizeof test->a, &test->a)) !=
            CL_SUCCESS ||
        (code = clSetKernelArg(test->kernel, 3, sizeof test->b, &test->b)) !=
            CL_SUCCESS ||
        (code = clSetKernelArg(test->kernel, 4, sizeof test->c, &test->c)) !=
            CL_SUCCESS ||
        (code = clSetKernelArg(test->kernel, 5, K * sizeof(float), NULL)) != CL_SUCCESS)
        return tsr__fail_cl(code, "clSetKernelArg", "self-test");
    code = clEnqueueNDRangeKernel(queue, test->kernel, 2, NULL, global, local, 0, NULL,
                                  NULL);
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clEnqueueNDRangeKernel", "self-test");
    code = clEnqueueReadBuffer(queue, test->c, CL_TRUE, 0, sizeof test->host_c,
                               test->host_c, 0, NULL, NULL);
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clEnqueueReadBuffer", "self-test");
    return TSR_OK;
}

/* The sums are integers well below 2^24: f32 holds each partial sum, in any order. */
static tsr_status compare(const selftest *test)
{
    for (int i = 0; i < M; i++) {
        for (int j = 0; j < N; j++) {
            float exact = 0, got = test->host_c[i * N + j];

            for (int k = 0; k < K; k++)
                exact += test->host_a[i * K + k] * test->host_b[k * N + j];
            if (!(got == exact))
                return tsr__fail(TSR_ERROR_WRONG_RESULT,
                                 "the self-test, a %dx%d product of integers over "
                                 "K = %d, gave %g for element (%d, %d), not %g",
                                 M, N, K, (double)got, i, j, (double)exact);
        }
    }
    return TSR_OK;
}

tsr_status tsr__selftest(const tsr_device *device)
{
    selftest test = {.device = device};
    tsr_status status;

    if (!(status = build(&test))) {
        fill_operands(&test);
        if (!(status =
                  create_buffer(&test, test.host_a, sizeof test.host_a, &test.a)) &&
            !(status =
                  create_buffer(&test, test.host_b, sizeof test.host_b, &test.b)) &&
            !(status =
                  create_buffer(&test, test.host_c, sizeof test.host_c, &test.c)) &&
            !(status = run(&test)))
            status = compare(&test);
    }
    if (test.c)
        clReleaseMemObject(test.c);
    if (test.b)
        clReleaseMemObject(test.b);
    if (test.a)
        clReleaseMemObject(test.a);
    if (test.kernel)
        clReleaseKernel(test.kernel);
    if (test.program)
        clReleaseProgram(test.program);
    return status;
}

tsr_status tsr__selftest_entry(tsr_device_entry *entry)
{
    tsr__handles handles;
    tsr_device *device = NULL;
    tsr_status status;

    if (!(status = tsr__find_handles(&entry->info, &handles)) &&
        !(status = tsr__device_create(&handles, &entry->info, &device)))
        status = tsr__selftest(device);
    if (device)
        tsr__device_release(device);
    if (status == TSR_ERROR_ARGUMENT || status == TSR_ERROR_HOST_MEMORY)
        return status;
    if (status)
        tsr__entry_reject(entry, "%s", tsr_error_detail());
    return TSR_OK;
}
