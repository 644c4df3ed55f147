/* victim: the short life of a program that multiplies one matrix. What it reads and keeps
 * on disk meanwhile is what the tests of this folder attack.
 *
 *     victim            opens, multiplies, closes
 *     victim record     keeps a record of what is fastest in between
 *
 * Exits 0 if the product is right, 1 if it is wrong, 2 if a call failed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera/tessera.h>

enum { M = 8, K = 10, N = 9, RIGHT = 0, WRONG = 1, FAILED = 2 };

/* Small integers: every sum is exact, in any order. */
static float element(int i, int j)
{
    return (float)((i * 7 + j * 3) % 11 - 5);
}

static void fill(float *matrix, int rows, int columns)
{
    for (int i = 0; i < rows; i++)
        for (int j = 0; j < columns; j++)
            matrix[i * columns + j] = element(i, j);
}

static int judge(const float *c)
{
    for (int i = 0; i < M; i++)
        for (int j = 0; j < N; j++) {
            float sum = 0.0f;

            for (int l = 0; l < K; l++)
                sum += element(i, l) * element(l, j);
            if (!(c[i * N + j] == sum)) {
                fprintf(stderr, "victim: element %d,%d is %g, not %g\n", i, j,
                        (double)c[i * N + j], (double)sum);
                return WRONG;
            }
        }
    return RIGHT;
}

/* Another strategy than the cost model takes, so that a record that counts can be told
 * from one that does not. */
static tsr_status keep_record(tsr_device *device)
{
    static const char record[] = "any f32 8x9x10 rows rows rows = stream | 0.001 s | "
                                 "stock panel 0.002 s | 8x9x10 times 1\n";
    char text[4096], *records;
    tsr_status status;
    size_t length;

    status = tsr_tune_export(device, text, sizeof text / 2, &length);
    if (status)
        return status;
    records = strstr(text, "\n\n");
    if (!records || length >= sizeof text / 2)
        return TSR_ERROR_ARGUMENT;
    strcpy(records + 2, record);
    return tsr_tune_import(device, NULL, text, strlen(text), NULL);
}

static tsr_status multiply(tsr_device *device, float *c)
{
    float a[M * K], b[K * N];
    tsr_tensor *tensors[3] = {NULL, NULL, NULL};
    tsr_status status;

    fill(a, M, K);
    fill(b, K, N);
    if (!(status = tsr_tensor_from_host(device, TSR_F32, 2, (size_t[]){M, K}, a,
                                        &tensors[0])) &&
        !(status = tsr_tensor_from_host(device, TSR_F32, 2, (size_t[]){K, N}, b,
                                        &tensors[1])) &&
        !(status =
              tsr_tensor_create(device, TSR_F32, 2, (size_t[]){M, N}, &tensors[2])) &&
        !(status = tsr_matmul(tensors[0], tensors[1], tensors[2], NULL)))
        status = tsr_tensor_read(tensors[2], c);
    for (int i = 0; i < 3; i++)
        tsr_tensor_destroy(tensors[i]);
    return status;
}

int main(int argc, char **argv)
{
    const bool record = argc > 1 && strcmp(argv[1], "record") == 0;
    tsr_device *device = NULL;
    float c[M * N];
    tsr_status status;

    memset(c, 0xff, sizeof c); /* NaN: a product that never ran is not right */
    if ((status = tsr_device_open(NULL, &device)) ||
        (record && (status = keep_record(device))) || (status = multiply(device, c))) {
        fprintf(stderr, "victim: %s: %s\n", tsr_status_name(status),
                tsr_error_detail());
        tsr_device_close(device);
        return FAILED;
    }
    tsr_device_close(device);
    return judge(c);
}
