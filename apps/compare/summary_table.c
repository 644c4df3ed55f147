#include "summary_table.h"

#include <math.h>
#include <string.h>

#include "colour.h"
#include "summary.h"
#include "text.h"

/* The columns that are tessera's own, and the least for a ratio and its "/blas". */
#define OWN    " %8s %-8.8s %5s"
#define NARROW 5

enum { OWN_WIDTH = 1 + 8 + 1 + 8 + 1 + 5, PRODUCT_SIZE = 96 };

/* "1 5000 6400", and what is not as usual: "64 64 64 f32 n t 256". */
static void name_product(const problem *p, char text[PRODUCT_SIZE])
{
    const bool batched = p->batch != 1;
    const bool stored = batched || p->trans_a || p->trans_b;
    int length = snprintf(text, PRODUCT_SIZE, "%zu %zu %zu", p->m, p->n, p->k);

    if (stored || p->dtype != TSR_F32)
        length += snprintf(text + length, PRODUCT_SIZE - (size_t)length, " %s",
                           tsr_dtype_name(p->dtype));
    if (stored)
        length += snprintf(text + length, PRODUCT_SIZE - (size_t)length, " %c %c",
                           p->trans_a ? 't' : 'n', p->trans_b ? 't' : 'n');
    if (batched)
        snprintf(text + length, PRODUCT_SIZE - (size_t)length, " %zu", p->batch);
}

static int widest_product(const results *all)
{
    size_t most = strlen("M N K");
    char text[PRODUCT_SIZE];

    for (size_t i = 0; i < all->case_count; i++) {
        name_product(&all->cases[i].problem, text);
        most = strlen(text) > most ? strlen(text) : most;
    }
    return most < 40 ? (int)most : 40;
}

static int width_of(const results *all, size_t runner)
{
    const size_t length = strlen(results_shown_name(summary_runner(all, runner)));

    return length > NARROW ? (int)length : NARROW;
}

/* The first runner that does not fit beside the ones from `from` on. */
static size_t end_of_part(const results *all, size_t from, int room)
{
    size_t end = from;

    while (end < summary_count(all) && (room -= 2 + width_of(all, end)) >= 0)
        end++;
    return end > from ? end : from + 1;
}

static void print_own(FILE *file, const case_result *c)
{
    const table_row *mine = results_row(c, "tessera");

    if (!mine)
        fprintf(file, OWN, "-", "", "-");
    else if (!mine->verdict.ok)
        fprintf(file, OWN, "WRONG", mine->strategy ? mine->strategy : "", "-");
    else
        fprintf(file, OWN, text_seconds(mine->time.best).s,
                mine->strategy ? mine->strategy : "",
                mine->roof_fraction < 9.995 || isnan(mine->roof_fraction)
                    ? text_percent(mine->roof_fraction).s
                    : ">9x");
}

/* Runners from `from` to before `end`; tessera's own columns before the first of all. */
static void print_part(FILE *file, const results *all, size_t from, size_t end,
                       int products)
{
    char text[PRODUCT_SIZE];

    fprintf(file, "\n%s%-*s", colour_on(COLOUR_HEAD), products, "M N K");
    if (from == 0)
        fprintf(file, OWN, "tessera", "by", "roof");
    for (size_t r = from; r < end; r++) {
        snprintf(text, sizeof text, "/%s", results_shown_name(summary_runner(all, r)));
        fprintf(file, " %*s", 1 + width_of(all, r), text);
    }
    fprintf(file, "%s\n", colour_off());
    for (size_t i = 0; i < all->case_count; i++) {
        const case_result *c = &all->cases[i];

        name_product(&c->problem, text);
        fprintf(file, "%-*.*s", products, products, text);
        if (from == 0)
            print_own(file, c);
        for (size_t r = from; r < end; r++)
            fprintf(file, "  %*s", width_of(all, r),
                    text_narrow(summary_ratio(c, summary_runner(all, r))).s);
        fputc('\n', file);
    }
}

void summary_table_print(FILE *file, const results *all)
{
    const int products = widest_product(all);
    size_t from = 0;

    while (all->case_count && (from == 0 || from < summary_count(all))) {
        const int room = TEXT_COLUMNS - products - (from == 0 ? OWN_WIDTH : 0);
        const size_t end = summary_count(all) ? end_of_part(all, from, room) : 0;

        print_part(file, all, from, end, products);
        if (end == 0)
            break;
        from = end;
    }
}
