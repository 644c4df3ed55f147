#include "plain_loops.h"

#include <stdlib.h>

bool plain_create(const digits *d, plain **out, failure *why)
{
    const size_t width = (d->count + PLAIN_STRIP - 1) / PLAIN_STRIP * PLAIN_STRIP;
    const plain_loops *levels[PLAIN_MOST_LEVELS];
    plain *p = malloc(sizeof *p);
    float *rows =
        calloc(width * (2 * DIGITS_PIXELS + 2 * MODEL_HIDDEN + DIGITS_CLASSES + 1),
               sizeof *rows);

    *out = NULL;
    if (!p || !rows) {
        free(p);
        free(rows);
        return fail_with(why, EXIT_INPUT, "no memory for the images in plain C");
    }
    *p = (plain){.count = d->count, .width = width, .labels = d->labels, .rows = rows};
    plain_levels(levels);
    p->loops = levels[0];
    p->x = rows;
    p->t = p->x + DIGITS_PIXELS * width;
    p->h = p->t + DIGITS_PIXELS * width;
    p->own = p->h + MODEL_HIDDEN * width;
    p->p = p->own + MODEL_HIDDEN * width;
    p->label = p->p + DIGITS_CLASSES * width;
    for (size_t b = 0; b < width; b++)
        p->label[b] = b < d->count ? (float)d->labels[b] : -1;
    for (size_t b = 0; b < d->count; b++)
        for (size_t i = 0; i < DIGITS_PIXELS; i++)
            p->x[i * width + b] = d->pixels[b * DIGITS_PIXELS + i];
    *out = p;
    return true;
}

void plain_destroy(plain *p)
{
    if (!p)
        return;
    free(p->rows);
    free(p);
}

size_t plain_levels(const plain_loops *levels[PLAIN_MOST_LEVELS])
{
    size_t count = 0;

#ifdef PLAIN_LEVELS
    const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");

    if (v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
        __builtin_cpu_supports("avx512vl"))
        levels[count++] = &plain_v4;
    if (v3)
        levels[count++] = &plain_v3;
#endif
    levels[count++] = &plain_baseline;
    return count;
}

const char *plain_level(const plain *p)
{
    return p->loops->level;
}

void plain_gradient(plain *p, const float *weights, float sigma, float *slopes)
{
    p->loops->gradient(p, weights, sigma, slopes);
}

void plain_full_forward(plain *p, const float *weights, float sigma, size_t step,
                        size_t count, float *slopes)
{
    p->loops->full_forward(p, weights, sigma, step, count, slopes);
}
