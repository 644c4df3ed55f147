#include "meaning.h"

#include <math.h>

#include "above.h"
#include "text.h"

#define BULLET "- "

/* What decides. */
static void say_bound(FILE *file, const case_result *c)
{
    switch (results_bound(c)) {
    case BOUND_NOTHING:
        text_say(file, BULLET, "An empty product: nothing to read or to add.");
        break;
    case BOUND_LAUNCH:
        text_say(
            file, BULLET,
            "So small that enqueueing and waiting dominate: a launch that does nothing "
            "takes %s until it is finished, tessera's product %s. What has to be read "
            "and added would take %s.",
            text_seconds(c->roof.launch_seconds).s,
            text_seconds(results_row(c, "tessera")->time.best).s,
            text_seconds(c->roof_s).s);
        break;
    case BOUND_MEMORY:
        text_say(
            file, BULLET,
            "Bound by memory, not arithmetic: %s must be read or written, %.2g flops "
            "for each byte. That alone takes %s at %s GB/s, the best seen between the "
            "runners' turns; no program can beat it on this device.",
            text_bytes(c->bytes).s, c->flops / c->bytes, text_seconds(c->roof_s).s,
            text_number(c->roof.read_bytes_per_second * 1e-9).s);
        break;
    case BOUND_ARITHMETIC:
        text_say(file, BULLET,
                 "Bound by arithmetic, not memory: %s, %.3g for each byte. They alone "
                 "take %s at %s GFLOP/s, the best seen between the runners' turns; no "
                 "program can beat it on this device.",
                 text_flops(c->flops).s, c->flops / c->bytes, text_seconds(c->roof_s).s,
                 text_number(results_fma_rate(c) * 1e-9).s);
        break;
    }
}

/* What the data type alone does. */
static void say_f64(FILE *file, const case_result *c)
{
    const table_row *plain = results_row(c, "plain-c"),
                    *wide = results_row(c, "plain-c-f64");

    if (plain && wide)
        text_say(
            file, BULLET,
            "plain-c-f64 is the same loops on f64, twice the bytes (%s): it takes "
            "%s times as long as plain-c. A comparison of f32 with f64 shows this, "
            "not a device.",
            text_bytes(problem_bytes(&c->problem, TSR_F64)).s,
            text_number(wide->time.best / plain->time.best).s);
}

static void say_upload(FILE *file, const case_result *c)
{
    const table_row *device = results_row(c, "tessera");
    const double call = device ? device->time.best : NAN;

    if (!c->zero_copy)
        text_say(
            file, BULLET,
            "Uploading A and B took %s, as long as %s products; downloading C, %s. "
            "The table leaves both out.",
            text_seconds(c->upload_s).s, text_number(c->upload_s / call).s,
            text_seconds(c->download_s).s);
    else if (isnan(c->copy_s))
        text_say(
            file, BULLET,
            "Nothing was uploaded: the device uses the host's arrays in place (%s). "
            "There was no room to time a copy.",
            text_seconds(c->upload_s).s);
    else
        text_say(
            file, BULLET,
            "Nothing was uploaded: the device uses the host's arrays in place, which "
            "took %s. A program that copied A and B would pay %s, as long as %s "
            "products. Getting C back took %s. The table leaves this out.",
            text_seconds(c->upload_s).s, text_seconds(c->copy_s).s,
            text_number(c->copy_s / call).s, text_seconds(c->download_s).s);
}

static void say_first_call(FILE *file, const case_result *c)
{
    const table_row *device = results_row(c, "tessera");

    if (!device)
        return;
    if (isnan(device->build_s))
        text_say(
            file, BULLET,
            "The first call of tessera took %s, %s times a later one: CLBlast built "
            "kernels in it, which takes a time of its own that it does not tell.",
            text_seconds(device->first_s).s,
            text_number(device->first_s / device->time.best).s);
    else
        text_say(
            file, BULLET,
            "The first call of tessera took %s, %s times a later one; %s of it went "
            "into building kernels.",
            text_seconds(device->first_s).s,
            text_number(device->first_s / device->time.best).s,
            text_seconds(device->build_s).s);
}

static void say_payoff(FILE *file, const case_result *c)
{
    const double first = results_payoff(c, false), built = results_payoff(c, true);

    if (isnan(first))
        text_say(file, BULLET,
                 "When the device pays off cannot be said: tessera or plain-c has no "
                 "time.");
    else if (isinf(first))
        text_say(
            file, BULLET,
            "The device never pays off against plain-c, which takes %s for a product "
            "where tessera takes %s.",
            text_seconds(results_row(c, "plain-c")->time.best).s,
            text_seconds(results_row(c, "tessera")->time.best).s);
    else
        text_say(file, BULLET,
                 "Upload, first call and download counted, the device pays off against "
                 "plain-c after %.0f product%s; with its kernels already built, after "
                 "%.0f.",
                 first, first > 1 ? "s" : "", built);
}

static void say_checks(FILE *file, const case_result *c)
{
    if (c->checked_all)
        text_say(
            file, BULLET,
            "Every element of every result was compared with a product summed more "
            "exactly; error is the largest deviation over the largest that rounding "
            "explains, and up to 1 is right.");
    else if (c->checked)
        text_say(
            file, BULLET,
            "Of every result, %zu elements in rows chosen at random were compared "
            "with exact sums, and all rows by a residual with a random vector; error "
            "is the largest deviation over the largest that rounding explains, and "
            "up to 1 is right.",
            c->checked);
}

/* %timeit's warning. */
static void say_uneven(FILE *file, const case_result *c)
{
    for (size_t i = 0; i < c->row_count; i++) {
        const table_row *row = &c->rows[i];

        if (row->state == ROW_DONE && timing_is_uneven(&row->time))
            text_say(file, BULLET,
                     "Warning: the slowest batch of %s took %s times as long as the "
                     "fastest. Something else was running, or a cache was cold.",
                     row->runner, text_number(row->time.slowest / row->time.best).s);
    }
}

void meaning_in_full(FILE *file, const case_result *c)
{
    say_bound(file, c);
    say_f64(file, c);
    say_upload(file, c);
    say_first_call(file, c);
    say_checks(file, c);
    above_say(file, BULLET, c);
    say_uneven(file, c);
    say_payoff(file, c);
}

static const char *brief_bound(const case_result *c)
{
    switch (results_bound(c)) {
    case BOUND_NOTHING:
        break;
    case BOUND_LAUNCH:
        return "enqueueing and waiting dominate";
    case BOUND_MEMORY:
        return "bound by memory";
    case BOUND_ARITHMETIC:
        return "bound by arithmetic";
    }
    return "empty";
}

void meaning_in_brief(FILE *file, const case_result *c)
{
    const double payoff = results_payoff(c, false);
    char after[64] = "unknown";

    if (isinf(payoff))
        snprintf(after, sizeof after, "never");
    else if (!isnan(payoff))
        snprintf(after, sizeof after, "after %.0f", payoff);
    text_say(file, BULLET,
             "%s; upload %s%s, download %s; pays off against plain-c: %s; %s",
             brief_bound(c), text_seconds(c->upload_s).s,
             c->zero_copy ? " (in place)" : "", text_seconds(c->download_s).s, after,
             c->checked_all ? "every element checked"
             : c->checked   ? "random rows and a residual checked"
                            : "nothing to check");
    above_say(file, BULLET, c);
    say_uneven(file, c);
}
