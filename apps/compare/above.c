#include "above.h"

#include "text.h"

/* All operands that a runner's calls use, as it holds them: plain-c-f64 has twice the
 * bytes, and cold calls take turns with several sets. */
static double bytes_of(const case_result *c, const table_row *row)
{
    return row->bytes_per_second * row->time.best * (c->sets > 1 ? (double)c->sets : 1);
}

static bool bound_by_memory(const case_result *c)
{
    return c->bytes / c->roof.read_bytes_per_second >= c->flops / results_fma_rate(c);
}

above above_why(const case_result *c, const table_row *row)
{
    const double bytes = bytes_of(c, row);

    if (row->state != ROW_DONE || row->roof_fraction <= ABOVE_ROOF)
        return ABOVE_NOT;
    if (!row->strategy && !c->on_host_cpu)
        return ABOVE_ON_HOST;
    if (!bound_by_memory(c))
        return ABOVE_CLOCK;
    if (c->cache_bytes <= 0)
        return ABOVE_PERHAPS_CACHED;
    if (bytes <= c->cache_bytes)
        return ABOVE_IN_CACHE;
    /* What is cached takes no time at best; the rest takes its part of the roof. */
    if (row->roof_fraction * (bytes - c->cache_bytes) <= ABOVE_ROOF * bytes)
        return ABOVE_PARTLY_CACHED;
    return ABOVE_DISTURBED;
}

const char *above_words(above why)
{
    switch (why) {
    case ABOVE_NOT:
        break;
    case ABOVE_ON_HOST:
        return "the roof is the device's, not the host's";
    case ABOVE_IN_CACHE:
        return "the operands fit in the device's cache";
    case ABOVE_PARTLY_CACHED:
        return "a part of the operands stays in the device's cache";
    case ABOVE_PERHAPS_CACHED:
        return "the operands may fit in a cache of unknown size";
    case ABOVE_DISTURBED:
        return "the probe was disturbed";
    case ABOVE_CLOCK:
        return "the clock moved, or the probe was disturbed";
    }
    return NULL;
}

const char *above_of_all(const results *all)
{
    bool cached = false, disturbed = false, hosted = false;

    for (size_t i = 0; i < all->case_count; i++)
        for (size_t j = 0; j < all->cases[i].row_count; j++) {
            const above why = above_why(&all->cases[i], &all->cases[i].rows[j]);

            hosted |= why == ABOVE_ON_HOST;
            disturbed |= why == ABOVE_DISTURBED || why == ABOVE_CLOCK;
            cached |= why == ABOVE_IN_CACHE || why == ABOVE_PARTLY_CACHED ||
                      why == ABOVE_PERHAPS_CACHED;
        }
    if (hosted)
        return cached || disturbed ? "; above it: host, cache, or a disturbed probe"
                                   : "; above it: the host, whose roof is another";
    return cached && disturbed ? "; above it: from a cache, or a disturbed probe"
           : cached            ? "; above it: from a cache"
           : disturbed         ? "; above it: a disturbed probe, or the clock moved"
                               : "";
}

static void say_why(const voice *v, const case_result *c, const table_row *row,
                    above why)
{
    const short_text bytes = text_bytes(bytes_of(c, row));
    const short_text cache = text_bytes(c->cache_bytes);
    char lead[96];

    snprintf(lead, sizeof lead, "%s is above the roof (%s)", row->runner,
             text_percent(row->roof_fraction).s);
    switch (why) {
    case ABOVE_NOT:
        break;
    case ABOVE_ON_HOST:
        say(v, "%s: it runs on the host, and the roof is that of the device.", lead);
        break;
    case ABOVE_IN_CACHE:
        say(v,
            "%s: its %s fit in the device's cache of %s; the roof is that of "
            "memory, measured far beyond any cache.",
            lead, bytes.s, cache.s);
        break;
    case ABOVE_PARTLY_CACHED:
        say(v,
            "%s: of its %s, a part stays in the device's cache of %s from call to "
            "call; the roof is that of memory, measured far beyond any cache.",
            lead, bytes.s, cache.s);
        break;
    case ABOVE_PERHAPS_CACHED:
        say(v,
            "%s: its %s may fit in a cache, whose size the driver does not tell; "
            "the roof is that of memory, measured far beyond any cache.",
            lead, bytes.s);
        break;
    case ABOVE_DISTURBED:
        say(v,
            "%s, and a cache of %s does not explain it for %s: in its turns the "
            "roof's probe was slowed by something else on this machine.",
            lead, cache.s, bytes.s);
        break;
    case ABOVE_CLOCK:
        say(v,
            "%s: the clock was higher in its best turn than in any of the roof's "
            "probe, or something else slowed the probe (%s at best).",
            lead, text_flops_rate(results_fma_rate(c)).s);
        break;
    }
}

void above_say(const voice *v, const case_result *c)
{
    for (size_t i = 0; i < c->row_count; i++)
        say_why(v, c, &c->rows[i], above_why(c, &c->rows[i]));
}
