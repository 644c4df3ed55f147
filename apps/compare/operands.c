#include "operands.h"

#include <string.h>

/* One operand's file, seen as a product sees it. */
typedef struct operand {
    const char *path; /* NULL: there is none */
    size_t rows, columns, batch;
    bool transposed; /* as it lies in memory */
    bool batched;    /* rank 3 */
} operand;

static bool read_operand(const char *path, bool transposed, npy_array *array,
                         operand *out, failure *why)
{
    const size_t *shape;

    *out = (operand){.path = path, .batch = 1};
    if (!path)
        return true;
    if (!npy_describe(path, array, why))
        return false;
    shape = array->shape + (array->rank - 2);
    out->batched = array->rank == 3;
    out->batch = out->batched ? array->shape[0] : 1;
    out->rows = shape[transposed ? 1 : 0];
    out->columns = shape[transposed ? 0 : 1];
    /* Fortran order swaps what lies in memory once more. */
    out->transposed = transposed != array->fortran;
    return true;
}

/* Sets a length to what a file says, unless an option said otherwise. */
static bool settle(size_t *length, size_t found, bool given, const char *option,
                   const char *path, failure *why)
{
    if (given && *length != found)
        return fail_with(why, EXIT_INPUT, "%s is %zu, but %s says %zu", option, *length,
                         path, found);
    *length = found;
    return true;
}

static bool settle_batch(const options *o, const operand *a, const operand *b,
                         problem *p, failure *why)
{
    const operand *files[2] = {a, b};
    bool known = o->batch_given;

    for (int i = 0; i < 2; i++)
        if (files[i]->path && files[i]->batched && files[i]->batch != 1) {
            if (!settle(&p->batch, files[i]->batch, known,
                        o->batch_given ? "--batch" : "the batch of the other operand",
                        files[i]->path, why))
                return false;
            known = true;
        }
    p->shared_a = a->path && a->batch == 1 && p->batch != 1;
    p->shared_b = b->path && b->batch == 1 && p->batch != 1;
    return true;
}

static bool settle_dtype(const options *o, const inputs *in, const operand *a,
                         const operand *b, problem *p, failure *why)
{
    const operand *files[2] = {a, b};
    const tsr_dtype found[2] = {in->a.dtype, in->b.dtype};
    const char *said_by = o->dtype_given ? "--dtype" : NULL;

    for (int i = 0; i < 2; i++) {
        if (!files[i]->path)
            continue;
        if (said_by && p->dtype != found[i])
            return fail_with(why, EXIT_INPUT, "%s says %s, but %s holds %s", said_by,
                             tsr_dtype_name(p->dtype), files[i]->path,
                             tsr_dtype_name(found[i]));
        p->dtype = found[i];
        said_by = files[i]->path;
    }
    return true;
}

bool operands_describe(const options *o, inputs *in, problem *p, failure *why)
{
    operand a, b;

    if (!read_operand(o->a, o->problem.trans_a, &in->a, &a, why) ||
        !read_operand(o->b, o->problem.trans_b, &in->b, &b, why))
        return false;
    if (a.path && b.path && a.columns != b.rows)
        return fail_with(
            why, EXIT_INPUT,
            "the shapes do not fit together: A[%zu,%zu] from %s, B[%zu,%zu] from "
            "%s",
            a.rows, a.columns, a.path, b.rows, b.columns, b.path);
    if (a.path && (!settle(&p->m, a.rows, o->m_given, "-m", a.path, why) ||
                   !settle(&p->k, a.columns, o->k_given, "-k", a.path, why)))
        return false;
    if (b.path && (!settle(&p->n, b.columns, o->n_given, "-n", b.path, why) ||
                   !settle(&p->k, b.rows, o->k_given, "-k", b.path, why)))
        return false;
    if (a.path)
        p->trans_a = a.transposed;
    if (b.path)
        p->trans_b = b.transposed;
    return settle_batch(o, &a, &b, p, why) && settle_dtype(o, in, &a, &b, p, why);
}

/* Reads one file whose header was described before. */
static bool load(const char *path, npy_array *array, failure *why)
{
    const npy_array described = *array;

    if (!path)
        return true;
    if (!npy_read(path, array, why))
        return false;
    if (array->dtype != described.dtype || array->rank != described.rank ||
        array->fortran != described.fortran ||
        memcmp(array->shape, described.shape, sizeof array->shape) != 0)
        return fail_with(why, EXIT_INPUT, "%s changed while compare was starting",
                         path);
    return true;
}

bool operands_load(const options *o, inputs *in, failure *why)
{
    return load(o->a, &in->a, why) && load(o->b, &in->b, why);
}
