/* leak: keeps one of each kind of OpenCL object, to see that the ledger sees it. With
 * "--clean" it releases them all. */
#include <CL/cl.h>

#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    static const char *source = "__kernel void nothing(__global int *a) { a[0] = 1; }";
    cl_platform_id platform;
    cl_device_id id;
    cl_int code = clGetPlatformIDs(1, &platform, NULL);
    cl_context context;
    cl_command_queue queue;
    cl_mem buffer;
    cl_program program;
    cl_kernel kernel;
    cl_event event;
    size_t one = 1;

    if (code || clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &id, NULL))
        return 3;
    context = clCreateContext(NULL, 1, &id, NULL, NULL, &code);
    queue = clCreateCommandQueue(context, id, 0, &code);
    buffer = clCreateBuffer(context, CL_MEM_READ_WRITE, 4, NULL, &code);
    program = clCreateProgramWithSource(context, 1, &source, NULL, &code);
    clBuildProgram(program, 1, &id, "", NULL, NULL);
    kernel = clCreateKernel(program, "nothing", &code);
    clSetKernelArg(kernel, 0, sizeof buffer, &buffer);
    code = clEnqueueNDRangeKernel(queue, kernel, 1, NULL, &one, NULL, 0, NULL, &event);
    if (code || clFinish(queue)) {
        fprintf(stderr, "leak: OpenCL does not work here\n");
        return 3;
    }
    if (argc > 1 && strcmp(argv[1], "--clean") == 0) {
        clReleaseEvent(event);
        clReleaseKernel(kernel);
        clReleaseProgram(program);
        clReleaseMemObject(buffer);
        clReleaseCommandQueue(queue);
        clReleaseContext(context);
    }
    return 0;
}
