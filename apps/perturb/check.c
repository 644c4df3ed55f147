#include "check.h"

#include <math.h>
#include <stdlib.h>

#include "clock.h"

#define PIXELS  DIGITS_PIXELS
#define HIDDEN  MODEL_HIDDEN
#define CLASSES DIGITS_CLASSES
#define U       0x1p-24

/* Numbers that the bounds are made of. */
typedef struct sizes {
    double mean[PIXELS], mean_cube[PIXELS]; /* of |x_bi| */
    double largest[HIDDEN], range[HIDDEN];  /* of row j of W2: |W2_jc|, and R */
    double relative;                        /* rounding, before the means */
} sizes;

static void measure_inputs(const digits *d, sizes *s)
{
    for (size_t b = 0; b < d->count; b++)
        for (size_t i = 0; i < PIXELS; i++) {
            const double x = fabs((double)d->pixels[b * PIXELS + i]);

            s->mean[i] += x / (double)d->count;
            s->mean_cube[i] += x * x * x / (double)d->count;
        }
}

/* The largest |x| @ |W1|. */
static double largest_sum(const digits *d, const double *w1)
{
    double largest = 0;

    for (size_t b = 0; b < d->count; b++)
        for (size_t j = 0; j < HIDDEN; j++) {
            double sum = 0;

            for (size_t i = 0; i < PIXELS; i++)
                sum += fabs((double)d->pixels[b * PIXELS + i] * w1[i * HIDDEN + j]);
            largest = fmax(largest, sum);
        }
    return largest;
}

static void measure_weights(const digits *d, const double *w, sizes *s)
{
    const double *w2 = w + MODEL_W1;
    double columns[CLASSES] = {0}, column = 0, d1, d2;

    for (size_t j = 0; j < HIDDEN; j++) {
        double low = INFINITY, high = -INFINITY;

        for (size_t c = 0; c < CLASSES; c++) {
            const double x = w2[j * CLASSES + c];

            low = fmin(low, x);
            high = fmax(high, x);
            columns[c] += fabs(x);
            column = fmax(column, columns[c]);
        }
        s->largest[j] = fmax(fabs(low), fabs(high));
        s->range[j] = high - low;
    }
    d1 = (PIXELS + 6) * U * largest_sum(d, w);
    d2 = (HIDDEN + 6) * U * column + d1 * column;
    s->relative = ((double)d->count / 4 + 40) * U + 2 * d1 + 2 * d2;
}

static double third_derivative(const sizes *s, size_t n)
{
    double r;

    if (n >= MODEL_W1)
        return 0.0963;
    r = s->range[n % HIDDEN];
    return s->mean_cube[n / HIDDEN] * (2 * r + 0.578 * r * r + 0.0963 * r * r * r);
}

static double rounding(const sizes *s, size_t n)
{
    if (n >= MODEL_W1)
        return s->relative * 2;
    return s->relative * s->mean[n / HIDDEN] * 2 * s->largest[n % HIDDEN];
}

static void judge(const sizes *s, double sigma, const double *derivatives,
                  const float *slopes, check *out)
{
    out->ratio = -1;
    for (size_t n = 0; n < MODEL_COUNT; n++) {
        const double error = fabs((double)slopes[n] - derivatives[n]);
        const double cut = sigma * sigma / 6 * third_derivative(s, n);
        /* FLT_MIN: pixels that are always white have slopes and bounds of 0 */
        const double ratio = error / (cut + rounding(s, n) + 0x1p-126);

        out->error = fmax(out->error, isnan(error) ? INFINITY : error);
        out->largest = fmax(out->largest, fabs(derivatives[n]));
        if (!(ratio <= out->ratio)) {
            out->ratio = isnan(ratio) ? INFINITY : ratio;
            out->truncation = cut;
            out->rounding = rounding(s, n);
        }
    }
}

/* Weights and pixels in double: [MODEL_COUNT] and behind them the pixels. */
static double *widened(const digits *d, const float *weights)
{
    const size_t pixels = d->count * PIXELS;
    double *out = malloc((2 * MODEL_COUNT + pixels) * sizeof *out);

    for (size_t i = 0; out && i < MODEL_COUNT; i++)
        out[i] = weights[i];
    for (size_t i = 0; out && i < pixels; i++)
        out[2 * MODEL_COUNT + i] = d->pixels[i];
    return out;
}

bool check_gradient(const digits *train, const float *weights, double sigma,
                    const float *slopes, check *out, failure *why)
{
    const tsr_network_sizes size = {train->count, PIXELS, HIDDEN, CLASSES};
    double *wide = widened(train, weights), *derivatives;
    sizes s = {0};
    tsr_status status;

    if (!wide)
        return fail_with(why, EXIT_INPUT, "no memory for the analytic gradient");
    derivatives = wide + MODEL_COUNT;
    *out = (check){.seconds = -clock_now()};
    status = tsr_reference_network_gradient(&size, wide + 2 * MODEL_COUNT,
                                            train->labels, wide, wide + MODEL_W1,
                                            derivatives, derivatives + MODEL_W1);
    out->seconds += clock_now();
    if (!status) {
        measure_inputs(train, &s);
        measure_weights(train, wide, &s);
        judge(&s, sigma, derivatives, slopes, out);
    }
    free(wide);
    return !status || fail_call(why, status, "the analytic gradient");
}
