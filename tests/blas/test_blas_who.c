/* Who computes, by sizes, facts and blocks. There is another BLAS if the test says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "blas/next.h"
#include "blas/who.h"

static bool there_is_another = true;

bool tsr__next_exists(void)
{
    return there_is_another;
}

#define GIB ((uint64_t)1 << 30)

/* The host's cores count: the GPU outdoes some hundred. */
static const tsr_device_info cpu = {.type = TSR_DEVICE_CPU,
                                    .compute_units = 2,
                                    .clock_mhz = 2500,
                                    .memory_bytes = 16 * GIB,
                                    .max_alloc_bytes = 4 * GIB,
                                    .zero_copy = true};
static const tsr_device_info gpu = {.type = TSR_DEVICE_GPU,
                                    .compute_units = 1000,
                                    .clock_mhz = 2000,
                                    .memory_bytes = 160 * GIB,
                                    .max_alloc_bytes = 40 * GIB};

/* Whether it gains with the device that the facts are of, if that allocates no more than
 * `most` at once. f32, row-major. */
static bool gains(const tsr_device_info *facts, size_t m, size_t k, size_t n,
                  uint64_t most)
{
    const tsr__product product = {.dtype = TSR_F32,
                                  .m = m,
                                  .n = n,
                                  .k = k,
                                  .batch = 1,
                                  .alpha = 1.0,
                                  .a = {NULL, (ptrdiff_t)k, 1, 0},
                                  .b = {NULL, (ptrdiff_t)n, 1, 0},
                                  .c = {NULL, (ptrdiff_t)n, 1, 0}};
    tsr_device_info info = *facts;
    tsr__blocks blocks;

    info.max_alloc_bytes = most < info.max_alloc_bytes ? most : info.max_alloc_bytes;
    blocks =
        tsr__blocks_cut(&product, (tsr__room){tsr__room_on(&info), info.zero_copy});
    return tsr__may_gain(&product) && tsr__gains(&blocks, &info);
}

static void a_cpu_gains_by_few_rows_of_a_large_matrix(void **state)
{
    (void)state;
    assert_true(gains(&cpu, 8, 6400, 5000, UINT64_MAX));
    assert_true(gains(&cpu, 5000, 6400, 8, UINT64_MAX));
    assert_false(gains(&cpu, 1, 6400, 5000, UINT64_MAX));
    assert_false(gains(&cpu, 65, 6400, 5000, UINT64_MAX));
    assert_false(gains(&cpu, 2048, 2048, 2048, UINT64_MAX));
}

static void a_gpu_gains_where_arithmetic_outweighs_transfers(void **state)
{
    (void)state;
    assert_true(gains(&gpu, 16384, 16384, 16384, UINT64_MAX));
    assert_false(gains(&gpu, 1, 6400, 5000, UINT64_MAX));
    assert_false(gains(&gpu, 64, 64, 64, UINT64_MAX));
}

static void blocks_that_are_too_small_do_not_gain(void **state)
{
    (void)state;
    assert_true(gains(&cpu, 8, 6400, 5000, 26 << 20));
    assert_false(gains(&cpu, 8, 6400, 5000, 16 << 10));
    assert_false(gains(&gpu, 16384, 16384, 16384, 16 << 10));
}

static void nor_do_they_beside_plain_c(void **state)
{
    (void)state;
    there_is_another = false;
    assert_true(gains(&cpu, 256, 256, 256, UINT64_MAX));
    assert_true(gains(&cpu, 256, 256, 256, 256 << 10));
    assert_false(gains(&cpu, 256, 256, 256, 1 << 10));
    there_is_another = true;
}

/* Every form of a product that is called small, in whole powers: none may gain. */
static void what_is_small_never_may_gain(void **state)
{
    int small = 0;

    (void)state;
    for (int i = 0; i < 20 * 20 * 20 * 4; i++) {
        tsr__product p = {.dtype = i % 2 ? TSR_F64 : TSR_F32,
                          .m = (size_t)1 << i / 4 % 20,
                          .n = (size_t)1 << i / 80 % 20,
                          .k = (size_t)1 << i / 1600,
                          .batch = 1,
                          .beta = 1.0};

        there_is_another = i / 2 % 2;
        if (!tsr__is_small(2.0 * (double)p.m * (double)p.n * (double)p.k))
            continue;
        assert_false(tsr__may_gain(&p));
        small++;
    }
    there_is_another = true;
    assert_true(small > 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cpu_gains_by_few_rows_of_a_large_matrix),
        cmocka_unit_test(a_gpu_gains_where_arithmetic_outweighs_transfers),
        cmocka_unit_test(blocks_that_are_too_small_do_not_gain),
        cmocka_unit_test(nor_do_they_beside_plain_c),
        cmocka_unit_test(what_is_small_never_may_gain),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
