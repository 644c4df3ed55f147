#include "spaces.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "device/device.h"
#include "matmul/tune_problem.h"
#include "record.h"

enum { MOST_OF_ONE = 2048, TRIES = 1000, MAX_PRINTS = 20 };

/* A set, and what it is for. */
typedef struct member {
    tsr_dtype dtype;
    tsr__parameters set;
} member;

typedef struct space {
    member *items; /* owned */
    size_t count;
} space;

/* ---- The space ------------------------------------------------------------------- */

static bool add(space *s, tsr_dtype dtype, const tsr__parameters *set)
{
    member *items;

    for (size_t i = 0; i < s->count; i++)
        if (s->items[i].dtype == dtype &&
            memcmp(&s->items[i].set, set, sizeof *set) == 0)
            return true;
    if (!(items = realloc(s->items, (s->count + 1) * sizeof *items)))
        return false;
    s->items = items;
    items[s->count++] = (member){dtype, *set};
    return true;
}

static bool add_sets(space *s, const tsr_tune_problem *product,
                     const tsr__strategy *strategy, const tsr_device_info *info)
{
    static tsr__parameters sets[MOST_OF_ONE];
    tsr__problem p = tsr__tune_problem(product);
    bool fine = true;
    size_t count;

    if ((p.dtype == TSR_F64 && !info->fp64) || strategy->cannot_run(&p, info))
        return true;
    count = strategy->space->sets(&p, info, sets, MOST_OF_ONE);
    for (size_t i = 0; i < count && fine; i++)
        fine = add(s, p.dtype, &sets[i]);
    return fine;
}

/* A line of a shapes file; false for one that has no product. */
static bool read_product(const char *line, tsr_tune_problem *out)
{
    char dtype[4] = "f32", ta = 'n', tb = 'n';

    *out = (tsr_tune_problem){.batch = 1};
    if (sscanf(line, "%zu %zu %zu %3s %c %c %zu", &out->m, &out->n, &out->k, dtype, &ta,
               &tb, &out->batch) < 3)
        return false;
    out->dtype = strcmp(dtype, "f64") == 0 ? TSR_F64 : TSR_F32;
    out->trans_a = ta == 't';
    out->trans_b = tb == 't';
    return true;
}

static bool make_space(const char *path, const tsr__strategy *strategy,
                       const tsr_device_info *info, space *out)
{
    FILE *file = fopen(path, "r");
    bool fine = file != NULL;
    tsr_tune_problem product;
    char line[256];

    *out = (space){0};
    if (!file)
        fprintf(stderr, "conformance: cannot read %s: %s\n", path, strerror(errno));
    while (fine && fgets(line, sizeof line, file))
        fine = !read_product(line, &product) || add_sets(out, &product, strategy, info);
    if (file)
        fclose(file);
    return fine;
}

/* ---- The walk -------------------------------------------------------------------- */

/* One set with the cases that it fits. */
static bool visit(tsr_device *device, const walk *w, const member *of, size_t index,
                  tally *t, space_outcome *out, int *prints)
{
    unsigned long left = w->cases, number = w->first + index * TRIES;
    bool right = true;

    for (unsigned long i = 0; left > 0 && i < TRIES; i++) {
        test_case c = make_case(number + i, device->info.fp64, w->sizes);
        bool fits;

        if (c.dtype != of->dtype)
            continue;
        right &= run_case_with_set(device, &c, t, &of->set, &fits, prints);
        left -= fits;
    }
    out->failed += !right;
    out->unmet += left == w->cases;
    if (!right || left == w->cases)
        printf("  %s, set %zu of %s: again with --part %zu/%lu\n",
               right ? "NO CASE FITS" : "FAILED", index, t->name, index, out->sets);
    return right && left < w->cases;
}

bool walk_space(tsr_device *device, const walk *w, tally *t, space_outcome *out)
{
    const tsr__strategy *strategy = tsr__strategy_find(t->forced);
    double start = tsr__seconds();
    int prints = MAX_PRINTS;
    bool right;
    space s;

    right = make_space(w->shapes, strategy, &device->info, &s);
    out->sets = s.count;
    for (size_t i = w->part; i < s.count; i += w->parts) {
        right &= visit(device, w, &s.items[i], i, t, out, &prints);
        out->walked++;
    }
    out->products = t->run;
    out->seconds = tsr__seconds() - start;
    free(s.items);
    return right;
}

/* ---- What came of it ------------------------------------------------------------- */

bool record_space(const char *path, const tsr_device_info *device, const walk *w,
                  const space_outcome *out)
{
    FILE *file = open_table(path, "platform\tdevice\ttype\tdriver\tstrategy\tsizes\t"
                                  "first\tsets\twalked\tproducts\tfailed\tworst\t"
                                  "seconds\tdate");

    if (!file)
        return false;
    fprintf(file, "%s\t%s\t%s\t%s\t%s\t%s\t%lu\t%lu\t%lu\t%lu\t%lu\t%.3f\t%.0f",
            device->platform, device->name, tsr_device_type_name(device->type),
            device->driver, out->strategy, sizes_name(w->sizes), w->first, out->sets,
            out->walked, out->products, out->failed + out->unmet, out->worst,
            out->seconds);
    return close_table(path, file);
}
