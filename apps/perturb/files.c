#include "files.h"

#include "plot.h"
#include "targets.h"

static bool write_json(FILE *file, const void *data, failure *why)
{
    return report_json(file, data, why);
}

static bool write_plot(FILE *file, const void *data, failure *why)
{
    return plot_write(file, data, why);
}

enum { COUNT = 2 };

static void list_targets(const options *o, target targets[COUNT])
{
    targets[0] = (target){o->json, write_json};
    targets[1] = (target){o->plot, write_plot};
}

bool files_probe(const options *o, failure *why)
{
    target targets[COUNT];

    list_targets(o, targets);
    return targets_probe(targets, COUNT, why);
}

bool files_write(const report *r, failure *why)
{
    target targets[COUNT];

    list_targets(r->options, targets);
    return targets_write(targets, COUNT, r, why);
}
