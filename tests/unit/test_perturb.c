#include "device_fixture.h"
#include "facts_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tessera/perturb.h>

#include "device/device.h"

/* One call, and what it should give. */
typedef struct trial {
    size_t m, n, k, p;
    bool own_x;
    tsr_activation activation;
    tsr_perturbation how;
} trial;

static double *random_values(uint64_t seed, size_t count, tsr_dtype dtype,
                             void *as_dtype)
{
    double *values = malloc((count ? count : 1) * sizeof *values);

    assert_ok(tsr_random_uniform(dtype, seed, -1, 1, 0, count, as_dtype));
    for (size_t i = 0; i < count; i++)
        values[i] = dtype == TSR_F32 ? ((float *)as_dtype)[i] : ((double *)as_dtype)[i];
    return values;
}

static tsr_tensor *tensor_of(tsr_device *device, tsr_dtype dtype, int rank,
                             const size_t *shape, uint64_t seed, double **values)
{
    tsr_tensor *t;
    size_t count = 1;
    void *data;

    for (int i = 0; i < rank; i++)
        count *= shape[i];
    data = malloc(count * sizeof(double) + 1);
    *values = random_values(seed, count, dtype, data);
    assert_ok(tsr_tensor_from_host(device, dtype, rank, shape, data, &t));
    free(data);
    return t;
}

/* What theory allows for element (i, j): see perturb.h. */
static double bound_of(const trial *t, tsr_dtype dtype, const double *x,
                       const double *w, const float *e, size_t i, size_t j)
{
    const double u = dtype == TSR_F32 ? 0x1p-24 : 0x1p-53;
    const double n = ((double)t->k + 4) * u, sigma = fabs(t->how.sigma);
    double sum = 0, of_noise = 0;

    for (size_t k = 0; k < t->k; k++) {
        const double a = fabs(x[i * t->k + k]);

        sum += a * (fabs(w[k * t->n + j]) + sigma * fabs((double)e[k * t->n + j]));
        of_noise += a;
    }
    sum *= n / (1 - n);
    if (t->how.noise == TSR_NOISE_GAUSSIAN)
        sum += 0x1p-20 * sigma * of_noise;
    /* tanh: its slope is at most 1, its error 5 ulp (OpenCL 1.2, 7.4) */
    return sum + (t->activation ? 10 * u : 0) + 1e-37;
}

static void check_product(const trial *t, tsr_dtype dtype, size_t p, const double *x,
                          const double *w, const double *y)
{
    const size_t q = t->how.antithetic ? p / 2 : p;
    const double sign = t->how.antithetic && p % 2 ? -1 : 1;
    double *exact = malloc((t->m * t->n + 1) * sizeof *exact);
    float *e = malloc((t->k * t->n + 1) * sizeof *e);
    const uint32_t number = t->how.first + (uint32_t)q;

    for (size_t k = 0; k < t->k; k++)
        assert_ok(
            tsr_noise_elements(&t->how, number, (uint32_t)k, 0, t->n, e + k * t->n));
    assert_ok(tsr_reference_perturb_product(t->m, t->n, t->k, x, w, &t->how, number,
                                            sign, exact));
    for (size_t i = 0; i < t->m; i++)
        for (size_t j = 0; j < t->n; j++) {
            const double bound = bound_of(t, dtype, x, w, e, i, j);
            const double want =
                t->activation ? tanh(exact[i * t->n + j]) : exact[i * t->n + j];
            const double got = y[i * t->n + j];

            if (!(fabs(got - want) <= bound))
                fail_msg(
                    "%zux%zux%zu noise %d p %zu (%zu, %zu): %.9g, not %.9g to %.2g",
                    t->m, t->n, t->k, t->how.noise, p, i, j, got, want, bound);
        }
    free(e);
    free(exact);
}

static void check(tsr_device *device, tsr_dtype dtype, const trial *t)
{
    const size_t x_shape[3] = {t->p, t->m, t->k}, y_shape[3] = {t->p, t->m, t->n};
    const size_t w_shape[2] = {t->k, t->n}, size = t->m * t->n;
    tsr_tensor *x, *w, *y;
    double *x_values, *w_values, *y_values = malloc((t->p * size + 1) * sizeof(double));
    void *read = malloc((t->p * size + 1) * sizeof(double));

    x = tensor_of(device, dtype, t->own_x ? 3 : 2, x_shape + !t->own_x, 1, &x_values);
    w = tensor_of(device, dtype, 2, w_shape, 2, &w_values);
    assert_ok(tsr_tensor_create(device, dtype, 3, y_shape, &y));
    assert_ok(tsr_perturb_product(x, w, y, &t->how, t->activation));
    assert_ok(tsr_tensor_read(y, read));
    for (size_t i = 0; i < t->p * size; i++)
        y_values[i] = dtype == TSR_F32 ? ((float *)read)[i] : ((double *)read)[i];
    for (size_t p = 0; p < t->p; p++)
        check_product(t, dtype, p, x_values + (t->own_x ? p * t->m * t->k : 0),
                      w_values, y_values + p * size);
    tsr_tensor_destroy(y);
    tsr_tensor_destroy(w);
    tsr_tensor_destroy(x);
    free(read);
    free(y_values);
    free(w_values);
    free(x_values);
}

/* M, N, K: vectors and blocks of the generator, just below, at, and above. */
static const size_t sizes[][3] = {
    {1, 1, 1},    {1, 17, 8},   {2, 16, 127}, {1, 40, 129}, {3, 5, 260}, {7, 33, 31},
    {1, 130, 64}, {70, 10, 32}, {2, 15, 7},   {0, 5, 5},    {5, 0, 5},   {2, 3, 0},
};

/* Only every third, where kernels are interpreted. */
static bool thin;

static void products_of_every_kind(tsr_device *device, tsr_dtype dtype)
{
    for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
        for (int kind = thin ? (int)s % 3 : 0; kind < 12; kind += thin ? 3 : 1) {
            const trial t = {.m = sizes[s][0],
                             .n = sizes[s][1],
                             .k = sizes[s][2],
                             .p = kind % 4 == 3 ? 2 : 6,
                             .own_x = kind & 1,
                             .activation = kind % 5 == 4 ? TSR_ACTIVATION_TANH
                                                         : TSR_ACTIVATION_NONE,
                             .how = {.noise = (tsr_noise)(kind / 4),
                                     .seed = 0x123456789abcdef0 + s,
                                     .matrix = (uint32_t)s,
                                     .first = 5 * (uint32_t)kind,
                                     .antithetic = kind & 2,
                                     .sigma = kind % 3 ? 0.01 : -2.5}};

            check(device, dtype, &t);
        }
}

static void products_are_as_defined(void **state)
{
    products_of_every_kind(*state, TSR_F32);
}

static void products_in_f64_are_as_defined(void **state)
{
    need_fp64(*state);
    products_of_every_kind(*state, TSR_F64);
}

/* The kernels as they are on CPUs with other vectors, and on a GPU. */
static void products_are_as_defined_in_vectors_of_any_width(void **state)
{
    static const unsigned lanes[] = {4, 8, 16};
    tsr_device *device = *state;
    const tsr_device_info facts = device->info;

    for (size_t i = 0; i < 4 && !thin; i++) {
        tsr_device_info other = facts;

        if (i < 3)
            other.float_lanes = lanes[i];
        other.type = i < 3 ? TSR_DEVICE_CPU : TSR_DEVICE_GPU;
        take_for(device, &other);
        products_of_every_kind(device, TSR_F32);
        take_for(device, &facts);
    }
}

/* W += sum_p c_p E_p, of a view with gaps. */
static void steps_add_the_same_noise(tsr_device *device, tsr_noise noise, size_t k,
                                     size_t n)
{
    const tsr_perturbation how = {.noise = noise, .seed = 9, .matrix = 4, .first = 11};
    const float c[3] = {0.5f, -2, 0.125f};
    float *before = calloc(k * (n + 3), sizeof *before), *after = calloc(k * n, 4);
    float *e = calloc(n, sizeof *e);
    tsr_tensor *all, *w;

    assert_ok(tsr_random_uniform(TSR_F32, 1, -1, 1, 0, k * (n + 3), before));
    assert_ok(
        tsr_tensor_from_host(device, TSR_F32, 2, (size_t[]){k, n + 3}, before, &all));
    assert_ok(tsr_tensor_view(all, 2, (size_t[]){k, n}, (size_t[]){n + 3, 1}, 0, &w));
    assert_ok(tsr_perturb_step(w, &how, 3, c));
    assert_ok(tsr_tensor_read(w, after));
    for (size_t i = 0; i < k; i++) {
        double want[300];

        for (size_t j = 0; j < n; j++)
            want[j] = before[i * (n + 3) + j];
        for (uint32_t p = 0; p < 3; p++) {
            assert_ok(tsr_noise_elements(&how, how.first + p, (uint32_t)i, 0, n, e));
            for (size_t j = 0; j < n; j++)
                want[j] += (double)c[p] * e[j];
        }
        /* five roundings of sums below 17, and the noise's own */
        for (size_t j = 0; j < n; j++)
            assert_true(fabs(after[i * n + j] - want[j]) <=
                        5 * 17 * 0x1p-24 + 3 * 0x1p-20);
    }
    tsr_tensor_destroy(w);
    tsr_tensor_destroy(all);
    free(e);
    free(after);
    free(before);
}

static void a_step_adds_the_noise_of_the_products(void **state)
{
    for (int noise = TSR_NOISE_RADEMACHER; noise <= TSR_NOISE_ONES; noise++) {
        steps_add_the_same_noise(*state, (tsr_noise)noise, 1, 1);
        steps_add_the_same_noise(*state, (tsr_noise)noise, 300, 65);
        steps_add_the_same_noise(*state, (tsr_noise)noise, 31, 300);
    }
}

/* More directions than one launch takes are the same as two calls. */
static void a_step_along_many_directions_is_made_in_parts(void **state)
{
    enum { K = 5, N = 9, MANY = 300, PART = 256 };
    tsr_perturbation how = {.noise = TSR_NOISE_RADEMACHER, .seed = 3, .first = 7};
    float c[MANY], got[K * N], want[K * N];
    tsr_tensor *at_once, *in_two;

    assert_ok(tsr_random_uniform(TSR_F32, 1, -1, 1, 0, MANY, c));
    assert_ok(tsr_tensor_create(*state, TSR_F32, 2, (size_t[]){K, N}, &at_once));
    assert_ok(tsr_tensor_create(*state, TSR_F32, 2, (size_t[]){K, N}, &in_two));
    assert_ok(tsr_tensor_fill_uniform(at_once, 2, -1, 1));
    assert_ok(tsr_tensor_copy(at_once, in_two));
    assert_ok(tsr_perturb_step(at_once, &how, MANY, c));
    assert_ok(tsr_perturb_step(in_two, &how, PART, c));
    how.first += PART;
    assert_ok(tsr_perturb_step(in_two, &how, MANY - PART, c + PART));
    assert_ok(tsr_tensor_read(at_once, got));
    assert_ok(tsr_tensor_read(in_two, want));
    assert_memory_equal(got, want, sizeof got);
    tsr_tensor_destroy(in_two);
    tsr_tensor_destroy(at_once);
}

/* 1e6 numbers in 100 rows: mean, variance and fourth moment within 5 of their own sigmas,
 * and no correlation between neighbours in any of the three directions. */
static void noise_has_its_moments(void **state)
{
    enum { ROWS = 100, COLUMNS = 10000, COUNT = ROWS * COLUMNS };
    static float e[ROWS + 1][COLUMNS + 1], other[COLUMNS];

    (void)state;
    for (int noise = TSR_NOISE_RADEMACHER; noise <= TSR_NOISE_GAUSSIAN; noise++) {
        const tsr_perturbation how = {.noise = (tsr_noise)noise, .seed = 5};
        const double fourth = noise == TSR_NOISE_GAUSSIAN ? 3 : 1;
        double sum[3] = {0, 0, 0}, product[3] = {0, 0, 0};

        for (uint32_t i = 0; i <= ROWS; i++)
            assert_ok(tsr_noise_elements(&how, 0, i, 0, COLUMNS + 1, e[i]));
        for (uint32_t i = 0; i < ROWS; i++) {
            assert_ok(tsr_noise_elements(&how, 1, i, 0, COLUMNS, other));
            for (int j = 0; j < COLUMNS; j++) {
                const double x = e[i][j];

                sum[0] += x, sum[1] += x * x, sum[2] += x * x * x * x;
                product[0] += x * e[i][j + 1];
                product[1] += x * e[i + 1][j];
                product[2] += x * other[j];
            }
        }
        assert_true(fabs(sum[0]) <= 5 * sqrt(COUNT));
        assert_true(fabs(sum[1] - COUNT) <= 5 * sqrt(2.0 * COUNT));
        assert_true(fabs(sum[2] - fourth * COUNT) <= 5 * sqrt(96.0 * COUNT));
        for (int i = 0; i < 3; i++)
            assert_true(fabs(product[i]) <= 5 * sqrt(COUNT));
    }
}

static void what_cannot_be_is_refused(void **state)
{
    tsr_perturbation how = {.seed = 1, .sigma = 0.1}, bad;
    tsr_tensor *x, *w, *y, *odd, *none, *wide, *inside;
    float e[4];

    assert_ok(tsr_tensor_create(*state, TSR_F32, 2, (size_t[]){2, 3}, &x));
    assert_ok(tsr_tensor_create(*state, TSR_F32, 2, (size_t[]){3, 5}, &w));
    assert_ok(tsr_tensor_create(*state, TSR_F32, 3, (size_t[]){4, 2, 5}, &y));
    assert_ok(tsr_tensor_create(*state, TSR_F32, 3, (size_t[]){3, 2, 5}, &odd));
    assert_ok(tsr_tensor_create(*state, TSR_F32, 3, (size_t[]){0, 2, 5}, &none));
    assert_ok(tsr_tensor_create(*state, TSR_F32, 3, (size_t[]){4, 2, 6}, &wide));
    assert_ok(tsr_tensor_fill_uniform(x, 1, -1, 1));
    assert_ok(tsr_tensor_fill_uniform(w, 2, -1, 1));
    assert_ok(tsr_perturb_product(x, w, y, &how, 0));

    for (int i = 0; i < 3; i++) {
        bad = how;
        bad.sigma = (double[]){0, NAN, INFINITY}[i];
        assert_int_equal(tsr_perturb_product(x, w, y, &bad, 0), TSR_ERROR_ARGUMENT);
        assert_non_null(strstr(tsr_error_detail(), "sigma is"));
    }
    bad = how, bad.noise = (tsr_noise)9;
    assert_int_equal(tsr_perturb_product(x, w, y, &bad, 0), TSR_ERROR_ARGUMENT);
    bad = how, bad.matrix = 1u << 24;
    assert_int_equal(tsr_perturb_product(x, w, y, &bad, 0), TSR_ERROR_ARGUMENT);
    bad = how, bad.first = UINT32_MAX;
    assert_int_equal(tsr_perturb_product(x, w, y, &bad, 0), TSR_ERROR_OVERFLOW);
    assert_int_equal(tsr_perturb_product(x, w, y, &how, (tsr_activation)77),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_perturb_product(NULL, w, y, &how, 0), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_perturb_product(x, w, y, NULL, 0), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_perturb_product(x, w, none, &how, 0), TSR_ERROR_SHAPE);
    assert_int_equal(tsr_perturb_product(x, w, wide, &how, 0), TSR_ERROR_SHAPE);
    assert_int_equal(tsr_perturb_product(w, w, y, &how, 0), TSR_ERROR_SHAPE);
    bad = how, bad.antithetic = true;
    assert_int_equal(tsr_perturb_product(x, w, odd, &bad, 0), TSR_ERROR_SHAPE);
    assert_ok(tsr_tensor_view(y, 2, (size_t[]){3, 5}, NULL, 5, &inside));
    assert_int_equal(tsr_perturb_product(x, inside, y, &how, 0), TSR_ERROR_ALIAS);
    tsr_tensor_destroy(inside);
    assert_ok(tsr_tensor_view(y, 2, (size_t[]){2, 3}, NULL, 5, &inside));
    assert_int_equal(tsr_perturb_product(inside, w, y, &how, 0), TSR_ERROR_ALIAS);
    tsr_tensor_destroy(inside);
    assert_int_equal(tsr_perturb_step(y, &how, 1, e), TSR_ERROR_SHAPE);
    assert_int_equal(tsr_perturb_step(w, &how, 1, NULL), TSR_ERROR_ARGUMENT);
    assert_ok(tsr_perturb_step(w, &how, 0, NULL));
    assert_int_equal(tsr_noise_elements(&how, 0, 0, UINT32_MAX, 2, e),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_noise_elements(&how, 0, 0, 0, 2, NULL), TSR_ERROR_ARGUMENT);

    tsr_tensor_destroy(wide);
    tsr_tensor_destroy(none);
    tsr_tensor_destroy(odd);
    tsr_tensor_destroy(y);
    tsr_tensor_destroy(w);
    tsr_tensor_destroy(x);
}

/* --thin: fewer cases */
int main(int argc, char *argv[])
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_are_as_defined),
        cmocka_unit_test(products_in_f64_are_as_defined),
        cmocka_unit_test(products_are_as_defined_in_vectors_of_any_width),
        cmocka_unit_test(a_step_adds_the_noise_of_the_products),
        cmocka_unit_test(a_step_along_many_directions_is_made_in_parts),
        cmocka_unit_test(noise_has_its_moments),
        cmocka_unit_test(what_cannot_be_is_refused),
    };

    thin = argc > 1 && strcmp(argv[1], "--thin") == 0;
    return cmocka_run_group_tests(tests, open_device, close_device);
}
