#include "fits.h"

#include <unistd.h>

#include <tessera/oracle.h>

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

bool device_has(const tsr_device_info *device, tsr_dtype dtype)
{
    return dtype != TSR_F64 || device->fp64;
}

bool problem_fits(const problem *p, const tsr_device_info *device, failure *why)
{
    if (!operand_fits(p, "A", p->m, p->k, problem_a_count(p), device, why) ||
        !operand_fits(p, "B", p->k, p->n, problem_b_count(p), device, why) ||
        !operand_fits(p, "C", p->m, p->n, problem_c_count(p), device, why))
        return false;

    return memory_fits(p, device, why);
}
