/* What becomes of a sum, beta * C, bias and activation, by every strategy and without a sum:
 * of integers, which must be exact, with NaN around C and, where beta is 0, in it. */
#include <math.h>

#include "device/device.h"
#include "strategy_fixture.h"

/* Two products of a batch. M and N are more than a vector, a tile's row and a panel, and
 * no multiple of them; whole vectors of 4 fill a row of one N, and none of the other. K is
 * less than one pass, and several. */
enum { BATCH = 2, M = 7, MOST_N = 37, MOST_K = 1100 };
enum { LINE = MOST_N + 3, EACH = LINE * LINE, MOST = BATCH * EACH };

/* Biases of any layout: shape, and strides by product, row and column of C. */
static const struct {
    const char *name;
    int rank;
    size_t shape[3], strides[3];
} biases[] = {
    {"none", 0, {0}, {0}},
    {"a row", 1, {0}, {0, 0, 1}}, /* a 0 in a shape stands for N */
    {"a column", 2, {M, 1}, {0, 1, 0}},
    {"rows", 2, {M, 0}, {0, LINE, 1}},
    {"columns", 2, {M, 0}, {0, 1, M + 2}},
    {"one for all", 2, {1, 1}, {0}},
    {"each its own", 3, {BATCH, M, 0}, {EACH, LINE, 1}},
};
enum { BIASES = sizeof biases / sizeof biases[0] };

typedef struct epilogue {
    const char *strategy;
    size_t n, k, bias;
    double beta;
    bool relu, trans_c, lent;
} epilogue;

/* `data` as it is or a copy of it, seen with that shape and strides. */
static tsr_tensor *view_of(tsr_device *device, const epilogue *e, float *data,
                           size_t count, int rank, const size_t *shape,
                           const size_t *strides, tsr_tensor **base)
{
    tsr_tensor *view;

    if (e->lent)
        assert_ok(tsr_tensor_borrow_host(device, TSR_F32, 1, &count, data, base));
    else
        assert_ok(tsr_tensor_from_host(device, TSR_F32, 1, &count, data, base));
    assert_ok(tsr_tensor_view(*base, rank, shape, strides, 0, &view));
    return view;
}

static tsr_tensor *bias_of(tsr_device *device, const epilogue *e, float *data,
                           tsr_tensor **base)
{
    const int rank = biases[e->bias].rank;
    size_t shape[3];

    for (int i = 0; i < rank; i++) {
        shape[i] = biases[e->bias].shape[i];
        if (shape[i] == 0)
            shape[i] = e->n;
    }
    return rank ? view_of(device, e, data, MOST, rank, shape,
                          biases[e->bias].strides + 3 - rank, base)
                : NULL;
}

/* What should be at `at` of C's array, NaN where no element is: a line of LINE is a row or,
 * transposed, a column. */
static double wanted(const epilogue *e, const float *a, const float *b,
                     const float *bias, const float *before, size_t at)
{
    const size_t t = at / EACH, line = at % EACH / LINE, along = at % LINE;
    const size_t i = e->trans_c ? along : line, j = e->trans_c ? line : along;
    const size_t *strides = biases[e->bias].strides;
    double sum = 0;

    if (i >= M || j >= e->n)
        return NAN;
    for (size_t k = 0; k < e->k; k++)
        sum += (double)a[(t * M + i) * e->k + k] * (double)b[(t * e->k + k) * e->n + j];
    sum *= 2;
    if (e->beta != 0)
        sum += e->beta * (double)before[at];
    if (e->bias)
        sum += (double)bias[t * strides[0] + i * strides[1] + j * strides[2]];
    return e->relu && sum < 0 ? 0 : sum;
}

static void judge(const epilogue *e, const float *a, const float *b, const float *bias,
                  const float *before, const float *c)
{
    for (size_t at = 0; at < MOST; at++) {
        const double want = wanted(e, a, b, bias, before, at);

        if (isnan(want) ? !isnan(c[at]) : (double)c[at] != want)
            fail_msg("%s, N %zu, K %zu, bias %s, beta %g%s%s: place %zu of line %zu of "
                     "product %zu is %g, not %g",
                     e->strategy ? e->strategy : "no sum", e->n, e->k,
                     biases[e->bias].name, e->beta, e->relu ? ", relu" : "",
                     e->trans_c ? ", by columns" : "", at % LINE, at % EACH / LINE,
                     at / EACH, (double)c[at], want);
    }
}

static void is_right(tsr_device *device, const epilogue *e)
{
    const size_t row = e->trans_c ? 1 : LINE, column = e->trans_c ? LINE : 1;
    const size_t of_a = BATCH * M * MOST_K, of_b = BATCH * MOST_K * MOST_N;
    float *a = integers(of_a), *b = integers(of_b), *bias = integers(MOST);
    float before[MOST], c[MOST];
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *base[4] = {NULL}, *ta, *tb, *tc, *td;

    for (size_t i = 0; i < MOST; i++)
        c[i] = NAN;
    for (size_t i = 0; i < BATCH * M && e->beta != 0; i++)
        for (size_t j = 0; j < e->n; j++)
            c[i / M * EACH + i % M * row + j * column] =
                (float)((i * 5 + j * 3) % 13) - 6;
    memcpy(before, c, sizeof before);
    ta = view_of(device, e, a, of_a, 3, (size_t[]){BATCH, M, e->k},
                 (size_t[]){M * e->k, e->k, 1}, &base[0]);
    tb = view_of(device, e, b, of_b, 3, (size_t[]){BATCH, e->k, e->n},
                 (size_t[]){e->k * e->n, e->n, 1}, &base[1]);
    tc = view_of(device, e, c, MOST, 3, (size_t[]){BATCH, M, e->n},
                 (size_t[]){EACH, row, column}, &base[2]);
    td = bias_of(device, e, bias, &base[3]);
    options.strategy = e->strategy;
    options.alpha = 2;
    options.beta = e->beta;
    options.bias = td;
    options.activation = e->relu ? TSR_ACTIVATION_RELU : TSR_ACTIVATION_NONE;
    assert_ok(tsr_matmul(ta, tb, tc, &options));
    assert_ok(tsr_device_finish(device));
    if (!e->lent)
        assert_ok(tsr_tensor_read(base[2], c));
    judge(e, a, b, bias, before, c);
    for (int i = 0; i < 4; i++)
        tsr_tensor_destroy(base[i]);
    tsr_tensor_destroy(td);
    tsr_tensor_destroy(tc);
    tsr_tensor_destroy(tb);
    tsr_tensor_destroy(ta);
    free(bias);
    free(b);
    free(a);
}

/* Every bias, with and without beta, activation and a C by columns. */
static void all_are_right(tsr_device *device, const char *strategy, size_t k, bool lent)
{
    for (size_t n = MOST_N - 1; n <= MOST_N; n++)
        for (size_t bias = 0; bias < BIASES; bias++)
            for (unsigned how = 0; how < 8; how++)
                is_right(device, &(epilogue){.strategy = strategy,
                                             .n = n,
                                             .k = k,
                                             .bias = bias,
                                             .beta = how & 1 ? 3 : 0,
                                             .relu = how & 2,
                                             .trans_c = how & 4,
                                             .lent = lent});
}

static void every_strategy_ends_as_it_should(void **state)
{
    for (size_t i = 0; i < tsr_strategy_count(); i++)
        if (strcmp(tsr_strategy_name(i), "host") != 0) {
            all_are_right(*state, tsr_strategy_name(i), 13, false);
            all_are_right(*state, tsr_strategy_name(i), MOST_K, false);
        }
}

static void small_products_on_the_host_do_so(void **state)
{
    tsr_device *device = *state;

    if (!device->coherent)
        skip();
    all_are_right(device, "host", 13, true);
}

/* Kernel `epilogue` by itself. */
static void an_empty_sum_does_so(void **state)
{
    all_are_right(*state, NULL, 0, false);
}

static void relu_keeps_nan(void **state)
{
    const float nan = NAN, one = 1;
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *a = matrix(*state, &nan, 1, 1, false);
    tsr_tensor *b = matrix(*state, &one, 1, 1, false);
    tsr_tensor *c = matrix(*state, &one, 1, 1, false);
    float got = 0;

    options.activation = TSR_ACTIVATION_RELU;
    for (size_t i = 0; i < tsr_strategy_count(); i++) {
        if (strcmp(tsr_strategy_name(i), "host") == 0)
            continue; /* for arrays that are lent */
        options.strategy = tsr_strategy_name(i);
        assert_ok(tsr_tensor_write(c, &one));
        assert_ok(tsr_matmul(a, b, c, &options));
        assert_ok(tsr_tensor_read(c, &got));
        if (!isnan(got))
            fail_msg("%s makes %g of NaN", options.strategy, (double)got);
    }
    tsr_tensor_destroy(c);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_strategy_ends_as_it_should),
        cmocka_unit_test(small_products_on_the_host_do_so),
        cmocka_unit_test(an_empty_sum_does_so),
        cmocka_unit_test(relu_keeps_nan),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
