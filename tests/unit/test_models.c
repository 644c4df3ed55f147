/* The cost models of tile and stream against what parameter sets took on a card
 * (tests/models): the set that is chosen by facts alone is hardly slower than the best one
 * that was measured, and its estimate not far off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "matmul/strategy.h"
#include "matmul/tune_problem.h"
#include "problem_fixture.h"

/* How much slower than the best the chosen set may be, and how far off its estimate. */
#define NEAR 1.2
#define FAR  1.5

/* A product, and what was measured of it. */
typedef struct product {
    char text[64];
    tsr__problem problem;
    const tsr__space *space;
    double best, chosen; /* microseconds; chosen: 0 until its line was met */
    tsr__parameters guess;
    size_t sets;
} product;

static tsr_device_info h100(void)
{
    tsr_device_info info = large_gpu;

    info.family = TSR_FAMILY_NVIDIA;
    info.generation = 90;
    info.compute_units = 132;
    info.clock_mhz = 1980;
    info.wave_items = 32;
    info.unit_registers = 65536;
    info.local_memory_bytes = 48 << 10;
    info.cache_bytes = 50 << 20;
    info.max_group_size = 1024;
    info.max_item_sizes[0] = info.max_item_sizes[1] = 1024;
    return info;
}

/* "M N K dtype ta tb batch strategy": a new product, and what would be chosen for it. */
static bool is_product(const char *line, const tsr_device_info *info, product *p)
{
    char dtype[4], ta[2], tb[2], strategy[16];
    tsr_tune_problem like = {0};

    if (sscanf(line, "%zu %zu %zu %3s %1s %1s %zu %15s", &like.m, &like.n, &like.k,
               dtype, ta, tb, &like.batch, strategy) != 8)
        return false;
    like.dtype = strcmp(dtype, "f64") == 0 ? TSR_F64 : TSR_F32;
    like.trans_a = ta[0] == 't';
    like.trans_b = tb[0] == 't';
    *p = (product){.problem = tsr__tune_problem(&like),
                   .space = tsr__strategy_find(strategy)->space};
    snprintf(p->text, sizeof p->text, "%.*s", (int)strcspn(line, "\n"), line);
    assert_true(p->space->sets(&p->problem, info, &p->guess, 1) == 1);
    return true;
}

/* "MICROSECONDS = VALUES": a set of the product's. */
static void take_set(const char *line, product *p)
{
    tsr__parameters set = {{0}};
    double took;
    int at, length;

    if (sscanf(line, "%lf =%n", &took, &at) != 1)
        return;
    for (size_t i = 0; sscanf(line + at, "%u%n", &set.values[i], &length) == 1; i++)
        at += length;
    p->sets++;
    if (p->best == 0.0 || took < p->best)
        p->best = took;
    if (memcmp(&set, &p->guess, sizeof set) == 0)
        p->chosen = took;
}

/* False if what is chosen was not measured. */
static bool judge(const product *p, const tsr_device_info *info)
{
    double estimate = 1e6 * p->space->estimate(&p->problem, info, &p->guess);

    if (p->chosen == 0.0)
        return false;
    if (p->chosen > NEAR * p->best)
        fail_msg("%s: the set that is chosen took %g us, the best of %zu %g", p->text,
                 p->chosen, p->sets, p->best);
    if (estimate > FAR * p->chosen || p->chosen > FAR * estimate)
        fail_msg("%s: %g us, estimated %g", p->text, p->chosen, estimate);
    return true;
}

static void an_h100_gets_sets_that_are_nearly_the_best(void **state)
{
    const tsr_device_info info = h100();
    FILE *file = fopen(MODELS "/h100.txt", "r");
    size_t products = 0, judged = 0;
    char line[128];
    product p = {.space = NULL};

    (void)state;
    assert_non_null(file);
    while (fgets(line, sizeof line, file)) {
        product next;

        if (is_product(line, &info, &next)) {
            judged += p.space && judge(&p, &info);
            p = next;
            products++;
        } else if (p.space) {
            take_set(line, &p);
        }
    }
    judged += judge(&p, &info);
    fclose(file);
    if (products < 30 || 10 * judged < 9 * products)
        fail_msg("of %zu products %zu were judged", products, judged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_h100_gets_sets_that_are_nearly_the_best),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
