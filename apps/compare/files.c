#include "files.h"

#include <errno.h>
#include <string.h>

#include "json.h"
#include "npy.h"
#include "output.h"
#include "plot.h"
#include "report.h"

/* What there is to write. */
typedef struct content {
    const options *options;
    const results *results;
    const void *product;
} content;

static bool write_product(FILE *file, const content *c, failure *why)
{
    const problem *p = &c->results->cases[0].problem;
    const size_t shape[3] = {p->batch, p->m, p->n};
    const bool batched = p->batch != 1;

    (void)why;
    npy_write(file, p->dtype, batched ? 3 : 2, batched ? shape : shape + 1, c->product);
    return true;
}

static bool write_json(FILE *file, const content *c, failure *why)
{
    return json_write(file, c->results, why);
}

static bool write_plot(FILE *file, const content *c, failure *why)
{
    return plot_write(file, c->results, c->options->plot_format, PLOT_LIGHT, why);
}

static bool write_report(FILE *file, const content *c, failure *why)
{
    return report_write(file, c->results, why);
}

typedef struct target {
    const char *path; /* NULL: not asked for */
    bool (*write)(FILE *file, const content *c, failure *why);
} target;

enum { TARGETS = 4 };

static void list_targets(const options *o, target targets[TARGETS])
{
    targets[0] = (target){o->out, write_product};
    targets[1] = (target){files_json_is_stdout(o) ? NULL : o->json, write_json};
    targets[2] = (target){o->plot, write_plot};
    targets[3] = (target){o->report, write_report};
}

bool files_json_is_stdout(const options *o)
{
    return o->json && strcmp(o->json, "-") == 0;
}

bool files_probe(const options *o, failure *why)
{
    target targets[TARGETS];

    list_targets(o, targets);
    for (int i = 0; i < TARGETS; i++)
        if (targets[i].path && !output_probe(targets[i].path, why))
            return false;
    return true;
}

bool files_any(const options *o)
{
    return o->out || o->plot || o->report || (o->json && !files_json_is_stdout(o));
}

bool files_flush_stdout(failure *why)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    return fail_with(why, EXIT_INPUT, "cannot write to standard output%s%s",
                     errno ? ": " : "", errno ? strerror(errno) : "");
}

static bool begin(output *out, const target *t, const content *c, failure *why)
{
    return output_open(out, t->path, why) && t->write(out->file, c, why) &&
           output_finish(out, why);
}

/* All files are whole before the first gets its name. */
static bool write_all(const target targets[TARGETS], const content *c, failure *why)
{
    output outputs[TARGETS] = {{0}};
    size_t count = 0;
    bool fine = true;

    for (int i = 0; fine && i < TARGETS; i++)
        if (targets[i].path)
            fine = begin(&outputs[count++], &targets[i], c, why);
    for (size_t i = 0; i < count; i++) {
        if (fine)
            fine = output_commit(&outputs[i], why);
        else
            output_abandon(&outputs[i]);
    }
    return fine;
}

bool files_write(const options *o, const results *all, const void *product,
                 failure *why)
{
    const content c = {.options = o, .results = all, .product = product};
    target targets[TARGETS];

    list_targets(o, targets);
    if (!product)
        targets[0].path = NULL;
    return write_all(targets, &c, why) &&
           (!files_json_is_stdout(o) || json_write(stdout, all, why)) &&
           files_flush_stdout(why);
}
