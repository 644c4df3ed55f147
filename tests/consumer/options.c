/* options: a product with options, beside the program's own OpenCL calls.
 *
 * C11 and C++11 alike: it includes every public header and uses what a C++ compiler could
 * take offence at. Exits 0 when the result is right.
 */
#include <tessera/interop.h>
#include <tessera/tessera.h>

#include <stdio.h>

int main(void)
{
    const float x[] = {1, -2, 3, 4}, ones[] = {1, 1};
    const size_t square[] = {2, 2}, row[] = {2};
    float z[] = {10, 10, 10, 10};
    tsr_device *dev = NULL;
    tsr_tensor *a = NULL, *at = NULL, *bias = NULL, *c = NULL;
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_matmul_report report;
    cl_event event = NULL;
    tsr_status s;

    options.alpha = 2;
    options.beta = 1;
    options.activation = TSR_ACTIVATION_RELU;
    options.report = &report;
    if ((s = tsr_device_open(NULL, &dev)) ||
        (s = tsr_tensor_from_host(dev, TSR_F32, 2, square, x, &a)) ||
        (s = tsr_tensor_transpose(a, &at)) ||
        (s = tsr_tensor_from_host(dev, TSR_F32, 1, row, ones, &bias)) ||
        (s = tsr_tensor_from_host(dev, TSR_F32, 2, square, z, &c)))
        goto done;
    options.bias = bias;
    if ((s = tsr_matmul_enqueue(a, at, c, &options, 0, NULL, &event)))
        goto done;
    if (clWaitForEvents(1, &event) != CL_SUCCESS || clReleaseEvent(event) != CL_SUCCESS)
        s = TSR_ERROR_OPENCL;
    else
        s = tsr_tensor_read(c, z);
    /* relu(2 * [1 -2; 3 4] @ [1 3; -2 4] + 10 + 1) = [21 1; 1 61] */
    if (!s && (z[0] != 21 || z[1] != 1 || z[2] != 1 || z[3] != 61))
        s = TSR_ERROR_WRONG_RESULT;
done:
    if (s)
        fprintf(stderr, "%s: %s\n", tsr_status_string(s), tsr_error_detail());
    else
        printf("%s: right\n", report.strategy);
    tsr_tensor_destroy(c);
    tsr_tensor_destroy(bias);
    tsr_tensor_destroy(at);
    tsr_tensor_destroy(a);
    tsr_device_close(dev);
    return s != TSR_OK;
}
