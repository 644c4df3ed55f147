#include "meaning.h"

#include <math.h>
#include <string.h>

#include "above.h"
#include "settle.h"
#include "text.h"

/* Whether tessera did not launch anything, so that what a launch costs does not matter. */
static bool is_on_host(const case_result *c)
{
    const table_row *row = results_row(c, "tessera");

    return row && row->strategy && strcmp(row->strategy, "host") == 0;
}

/* Of a product that was launched. Calls in a row are not waited for. */
static const char *what_dominates(const case_result *c)
{
    return c->zero_copy ? "enqueueing and waiting dominate" : "enqueueing dominates";
}

static void say_small(const voice *v, const case_result *c)
{
    if (is_on_host(c))
        say(v,
            "So small that a launch, which takes %s until it is finished, would "
            "dominate: tessera's product was made by the calling thread, in %s. What "
            "has to be read and added would take %s.",
            text_seconds(c->roof.launch_seconds).s,
            text_seconds(results_row(c, "tessera")->time.best).s,
            text_seconds(c->roof_s).s);
    else
        say(v,
            "So small that %s: a launch that does nothing takes %s until it is "
            "finished, tessera's product %s%s. What has to be read and added would "
            "take %s.",
            what_dominates(c), text_seconds(c->roof.launch_seconds).s,
            text_seconds(results_row(c, "tessera")->time.best).s,
            c->zero_copy ? "" : ", one after another", text_seconds(c->roof_s).s);
}

/* What decides. */
static void say_bound(const voice *v, const case_result *c)
{
    switch (results_bound(c)) {
    case BOUND_NOTHING:
        say(v, "An empty product: nothing is to be done.");
        break;
    case BOUND_LAUNCH:
        say_small(v, c);
        break;
    case BOUND_MEMORY:
        say(v,
            "Bound by memory, not arithmetic: %s must be read or written, %.2g flops "
            "for each byte. That alone takes %s at %s, the best that a probe reached "
            "in turns with the runners: no program that reads from memory could be "
            "faster then.",
            text_bytes(c->bytes).s, c->flops / c->bytes, text_seconds(c->roof_s).s,
            text_bytes_rate(c->roof.read_bytes_per_second).s);
        break;
    case BOUND_ARITHMETIC:
        say(v,
            "Bound by arithmetic, not memory: %s, %.3g for each byte. They alone "
            "take %s at %s, the best that a probe reached in turns with the runners: "
            "no program could be faster then.",
            text_flops(c->flops).s, c->flops / c->bytes, text_seconds(c->roof_s).s,
            text_flops_rate(results_fma_rate(c)).s);
        break;
    }
}

/* Whether operands come from memory or from a cache. */
static void say_heat(const voice *v, const case_result *c)
{
    if (c->sets <= 1)
        say(v,
            "Hot: every call has the operands of the one before, and finds in a cache "
            "what stays in one. --cold gives each call others.");
    else
        say(v,
            "Cold: calls take turns with %zu sets of operands, %s together, so that no "
            "cache holds what the next one needs.",
            c->sets, text_bytes(c->sets_bytes).s);
}

/* How near each runner comes to it. */
static void say_reach(const voice *v, const case_result *c)
{
    char reached[1024] = "";
    size_t length = 0;

    for (size_t i = 0; i < c->row_count && length < sizeof reached; i++)
        if (c->rows[i].state == ROW_DONE)
            length += (size_t)snprintf(reached + length, sizeof reached - length,
                                       "%s%s %s", length ? ", " : "", c->rows[i].runner,
                                       text_percent(c->rows[i].roof_fraction).s);
    if (length)
        say(v, "Of what the hardware allows they reach: %s.", reached);
}

/* A machine that was faster in another minute of the run. */
static void say_moved(const voice *v, const case_result *c)
{
    const table_row *device = results_row(c, "tessera");

    if (!device || !settle_has_moved(c))
        return;
    say(v,
        "The machine was faster before: its best in this run would be a roof of %s, "
        "of which tessera reaches %s.",
        text_seconds(c->run_roof_s).s,
        text_percent(c->run_roof_s / device->time.best).s);
}

/* What the data type alone does. */
static void say_f64(const voice *v, const case_result *c)
{
    const table_row *plain = results_row(c, "plain-c"),
                    *wide = results_row(c, "plain-c-f64");
    double ratio;

    if (!plain || !wide)
        return;
    ratio = wide->time.best / plain->time.best;
    say(v,
        "f64 is twice the bytes (%s) and half as many numbers in a register, so what "
        "memory or arithmetic bounds takes twice as long; the same plain loops took "
        "%s times as long here. NumPy's random numbers are f64 unless told otherwise: "
        "where its figure is twice that of f32, this is why, and no device.",
        text_bytes(problem_bytes(&c->problem, TSR_F64)).s, text_number(ratio).s);
}

static void say_upload(const voice *v, const case_result *c)
{
    const table_row *device = results_row(c, "tessera");
    const double paid = c->zero_copy ? c->copy_s : c->upload_s;
    char products[64] = "", back[64] = "";

    /* tessera may have no time, and nothing to get back. */
    if (device)
        snprintf(products, sizeof products, ", as long as %s products",
                 text_number(paid / device->time.best).s);
    if (!isnan(c->download_s))
        snprintf(back, sizeof back,
                 c->zero_copy ? " Getting C back took %s." : " Downloading C took %s.",
                 text_seconds(c->download_s).s);
    if (!c->zero_copy)
        say(v, "Uploading A and B took %s%s.%s The table leaves this out.",
            text_seconds(c->upload_s).s, products, back);
    else if (isnan(c->copy_s))
        say(v,
            "Nothing was uploaded: the device uses the host's arrays in place (%s). "
            "There was no room to time a copy.",
            text_seconds(c->upload_s).s);
    else
        say(v,
            "Nothing was uploaded: the device uses the host's arrays in place, which "
            "took %s. A program that copied A and B would pay %s%s.%s The table leaves "
            "this out.",
            text_seconds(c->upload_s).s, text_seconds(c->copy_s).s, products, back);
}

static void say_first_call(const voice *v, const table_row *row)
{
    const short_text first = text_seconds(row->first_s),
                     times = text_number(row->first_s / row->time.best);

    if (isnan(row->build_s))
        say(v,
            "The first call of %s took %s, %s times a later one: CLBlast compiles its "
            "kernels inside it, which takes seconds where the driver has not kept them "
            "from an earlier run. How long, it does not tell.",
            row->runner, first.s, times.s);
    else
        say(v,
            "The first call of %s took %s, %s times a later one; %s of it went into "
            "building kernels.",
            row->runner, first.s, times.s, text_seconds(row->build_s).s);
}

static void say_first_calls(const voice *v, const case_result *c)
{
    static const char *const runners[] = {"tessera", "clblast"};

    for (int i = 0; i < 2; i++) {
        const table_row *row = results_row(c, runners[i]);

        if (row)
            say_first_call(v, row);
    }
}

/* What one call shows if everything around it is timed with it. */
static void say_single_call(const voice *v, const case_result *c)
{
    const table_row *device = results_row(c, "tessera");
    const double upload = isnan(c->copy_s) ? c->upload_s : c->copy_s;
    double all, call;

    if (!device || isnan(c->download_s))
        return;
    call = fmin(device->time.best, device->first_s);
    all = upload + device->first_s + c->download_s;
    if (all < 2 * call)
        return;
    say(v,
        "One call of tessera timed together with a copy of A and B to the device and "
        "of C back would show %s: %s of that is the copying, %s what only a first call "
        "costs, %s the product.",
        text_seconds(all).s, text_percent((upload + c->download_s) / all).s,
        text_percent((device->first_s - call) / all).s, text_percent(call / all).s);
}

static void say_payoff(const voice *v, const case_result *c, const char *runner)
{
    const double first = results_payoff(c, runner, false),
                 built = results_payoff(c, runner, true);

    if (isnan(first))
        say(v,
            "When the device pays off against %s cannot be said: tessera or %s has no "
            "time.",
            runner, runner);
    else if (isinf(first))
        say(v,
            "The device never pays off against %s, which takes %s for a product where "
            "tessera takes %s.",
            runner, text_seconds(results_row(c, runner)->time.best).s,
            text_seconds(results_row(c, "tessera")->time.best).s);
    else
        say(v,
            "Upload, first call and download counted, the device pays off against %s "
            "after %.0f product%s; with its kernels already built, after %.0f.",
            runner, first, first > 1 ? "s" : "", built);
}

/* Against plain C, and against a CBLAS library if there is one. */
static void say_payoffs(const voice *v, const case_result *c)
{
    say_payoff(v, c, "plain-c");
    if (results_has(c, "blas"))
        say_payoff(v, c, "blas");
}

static void say_checks(const voice *v, const case_result *c)
{
    if (c->checked_all)
        say(v, "Every element of every result was compared with a product summed more "
               "exactly; error is the largest deviation over the largest that rounding "
               "explains, and up to 1 is right.");
    else if (c->checked)
        say(v,
            "Of every result, %zu elements in rows chosen at random were compared "
            "with exact sums, and all rows by a residual with a random vector; error "
            "is the largest deviation over the largest that rounding explains, and "
            "up to 1 is right.",
            c->checked);
}

/* %timeit's warning. */
static void say_uneven(const voice *v, const case_result *c)
{
    for (size_t i = 0; i < c->row_count; i++) {
        const table_row *row = &c->rows[i];

        if (row->state == ROW_DONE && timing_is_uneven(&row->time))
            say(v,
                "Warning: the slowest batch of %s took %s times as long as the "
                "fastest. Something else was running, or a cache was cold.",
                row->runner, text_number(row->time.slowest / row->time.best).s);
    }
}

void meaning_in_full(const voice *v, const case_result *c)
{
    if (isnan(c->roof_s))
        return; /* nothing was measured; the rows say why */
    say_bound(v, c);
    if (results_bound(c) == BOUND_NOTHING)
        return;
    say_reach(v, c);
    say_moved(v, c);
    above_say(v, c);
    say_f64(v, c);
    say_upload(v, c);
    say_first_calls(v, c);
    say_single_call(v, c);
    say_payoffs(v, c);
    say_heat(v, c);
    say_checks(v, c);
    say_uneven(v, c);
}

static const char *brief_bound(const case_result *c)
{
    switch (results_bound(c)) {
    case BOUND_NOTHING:
        break;
    case BOUND_LAUNCH:
        return is_on_host(c) ? "too small to be launched" : what_dominates(c);
    case BOUND_MEMORY:
        return "bound by memory";
    case BOUND_ARITHMETIC:
        return "bound by arithmetic";
    }
    return "empty";
}

/* "after 3 products", "never". */
static short_text brief_payoff(const case_result *c, const char *runner)
{
    const double payoff = results_payoff(c, runner, false);
    short_text out = {"unknown"};

    if (isinf(payoff))
        return (short_text){"never"};
    if (!isnan(payoff))
        snprintf(out.s, sizeof out.s, "after %.0f", payoff);
    return out;
}

void meaning_in_brief(const voice *v, const case_result *c)
{
    char back[64] = "", blas[64] = "";

    if (isnan(c->roof_s))
        return;
    if (results_bound(c) == BOUND_NOTHING) {
        say(v, "empty: nothing is to be done");
        return;
    }
    if (!isnan(c->download_s))
        snprintf(back, sizeof back, ", download %s", text_seconds(c->download_s).s);
    if (results_has(c, "blas"))
        snprintf(blas, sizeof blas, ", against blas: %s", brief_payoff(c, "blas").s);
    say(v, "%s; upload %s%s%s; pays off against plain-c: %s%s; %s", brief_bound(c),
        text_seconds(c->upload_s).s, c->zero_copy ? " (in place)" : "", back,
        brief_payoff(c, "plain-c").s, blas,
        c->checked_all ? "every element checked"
        : c->checked   ? "random rows and a residual checked"
                       : "nothing to check");
    above_say(v, c);
    say_uneven(v, c);
}
