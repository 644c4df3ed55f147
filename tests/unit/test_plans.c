/* Plans that are kept: found for their own problem alone, and until something changes. */
#include "matmul/plans.h"

#include "base/error.h"
#include "cache_fixture.h"
#include "matmul/known.h"
#include "problem_fixture.h"
#include "strategy_fixture.h"
#include "tune/about.h"

enum { KEPT = 16 };

static tsr__kept_plan plan_for(const tsr__problem *p, const tsr__strategy *scope,
                               double seconds)
{
    return (tsr__kept_plan){.problem = *p,
                            .scope = scope,
                            .plan = {.strategy = &tsr__panel, .problem = *p},
                            .seconds = seconds};
}

static void keep(struct tsr_device *device, const tsr__problem *p,
                 const tsr__strategy *scope, double seconds)
{
    tsr__kept_plan before = plan_for(p, scope, 0), it = plan_for(p, scope, seconds);

    tsr__plans_find(device, &before);
    it.turn = before.turn;
    tsr__plans_keep(device, &it);
}

/* The seconds of the plan that is found; 0 for none. */
static double found(struct tsr_device *device, const tsr__problem *p,
                    const tsr__strategy *scope)
{
    tsr__kept_plan it = {.problem = *p, .scope = scope};

    if (!tsr__plans_find(device, &it))
        return 0;
    assert_ptr_equal(it.plan.strategy, &tsr__panel);
    assert_null(it.plan.parameters);
    assert_true(it.plan.build_seconds == 0);
    return it.seconds;
}

static void a_plan_is_found_again(void **state)
{
    struct tsr_device device = {.info = desktop_cpu};
    const tsr__problem p = dense(10, 20, 30);
    const tsr__parameters set = {{1}};
    tsr__kept_plan it = plan_for(&p, NULL, 7);

    (void)state;
    assert_true(found(&device, &p, NULL) == 0);
    it.plan.parameters = &set;
    it.plan.build_seconds = 1;
    tsr__plans_keep(&device, &it);
    assert_true(found(&device, &p, NULL) == 7);
    assert_true(found(&device, &p, &tsr__panel) == 0); /* that is another question */
    keep(&device, &p, &tsr__panel, 8);
    assert_true(found(&device, &p, &tsr__panel) == 8);
    assert_true(found(&device, &p, NULL) == 7);
    forget(&device);
}

/* Each number of a problem counts. */
static void no_other_problem_finds_it(void **state)
{
    struct tsr_device device = {.info = desktop_cpu};
    tsr__problem p = dense(10, 20, 30), others[28];
    size_t count = 0;

    (void)state;
    p.bias = (tsr__layout){0, 0, 1, 0};
    p.has_bias = true;
    p.beta = 1;
    keep(&device, &p, NULL, 7);
#define OTHER(field, value) others[count] = p, others[count++].field = (value)
    OTHER(dtype, TSR_F64);
    OTHER(m, 11);
    OTHER(n, 21);
    OTHER(k, 31);
    OTHER(batch, 2);
    OTHER(a.offset, 1);
    OTHER(a.row, 31);
    OTHER(a.column, 2);
    OTHER(a.batch, 1);
    OTHER(b.offset, 1);
    OTHER(b.row, 21);
    OTHER(b.column, 2);
    OTHER(b.batch, 1);
    OTHER(c.offset, 1);
    OTHER(c.row, 21);
    OTHER(c.column, 2);
    OTHER(c.batch, 1);
    OTHER(bias.offset, 1);
    OTHER(bias.row, 20);
    OTHER(bias.column, 0);
    OTHER(bias.batch, 1);
    OTHER(has_bias, false);
    OTHER(a_prepared, true);
    OTHER(b_prepared, true);
    OTHER(on_host, true);
    OTHER(alpha, 2);
    OTHER(beta, 2);
    OTHER(activation, TSR_ACTIVATION_RELU);
    assert_int_equal(count, sizeof others / sizeof others[0]);
    for (size_t i = 0; i < count; i++)
        if (found(&device, &others[i], NULL) != 0)
            fail_msg("change %zu finds the same plan", i);
    assert_true(found(&device, &p, NULL) == 7);
    forget(&device);
}

static void the_one_kept_for_longest_goes(void **state)
{
    struct tsr_device device = {.info = desktop_cpu};

    (void)state;
    for (size_t i = 0; i <= KEPT; i++) {
        const tsr__problem p = dense(10 + i, 20, 30);

        keep(&device, &p, NULL, (double)(i + 1));
    }
    for (size_t i = 0; i <= KEPT; i++) {
        const tsr__problem p = dense(10 + i, 20, 30);

        assert_true(found(&device, &p, NULL) == (i == 0 ? 0 : (double)(i + 1)));
    }
    forget(&device);
}

/* What did not do again was planned anew. */
static void one_for_the_same_problem_takes_its_place(void **state)
{
    struct tsr_device device = {.info = desktop_cpu};
    const tsr__problem p = dense(10, 20, 30), other = dense(11, 20, 30);

    (void)state;
    keep(&device, &p, NULL, 1);
    keep(&device, &other, NULL, 2);
    for (size_t i = 0; i < KEPT; i++)
        keep(&device, &p, NULL, 3);
    assert_true(found(&device, &other, NULL) == 2);
    assert_true(found(&device, &p, NULL) == 3);
    forget(&device);
}

static void what_was_planned_before_all_were_forgotten_is_not_kept(void **state)
{
    struct tsr_device device = {.info = desktop_cpu};
    const tsr__problem p = dense(10, 20, 30);
    tsr__kept_plan late = plan_for(&p, NULL, 1);

    (void)state;
    assert_false(tsr__plans_find(&device, &late));
    tsr__plans_forget(&device); /* meanwhile, by another thread */
    tsr__plans_keep(&device, &late);
    assert_true(found(&device, &p, NULL) == 0);
    keep(&device, &p, NULL, 2);
    assert_true(found(&device, &p, NULL) == 2);
    tsr__plans_forget(&device);
    assert_true(found(&device, &p, NULL) == 0);
    forget(&device);
}

/* A record says something else than what was chosen without it, as does its absence. */
static void records_that_change_forget_all(void **state)
{
    struct tsr_device device = {.info = desktop_cpu};
    const tsr__problem p = dense(100, 100, 100);
    const tsr__winner w = {.strategy = &tsr__reference,
                           .seconds = 0.001,
                           .stock = &tsr__panel,
                           .stock_seconds = 0.002,
                           .m = 100,
                           .n = 100,
                           .k = 100,
                           .batch = 1};
    tsr__records texts;
    char head[TSR__HEAD_SIZE], text[TSR__HEAD_SIZE + 1024];
    size_t count, length;

    (void)state;
    keep(&device, &p, NULL, 1);
    assert_int_equal(tsr__known_keep(&device, tsr__class_of(&p), NULL, &w), TSR_OK);
    assert_true(found(&device, &p, NULL) == 0);

    keep(&device, &p, NULL, 1);
    assert_int_equal(tsr__known_texts(&device, &texts), TSR_OK);
    assert_int_equal(texts.count, 1);
    tsr__about(&device.info, head);
    length = tsr__records_write(&texts, head, text, sizeof text);
    assert_true(length < sizeof text);
    tsr__records_free(&texts);
    assert_true(found(&device, &p, NULL) == 1);
    assert_int_equal(tsr__known_add(&device, NULL, text, length, &count), TSR_OK);
    assert_int_equal(count, 1);
    assert_true(found(&device, &p, NULL) == 0);

    keep(&device, &p, NULL, 1);
    assert_int_equal(tsr__known_clear(&device), TSR_OK);
    assert_true(found(&device, &p, NULL) == 0);
    forget(&device);
}

/* ---- In products ------------------------------------------------------------------ */

static size_t enqueued;
static tsr_status answer;

static tsr_status fake_enqueue(const tsr__plan *plan, const tsr__operands *operands,
                               tsr__sequence *sequence)
{
    (void)plan, (void)operands, (void)sequence;
    enqueued++;
    return answer ? tsr__fail(answer, "it does not") : TSR_OK;
}

static const tsr__strategy fake = {.name = "fake", .enqueue = fake_enqueue};

/* A product of 2 x 2 matrices on an open device. */
typedef struct product {
    tsr_device *device;
    tsr_tensor *a, *b, *c;
    tsr__problem problem;
    tsr_matmul_options options;
    tsr_matmul_report report;
} product;

static product make_product(void)
{
    static const float two[] = {2, 0, 0, 2}, x[] = {1, 2, 3, 4};
    product p = {.options = TSR_MATMUL_OPTIONS_DEFAULT};
    tsr__operands operands;

    assert_ok(tsr_device_open(NULL, &p.device));
    p.a = matrix(p.device, two, 2, 2, false);
    p.b = matrix(p.device, x, 2, 2, false);
    p.c = matrix(p.device, two, 2, 2, false);
    operands = (tsr__operands){p.a, p.b, p.c, NULL};
    assert_ok(tsr__problem_make(&operands, &p.options, &p.problem));
    enqueued = 0;
    answer = TSR_OK;
    return p;
}

static tsr_status multiply(product *p)
{
    p->options.report = &p->report;
    return tsr_matmul(p->a, p->b, p->c, &p->options);
}

static void plant(const product *p)
{
    tsr__kept_plan it = {.problem = p->problem, .seconds = 5};

    tsr__plans_find(p->device, &it);
    it.plan = (tsr__plan){.strategy = &fake, .problem = p->problem};
    it.seconds = 5;
    tsr__plans_keep(p->device, &it);
}

static void destroy_product(product *p)
{
    tsr_tensor_destroy(p->c);
    tsr_tensor_destroy(p->b);
    tsr_tensor_destroy(p->a);
    tsr_device_close(p->device);
}

static void a_product_is_made_as_the_one_before_was(void **state)
{
    product p = make_product();
    tsr__kept_plan it = {.problem = p.problem};

    (void)state;
    assert_false(tsr__plans_find(p.device, &it));
    assert_ok(multiply(&p));
    assert_true(tsr__plans_find(p.device, &it));
    assert_string_equal(it.plan.strategy->name, p.report.strategy);
    plant(&p);
    assert_ok(multiply(&p));
    assert_int_equal(enqueued, 1);
    assert_string_equal(p.report.strategy, "fake");
    assert_true(p.report.estimated_seconds == 5);
    assert_true(p.report.build_seconds == 0);
    destroy_product(&p);
}

static void a_plan_that_will_not_do_again_gives_way(void **state)
{
    product p = make_product();
    float c[4];

    (void)state;
    plant(&p);
    answer = TSR_ERROR_ALLOC_LIMIT;
    for (int i = 0; i < 2; i++) {
        assert_ok(multiply(&p));
        assert_int_equal(enqueued, 1); /* the second time it is not there any more */
        assert_string_not_equal(p.report.strategy, "fake");
        assert_ok(tsr_tensor_read(p.c, c));
        assert_true(c[0] == 2 && c[1] == 4 && c[2] == 6 && c[3] == 8);
    }
    destroy_product(&p);
}

static void what_no_other_can_help_is_said(void **state)
{
    product p = make_product();

    (void)state;
    plant(&p);
    answer = TSR_ERROR_DEVICE_LOST;
    assert_refused(TSR_ERROR_DEVICE_LOST, "fake, 2x2x2 f32", multiply(&p));
    assert_int_equal(enqueued, 1);
    destroy_product(&p);
}

/* Another plan may override its parameters. */
static void clblasts_plans_are_not_kept(void **state)
{
    product p = make_product();
    tsr__kept_plan it = {.problem = p.problem};

    (void)state;
    it.scope = tsr__strategy_find("clblast"); /* if it was built */
    p.options.strategy = "clblast";
    assert_int_equal(multiply(&p), it.scope ? TSR_OK : TSR_ERROR_ARGUMENT);
    assert_false(tsr__plans_find(p.device, &it));
    destroy_product(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plan_is_found_again),
        cmocka_unit_test(no_other_problem_finds_it),
        cmocka_unit_test(the_one_kept_for_longest_goes),
        cmocka_unit_test(one_for_the_same_problem_takes_its_place),
        cmocka_unit_test(what_was_planned_before_all_were_forgotten_is_not_kept),
        cmocka_unit_test_teardown(records_that_change_forget_all, empty_cache),
        cmocka_unit_test(a_product_is_made_as_the_one_before_was),
        cmocka_unit_test(a_plan_that_will_not_do_again_gives_way),
        cmocka_unit_test(what_no_other_can_help_is_said),
        cmocka_unit_test(clblasts_plans_are_not_kept),
    };

    return cmocka_run_group_tests(tests, make_cache, remove_cache);
}
