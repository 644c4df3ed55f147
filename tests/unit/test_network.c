#include "device_fixture.h"
#include "facts_fixture.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <tessera/perturb.h>

#include "device/device.h"

#define B 83
#define K 9
#define H 7
#define C 4

static const tsr_network_sizes sizes = {B, K, H, C};

/* A network, on the host and on the device. */
typedef struct fixture {
    tsr_dtype dtype;
    double x[B * K], w1[K * H], w2[H * C];
    uint32_t labels[B];
    tsr_tensor *tx, *t1, *t2, *d1, *d2;
    tsr_network *network;
} fixture;

static tsr_tensor *values(tsr_device *device, tsr_dtype dtype, size_t rows,
                          size_t columns, uint64_t seed, double *out)
{
    float narrow[B * K];
    double wide[B * K];
    void *data = dtype == TSR_F32 ? (void *)narrow : (void *)wide;
    tsr_tensor *t;

    assert_ok(tsr_random_uniform(dtype, seed, -1, 1, 0, rows * columns, data));
    for (size_t i = 0; i < rows * columns; i++)
        out[i] = dtype == TSR_F32 ? (double)narrow[i] : wide[i];
    assert_ok(
        tsr_tensor_from_host(device, dtype, 2, (size_t[]){rows, columns}, data, &t));
    return t;
}

static void set_up(fixture *f, tsr_device *device, tsr_dtype dtype)
{
    f->dtype = dtype;
    f->tx = values(device, dtype, B, K, 1, f->x);
    f->t1 = values(device, dtype, K, H, 2, f->w1);
    f->t2 = values(device, dtype, H, C, 3, f->w2);
    for (uint32_t b = 0; b < B; b++)
        f->labels[b] = b * b % C;
    assert_ok(tsr_tensor_create(device, dtype, 3, (size_t[]){2, K, H}, &f->d1));
    assert_ok(tsr_tensor_create(device, dtype, 3, (size_t[]){2, H, C}, &f->d2));
    assert_ok(tsr_network_create(f->tx, f->labels, f->t1, f->t2, &f->network));
}

static void tear_down(fixture *f)
{
    tsr_network_destroy(f->network);
    tsr_tensor_destroy(f->d2);
    tsr_tensor_destroy(f->d1);
    tsr_tensor_destroy(f->t2);
    tsr_tensor_destroy(f->t1);
    tsr_tensor_destroy(f->tx);
}

static void read_values(const tsr_tensor *t, double *out)
{
    const size_t count = tsr_tensor_get_count(t);
    float narrow[4 * K * H];

    if (tsr_tensor_get_dtype(t) == TSR_F64) {
        assert_ok(tsr_tensor_read(t, out));
        return;
    }
    assert_ok(tsr_tensor_read(t, narrow));
    for (size_t i = 0; i < count; i++)
        out[i] = narrow[i];
}

static double unit_roundoff(tsr_dtype dtype)
{
    return dtype == TSR_F32 ? 0x1p-24 : 0x1p-53;
}

static void losses_are_those_of_plain_c(tsr_device *device, tsr_dtype dtype)
{
    double loss, exact;
    size_t right, exactly;
    fixture f;

    set_up(&f, device, dtype);
    assert_ok(tsr_network_loss(f.network, &loss, &right));
    assert_ok(tsr_reference_network_loss(&sizes, f.x, f.labels, f.w1, f.w2, &exact,
                                         &exactly));
    /* 1 + K + H operations on numbers of a few, and OpenCL's exp and log */
    assert_true(fabs(loss - exact) <= 60 * unit_roundoff(dtype) * (1 + fabs(exact)));
    assert_int_equal(right, exactly);
    tear_down(&f);
}

/* All logits are 0: of equal ones the first is the answer. */
static void of_equal_logits_the_first_counts(void **state)
{
    const float zeros[H * C] = {0};
    size_t right, of_the_first = 0;
    fixture f;

    set_up(&f, *state, TSR_F32);
    assert_ok(tsr_tensor_write(f.t2, zeros));
    assert_ok(tsr_network_loss(f.network, NULL, &right));
    for (size_t b = 0; b < B; b++)
        of_the_first += f.labels[b] == 0;
    assert_int_equal(right, of_the_first);
    tear_down(&f);
}

/* Where the largest possible rounding of a change by `sigma` is: see perturb.h, with
 * sigma for |t|; each |x|, |h| and |w| here is at most 1. */
static double change_bound(tsr_dtype dtype, double sigma)
{
    return (B + 40) * unit_roundoff(dtype) * 2 * fabs(sigma) +
           1e-13 /* the reference's own: it subtracts losses */;
}

/* Every change against whole forward passes in double. */
static void changes_are_those_of_plain_c(tsr_device *device, tsr_dtype dtype,
                                         double sigma)
{
    double d[2][2 * K * H], base, bound = change_bound(dtype, sigma);
    fixture f;

    set_up(&f, device, dtype);
    assert_ok(tsr_network_try_weights(f.network, sigma, f.d1, f.d2));
    read_values(f.d1, d[0]);
    read_values(f.d2, d[1]);
    assert_ok(
        tsr_reference_network_loss(&sizes, f.x, f.labels, f.w1, f.w2, &base, NULL));
    for (int layer = 0; layer < 2; layer++) {
        const size_t count = layer ? H * C : K * H;
        double *w = layer ? f.w2 : f.w1;

        for (size_t i = 0; i < 2 * count; i++) {
            const double before = w[i % count];
            double loss;

            w[i % count] += i < count ? sigma : -sigma;
            assert_ok(tsr_reference_network_loss(&sizes, f.x, f.labels, f.w1, f.w2,
                                                 &loss, NULL));
            w[i % count] = before;
            if (!(fabs(d[layer][i] - (loss - base)) <= bound))
                fail_msg("layer %d weight %zu sigma %g: %.9g, not %.9g to %.2g", layer,
                         i, sigma, d[layer][i], loss - base, bound);
        }
    }
    tear_down(&f);
}

static void differences_are_the_gradient(tsr_device *device, tsr_dtype dtype,
                                         double sigma)
{
    double d1[2 * K * H], d2[2 * H * C], g1[K * H], g2[H * C];
    /* the third derivative of such a network's loss is at most about 8 */
    const double bound = sigma * sigma / 6 * 8 + (B + 40) * unit_roundoff(dtype) * 2;
    fixture f;

    set_up(&f, device, dtype);
    assert_ok(tsr_network_try_weights(f.network, sigma, f.d1, f.d2));
    read_values(f.d1, d1);
    read_values(f.d2, d2);
    assert_ok(
        tsr_reference_network_gradient(&sizes, f.x, f.labels, f.w1, f.w2, g1, g2));
    for (size_t i = 0; i < K * H; i++)
        assert_true(fabs((d1[i] - d1[K * H + i]) / (2 * sigma) - g1[i]) <= bound);
    for (size_t i = 0; i < H * C; i++)
        assert_true(fabs((d2[i] - d2[H * C + i]) / (2 * sigma) - g2[i]) <= bound);
    tear_down(&f);
}

/* W, perturbed on the host. */
static void perturb(const tsr_perturbation *how, uint32_t matrix, uint32_t p,
                    double sign, size_t rows, size_t columns, const double *w,
                    double *out)
{
    tsr_perturbation mine = *how;
    float e[H + C];

    mine.matrix = matrix;
    for (size_t i = 0; i < rows; i++) {
        assert_ok(tsr_noise_elements(&mine, p, (uint32_t)i, 0, columns, e));
        for (size_t j = 0; j < columns; j++)
            out[i * columns + j] = w[i * columns + j] + sign * how->sigma * e[j];
    }
}

static void directions_are_those_of_plain_c(tsr_device *device, tsr_dtype dtype,
                                            tsr_noise noise, bool antithetic)
{
    const tsr_perturbation how = {noise, 77, 3, 2, antithetic, 0.01};
    const size_t count = 6;
    double changes[6], base;
    tsr_tensor *room, *fewer, *t;
    fixture f;

    set_up(&f, device, dtype);
    assert_ok(tsr_tensor_create(device, dtype, 1, (size_t[]){3 * count}, &room));
    assert_ok(tsr_tensor_view(room, 1, (size_t[]){2}, (size_t[]){1}, 0, &fewer));
    assert_ok(tsr_tensor_view(room, 1, &count, (size_t[]){3}, 2, &t));
    assert_ok(tsr_network_try_directions(f.network, &how, fewer));
    assert_ok(tsr_network_try_directions(f.network, &how, t));
    read_values(t, changes);
    assert_ok(
        tsr_reference_network_loss(&sizes, f.x, f.labels, f.w1, f.w2, &base, NULL));
    for (uint32_t q = 0; q < count; q++) {
        const uint32_t p = how.first + (antithetic ? q / 2 : q);
        const double sign = antithetic && q % 2 ? -1 : 1;
        double w1[K * H], w2[H * C], loss;

        perturb(&how, how.matrix, p, sign, K, H, f.w1, w1);
        perturb(&how, how.matrix + 1, p, sign, H, C, f.w2, w2);
        assert_ok(
            tsr_reference_network_loss(&sizes, f.x, f.labels, w1, w2, &loss, NULL));
        /* both logits are rounded: K + H operations on numbers of a few */
        if (!(fabs(changes[q] - (loss - base)) <=
              100 * unit_roundoff(dtype) + (noise ? 1e-7 : 0)))
            fail_msg("direction %u: %.9g, not %.9g", (unsigned)q, changes[q],
                     loss - base);
    }
    tsr_tensor_destroy(t);
    tsr_tensor_destroy(fewer);
    tsr_tensor_destroy(room);
    tear_down(&f);
}

static void check_dtype(tsr_device *device, tsr_dtype dtype)
{
    static const double sigmas[] = {1e-4, 5e-3, -0.1, 3};

    losses_are_those_of_plain_c(device, dtype);
    for (size_t i = 0; i < sizeof sigmas / sizeof sigmas[0]; i++)
        changes_are_those_of_plain_c(device, dtype, sigmas[i]);
    differences_are_the_gradient(device, dtype, 5e-3);
    differences_are_the_gradient(device, dtype, 5e-4);
    for (int noise = TSR_NOISE_RADEMACHER; noise <= TSR_NOISE_ONES; noise++)
        for (int antithetic = 0; antithetic < 2; antithetic++)
            directions_are_those_of_plain_c(device, dtype, (tsr_noise)noise,
                                            antithetic);
}

static void a_network_in_f32_is_as_defined(void **state)
{
    check_dtype(*state, TSR_F32);
}

/* Only vectors of the device's own width: Oclgrind 21.10 takes what stream's kernel `dots`
 * makes in others for uninitialised. */
static bool thin;

/* The kernels as they are on CPUs with other vectors, and on a GPU. */
static void a_network_is_as_defined_in_vectors_of_any_width(void **state)
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
        changes_are_those_of_plain_c(device, TSR_F32, 5e-3);
        take_for(device, &facts);
    }
}

static void a_network_in_f64_is_as_defined(void **state)
{
    need_fp64(*state);
    check_dtype(*state, TSR_F64);
}

static void what_cannot_be_is_refused(void **state)
{
    tsr_perturbation how = {.seed = 1, .sigma = 0.1};
    tsr_tensor *changes, *none, *narrow, *over;
    tsr_network *n = NULL;
    double loss;
    fixture f;

    set_up(&f, *state, TSR_F32);
    assert_ok(tsr_tensor_create(*state, TSR_F32, 1, (size_t[]){3}, &changes));
    assert_ok(tsr_tensor_create(*state, TSR_F32, 1, (size_t[]){0}, &none));

    assert_int_equal(tsr_network_create(f.tx, NULL, f.t1, f.t2, &n),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_network_create(f.tx, f.labels, f.t2, f.t1, &n),
                     TSR_ERROR_SHAPE);
    f.labels[80] = C;
    assert_int_equal(
        tsr_reference_network_loss(&sizes, f.x, f.labels, f.w1, f.w2, &loss, NULL),
        TSR_ERROR_ARGUMENT);
    assert_int_equal(
        tsr_reference_network_loss(&sizes, f.x, NULL, f.w1, f.w2, &loss, NULL),
        TSR_ERROR_ARGUMENT);
    assert_int_equal(
        tsr_reference_perturb_product(2, 2, 2, NULL, f.w1, &how, 0, 1, &loss),
        TSR_ERROR_ARGUMENT);
    assert_int_equal(
        tsr_reference_perturb_product(2, SIZE_MAX, 2, f.x, f.w1, &how, 0, 1, &loss),
        TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_network_create(f.tx, f.labels, f.t1, f.t2, &n),
                     TSR_ERROR_ARGUMENT);
    assert_string_equal(tsr_error_detail(),
                        "the label of input 80 is 4; there are 4 classes");
    assert_null(n);

    assert_int_equal(tsr_network_try_weights(f.network, 0, f.d1, f.d2),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_network_try_weights(f.network, NAN, f.d1, f.d2),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_network_try_weights(f.network, 1, f.d2, f.d1),
                     TSR_ERROR_SHAPE);
    assert_int_equal(tsr_network_try_weights(f.network, 1, NULL, f.d2),
                     TSR_ERROR_ARGUMENT);
    assert_ok(tsr_tensor_create(*state, TSR_F32, 3, (size_t[]){2, K, H - 1}, &narrow));
    assert_int_equal(tsr_network_try_weights(f.network, 1, narrow, f.d2),
                     TSR_ERROR_SHAPE);
    assert_ok(tsr_tensor_view(f.d1, 3, (size_t[]){2, H, C}, NULL, 0, &over));
    assert_int_equal(tsr_network_try_weights(f.network, 1, f.d1, over),
                     TSR_ERROR_ALIAS);
    assert_int_equal(tsr_network_try_directions(f.network, &how, none),
                     TSR_ERROR_SHAPE);
    how.antithetic = true;
    assert_int_equal(tsr_network_try_directions(f.network, &how, changes),
                     TSR_ERROR_SHAPE);
    how.sigma = 0;
    assert_int_equal(tsr_network_try_directions(f.network, &how, changes),
                     TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_network_loss(NULL, NULL, NULL), TSR_ERROR_ARGUMENT);
    tsr_network_destroy(NULL);

    tsr_tensor_destroy(over);
    tsr_tensor_destroy(narrow);
    tsr_tensor_destroy(none);
    tsr_tensor_destroy(changes);
    tear_down(&f);
}

/* --thin: fewer cases */
int main(int argc, char *argv[])
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_cannot_be_is_refused),
        cmocka_unit_test(of_equal_logits_the_first_counts),
        cmocka_unit_test(a_network_in_f32_is_as_defined),
        cmocka_unit_test(a_network_is_as_defined_in_vectors_of_any_width),
        cmocka_unit_test(a_network_in_f64_is_as_defined),
    };

    thin = argc > 1 && strcmp(argv[1], "--thin") == 0;
    return cmocka_run_group_tests(tests, open_device, close_device);
}
