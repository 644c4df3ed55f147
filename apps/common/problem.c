#include "problem.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

problem problem_default(void)
{
    return (problem){.m = 1, .n = 5000, .k = 6400, .batch = 1, .dtype = TSR_F32};
}

static bool multiply(size_t a, size_t b, size_t *product)
{
    if (b != 0 && a > SIZE_MAX / b)
        return false;
    *product = a * b;
    return true;
}

size_t problem_a_count(const problem *p)
{
    return p->m * p->k * (p->shared_a ? 1 : p->batch);
}

size_t problem_b_count(const problem *p)
{
    return p->k * p->n * (p->shared_b ? 1 : p->batch);
}

size_t problem_c_count(const problem *p)
{
    return p->m * p->n * p->batch;
}

double problem_flops(const problem *p)
{
    return 2.0 * (double)p->m * (double)p->n * (double)p->k * (double)p->batch;
}

double problem_bytes(const problem *p, tsr_dtype dtype)
{
    const double m = (double)p->m, n = (double)p->n, k = (double)p->k;

    return (m * k + k * n + m * n) * (double)p->batch * (double)tsr_dtype_size(dtype);
}

void problem_describe(const problem *p, char *text, size_t size)
{
    char batch[32] = "";

    if (p->batch != 1)
        snprintf(batch, sizeof batch, " x%zu", p->batch);
    snprintf(text, size, "A[%zu,%zu]%s @ B[%zu,%zu]%s %s%s", p->m, p->k,
             p->trans_a ? "^T" : "", p->k, p->n, p->trans_b ? "^T" : "",
             tsr_dtype_name(p->dtype), batch);
}

/* Whether rows * columns * batch elements can be counted in bytes. */
static bool countable(const problem *p, const char *name, size_t rows, size_t columns,
                      failure *why)
{
    size_t count;

    if (!multiply(rows, columns, &count) || !multiply(count, p->batch, &count) ||
        !multiply(count, tsr_dtype_size(p->dtype), &count))
        return fail_with(
            why, EXIT_INPUT,
            "%s[%zu,%zu] %s, batch %zu, has more bytes than can be counted", name, rows,
            columns, tsr_dtype_name(p->dtype), p->batch);
    return true;
}

bool problem_check(const problem *p, failure *why)
{
    size_t work;

    if (!multiply(p->m, p->n, &work) || !multiply(work, p->k, &work) ||
        !multiply(work, p->batch, &work))
        return fail_with(why, EXIT_INPUT,
                         "M*N*K is too large to be counted: %zu * %zu * %zu, batch %zu",
                         p->m, p->n, p->k, p->batch);
    return countable(p, "A", p->m, p->k, why) && countable(p, "B", p->k, p->n, why) &&
           countable(p, "C", p->m, p->n, why);
}

bool parse_size(const char *text, const char *what, size_t *out, failure *why)
{
    unsigned long long value;
    char *end;

    if (text[0] == '-' && isdigit((unsigned char)text[1]))
        return fail_with(why, EXIT_INPUT, "%s is %s; it cannot be negative", what,
                         text);
    if (!isdigit((unsigned char)text[0]))
        return fail_with(why, EXIT_INPUT, "%s is \"%s\"; it must be a whole number",
                         what, text);
    errno = 0;
    value = strtoull(text, &end, 10);
    if (*end)
        return fail_with(why, EXIT_INPUT, "%s is \"%s\"; it must be a whole number",
                         what, text);
    if (errno == ERANGE || value > SIZE_MAX)
        return fail_with(why, EXIT_INPUT, "%s is %s; that is too large to be counted",
                         what, text);
    *out = (size_t)value;
    return true;
}

bool parse_dtype(const char *text, tsr_dtype *out)
{
    if (strcmp(text, "f32") == 0)
        *out = TSR_F32;
    else if (strcmp(text, "f64") == 0)
        *out = TSR_F64;
    else
        return false;
    return true;
}
