#include "matmul/finals.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

/* Who is less than this faster than stock does not keep the place. */
#define KEPT 1.01

/* Memory that is shared with strangers is twice as fast in one minute as in another. */
#define HELD_UP 3.0

#define FINALISTS 4

/* At most, and against a rival alone: that is the last word, and short rounds may all lie
 * within one disturbance. */
#define ROUNDS      16
#define LAST_ROUNDS 64

/* What was this much slower than the best when it was tried does not come in. */
#define FAR 1.5

/* Rounds that decide: as many as last a while, from the fewest to enough. Where memory is
 * shared with strangers a product is easily 10% off, and two lucky rounds of three would
 * make a record of what is slower. */
#define FEWEST_ROUNDS    3
#define DECIDING_SECONDS 0.1
#define ENOUGH_ROUNDS    9

typedef struct table {
    tsr__candidate *seats[FINALISTS];       /* who holds the place first */
    double seconds[FINALISTS][LAST_ROUNDS]; /* that a seat took */
    size_t count;
    unsigned rounds;
} table;

static double batch_seconds(double seconds)
{
    return seconds > TSR__BATCH_SECONDS ? seconds : TSR__BATCH_SECONDS;
}

/* Of a long product one decides. */
static unsigned fewest_rounds(double seconds)
{
    unsigned rounds = (unsigned)(DECIDING_SECONDS / batch_seconds(seconds));

    if (seconds > TSR__LONG_SECONDS)
        return 1;
    return rounds < FEWEST_ROUNDS   ? FEWEST_ROUNDS
           : rounds > ENOUGH_ROUNDS ? ENOUGH_ROUNDS
                                    : rounds;
}

double tsr__finals_seconds(double seconds)
{
    return 2.0 * batch_seconds(seconds) * (double)fewest_rounds(seconds);
}

/* ---- Who takes part -------------------------------------------------------------- */

static bool is_seated(const table *t, const tsr__candidate *c)
{
    for (size_t i = 0; i < t->count; i++)
        if (t->seats[i] == c)
            return true;
    return false;
}

static void seat(table *t, tsr__candidate *c)
{
    if (c->best > 0.0 && !is_seated(t, c))
        t->seats[t->count++] = c;
}

static tsr__candidate *fastest_left(const tsr__finals *f, const table *t)
{
    tsr__candidate *best = NULL;

    for (size_t i = 0; i < f->tried; i++) {
        tsr__candidate *c = &f->items[i];

        if (c->best > 0.0 && !is_seated(t, c) && (!best || c->best < best->best))
            best = c;
    }
    return best;
}

static double best_seconds(const tsr__finals *f)
{
    double best = 0.0;

    for (size_t i = 0; i < f->tried; i++)
        if (f->items[i].best > 0.0 && (best == 0.0 || f->items[i].best < best))
            best = f->items[i].best;
    return best;
}

/* Who holds the place, stock, and the rival or the fastest of the others. */
static void choose(const tsr__finals *f, table *t)
{
    double best = best_seconds(f);

    seat(t, &f->items[f->holder]);
    seat(t, &f->items[0]);
    if (f->rival)
        seat(t, f->rival);
    while (!f->rival && t->count < FINALISTS) {
        tsr__candidate *next = fastest_left(f, t);

        if (!next || next->best > FAR * best)
            return;
        seat(t, next);
    }
}

/* ---- Rounds ---------------------------------------------------------------------- */

/* One turn each, but for those that had theirs. */
static void run_round(const tsr__finals *f, table *t)
{
    for (size_t i = 0; i < t->count; i++) {
        tsr__candidate *c = t->seats[i];
        double *seconds = &t->seconds[i][t->rounds];

        if (!tsr__candidate_can_repeat(c, f->stage->device, &f->stage->problem) ||
            tsr__stage_time(f->stage, &c->plan, c->loops, seconds))
            *seconds = c->best;
    }
    t->rounds++;
}

static int by_value(const void *left, const void *right)
{
    const double *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static double median(const double *values, unsigned count)
{
    double sorted[LAST_ROUNDS];

    memcpy(sorted, values, count * sizeof *sorted);
    qsort(sorted, count, sizeof *sorted, by_value);
    return (sorted[(count - 1) / 2] + sorted[count / 2]) / 2.0;
}

/* How many times as long seat `a` takes as seat `b`, in the round in the middle. */
static double ratio(const table *t, size_t a, size_t b)
{
    double ratios[LAST_ROUNDS];

    for (unsigned i = 0; i < t->rounds; i++)
        ratios[i] = t->seconds[a][i] / t->seconds[b][i];
    return median(ratios, t->rounds);
}

/* In how many rounds seat `a` was faster than seat `b`. */
static unsigned wins(const table *t, size_t a, size_t b)
{
    unsigned count = 0;

    for (unsigned i = 0; i < t->rounds; i++)
        count += t->seconds[a][i] < t->seconds[b][i];
    return count;
}

/* ---- The winner ------------------------------------------------------------------ */

/* Whether seat i was held up in all its rounds, as on a busy machine: what it took when it
 * was tried is another minute's, but not from another world. */
static bool is_held_up(const table *t, size_t i)
{
    double least = t->seconds[i][0];

    for (unsigned r = 1; r < t->rounds; r++)
        least = t->seconds[i][r] < least ? t->seconds[i][r] : least;
    return least > HELD_UP * t->seats[i]->best;
}

/* Whether seat `a` is faster than seat `b` by more than noise: on the whole, and in two
 * rounds of three. */
static bool beats(const table *t, size_t a, size_t b)
{
    return ratio(t, b, a) > TSR__FINALS_GAIN && 3 * wins(t, a, b) >= 2 * t->rounds &&
           !is_held_up(t, b);
}

/* Whether stock, in seat i, gets the place back: holding it gains next to nothing. */
static bool is_back(const table *t, size_t i)
{
    return ratio(t, i, 0) <= KEPT && 2 * wins(t, i, 0) >= t->rounds;
}

/* Seats: stock gets the place back, or others beat both stock and who holds it. */
static size_t judge(const table *t, const tsr__candidate *stock)
{
    size_t stock_seat = 0, winner;

    for (size_t i = 1; i < t->count; i++)
        if (t->seats[i] == stock)
            stock_seat = i;
    winner = stock_seat && is_back(t, stock_seat) ? stock_seat : 0;
    for (size_t i = 1; i < t->count; i++)
        if (i != stock_seat && beats(t, i, 0) && beats(t, i, stock_seat) &&
            ratio(t, i, winner) < 1.0)
            winner = i;
    return winner;
}

/* Where neither stock nor a record is any good. */
static size_t fastest(const table *t)
{
    size_t winner = 0;

    for (size_t i = 1; i < t->count; i++)
        if (ratio(t, i, winner) < 1.0)
            winner = i;
    return winner;
}

tsr__candidate *tsr__finals_run(const tsr__finals *f)
{
    table t = {.count = 0};
    unsigned fewest = fewest_rounds(best_seconds(f));
    unsigned most = f->rival ? LAST_ROUNDS : ROUNDS;
    size_t winner;
    double seconds;
    bool is_held;

    choose(f, &t);
    if (t.count == 0)
        return NULL;
    is_held = t.seats[0] == &f->items[f->holder] || t.seats[0] == &f->items[0];
    while (t.rounds < (t.count > 1 ? most : fewest) && f->go_on(f->user) &&
           (t.rounds < fewest || tsr__seconds() < f->end))
        run_round(f, &t);
    if (t.rounds < fewest)
        return NULL;
    winner = is_held ? judge(&t, f->items) : fastest(&t);
    seconds = median(t.seconds[winner], t.rounds);
    for (size_t i = 0; i < t.count; i++) /* as they were compared, not apart */
        t.seats[i]->best = seconds * ratio(&t, i, winner);
    return t.seats[winner];
}
