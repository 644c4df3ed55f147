#include "work.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARGIN  64
#define GUARD   12345.0f
#define NOTHING -77777.0f /* in `out`, until something is read */

/* ---- Arrays with margins ---------------------------------------------------------- */

static float *make_array(size_t count)
{
    float *whole = malloc((count + 2 * MARGIN) * sizeof *whole);

    if (!whole)
        exit(2);
    for (size_t i = 0; i < count + 2 * MARGIN; i++)
        whole[i] = GUARD;
    return whole + MARGIN;
}

static void free_array(float *array)
{
    free(array - MARGIN);
}

static bool margins_are_whole(const float *array, size_t count)
{
    for (size_t i = 1; i <= MARGIN; i++)
        if (array[-(ptrdiff_t)i] != GUARD || array[count + i - 1] != GUARD)
            return false;
    return true;
}

/* -3 to 3, another sequence for each array. */
static float integer(size_t i, size_t array)
{
    return (float)((i * (7 + 2 * array) + array) % 7) - 3.0f;
}

static void fill(float *array, size_t count, size_t which)
{
    for (size_t i = 0; i < count; i++)
        array[i] = integer(i, which);
}

static bool is_filled(const float *array, size_t count, size_t which)
{
    for (size_t i = 0; i < count; i++)
        if (array[i] != integer(i, which))
            return false;
    return margins_are_whole(array, count);
}

/* ---- What is right ---------------------------------------------------------------- */

static float dot(const work *w, size_t batch, size_t i, size_t j)
{
    const scenario *s = w->s;
    const float *a = w->a + batch * s->m * s->k, *b = w->b + batch * s->k * s->n;
    double sum = 0;

    for (size_t l = 0; l < s->k; l++)
        sum += (double)(s->transposed ? a[l * s->m + i] : a[i * s->k + l]) *
               (double)(s->transposed ? b[j * s->k + l] : b[l * s->n + j]);
    return (float)sum;
}

static void multiply(work *w)
{
    const scenario *s = w->s;

    for (size_t at = 0; at < w->count; at++)
        w->right[at] = dot(w, at / (s->m * s->n), at / s->n % s->m, at % s->n) +
                       (float)s->beta * w->c[at];
}

static bool equal(const work *w, float got, float right)
{
    return w->s->right == RIGHT_LEARNED
               ? fabsf(got - right) <= 1e-4f * (1.0f + fabsf(right))
               : got == right;
}

/* ---- Make ------------------------------------------------------------------------- */

work *work_create(const scenario *s)
{
    work *w = calloc(1, sizeof *w);

    if (!w)
        exit(2);
    w->s = s;
    w->a_count = s->batch * s->m * s->k;
    w->b_count = s->batch * s->k * s->n;
    w->count = s->batch * s->m * s->n;
    w->a = make_array(w->a_count);
    w->b = make_array(w->b_count);
    w->c = make_array(w->count);
    w->lent = make_array(w->count);
    w->out = make_array(w->count);
    w->right = make_array(w->count);
    work_reset(w);
    if (s->right == RIGHT_PRODUCT)
        multiply(w);
    else
        memcpy(w->right, w->c, w->count * sizeof *w->c);
    w->known = s->right != RIGHT_LEARNED;
    return w;
}

void work_destroy(work *w)
{
    free_array(w->a);
    free_array(w->b);
    free_array(w->c);
    free_array(w->lent);
    free_array(w->out);
    free_array(w->right);
    free(w);
}

void work_reset(work *w)
{
    fill(w->a, w->a_count, 0);
    fill(w->b, w->b_count, 1);
    fill(w->c, w->count, 2);
    fill(w->lent, w->count, 2);
    for (size_t i = 0; i < w->count; i++)
        w->out[i] = NOTHING;
    w->wrong = false;
}

/* ---- Look ------------------------------------------------------------------------- */

tsr_status work_read(work *w, const tsr_tensor *tensor)
{
    tsr_status status = tsr_tensor_read(tensor, w->out);

    if (status)
        return status;
    if (!w->known)
        memcpy(w->right, w->out, w->count * sizeof *w->out);
    w->known = true;
    for (size_t i = 0; i < w->count; i++)
        w->wrong = w->wrong || !equal(w, w->out[i], w->right[i]);
    return TSR_OK;
}

bool work_build_failed(work *w, tsr_status status)
{
    if (status != TSR_ERROR_BUILD && status)
        return false;
    w->wrong = w->wrong || !status || !strstr(tsr_error_detail(), "clBuildProgram");
    return true;
}

const char *work_judge(const work *w, tsr_status status)
{
    if (!is_filled(w->a, w->a_count, 0) || !is_filled(w->b, w->b_count, 1) ||
        !is_filled(w->c, w->count, 2))
        return "an operand of the caller's has changed";
    if (!margins_are_whole(w->out, w->count) || !margins_are_whole(w->lent, w->count))
        return "something was written beside the caller's array";
    if (w->wrong)
        return "a wrong result with status 0";
    for (size_t i = 0; i < w->count; i++)
        if (!equal(w, w->out[i], w->right[i]) && !(status && w->out[i] == NOTHING) &&
            status != TSR_ERROR_DEVICE_LOST)
            return status ? "after a failure the caller's array is neither as it was "
                            "nor right"
                          : "a success that left no result";
    return NULL;
}
