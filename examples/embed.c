/* embed: the least a program needs to multiply two matrices with tessera. */
#include <stdio.h>
#include <tessera/tessera.h>

int main(void)
{
    const float x[] = {1, 2, 3, 4, 5, 6}, y[] = {7, 8, 9, 10, 11, 12};
    const size_t xs[] = {2, 3}, ys[] = {3, 2}, zs[] = {2, 2};
    float z[4];
    tsr_device *dev = NULL;
    tsr_tensor *a = NULL, *b = NULL, *c = NULL;
    tsr_status s;

    if ((s = tsr_device_open(NULL, &dev)) || /* the best, or $TESSERA_DEVICE */
        (s = tsr_tensor_from_host(dev, TSR_F32, 2, xs, x, &a)) ||
        (s = tsr_tensor_from_host(dev, TSR_F32, 2, ys, y, &b)) ||
        (s = tsr_tensor_create(dev, TSR_F32, 2, zs, &c)) ||
        (s = tsr_matmul(a, b, c, NULL)) || (s = tsr_tensor_read(c, z)))
        fprintf(stderr, "%s: %s\n", tsr_status_string(s), tsr_error_detail());
    else
        printf("%g %g\n%g %g\n", z[0], z[1], z[2], z[3]); /* 58 64, 139 154 */
    tsr_tensor_destroy(c), tsr_tensor_destroy(b), tsr_tensor_destroy(a);
    tsr_device_close(dev);
    return s != TSR_OK;
}
