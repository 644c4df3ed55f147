#include "judge.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "base/error.h"
#include "matmul/strategy.h"
#include "memory/tensor.h"
#include "operand.h"

enum { MAX_SETS = 1024 };

/* Everything a case needs while it runs. */
typedef struct bench {
    const test_case *c;
    operand a, b, out, bias;
    tsr_oracle *oracle;
    int *prints;
    bool said; /* the case itself has been printed */
} bench;

static void TSR__PRINTF(3, 4)
    complain(bench *at, const char *strategy, const char *format, ...)
{
    va_list args;

    if (*at->prints <= 0)
        return;
    --*at->prints;
    if (!at->said)
        print_case(stdout, at->c);
    at->said = true;
    printf("  FAILED: %s: ", strategy);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

static bool make_operands(tsr_device *device, bench *at)
{
    const test_case *c = at->c;
    content_kind operands = c->hidden_nan ? CONTENT_NAN : CONTENT_DATA;
    content_kind before = c->beta == 0 ? CONTENT_POISON : CONTENT_DATA;

    return make_operand(device, c, &c->a, c->shared ? &c->b : NULL, 1000000000,
                        operands, &at->a) &&
           (c->shared
                ? share_operand(c, &at->a, &c->b, &at->b)
                : make_operand(device, c, &c->b, NULL, 2000000000, operands, &at->b)) &&
           make_operand(device, c, &c->c, NULL, 3000000000, before, &at->out) &&
           (!c->has_bias || make_operand(device, c, &c->bias, NULL, 4000000000,
                                         CONTENT_DATA, &at->bias));
}

static bool make_oracle(bench *at)
{
    const test_case *c = at->c;
    tsr_host_product product = {.dtype = c->dtype,
                                .m = c->m,
                                .n = c->n,
                                .k = c->k,
                                .batch = c->batch,
                                .alpha = c->alpha,
                                .beta = c->beta,
                                .activation = c->activation};
    tsr_status status;

    product.a = host_view(&c->a, at->a.flat, c->dtype);
    product.b = host_view(&c->b, at->b.flat, c->dtype);
    product.c0 = host_view(&c->c, at->out.flat, c->dtype);
    if (c->has_bias)
        product.bias = host_view(&c->bias, at->bias.flat, c->dtype);
    status = tsr_oracle_create(&product, c->number, &at->oracle);
    if (status)
        complain(at, "oracle", "%s: %s", tsr_status_string(status), tsr_error_detail());
    return !status;
}

static void tear_down(bench *at)
{
    tsr_oracle_destroy(at->oracle);
    drop_operand(&at->bias);
    drop_operand(&at->out);
    drop_operand(&at->b);
    drop_operand(&at->a);
}

/* Counts a reason: what comes after the problem, with '#' for each number in it. */
static void count_reason(tally *t, const char *detail)
{
    const char *after = strstr(detail, ": ");
    char text[REASON_SIZE];
    size_t length = 0, i = 0;

    if (after)
        detail = after + 2;

    for (; *detail && length < sizeof text - 1; detail++) {
        if (!isdigit((unsigned char)*detail))
            text[length++] = *detail;
        else if (length == 0 || text[length - 1] != '#')
            text[length++] = '#';
    }
    text[length] = '\0';
    while (i < t->num_reasons && strcmp(t->reasons[i].text, text) != 0)
        i++;
    if (i == MAX_REASONS)
        return;
    if (i == t->num_reasons)
        strcpy(t->reasons[t->num_reasons++].text, text);
    t->reasons[i].count++;
}

/* Whether the result in out.now is right and nothing around it was touched. */
static bool judge(bench *at, tally *t)
{
    const test_case *c = at->c;
    tsr_host_matrix result = host_view(&c->c, at->out.now, c->dtype);
    bool exact = c->data == DATA_INTEGERS && c->activation <= TSR_ACTIVATION_RELU;
    size_t touched = first_change(&at->out, false);
    tsr_verdict v;

    if (tsr_oracle_check(at->oracle, &result, &v)) {
        complain(at, t->name, "oracle: %s", tsr_error_detail());
        return false;
    }
    if (!v.ok || (exact && v.error_ratio != 0)) {
        complain(at, t->name,
                 "element (%zu, %zu, %zu) is %.17g, exact %.17g, bound %g: ratio %g%s",
                 v.worst_batch, v.worst_row, v.worst_column, v.got, v.exact, v.bound,
                 v.error_ratio, v.ok ? "; integers must be exact" : "");
        return false;
    }
    if (touched != SIZE_MAX) {
        complain(at, t->name, "wrote beside C, at index %zu of its buffer", touched);
        return false;
    }
    if (v.error_ratio > t->worst)
        t->worst = v.error_ratio;
    return true;
}

static tsr_matmul_options options_of(const bench *at, const tally *t,
                                     tsr_matmul_report *report)
{
    return (tsr_matmul_options){.alpha = at->c->alpha,
                                .beta = at->c->beta,
                                .bias = at->bias.view,
                                .activation = at->c->activation,
                                .strategy = t->forced,
                                .report = report};
}

/* What came of one product. False if it failed; a strategy that cannot do it did not. */
static bool settle(bench *at, tally *t, tsr_status status)
{
    if (status == TSR_ERROR_UNSUPPORTED && t->forced) {
        t->skipped++;
        count_reason(t, tsr_error_detail());
        return true;
    }
    if (status)
        complain(at, t->name, "%s: %s", tsr_status_name(status), tsr_error_detail());
    if (status || !read_operand(&at->out) || !judge(at, t)) {
        t->failed++;
        return false;
    }
    return true;
}

/* Runs one strategy as users do. */
static bool run_strategy(bench *at, tally *t)
{
    tsr_matmul_report report = {0};
    tsr_matmul_options options = options_of(at, t, &report);
    tsr_status status = tsr_tensor_write(at->out.base, at->out.flat);
    bool ran; /* "none" and "epilogue" are what is left without a product */

    if (!status)
        status = tsr_matmul(at->a.view, at->b.view, at->out.view, &options);
    if (!settle(at, t, status))
        return false;
    if (status)
        return true;
    ran = report.strategy && strcmp(report.strategy, "none") != 0 &&
          strcmp(report.strategy, "epilogue") != 0;
    if (ran && t->forced && strcmp(report.strategy, t->forced) != 0) {
        complain(at, t->name, "the report names %s", report.strategy);
        t->failed++;
        return false;
    }
    t->run += ran;
    t->empty += !ran;
    return true;
}

/* Runs one strategy with one set of its parameters. */
static bool run_set(bench *at, tally *t, const tsr__problem *problem,
                    const tsr__parameters *set)
{
    const tsr__strategy *strategy = tsr__strategy_find(t->forced);
    const tsr__operands operands = {at->a.view, at->b.view, at->out.view,
                                    at->bias.view};
    tsr__sequence sequence = tsr__sequence_on(at->out.view->storage->device);
    tsr__plan plan = {.strategy = strategy, .problem = *problem, .parameters = set};
    tsr_status status = tsr_tensor_write(at->out.base, at->out.flat);

    if (!status && !(status = strategy->plan(sequence.device, &plan))) {
        tsr__operands seen =
            plan.transposed ? tsr__operands_transpose(&operands) : operands;

        status = strategy->enqueue(&plan, &seen, &sequence);
    }
    t->run++;
    if (settle(at, t, status))
        return true;
    for (size_t i = 0; strategy->space->names[i] && *at->prints > 0; i++)
        printf("    %s %u\n", strategy->space->names[i], set->values[i]);
    return false;
}

/* What the sets of a space are for; false if there is no product to do. */
static bool make_problem(const bench *at, const tally *t, tsr__problem *out)
{
    const tsr__operands operands = {at->a.view, at->b.view, at->out.view,
                                    at->bias.view};
    tsr_matmul_report report;
    tsr_matmul_options options = options_of(at, t, &report);

    return !tsr__problem_make(&operands, &options, out) &&
           out->m * out->n * out->k * out->batch != 0 && out->alpha != 0.0;
}

/* Runs t->sets sets of the strategy's space: those of a case follow each other with equal
 * steps, and other cases begin elsewhere. */
static bool run_sets(bench *at, tally *t)
{
    const tsr__strategy *strategy = tsr__strategy_find(t->forced);
    const tsr_device_info *info = &at->out.view->storage->device->info;
    static tsr__parameters sets[MAX_SETS];
    bool right = true;
    tsr__problem p;
    size_t count;

    if (!make_problem(at, t, &p)) {
        t->empty++;
        return true;
    }
    count = strategy->cannot_run(&p, info)
                ? 0
                : strategy->space->sets(&p, info, sets, MAX_SETS);
    t->skipped += count == 0;
    for (size_t i = 0; i < t->sets && i < count; i++) {
        size_t step = count > t->sets ? count / t->sets : 1;

        right &= run_set(at, t, &p, &sets[(at->c->number + i * step) % count]);
    }
    return right;
}

/* Prepares A (bit 0) and B (bit 1), so that the second of two products with a strategy
 * finds the forms that the first has made. */
static bool prepare(bench *at, unsigned which)
{
    tsr_status status = TSR_OK;

    if (which & 1)
        status = tsr_tensor_prepare(at->a.view);
    if (!status && which & 2)
        status = tsr_tensor_prepare(at->b.view);
    if (status)
        complain(at, "all", "prepare: %s", tsr_error_detail());
    return !status;
}

static bool is_unchanged(bench *at, operand *o, const char *name)
{
    size_t touched;

    if (!o->base || o->is_shared)
        return true;
    if (!read_operand(o))
        return false;
    touched = first_change(o, true);
    if (touched != SIZE_MAX)
        complain(at, "all", "%s was written to, at index %zu of its buffer", name,
                 touched);
    return touched == SIZE_MAX;
}

static bool are_unchanged(bench *at)
{
    bool right = is_unchanged(at, &at->a, "A");

    right &= is_unchanged(at, &at->b, "B");
    return is_unchanged(at, &at->bias, "bias") && right;
}

bool run_case(tsr_device *device, const test_case *c, tally *tallies, size_t count,
              int *prints)
{
    bench at = {.c = c, .prints = prints};
    bool ready = make_operands(device, &at) && make_oracle(&at);
    bool right = ready && prepare(&at, c->prepared);

    for (size_t i = 0; ready && i < count; i++)
        for (int times = c->prepared ? 2 : 1; times > 0; times--)
            right &= tallies[i].sets ? run_sets(&at, &tallies[i])
                                     : run_strategy(&at, &tallies[i]);
    right = right && are_unchanged(&at);
    tear_down(&at);
    return right;
}

bool run_case_with_set(tsr_device *device, const test_case *c, tally *t,
                       const tsr__parameters *set, bool *fits, int *prints)
{
    const tsr__strategy *strategy = tsr__strategy_find(t->forced);
    bench at = {.c = c, .prints = prints};
    bool right = make_operands(device, &at);
    tsr__problem p;

    *fits = right && make_problem(&at, t, &p) &&
            !strategy->cannot_run(&p, &device->info) &&
            strategy->space->fits(&p, &device->info, set);
    if (*fits) {
        right = make_oracle(&at) && prepare(&at, c->prepared);
        for (int times = c->prepared ? 2 : 1; right && times > 0; times--)
            right = run_set(&at, t, &p, set);
        right = right && are_unchanged(&at);
    }
    tear_down(&at);
    return right;
}
