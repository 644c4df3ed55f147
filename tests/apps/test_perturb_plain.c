/* test_perturb_plain.c: perturb's plain C says the same for each level of the CPU. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "plain_loops.h"

enum { IMAGES = 37, TRIED = 64 };

static float pixels[IMAGES * DIGITS_PIXELS], weights[MODEL_COUNT];
static uint32_t labels[IMAGES];

static void make(plain **p)
{
    const digits d = {.count = IMAGES, .pixels = pixels, .labels = labels};
    failure why;

    for (size_t i = 0; i < IMAGES * DIGITS_PIXELS; i++)
        pixels[i] = (float)(i * 7919 % 17) / 16;
    for (size_t i = 0; i < IMAGES; i++)
        labels[i] = (uint32_t)(i * 31 % DIGITS_CLASSES);
    for (size_t i = 0; i < MODEL_COUNT; i++)
        weights[i] = (float)(i * 31 % 101) / 404 - 0.125f;
    assert_true(plain_create(&d, p, &why));
}

/* Slopes are below 1, and sums over 37 images; by whole passes, of differences of losses. */
static void check(plain *p, const plain_loops *loops, const float *expected)
{
    static float slopes[MODEL_COUNT], few[TRIED];

    loops->gradient(p, weights, 1e-3f, slopes);
    loops->full_forward(p, weights, 1e-2f, MODEL_COUNT / TRIED, TRIED, few);
    for (size_t i = 0; i < MODEL_COUNT; i++)
        if (!(fabsf(slopes[i] - expected[i]) < 1e-6f))
            fail_msg("%s, weight %zu: %g, not %g", loops->level, i, (double)slopes[i],
                     (double)expected[i]);
    for (size_t i = 0; i < TRIED; i++)
        if (!(fabsf(few[i] - expected[i * (MODEL_COUNT / TRIED)]) < 1e-3f))
            fail_msg("%s, weight %zu by whole passes: %g", loops->level, i,
                     (double)few[i]);
}

static void every_level_finds_the_same_slopes(void **state)
{
    static float expected[MODEL_COUNT];
    const plain_loops *levels[PLAIN_MOST_LEVELS];
    const size_t count = plain_levels(levels);
    plain *p;

    (void)state;
    make(&p);
    assert_string_equal(levels[count - 1]->level, "baseline");
    assert_string_equal(plain_level(p), levels[0]->level);
    levels[count - 1]->gradient(p, weights, 1e-3f, expected);
    for (size_t i = 0; i < count; i++)
        check(p, levels[i], expected);
    plain_destroy(p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_finds_the_same_slopes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
