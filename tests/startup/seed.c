#include "seed.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <tessera/tessera.h>

enum { K = 6400, N = 5000 };

typedef struct data {
    float *x, *y, *z, *expected;
} data;

double milliseconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return 1e3 * (double)now.tv_sec + 1e-6 * (double)now.tv_nsec;
}

/* Sums of K products of these stay below 2^24: f32 holds them in any order. */
static float small_integer(size_t i)
{
    return (float)((int)(i * 2654435761u >> 7 & 15) - 8);
}

static void data_free(data *d)
{
    free(d->x);
    free(d->y);
    free(d->z);
    free(d->expected);
}

/* Every page is touched, and the expected result known, before any clock starts. */
static bool data_make(data *d)
{
    d->x = malloc(K * sizeof *d->x);
    d->y = malloc((size_t)K * N * sizeof *d->y);
    d->z = malloc(N * sizeof *d->z);
    d->expected = calloc(N, sizeof *d->expected);
    if (!d->x || !d->y || !d->z || !d->expected) {
        fprintf(stderr, "startup: no memory for the product's data\n");
        return false;
    }
    for (size_t j = 0; j < N; j++)
        d->z[j] = -1e30f; /* a product that never ran must not look right */
    for (size_t k = 0; k < K; k++) {
        float *row = d->y + k * N;

        d->x[k] = small_integer(k + 1);
        for (size_t j = 0; j < N; j++) {
            row[j] = small_integer(k * N + j);
            d->expected[j] += d->x[k] * row[j];
        }
    }
    return true;
}

static bool is_exact(const data *d)
{
    for (size_t j = 0; j < N; j++)
        if (!(d->z[j] == d->expected[j])) {
            fprintf(stderr, "startup: column %zu of the product is %g, not %g\n", j,
                    (double)d->z[j], (double)d->expected[j]);
            return false;
        }
    return true;
}

static tsr_status run(const data *d, tsr_device **device, tsr_tensor *tensors[3],
                      times *out)
{
    const size_t x_shape[] = {1, K}, y_shape[] = {K, N}, z_shape[] = {1, N};
    double start = milliseconds(), opened, before, borrowed, ready;
    tsr_status status;

    if ((status = tsr_device_open(NULL, device)))
        return status;
    opened = milliseconds();
    if ((status =
             tsr_tensor_borrow_host(*device, TSR_F32, 2, x_shape, d->x, &tensors[0])))
        return status;
    before = milliseconds();
    if ((status =
             tsr_tensor_borrow_host(*device, TSR_F32, 2, y_shape, d->y, &tensors[1])))
        return status;
    borrowed = milliseconds();
    if ((status =
             tsr_tensor_borrow_host(*device, TSR_F32, 2, z_shape, d->z, &tensors[2])))
        return status;
    ready = milliseconds();
    if ((status = tsr_matmul(tensors[0], tensors[1], tensors[2], NULL)) ||
        (status = tsr_tensor_read(tensors[2], d->z)))
        return status;
    out->total = milliseconds() - start;
    out->open = opened - start;
    out->borrow = borrowed - before;
    out->product = start + out->total - ready;
    return TSR_OK;
}

bool seed_product(times *out, bool *no_device)
{
    tsr_device *device = NULL;
    tsr_tensor *tensors[3] = {NULL, NULL, NULL};
    data d = {NULL, NULL, NULL, NULL};
    bool good = data_make(&d);

    *no_device = false;
    if (good) {
        tsr_status status = run(&d, &device, tensors, out);

        *no_device = status == TSR_ERROR_NO_DEVICE;
        if (status)
            fprintf(stderr, "startup: %s: %s\n", tsr_status_string(status),
                    tsr_error_detail());
        good = !status && is_exact(&d);
    }
    for (int i = 0; i < 3; i++)
        tsr_tensor_destroy(tensors[i]);
    tsr_device_close(device);
    data_free(&d);
    return good;
}
