/* plain_loops.c: compiled once for each level: PLAIN_LOOPS, named PLAIN_LEVEL. */
#include "plain_loops.h"

#include <math.h>
#include <string.h>

#define STRIP   PLAIN_STRIP
#define PIXELS  DIGITS_PIXELS
#define HIDDEN  MODEL_HIDDEN
#define CLASSES DIGITS_CLASSES

/* ---- Forward ------------------------------------------------------------------------ */

/* out[columns] += x @ w, by rows of images: [inputs] x [inputs, columns]. */
static void multiply(const plain *p, const float *x, size_t inputs, const float *w,
                     size_t columns, float *out)
{
    for (size_t j = 0; j < columns; j++) {
        float *restrict row = out + j * p->width;

        memset(row, 0, p->width * sizeof *row);
        for (size_t i = 0; i < inputs; i++) {
            const float *from = x + i * p->width;

            for (size_t b = 0; b < p->width; b++)
                row[b] += from[b] * w[i * columns + j];
        }
    }
}

/* h and p, and the sum of the losses. */
static double forward(plain *p, const float *weights)
{
    double sum = 0;

    multiply(p, p->x, PIXELS, weights, HIDDEN, p->h);
    for (size_t n = 0; n < HIDDEN * p->width; n++)
        p->h[n] = tanhf(p->h[n]);
    multiply(p, p->h, HIDDEN, weights + MODEL_W1, CLASSES, p->p);
    for (size_t b = 0; b < p->count; b++) {
        float largest = p->p[b], total = 0, own;

        for (size_t c = 1; c < CLASSES; c++)
            largest = fmaxf(largest, p->p[c * p->width + b]);
        own = p->p[p->labels[b] * p->width + b];
        for (size_t c = 0; c < CLASSES; c++)
            total += p->p[c * p->width + b] = expf(p->p[c * p->width + b] - largest);
        for (size_t c = 0; c < CLASSES; c++)
            p->p[c * p->width + b] /= total;
        sum += (double)(logf(total) - (own - largest));
    }
    return sum;
}

static void full_forward(plain *p, const float *weights, float sigma, size_t step,
                         size_t count, float *slopes)
{
    memcpy(p->weights, weights, sizeof p->weights);
    for (size_t n = 0; n < count; n++) {
        const size_t i = n * step;
        double up, down;

        p->weights[i] = weights[i] + sigma;
        up = forward(p, p->weights);
        p->weights[i] = weights[i] - sigma;
        down = forward(p, p->weights);
        p->weights[i] = weights[i];
        slopes[n] = (float)((up - down) / (2 * (double)sigma) / (double)p->count);
    }
}

/* ---- One column ----------------------------------------------------------------------- */

/* e^x - 1, as in kernels/network.cl. */
static inline float less_one(float x)
{
    const float in_reach = x > 88 ? 88 : x < -87 ? -87 : x;
    const float n = rintf(in_reach * 1.44269504f);
    const float r = in_reach - n * 0.693359375f - n * -2.12194440e-4f;
    const int32_t bits = ((int32_t)n + 127) << 23;
    float p = r * 1.98412698e-4f + 1.38888889e-3f, scale;

    p = p * r + 8.33333333e-3f;
    p = p * r + 4.16666667e-2f;
    p = p * r + 1.66666667e-1f;
    p = p * r + 0.5f;
    p = p * r * r + r;
    memcpy(&scale, &bits, sizeof scale);
    return scale * p + (scale - 1);
}

/* Sums of the changes of the loss, a lane each, up and down. */
typedef struct sums {
    float up[STRIP], down[STRIP];
} sums;

static float slope_of(const sums *s, const plain *p, float sigma)
{
    float up = 0, down = 0;

    for (size_t l = 0; l < STRIP; l++) {
        up += s->up[l];
        down += s->down[l];
    }
    return (up - down) / (2 * sigma) / (float)p->count;
}

/* W1[i, j]: a strip of images from b on. */
static void first_layer_strip(const plain *p, size_t i, size_t j, const float *w2,
                              size_t b, sums *s)
{
    const float *t = p->t + i * p->width + b, *h = p->h + j * p->width + b;
    const float *own = p->own + j * p->width + b;
    float a[STRIP], c[STRIP], with_a[STRIP], with_c[STRIP];

    for (size_t l = 0; l < STRIP; l++) {
        const float slope = t[l] * (1 - h[l]) * (1 + h[l]);

        a[l] = slope / (1 + t[l] * h[l]);
        c[l] = -slope / (1 - t[l] * h[l]);
        with_a[l] = with_c[l] = 0;
    }
    for (size_t k = 0; k < CLASSES; k++) {
        const float *share = p->p + k * p->width + b, w = w2[j * CLASSES + k];

        for (size_t l = 0; l < STRIP; l++) {
            with_a[l] += share[l] * less_one(a[l] * w);
            with_c[l] += share[l] * less_one(c[l] * w);
        }
    }
    for (size_t l = 0; l < STRIP; l++) {
        s->up[l] += log1pf(with_a[l]) - a[l] * own[l];
        s->down[l] += log1pf(with_c[l]) - c[l] * own[l];
    }
}

/* W2[j, k]. */
static void second_layer_strip(const plain *p, size_t j, size_t k, float sigma,
                               size_t b, sums *s)
{
    const float *h = p->h + j * p->width + b, *share = p->p + k * p->width + b;
    float a[STRIP], with_a[STRIP], with_c[STRIP];

    for (size_t l = 0; l < STRIP; l++) {
        a[l] = sigma * h[l];
        with_a[l] = share[l] * less_one(a[l]);
        with_c[l] = share[l] * less_one(-a[l]);
        a[l] = p->label[b + l] == (float)k ? a[l] : 0;
    }
    for (size_t l = 0; l < STRIP; l++) {
        s->up[l] += log1pf(with_a[l]) - a[l];
        s->down[l] += log1pf(with_c[l]) + a[l];
    }
}

static void gradient(plain *p, const float *weights, float sigma, float *slopes)
{
    const float *w2 = weights + MODEL_W1;

    forward(p, weights);
    for (size_t n = 0; n < PIXELS * p->width; n++)
        p->t[n] = tanhf(sigma * p->x[n]);
    for (size_t j = 0; j < HIDDEN; j++)
        for (size_t b = 0; b < p->count; b++)
            p->own[j * p->width + b] = w2[j * CLASSES + p->labels[b]];
    /* zeros behind the last image: h of no pixels is 0, and so are t and own; p is not */
    for (size_t c = 0; c < CLASSES; c++)
        for (size_t b = p->count; b < p->width; b++)
            p->p[c * p->width + b] = 0;
    for (size_t n = 0; n < MODEL_COUNT; n++) {
        const bool first = n < MODEL_W1;
        const size_t k = first ? n : n - MODEL_W1;
        sums s = {0};

        for (size_t b = 0; b < p->width; b += STRIP)
            if (first)
                first_layer_strip(p, k / HIDDEN, k % HIDDEN, w2, b, &s);
            else
                second_layer_strip(p, k / CLASSES, k % CLASSES, sigma, b, &s);
        slopes[n] = slope_of(&s, p, sigma);
    }
}

const plain_loops PLAIN_LOOPS = {PLAIN_LEVEL, gradient, full_forward};
