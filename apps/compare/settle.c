#include "settle.h"

#include <math.h>

/* Two undisturbed probes differ by less than this. */
#define DRIFT 1.15

void settle_roof(case_result *c, const tsr_roof *best)
{
    const problem *p = &c->problem;
    tsr_roof *roof = &c->roof;

    roof->read_bytes_per_second =
        fmax(roof->read_bytes_per_second, best->read_bytes_per_second);
    roof->f32_flops_per_second =
        fmax(roof->f32_flops_per_second, best->f32_flops_per_second);
    roof->f64_flops_per_second =
        fmax(roof->f64_flops_per_second, best->f64_flops_per_second);
    c->roof_s = tsr_roof_seconds(roof, p->dtype, p->m, p->n, p->k, p->batch);
    for (size_t i = 0; i < c->row_count; i++)
        if (c->rows[i].state == ROW_DONE)
            c->rows[i].roof_fraction = c->roof_s / c->rows[i].time.best;
}

bool settle_was_disturbed(const case_result *c)
{
    return c->own_roof_s > DRIFT * c->roof_s;
}
