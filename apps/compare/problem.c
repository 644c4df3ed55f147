#include "problem.h"

#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <tessera/oracle.h>

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

static bool operand_fits(const problem *p, const char *name, size_t rows,
                         size_t columns, size_t count, const tsr_device_info *device,
                         failure *why)
{
    const size_t bytes = count * tsr_dtype_size(p->dtype);

    if (bytes <= device->max_alloc_bytes)
        return true;
    return fail_with(
        why, EXIT_INPUT,
        "%s[%zu,%zu] %s, batch %zu, needs %zu bytes; %s allocates at most %llu "
        "at once",
        name, rows, columns, tsr_dtype_name(p->dtype), p->batch, bytes, device->name,
        (unsigned long long)device->max_alloc_bytes);
}

/* A, B and C on the device; on the host the same once more, a second C for the result,
 * f64 copies of f32 operands for plain-c-f64, and what the oracle keeps for each element
 * it judges (oracle.h). A device that shares the host's memory needs only the latter. */
static bool memory_fits(const problem *p, const tsr_device_info *device, failure *why)
{
    const double size = (double)tsr_dtype_size(p->dtype);
    const double c = (double)problem_c_count(p);
    const double all = (double)problem_a_count(p) + (double)problem_b_count(p) + c;
    const double judged = c < TSR_ORACLE_FULL_ELEMENTS ? c : TSR_ORACLE_FULL_ELEMENTS;
    const double wide = p->dtype == TSR_F32 ? 8.0 * all : 0.0;
    const double host = size * (all + c) + wide + 32.0 * judged;
    const double physical =
        (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);

    if (size * all > (double)device->memory_bytes)
        return fail_with(why, EXIT_INPUT,
                         "A, B and C together need %.1f GB; %s has %.1f GB of memory",
                         size * all * 1e-9, device->name,
                         (double)device->memory_bytes * 1e-9);
    if (physical > 0 && host > physical)
        return fail_with(why, EXIT_INPUT,
                         "comparing needs %.1f GB of the host's memory (operands, f64 "
                         "copies of them, the check); this machine has %.1f GB",
                         host * 1e-9, physical * 1e-9);
    return true;
}

bool problem_fits(const problem *p, const tsr_device_info *device, failure *why)
{
    if (p->dtype == TSR_F64 && !device->fp64)
        return fail_with(
            why, EXIT_INPUT,
            "f64 needs a device with fp64, and %s has none; use --dtype f32 or "
            "another --device (compare --list)",
            device->name);
    if (!operand_fits(p, "A", p->m, p->k, problem_a_count(p), device, why) ||
        !operand_fits(p, "B", p->k, p->n, problem_b_count(p), device, why) ||
        !operand_fits(p, "C", p->m, p->n, problem_c_count(p), device, why))
        return false;

    return memory_fits(p, device, why);
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
