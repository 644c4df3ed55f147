#include "measure.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fits.h"
#include "memory.h"
#include "progress.h"

row_state row_end(table_row *out, row_state state, const char *format, ...)
{
    va_list args;

    out->state = state;
    va_start(args, format);
    vsnprintf(out->reason, sizeof out->reason, format, args);
    va_end(args);
    return state;
}

static row_state timed_run(runner *r, workload *w, size_t loops, table_row *out,
                           double *seconds)
{
    const double start = clock_now();
    const row_state state = r->kind->run(r, w, loops, out);

    *seconds = clock_now() - start;
    return state;
}

/* A typical first call that took this long is its own warm-up. */
#define WARM_SECONDS 1.0

/* Skips a row that would take too long: its first call and its batches, of one call each
 * where this matters. */
static row_state check_patience(table_row *out, double call_seconds, size_t batches)
{
    const double all = call_seconds * (double)(batches + 1);

    if (all <= MEASURE_ROW_SECONDS)
        return ROW_DONE;
    return row_end(out, ROW_SKIPPED,
                   "over a minute: about %.2g s a call, %.3g s for %zu calls",
                   call_seconds, all, batches + 1);
}

/* Reads the result back and keeps the worse of two verdicts. */
static row_state judge(runner *r, workload *w, table_row *out, bool first)
{
    const void *c = NULL;
    const row_state state = r->kind->result(r, w, out, &c);
    tsr_verdict verdict;

    if (state != ROW_DONE)
        return state;
    verdict = workload_judge(w, c);
    if (first || out->verdict.ok > verdict.ok ||
        (out->verdict.ok == verdict.ok &&
         verdict.error_ratio > out->verdict.error_ratio))
        out->verdict = verdict;
    return ROW_DONE;
}

/* The first call, judged, and the number of loops that fill a batch. */
static row_state begin(runner *r, workload *w, table_row *out, size_t batches,
                       size_t *loops)
{
    double elapsed;
    row_state state;

    *loops = 1;
    if ((state = r->kind->prepare(r, w, out)) ||
        (state = check_patience(out, r->estimate_s, batches)) ||
        (state = r->kind->poison(r, w, out)) ||
        (state = timed_run(r, w, 1, out, &out->first_s)) ||
        (state = judge(r, w, out, true)))
        return state;
    if (r->keeps_forms && (state = timed_run(r, w, w->set_count, out, &elapsed)))
        return state;
    if (r->first_is_typical) {
        if ((state = check_patience(out, out->first_s, batches)))
            return state;
        if (out->first_s >= WARM_SECONDS)
            return ROW_DONE;
    }
    do {
        if ((state = timed_run(r, w, *loops, out, &elapsed)))
            return state;
    } while (!timing_choose_loops(loops, elapsed));
    return check_patience(out, elapsed / (double)*loops, batches);
}

/* A batch. The last one begins with C made NaN and ends with its result judged. */
static row_state take_batch(runner *r, workload *w, table_row *out, size_t loops,
                            bool last, double *per_call)
{
    row_state state = last ? r->kind->poison(r, w, out) : ROW_DONE;
    double elapsed = 0;

    if (!state)
        state = timed_run(r, w, loops, out, &elapsed);
    if (!state && last)
        state = judge(r, w, out, false);
    *per_call = elapsed / (double)loops;
    return state;
}

static void derive(table_row *out, const case_result *c, double *per_call,
                   size_t batches, size_t loops)
{
    const problem *p = &c->problem;
    const bool wide = strcmp(out->runner, "plain-c-f64") == 0;

    out->time = timing_of(per_call, batches, loops);
    out->flops_per_second = c->flops / out->time.best;
    /* An empty product reads nothing, however large its operands are. */
    out->bytes_per_second =
        problem_c_count(p)
            ? problem_bytes(p, wide ? TSR_F64 : p->dtype) / out->time.best
            : NAN;
    out->roof_fraction = c->roof_s / out->time.best;
}

/* One problem being measured. */
typedef struct session {
    const measure_plan *plan;
    workload w;
    case_result *out;
    size_t *loops;   /* per runner */
    double *samples; /* per runner and batch: seconds per call */
    void **result;   /* where a copy of tessera's product goes; NULL: nowhere */
} session;

/* After its last batch: tessera's product is still in the host's copy of C. */
static bool keep_product(session *s, size_t i, failure *why)
{
    const table_row *row = &s->out->rows[i];

    if (row->state != ROW_DONE || strcmp(row->runner, "tessera") != 0)
        return true;
    s->out->download_s = s->plan->runners[i].read_s;
    if (!s->result || !row->verdict.ok)
        return true;
    *s->result = memory_get(s->w.c_bytes);
    if (!*s->result)
        return fail_with(why, EXIT_INPUT, "out of host memory for the result");
    memcpy(*s->result, workload_last(&s->w)->device_c, s->w.c_bytes);
    return true;
}

/* The roof's own turn: what it was while this case ran is what judges it. */
static bool probe_roof(session *s, failure *why)
{
    const tsr_status status =
        tsr_roof_probe_run(s->plan->probe, s->w.problem.dtype, &s->out->roof);

    return !status || fail_call(why, status, "measuring the roof");
}

/* The part of a case that is over before a runner's turn in a round. First calls, with
 * what it takes to find the loops of a batch, are the first two rounds. */
static double done_before(const session *s, size_t round, size_t turn)
{
    const double runners = (double)s->plan->runner_count;

    return ((double)round * runners + (double)turn) /
           ((double)(s->plan->batches + 2) * runners);
}

/* Batch by batch in turns, so that a drift of the machine hits all alike. */
static bool take_turns(session *s, failure *why)
{
    const size_t batches = s->plan->batches;

    for (size_t batch = 0; batch < batches; batch++) {
        if (interrupt_seen())
            return fail_interrupted(why);
        progress_at(done_before(s, batch + 2, 0));
        progress_say("batch %zu of %zu: the roof", batch + 1, batches);
        if (!probe_roof(s, why))
            return false;
        for (size_t i = 0; i < s->plan->runner_count; i++) {
            runner *r = &s->plan->runners[i];

            if (interrupt_seen())
                return fail_interrupted(why);
            if (s->out->rows[i].state != ROW_DONE)
                continue;
            progress_at(done_before(s, batch + 2, i));
            progress_say("batch %zu of %zu: %s", batch + 1, batches, r->name);
            take_batch(r, &s->w, &s->out->rows[i], s->loops[i], batch + 1 == batches,
                       &s->samples[i * batches + batch]);
            if (batch + 1 == batches && !keep_product(s, i, why))
                return false;
            /* tessera, the first, stands between two turns of the probe */
            if (i == 0 && !probe_roof(s, why))
                return false;
            timing_wait_idle(r->spins_s);
        }
    }
    return true;
}

static bool measure_rows(session *s, failure *why)
{
    const problem *p = &s->w.problem;
    const size_t batches = s->plan->batches;

    for (size_t i = 0; i < s->plan->runner_count; i++) {
        runner *r = &s->plan->runners[i];

        if (interrupt_seen())
            return fail_interrupted(why);
        progress_at(done_before(s, 0, 2 * i));
        progress_say("first call: %s", r->name);
        begin(r, &s->w, &s->out->rows[i], s->plan->batches, &s->loops[i]);
        timing_wait_idle(r->spins_s);
    }
    if (!take_turns(s, why))
        return false;
    s->out->roof_s =
        tsr_roof_seconds(&s->out->roof, p->dtype, p->m, p->n, p->k, p->batch);
    for (size_t i = 0; i < s->plan->runner_count; i++) {
        runner *r = &s->plan->runners[i];
        table_row *row = &s->out->rows[i];

        if (interrupt_seen())
            return fail_interrupted(why);
        if (row->state == ROW_DONE && r->kind->measure_more)
            r->kind->measure_more(r, &s->w, row);
        if (row->state == ROW_DONE)
            derive(row, s->out, s->samples + i * batches, batches, s->loops[i]);
    }
    return true;
}

/* What is known of the problem before anything runs. */
static void describe(session *s)
{
    const problem *p = &s->w.problem;
    const tsr_device_info *device = tsr_device_get_info(s->plan->device);
    case_result *out = s->out;

    out->problem = *p;
    out->flops = problem_flops(p);
    out->bytes = problem_c_count(p) ? problem_bytes(p, p->dtype) : 0;
    out->cache_bytes = (double)device->cache_bytes;
    out->on_host_cpu = device->type == TSR_DEVICE_CPU;
    out->zero_copy = s->w.zero_copy;
    out->upload_s = s->w.upload_s;
    out->copy_s = s->w.copy_s;
    out->download_s = NAN;
    out->sets = s->w.set_count;
    out->sets_bytes = (double)s->w.set_count * out->bytes;
}

/* A product in a dtype that the device has not: nothing is measured. */
static void skip_rows(case_result *out)
{
    out->upload_s = out->copy_s = out->roof_s = NAN;
    out->roof = (tsr_roof){NAN, NAN, NAN, NAN};
    for (size_t i = 0; i < out->row_count; i++)
        row_end(&out->rows[i], ROW_SKIPPED, "the device has no fp64");
}

/* How results were judged is the same for all rows of a case. */
static void note_checks(case_result *out)
{
    for (size_t i = 0; i < out->row_count; i++)
        if (out->rows[i].state == ROW_DONE) {
            out->checked_all = out->rows[i].verdict.full;
            out->checked = out->rows[i].verdict.checked;
            return;
        }
}

static bool start(session *s, failure *why)
{
    const size_t count = s->plan->runner_count;

    s->loops = calloc(count, sizeof *s->loops);
    s->samples = calloc(count * s->plan->batches, sizeof *s->samples);
    s->out->rows = calloc(count, sizeof *s->out->rows);
    if (!s->loops || !s->samples || !s->out->rows)
        return fail_with(why, EXIT_INPUT, "out of host memory");
    s->out->row_count = count;
    for (size_t i = 0; i < count; i++)
        s->out->rows[i] = (table_row){.runner = s->plan->runners[i].name,
                                      .build_s = NAN,
                                      .device_s = NAN,
                                      .earlier_s = NAN,
                                      .noise = NAN};
    return true;
}

bool measure_case(const measure_plan *plan, const problem *p, inputs *in,
                  case_result *out, void **result, failure *why)
{
    session s = {.plan = plan, .out = out, .result = result};
    bool fine = false;

    *out = (case_result){0};
    if (result)
        *result = NULL;
    s.w.problem = *p;
    if (!start(&s, why)) {
        fine = false;
    } else if (!device_has(tsr_device_get_info(plan->device), p->dtype)) {
        describe(&s);
        skip_rows(out);
        fine = true;
    } else if (workload_create(&s.w, p, plan->device, in, why)) {
        describe(&s);
        fine = measure_rows(&s, why);
        note_checks(out);
    }
    for (size_t i = 0; i < plan->runner_count; i++)
        if (plan->runners[i].kind->release)
            plan->runners[i].kind->release(&plan->runners[i]);
    workload_destroy(&s.w);
    if (!fine) {
        free(out->rows);
        *out = (case_result){0};
    }
    free(s.samples);
    free(s.loops);
    progress_clear();
    return fine;
}
