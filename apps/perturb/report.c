#include "report.h"

#include "text.h"

static double times(double slow, double fast)
{
    return fast > 0 ? slow / fast : 0;
}

void report_race(const report *r)
{
    const race *c = &r->race;

    printf("\none gradient of %d weights, two trials each, over %zu digits\n\n",
           MODEL_COUNT, r->train_count);
    printf("  every weight on the device          %s\n", text_seconds(c->device).s);
    printf("  the same in plain C, one thread     %s, %s times as long\n",
           text_seconds(c->plain).s, text_number(times(c->plain, c->device)).s);
    printf("  plain C, whole forward passes       %s, %s times as long\n",
           text_seconds(c->full_forward).s,
           text_number(times(c->full_forward, c->device)).s);
    printf("  backpropagation, plain C in double  %s\n",
           text_seconds(c->check.seconds).s);
    printf("\n");
    text_say(
        stdout, "  ",
        "plain C is compiled for %s; whole forward passes are measured on %zu weights. "
        "Against the analytic gradient "
        "in double, whose largest element is %s, each difference is right to %s; the "
        "largest share of what theory allows (truncation %s, rounding %s there) is %s.",
        c->plain_level, c->full_forward_tried, text_number(c->check.largest).s,
        text_number(c->check.error).s, text_number(c->check.truncation).s,
        text_number(c->check.rounding).s, text_percent(c->check.ratio).s);
}

void report_end(const report *r)
{
    const history *h = &r->history;
    const moment *now = &h->items[h->count];

    printf("\n%s%zu step%s by %s: loss %.4f, %.1f%% of held out digits right, "
           "%s steps a second\n",
           h->interrupted ? "interrupted after " : "", h->count,
           h->count == 1 ? "" : "s", options_method_name(r->options->method),
           now->standing.loss, 100 * now->standing.test_accuracy,
           text_number(times((double)h->count, now->seconds)).s);
}
