/* Slabs' sums added by plain C: the bits that the kernel makes, nothing beside them, in the
 * queue's order, and only where that is possible and pays. */
#include "matmul/reduce_native.h"

#include <math.h>
#include <stdlib.h>

#include <tessera/matmul.h>

#include "device/native.h"
#include "device_fixture.h"

/* C[m,n] is in the middle of an array with one row and three columns more on each side. */
typedef struct product {
    size_t batch, m, n, k;
    tsr_dtype dtype;
    double alpha;
    bool by_columns; /* C's elements of a column follow each other */
} product;

enum { AROUND = 3 };

static size_t rows_of(const product *p)
{
    return (p->by_columns ? p->n : p->m) + 2;
}

static size_t columns_of(const product *p)
{
    return (p->by_columns ? p->m : p->n) + (size_t)2 * AROUND;
}

static size_t bytes_of(const product *p)
{
    return p->batch * rows_of(p) * columns_of(p) * tsr_dtype_size(p->dtype);
}

static tsr_tensor *tensor_of(tsr_device *device, const product *p, bool lent,
                             const size_t *shape, void *data)
{
    tsr_tensor *tensor;

    if (lent)
        assert_ok(tsr_tensor_borrow_host(device, p->dtype, 3, shape, data, &tensor));
    else
        assert_ok(tsr_tensor_from_host(device, p->dtype, 3, shape, data, &tensor));
    return tensor;
}

/* Operands, by their element. */
static void *operand(const product *p, size_t count, size_t first)
{
    void *x = malloc(count * tsr_dtype_size(p->dtype));

    assert_non_null(x);
    for (size_t i = 0; i < count; i++) {
        const double value = sin((double)(first + i * i % 10007));

        if (p->dtype == TSR_F64)
            ((double *)x)[i] = value;
        else
            ((float *)x)[i] = (float)value;
    }
    return x;
}

/* The whole array that C is in the middle of, NaN where nothing was written. */
static void *run(tsr_device *device, const product *p, bool lent)
{
    const size_t rows = rows_of(p), columns = columns_of(p);
    const size_t whole[] = {p->batch, rows, columns};
    const size_t shape[] = {p->batch, p->m, p->n};
    const size_t strides[] = {rows * columns, p->by_columns ? 1 : columns,
                              p->by_columns ? columns : 1};
    void *a = operand(p, p->batch * p->m * p->k, 1);
    void *b = operand(p, p->batch * p->k * p->n, 2);
    void *out = malloc(bytes_of(p));
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *ta, *tb, *base, *tc;
    void *got = malloc(bytes_of(p));

    assert_non_null(out);
    assert_non_null(got);
    memset(out, 0xff, bytes_of(p)); /* NaN */
    ta = tensor_of(device, p, lent, (size_t[]){p->batch, p->m, p->k}, a);
    tb = tensor_of(device, p, lent, (size_t[]){p->batch, p->k, p->n}, b);
    base = tensor_of(device, p, lent, whole, out);
    assert_ok(tsr_tensor_view(base, 3, shape, strides, columns + AROUND, &tc));
    options.strategy = "stream";
    options.alpha = p->alpha;
    assert_ok(tsr_matmul(ta, tb, tc, &options));
    assert_ok(tsr_tensor_read(base, got));
    tsr_tensor_destroy(ta);
    tsr_tensor_destroy(tb);
    tsr_tensor_destroy(tc);
    tsr_tensor_destroy(base);
    free(a);
    free(b);
    free(out);
    return got;
}

static void the_bits_are_those_of_the_kernel(void **state)
{
    static const product products[] = {
        {1, 1, 700, 1900, TSR_F32, 1, false},  {1, 3, 1000, 900, TSR_F32, 0.3, false},
        {1, 2, 37, 5001, TSR_F32, -1.7, true}, {2, 2, 129, 2000, TSR_F32, 0.3, false},
        {1, 257, 1, 9001, TSR_F32, 1, false},  {1, 3, 300, 1700, TSR_F64, 0.3, false},
    };

    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        const product *p = &products[i];
        void *native, *kernel;

        if (p->dtype == TSR_F64 && !tsr_device_get_info(*state)->fp64)
            continue;
        native = run(*state, p, true);
        kernel = run(*state, p, false);
        assert_memory_equal(native, kernel, bytes_of(p));
        free(native);
        free(kernel);
    }
}

/* A product of a product: the second one waits for plain C to have made the first. */
static void what_follows_waits_for_it(void **state)
{
    enum { K = 3000, N = 600 };
    float *a = malloc(K * sizeof *a), *b = malloc((size_t)K * N * sizeof *b);
    float *e = malloc((size_t)N * N * sizeof *e), c[N], d[N];
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *ta, *tb, *tc, *te, *td;

    assert_true(a && b && e);
    for (size_t i = 0; i < K; i++)
        a[i] = 1;
    for (size_t i = 0; i < (size_t)K * N; i++)
        b[i] = 1;
    for (size_t i = 0; i < (size_t)N * N; i++)
        e[i] = i / N == i % N;
    assert_ok(tsr_tensor_borrow_host(*state, TSR_F32, 2, (size_t[]){1, K}, a, &ta));
    assert_ok(tsr_tensor_borrow_host(*state, TSR_F32, 2, (size_t[]){K, N}, b, &tb));
    assert_ok(tsr_tensor_borrow_host(*state, TSR_F32, 2, (size_t[]){1, N}, c, &tc));
    assert_ok(tsr_tensor_borrow_host(*state, TSR_F32, 2, (size_t[]){N, N}, e, &te));
    assert_ok(tsr_tensor_borrow_host(*state, TSR_F32, 2, (size_t[]){1, N}, d, &td));
    options.strategy = "stream";
    for (int turn = 1; turn <= 50; turn++) {
        a[0] = (float)turn;
        assert_ok(tsr_matmul(ta, tb, tc, &options));
        assert_ok(tsr_matmul(tc, te, td, &options));
        assert_ok(tsr_device_finish(*state));
        for (int j = 0; j < N; j++)
            if (d[j] != (float)(K - 1 + turn))
                fail_msg("turn %d: %g, not %d", turn, (double)d[j], K - 1 + turn);
    }
    tsr_tensor_destroy(ta);
    tsr_tensor_destroy(tb);
    tsr_tensor_destroy(tc);
    tsr_tensor_destroy(te);
    tsr_tensor_destroy(td);
    free(a);
    free(b);
    free(e);
}

static void it_is_for_few_plain_sums_in_the_hosts_array(void **state)
{
    const tsr__problem seed = {.dtype = TSR_F32,
                               .m = 1,
                               .n = 5000,
                               .k = 6400,
                               .batch = 1,
                               .on_host = true,
                               .alpha = 1};
    const bool can = tsr__runs_native(*state);
    tsr__problem p = seed;

    assert_int_equal(tsr__reduce_is_native(*state, &p, 8), can);
    p.alpha = 0.5;
    assert_int_equal(tsr__reduce_is_native(*state, &p, 8), can);
    p.m = 100;
    assert_false(tsr__reduce_is_native(*state, &p, 8));
    p = seed;
    p.on_host = false;
    assert_false(tsr__reduce_is_native(*state, &p, 8));
    p = seed;
    p.beta = 1;
    assert_false(tsr__reduce_is_native(*state, &p, 8));
    p = seed;
    p.has_bias = true;
    assert_false(tsr__reduce_is_native(*state, &p, 8));
    p = seed;
    p.activation = TSR_ACTIVATION_RELU;
    assert_false(tsr__reduce_is_native(*state, &p, 8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bits_are_those_of_the_kernel),
        cmocka_unit_test(what_follows_waits_for_it),
        cmocka_unit_test(it_is_for_few_plain_sums_in_the_hosts_array),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
