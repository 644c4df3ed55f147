#include "matmul/finals.h"

#include "base/clock.h"

/* Who is less than this faster than stock does not keep the place. */
#define KEPT 1.01

#define FINALISTS 4
#define ROUNDS    16

/* What was this much slower than the best when it was tried does not come in. */
#define FAR 1.5

/* Rounds that decide: as many as last a while, from the fewest to enough. Where memory is
 * shared with strangers a product is easily 10% off, and two lucky rounds of three would
 * make a record of what is slower. */
#define FEWEST_ROUNDS    3
#define DECIDING_SECONDS 0.1
#define ENOUGH_ROUNDS    9

typedef struct table {
    tsr__candidate *seats[FINALISTS]; /* who holds the place first */
    unsigned wins[FINALISTS];         /* rounds in which it was faster than the first */
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

/* Who holds the place, stock, and the fastest of the others. */
static void choose(const tsr__finals *f, table *t)
{
    double best = best_seconds(f);

    seat(t, &f->items[f->holder]);
    seat(t, &f->items[0]);
    while (t->count < FINALISTS) {
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
    double first = 0.0;

    for (size_t i = 0; i < t->count; i++) {
        tsr__candidate *c = t->seats[i];
        double seconds = c->best;

        if (!tsr__candidate_is_exclusive(c) &&
            tsr__stage_time(f->stage, &c->plan, c->loops, &seconds))
            continue;
        if (seconds < c->best)
            c->best = seconds;
        if (i == 0)
            first = seconds;
        else if (seconds < first)
            t->wins[i]++;
    }
    t->rounds++;
}

/* ---- The winner ------------------------------------------------------------------ */

static bool beats(const tsr__candidate *c, const tsr__candidate *other)
{
    return other->best == 0.0 || c->best * TSR__FINALS_GAIN < other->best;
}

/* Whether stock, in seat i, gets the place back: holding it gains next to nothing, neither
 * at best nor in most rounds. */
static bool is_back(const table *t, size_t i)
{
    return t->seats[i]->best <= KEPT * t->seats[0]->best && 2 * t->wins[i] >= t->rounds;
}

/* Others have to beat stock and who holds the place, at their best and in two rounds of
 * three. */
static tsr__candidate *judge(const tsr__finals *f, const table *t)
{
    tsr__candidate *stock = &f->items[0], *holder = t->seats[0], *winner = holder;

    for (size_t i = 1; i < t->count; i++)
        if (t->seats[i] == stock && is_back(t, i))
            winner = stock;
    for (size_t i = 1; i < t->count; i++) {
        tsr__candidate *c = t->seats[i];

        if (c != stock && beats(c, stock) && beats(c, holder) &&
            c->best < winner->best && 3 * t->wins[i] >= 2 * t->rounds)
            winner = c;
    }
    return winner;
}

/* Where neither stock nor a record is any good. */
static tsr__candidate *fastest(const table *t)
{
    tsr__candidate *winner = t->seats[0];

    for (size_t i = 1; i < t->count; i++)
        if (t->seats[i]->best < winner->best)
            winner = t->seats[i];
    return winner;
}

tsr__candidate *tsr__finals_run(const tsr__finals *f)
{
    table t = {.count = 0};
    unsigned fewest = fewest_rounds(best_seconds(f));
    bool is_held;

    choose(f, &t);
    if (t.count == 0)
        return NULL;
    is_held = t.seats[0] == &f->items[f->holder] || t.seats[0] == &f->items[0];
    while (t.rounds < (t.count > 1 ? ROUNDS : fewest) && f->go_on(f->user) &&
           (t.rounds < fewest || tsr__seconds() < f->end))
        run_round(f, &t);
    if (t.rounds < fewest)
        return NULL;
    return is_held ? judge(f, &t) : fastest(&t);
}
