#include "who.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "next.h"
#include "say.h"

/* ---- The user's word ------------------------------------------------------------ */

static double least_flops = NAN; /* $TESSERA_BLAS_MIN_FLOPS; NAN: not set */
static double cores; /* of the host: asking takes longer than a small call */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void look_around(void)
{
    const char *text = getenv("TESSERA_BLAS_MIN_FLOPS");
    char *end;

    cores = fmax((double)sysconf(_SC_NPROCESSORS_ONLN), 1.0);
    if (!text || !*text)
        return;
    least_flops = strtod(text, &end);
    if (*end || !isgreaterequal(least_flops, 0.0)) { /* quiet if it is "nan" */
        least_flops = NAN;
        tsr__say("TESSERA_BLAS_MIN_FLOPS is \"%s\"; it must be a number, such as 1e9; "
                 "ignored",
                 text);
    }
}

/* ---- The model ------------------------------------------------------------------- */

/* What a product costs, whoever does it. */
typedef struct work {
    double flops, bytes;
    double rows; /* the fewer of its rows and columns */
} work;

static work work_of(const tsr__product *p)
{
    double m = (double)p->m, n = (double)p->n, k = (double)p->k, t = (double)p->batch;
    double elements = m * k + k * n + (p->beta == 0.0 ? 1.0 : 2.0) * m * n;

    return (work){2.0 * m * n * k * t, elements * t * (double)tsr_dtype_size(p->dtype),
                  m < n ? m : n};
}

/* A BLAS on the host, by the number of cores; without one, plain C on one of them. */
static double host_seconds(const work *w, tsr_dtype dtype)
{
    double wide = dtype == TSR_F64 ? 0.5 : 1.0;

    if (!tsr__next_exists())
        return w->flops / (1e9 * wide);
    return fmax(w->flops / (40e9 * wide * cores), w->bytes / 20e9);
}

/* Enqueueing a block and waiting for it. */
#define BLOCK_SECONDS 100e-6

/* Over the bus, at most: a block is not moved again for the next one, if it serves that
 * too. */
static double bytes_moved(const tsr__blocks *b)
{
    tsr__product block = *b->whole;

    block.m = b->m;
    block.n = b->n;
    block.k = b->k;
    block.batch = b->batch;
    return tsr__blocks_count(b) * work_of(&block).bytes;
}

/* A device with memory of its own: over the bus, at 8 GB/s, and back. What shares the
 * host's memory has no bus. Arithmetic is at half of what the facts promise. */
static double device_seconds(const tsr__blocks *blocks, const work *w,
                             const tsr_device_info *info)
{
    tsr_dtype dtype = blocks->whole->dtype;
    double hz = 1e6 * (double)(info->clock_mhz ? info->clock_mhz : 1000);
    double per_cycle = info->type == TSR_DEVICE_CPU ? 32.0 : 128.0; /* of a unit, f32 */
    double wide = dtype != TSR_F64 ? 1.0 : info->type == TSR_DEVICE_CPU ? 0.5 : 0.06;
    double rate = 0.5 * hz * per_cycle * wide * (double)info->compute_units;

    return w->flops / rate + (info->zero_copy ? 0.0 : bytes_moved(blocks) / 8e9);
}

/* A CPU device is the host itself, and as fast as its BLAS with most products. But a BLAS
 * packs before it multiplies; few rows or columns use what it packs but a few times, and
 * then the device has an advantage, of half the time, as long as the matrix is far too
 * large for the caches (measured with tools/measure-blas --forced: from 2 MB for each
 * row; beyond 64 rows never). One row is a matter of reading, which both do as fast as
 * memory can. */
static double beside_blas(const work *w)
{
    return w->rows >= 2.0 && w->rows <= 64.0 && w->bytes >= 2e6 * w->rows ? 0.5 : 1.0;
}

/* Half a millisecond of plain C in f64 on one core, which is the slowest; and with fewer
 * operations than these, a product's bytes take less, too. */
#define SMALL_FLOPS 250e3

bool tsr__is_small(double flops)
{
    pthread_once(&once, look_around);
    return isnan(least_flops) && flops < SMALL_FLOPS;
}

bool tsr__may_gain(const tsr__product *product)
{
    work w;

    pthread_once(&once, look_around);
    w = work_of(product);
    if (!isnan(least_flops))
        return w.flops >= least_flops;
    return host_seconds(&w, product->dtype) >= 0.5e-3;
}

bool tsr__gains(const tsr__blocks *blocks, const tsr_device_info *info)
{
    work w = work_of(blocks->whole);
    double host, own;

    if (!isnan(least_flops))
        return true;
    host = host_seconds(&w, blocks->whole->dtype);
    own = info->type == TSR_DEVICE_CPU && tsr__next_exists()
              ? host * beside_blas(&w)
              : device_seconds(blocks, &w, info);
    return own + tsr__blocks_count(blocks) * BLOCK_SECONDS < 0.8 * host;
}
