#include "files.h"

#include "json.h"
#include "npy.h"
#include "plot.h"
#include "report.h"
#include "targets.h"

/* What there is to write. */
typedef struct content {
    const options *options;
    const results *results;
    const void *product;
} content;

static bool write_product(FILE *file, const void *data, failure *why)
{
    const content *c = data;
    const problem *p = &c->results->cases[0].problem;
    const size_t shape[3] = {p->batch, p->m, p->n};
    const bool batched = p->batch != 1;

    (void)why;
    npy_write(file, p->dtype, batched ? 3 : 2, batched ? shape : shape + 1, c->product);
    return true;
}

static bool write_json(FILE *file, const void *data, failure *why)
{
    const content *c = data;

    return json_write(file, c->results, why);
}

static bool write_plot(FILE *file, const void *data, failure *why)
{
    const content *c = data;

    return plot_write(file, c->results, c->options->plot_format, PAPER_LIGHT, why);
}

static bool write_report(FILE *file, const void *data, failure *why)
{
    const content *c = data;

    return report_write(file, c->results, why);
}

enum { COUNT = 4 };

static void list_targets(const options *o, target targets[COUNT])
{
    targets[0] = (target){o->out, write_product};
    targets[1] = (target){o->json, write_json};
    targets[2] = (target){o->plot, write_plot};
    targets[3] = (target){o->report, write_report};
}

bool files_probe(const options *o, failure *why)
{
    target targets[COUNT];

    list_targets(o, targets);
    return targets_probe(targets, COUNT, why);
}

bool files_any(const options *o)
{
    target targets[COUNT];

    list_targets(o, targets);
    return targets_any(targets, COUNT);
}

bool files_write(const options *o, const results *all, const void *product,
                 failure *why)
{
    const content c = {.options = o, .results = all, .product = product};
    target targets[COUNT];

    list_targets(o, targets);
    if (!product)
        targets[0].path = NULL;
    if (!all->case_count) /* there is nothing to draw */
        targets[2].path = targets[3].path = NULL;
    return targets_write(targets, COUNT, &c, why);
}
