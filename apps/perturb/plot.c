#include "plot.h"

#include <math.h>

#include <tessera/version.h>

#include "axis.h"
#include "frame.h"
#include "labels.h"
#include "picture.h"
#include "scale.h"
#include "text.h"

#define HEIGHT     640.0
#define LEFT       84.0
#define RIGHT      730.0
#define LOSS_TOP   (FRAME_HEAD + 46.0)
#define LOSS_END   312.0
#define RIGHT_TOP  (LOSS_END + 42.0)
#define RIGHT_END  (HEIGHT - FRAME_FOOT - 48.0)
#define MOST_DRAWN 1000 /* places of a curve: more cannot be seen */
#define MARKS      12   /* on it */

/* ---- Values ------------------------------------------------------------------------- */

static double loss_of(const standing *s)
{
    return s->loss;
}

static double learnt_of(const standing *s)
{
    return s->train_accuracy;
}

static double held_out_of(const standing *s)
{
    return s->test_accuracy;
}

typedef struct curve {
    const char *name;
    double (*value)(const standing *s);
    short_text (*write)(double value);
    style style;
} curve;

static short_text write_part(double part)
{
    short_text out;

    snprintf(out.s, sizeof out.s, "%.1f%%", 100 * part);
    return out;
}

static const curve loss = {
    "loss", loss_of, text_number, {0xd55e00, 0xff8a4c, MARK_SQUARE}};
static const curve learnt = {
    "learnt", learnt_of, write_part, {0x56b4e9, 0xa8dcff, MARK_UP}};
static const curve held_out = {
    "held out", held_out_of, write_part, {0x0072b2, 0x4db2f0, MARK_DISC}};

/* ---- Axes --------------------------------------------------------------------------- */

static axis steps_of(const history *h)
{
    return (axis){.low = 0,
                  .high = h->count ? (double)h->count : 1,
                  .from = LEFT + 10,
                  .to = RIGHT - 10};
}

/* Losses of a run that went astray may be no numbers. */
static axis losses_of(const history *h)
{
    axis a = {.low = INFINITY, .from = LOSS_END, .to = LOSS_TOP, .logarithmic = true};

    for (size_t i = 0; i <= h->count; i++) {
        const double value = h->items[i].standing.loss;

        if (value > 0 && isfinite(value)) {
            a.low = fmin(a.low, value);
            a.high = fmax(a.high, value);
        }
    }
    if (!(a.high > 0))
        a.low = a.high = 1;
    axis_round_out(&a);
    return a;
}

/* After how many steps so many seconds had gone; parts of a step are by proportion. */
static double step_at(const history *h, double seconds)
{
    for (size_t i = 1; i <= h->count; i++) {
        const double from = h->items[i - 1].seconds, to = h->items[i].seconds;

        if (seconds <= to)
            return (double)i - (to > from ? (to - seconds) / (to - from) : 0);
    }
    return (double)h->count;
}

/* The time above the steps: a tick where a round one was over, named where there is room. */
static void draw_time(canvas *c, const history *h, const axis *steps)
{
    const axis time = {.low = 0, .high = h->items[h->count].seconds, .to = 1};
    const type t = frame_quiet(c, ALIGN_MIDDLE);
    double ticks[AXIS_MAX_TICKS], free_from = 0;
    const size_t count = time.high > 0 ? axis_ticks(&time, 8, ticks) : 0;

    for (size_t i = 0; i < count; i++) {
        const double x = axis_place(steps, step_at(h, ticks[i]));
        char text[32];
        double half;

        snprintf(text, sizeof text, "%g s", ticks[i]);
        half = canvas_text_width(c, t, text) / 2;
        canvas_line(c, x, LOSS_TOP - 5, x, LOSS_TOP, c->palette->quiet, 1, false);
        if (x - half < free_from)
            continue;
        canvas_text(c, x, LOSS_TOP - 10, t, text);
        free_from = x + half + 8;
    }
}

static void nothing(double value, char *text, size_t size)
{
    (void)value, (void)size;
    text[0] = '\0';
}

static void draw_axes(canvas *c, const history *h, const axis *steps,
                      const axis *losses, const axis *parts)
{
    const type name = frame_quiet(c, ALIGN_LEFT), middle = frame_quiet(c, ALIGN_MIDDLE);
    const size_t ticks = (size_t)fmin(steps->high, 8); /* no parts of a step */

    scale_across(c, losses, 10, (span){LEFT, RIGHT}, scale_plain);
    scale_across(c, parts, 6, (span){LEFT, RIGHT}, scale_percent);
    scale_down(c, steps, ticks, (span){LOSS_TOP, LOSS_END}, nothing);
    scale_down(c, steps, ticks, (span){RIGHT_TOP, RIGHT_END}, scale_plain);
    draw_time(c, h, steps);
    canvas_text(c, FRAME_MARGIN, LOSS_TOP - 10, name, "loss");
    canvas_text(c, FRAME_MARGIN, RIGHT_TOP - 12, name, "digits read right");
    canvas_text(c, RIGHT + 26, LOSS_TOP - 10, name, "spent on steps");
    canvas_text(c, (LEFT + RIGHT) / 2, RIGHT_END + 38, middle, "step");
}

/* ---- Curves ------------------------------------------------------------------------- */

static label draw_curve(canvas *c, const history *h, const curve *what,
                        const axis *steps, const axis *values, short_text *text)
{
    const look l = palette_look(&what->style, c->paper);
    const size_t places = h->count < MOST_DRAWN ? h->count : MOST_DRAWN;
    double x[MOST_DRAWN + 1], y[MOST_DRAWN + 1];
    size_t drawn = 0;

    for (size_t place = 0; place <= places; place++) {
        const size_t step = places ? place * h->count / places : 0;
        const double value = what->value(&h->items[step].standing);

        if (!isfinite(value) || (values->logarithmic && value <= 0))
            continue;
        x[drawn] = axis_place(steps, (double)step);
        y[drawn++] = axis_place(values, value);
    }
    canvas_curve(c, x, y, drawn, l.colour, 2, false);
    for (size_t i = 0; i < drawn; i += drawn / MARKS + 1)
        canvas_mark(c, x[i], y[i], l);
    snprintf(text->s, sizeof text->s, "%.10s %.20s", what->name,
             what->write(what->value(&h->items[h->count].standing)).s);
    return (label){.text = text->s,
                   .look = l,
                   .marked = true,
                   .end = drawn ? y[drawn - 1] : values->from};
}

/* ---- The whole ---------------------------------------------------------------------- */

static void draw_frame(canvas *c, const report *r)
{
    const options *o = r->options;
    const history *h = &r->history;
    const moment *now = &h->items[h->count];
    char title[96], subtitle[256], about[160];

    if (o->method == METHOD_COORDINATE)
        snprintf(title, sizeof title,
                 "Handwritten digits, learnt by trying every weight");
    else
        snprintf(title, sizeof title,
                 "Handwritten digits, learnt along %zu pair%s of directions",
                 o->directions, o->directions == 1 ? "" : "s");
    snprintf(subtitle, sizeof subtitle,
             "%s%zu step%s in %s: %.1f%% of %zu digits held out are read right, after "
             "learning from %zu",
             h->interrupted ? "Interrupted after " : "", h->count,
             h->count == 1 ? "" : "s", text_seconds(now->seconds).s,
             100 * now->standing.test_accuracy, r->held_out_count, r->train_count);
    snprintf(about, sizeof about,
             "%.10s; method %s%s%s, sigma %g, seed %llu; tessera %s", r->date,
             options_method_name(o->method), o->method == METHOD_DIRECTIONS ? ", " : "",
             o->method == METHOD_DIRECTIONS ? options_noise_name(o->noise) : "",
             o->sigma, (unsigned long long)o->seed, tsr_version());
    frame_draw(
        c, HEIGHT,
        &(frame){
            .title = title, .subtitle = subtitle, .device = r->device, .about = about});
}

static void draw(canvas *c, const void *data)
{
    const report *r = data;
    const history *h = &r->history;
    const axis steps = steps_of(h), losses = losses_of(h);
    const axis parts = {.low = 0, .high = 1, .from = RIGHT_END, .to = RIGHT_TOP};
    short_text texts[3];
    label of_loss, of_parts[2];

    draw_frame(c, r);
    draw_axes(c, h, &steps, &losses, &parts);
    of_loss = draw_curve(c, h, &loss, &steps, &losses, &texts[0]);
    of_parts[0] = draw_curve(c, h, &learnt, &steps, &parts, &texts[1]);
    of_parts[1] = draw_curve(c, h, &held_out, &steps, &parts, &texts[2]);
    labels_draw(c, &of_loss, 1, RIGHT, LOSS_END);
    labels_draw(c, of_parts, 2, RIGHT, RIGHT_END);
}

bool plot_write(FILE *file, const report *r, failure *why)
{
    const picture p = {.height = HEIGHT, .draw = draw, .data = r};

    return picture_write(file, &p, r->options->plot_format, PAPER_LIGHT, why);
}
