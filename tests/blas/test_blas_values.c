/* Results, against the reference to the bit: all data are small integers.
 *
 * Also run with everything sent to the device, and with a device that fits little. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libraries.h"
#include "routine.h"

#define ELEMENTS 4096
#define CASES    3000

static void *tessera, *reference;

/* ---- Random cases ---------------------------------------------------------------- */

static uint64_t state = 1;

/* 0 to `below` - 1 (Knuth's MMIX generator). */
static int pick(int below)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (int)((state >> 33) % (uint64_t)below);
}

static int larger(int x, int y)
{
    return x > y ? x : y;
}

/* Rows of a matrix as it is stored: the lengths that a leading one must reach. */
static int stored(const call *c, int trans, int rows, int columns)
{
    return (trans == NO_TRANS) == (c->layout == COLUMN_MAJOR) ? rows : columns;
}

static int increment(void)
{
    static const int all[] = {1, 1, 2, 3, -1, -2};

    return all[pick(6)];
}

static call random_call(void)
{
    static const int trans[] = {NO_TRANS, TRANS, CONJ_TRANS};
    static const double factors[] = {0.0, 1.0, -1.0, 2.0, 0.5};
    call c = {.spelling = (spelling)pick(2),
              .gemv = pick(2),
              .f64 = pick(2),
              .layout = ROW_MAJOR + pick(2),
              .trans_a = trans[pick(3)],
              .trans_b = trans[pick(3)],
              .m = pick(12),
              .n = pick(12),
              .k = pick(12),
              .alpha = factors[pick(5)],
              .beta = factors[pick(5)],
              .batch = 1};

    if (c.spelling == FORTRAN)
        c.layout = COLUMN_MAJOR;
    if (c.gemv) {
        c.lda = c.layout == COLUMN_MAJOR ? c.m : c.n;
        c.ldb = increment();
        c.ldc = increment();
    } else {
        c.lda = stored(&c, c.trans_a, c.m, c.k);
        c.ldb = larger(1, stored(&c, c.trans_b, c.k, c.n)) + pick(3);
        c.ldc = larger(1, stored(&c, NO_TRANS, c.m, c.n)) + pick(3);
    }
    c.lda = larger(1, c.lda) + pick(3);
    return c;
}

/* Integers, and sometimes a NaN, which must come through or not as in the reference. */
static double element(bool with_nan)
{
    return with_nan && pick(50) == 0 ? (double)NAN : pick(17) - 8.0;
}

typedef union array {
    float f32[ELEMENTS];
    double f64[ELEMENTS];
} array;

static void fill(array *to, bool f64, bool with_nan)
{
    for (int i = 0; i < ELEMENTS; i++)
        if (f64)
            to->f64[i] = element(with_nan);
        else
            to->f32[i] = (float)element(with_nan);
}

static bool same(const array *x, const array *y, bool f64)
{
    for (int i = 0; i < ELEMENTS; i++) {
        double a = f64 ? x->f64[i] : (double)x->f32[i];
        double b = f64 ? y->f64[i] : (double)y->f32[i];

        if (!(a == b || (isnan(a) && isnan(b))))
            return false;
    }
    return true;
}

/* ---- Tests ----------------------------------------------------------------------- */

static array a, b, before, want, got, a_kept, b_kept;

static void describe(const call *c)
{
    print_error(
        "%s layout %d trans %d %d, %d x %d x %d, alpha %g beta %g, ld %d %d %d\n",
        call_name(c), c->layout, c->trans_a, c->trans_b, c->m, c->n, c->k, c->alpha,
        c->beta, c->lda, c->ldb, c->ldc);
}

/* All of the array that C is in, so that what lies between its columns counts too. */
static void every_call_does_what_the_reference_does(void **unused)
{
    (void)unused;
    for (int i = 0; i < CASES; i++) {
        call c = random_call();
        bool with_nan = pick(3) == 0;

        fill(&a, c.f64, with_nan);
        fill(&b, c.f64, with_nan);
        fill(&before, c.f64, with_nan);
        a_kept = a;
        b_kept = b;
        want = got = before;
        c.a = &a;
        c.b = &b;
        c.c = &want;
        assert_true(call_do(reference, &c));
        c.c = &got;
        assert_true(call_do(tessera, &c));
        if (!same(&got, &want, c.f64)) {
            describe(&c);
            fail();
        }
        assert_memory_equal(&a, &a_kept, sizeof a);
        assert_memory_equal(&b, &b_kept, sizeof b);
    }
}

/* A batch is its products one by one. Strides may be longer than a matrix, and 0 for an
 * operand. */
static void a_batch_does_what_its_products_do(void **unused)
{
    (void)unused;
    for (int i = 0; i < CASES / 10; i++) {
        call c = random_call(), one;

        if (c.gemv || c.spelling == FORTRAN)
            continue;
        c.spelling = BATCH;
        c.batch = pick(5);
        c.stride_a = pick(3) ? c.lda * 12 + pick(3) : 0;
        c.stride_b = pick(3) ? c.ldb * 12 + pick(3) : 0;
        c.stride_c = c.ldc * 12 + pick(3);
        fill(&a, c.f64, false);
        fill(&b, c.f64, false);
        fill(&before, c.f64, false);
        want = got = before;
        one = c;
        one.spelling = CBLAS;
        for (int t = 0; t < c.batch; t++) {
            size_t size = c.f64 ? 8 : 4;

            one.a = (char *)&a + (size_t)(t * c.stride_a) * size;
            one.b = (char *)&b + (size_t)(t * c.stride_b) * size;
            one.c = (char *)&want + (size_t)(t * c.stride_c) * size;
            assert_true(call_do(reference, &one));
        }
        c.a = &a;
        c.b = &b;
        c.c = &got;
        assert_true(call_do(tessera, &c));
        if (!same(&got, &want, c.f64)) {
            describe(&c);
            fail();
        }
    }
}

/* In the reference an empty sum scales C in gemm but leaves y alone in gemv; y = beta * y
 * is for an alpha of 0. */
static void empty_sums_are_gemms_and_gemvs_own(void **unused)
{
    for (int layout = ROW_MAJOR; layout <= COLUMN_MAJOR; layout++) {
        double y[2] = {3.0, 5.0}, x[2] = {1.0, 1.0};
        call c = {.spelling = CBLAS,
                  .f64 = true,
                  .layout = layout,
                  .trans_a = layout == ROW_MAJOR ? NO_TRANS : TRANS,
                  .trans_b = NO_TRANS,
                  .m = 2,
                  .n = 1,
                  .k = 0,
                  .alpha = 1.0,
                  .beta = 2.0,
                  .a = x,
                  .b = x,
                  .c = y,
                  .lda = 1,
                  .ldb = 1,
                  .ldc = layout == ROW_MAJOR ? 1 : 2};

        assert_true(call_do(tessera, &c));
        assert_true(y[0] == 6.0 && y[1] == 10.0);
        c.gemv = true;
        c.m = layout == ROW_MAJOR ? 2 : 0;
        c.n = layout == ROW_MAJOR ? 0 : 2;
        c.ldc = 1;
        assert_true(call_do(tessera, &c));
        assert_true(y[0] == 6.0 && y[1] == 10.0);
    }
    (void)unused;
}

/* The device has done something, or nothing, as the environment says. */
static void whoever_was_to_compute_has(void **unused)
{
    size_t (*products)(void);
    void *address = dlsym(tessera, "tsr_blas_products");
    const char *least = getenv("TESSERA_BLAS_MIN_FLOPS");

    (void)unused;
    memcpy(&products, &address, sizeof address);
    if (least && strcmp(least, "0") == 0)
        assert_true(products() > 500);
    else
        assert_int_equal(products(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_does_what_the_reference_does),
        cmocka_unit_test(a_batch_does_what_its_products_do),
        cmocka_unit_test(empty_sums_are_gemms_and_gemvs_own),
        cmocka_unit_test(whoever_was_to_compute_has),
    };

    tessera = load_library("TESSERA_BLAS");
    reference = load_library("REFERENCE_BLAS");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
