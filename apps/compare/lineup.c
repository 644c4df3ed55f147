#include "lineup.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Runners beside the strategies. */
#define OTHERS 6

bool lineup_create(lineup *out, const options *o, const blas_library *blas,
                   failure *why)
{
    runner *next = calloc(tsr_strategy_count() + OTHERS, sizeof *next);

    *out = (lineup){.runners = next};
    if (!next)
        return fail_with(why, EXIT_INPUT, "out of host memory");
    *next++ = runner_device("tessera", NULL);
    if (o->prepared)
        *next++ = runner_prepared();
    *next++ = runner_device("clblast", "clblast");
    for (size_t i = 0; o->all && i < tsr_strategy_count(); i++)
        if (strcmp(tsr_strategy_name(i), "clblast") != 0)
            *next++ = runner_device(tsr_strategy_name(i), tsr_strategy_name(i));
    *next++ = runner_plain();
    *next++ = runner_plain_f64();
    if (o->blas)
        *next++ = runner_blas(blas);
    out->count = (size_t)(next - out->runners);
    return true;
}

blas_facts lineup_pin_blas(const blas_library *blas, const tsr_device_info *device)
{
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    unsigned threads = online > 0 ? (unsigned)online : 1;

    if (device->type == TSR_DEVICE_CPU && device->compute_units < threads)
        threads = device->compute_units;
    return (blas_facts){.path = blas->path,
                        .core = blas->core,
                        .threads = blas_set_threads(blas, threads)};
}

void lineup_free(lineup *l)
{
    free(l->runners);
    *l = (lineup){0};
}
