/* The definitions of perturb.h in plain C. */
#include <math.h>
#include <stdlib.h>

#include "base/checked.h"
#include "base/error.h"
#include "perturb/noise.h"

/* ---- Directions ----------------------------------------------------------------- */

tsr_status tsr_reference_perturb_product(size_t m, size_t n, size_t k, const double *x,
                                         const double *w, const tsr_perturbation *how,
                                         uint32_t p, double sign, double *y)
{
    tsr_status status = tsr__perturbation_check(how);

    if (status)
        return status;
    if (!x || !w || !y)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s is NULL", !x ? "x" : !w ? "W" : "y");
    if (n > UINT32_MAX || k > UINT32_MAX)
        return tsr__fail(TSR_ERROR_ARGUMENT, "K and N must be below 2^32");
    for (size_t i = 0; i < m * n; i++)
        y[i] = 0;
    for (uint32_t row = 0; row < k; row++)
        for (uint32_t j = 0; j < n; j++) {
            float e;

            if ((status = tsr_noise_elements(how, p, row, j, 1, &e)))
                return status;
            for (size_t i = 0; i < m; i++)
                y[i * n + j] +=
                    x[i * k + row] * (w[row * n + j] + sign * how->sigma * e);
        }
    return TSR_OK;
}

/* ---- A network ------------------------------------------------------------------ */

/* One input on its way through. */
typedef struct pass {
    const tsr_network_sizes *sizes;
    const double *w1, *w2;
    double *h; /* [H] */
    double *p; /* [C]: probabilities */
    double *scratch;
} pass;

static tsr_status begin(pass *s, const tsr_network_sizes *sizes, const double *x,
                        const uint32_t *labels, const double *w1, const double *w2)
{
    size_t count;

    if (!sizes || !x || !labels || !w1 || !w2)
        return tsr__fail(TSR_ERROR_ARGUMENT, "an array of the network is NULL");
    for (size_t b = 0; b < sizes->batch; b++)
        if (labels[b] >= sizes->classes)
            return tsr__fail(TSR_ERROR_ARGUMENT,
                             "label %zu is %u; there are %zu classes", b,
                             (unsigned)labels[b], sizes->classes);
    *s = (pass){.sizes = sizes, .w1 = w1, .w2 = w2};
    if (!tsr__add(sizes->hidden, sizes->classes, &count) ||
        !(s->scratch = calloc(count ? count : 1, sizeof *s->scratch)))
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no host memory for the network");
    s->h = s->scratch;
    s->p = s->scratch + sizes->hidden;
    return TSR_OK;
}

/* The loss of one input, with h and p. */
static double forward(const pass *s, const double *x, uint32_t label, bool *right)
{
    const size_t inputs = s->sizes->inputs, hidden = s->sizes->hidden;
    const size_t classes = s->sizes->classes;
    double largest = -INFINITY, sum = 0, own;
    size_t best = 0;

    for (size_t j = 0; j < hidden; j++) {
        double z = 0;

        for (size_t i = 0; i < inputs; i++)
            z += x[i] * s->w1[i * hidden + j];
        s->h[j] = tanh(z);
    }
    for (size_t c = 0; c < classes; c++) {
        s->p[c] = 0;
        for (size_t j = 0; j < hidden; j++)
            s->p[c] += s->h[j] * s->w2[j * classes + c];
        if (s->p[c] > largest) {
            largest = s->p[c];
            best = c;
        }
    }
    *right = best == label;
    own = s->p[label];
    for (size_t c = 0; c < classes; c++)
        sum += s->p[c] = exp(s->p[c] - largest);
    for (size_t c = 0; c < classes; c++)
        s->p[c] /= sum;
    return log(sum) - (own - largest);
}

tsr_status tsr_reference_network_loss(const tsr_network_sizes *sizes, const double *x,
                                      const uint32_t *labels, const double *w1,
                                      const double *w2, double *loss, size_t *right)
{
    double sum = 0;
    size_t count = 0;
    pass s;
    tsr_status status = begin(&s, sizes, x, labels, w1, w2);

    if (status)
        return status;
    for (size_t b = 0; b < sizes->batch; b++) {
        bool is_right;

        sum += forward(&s, x + b * sizes->inputs, labels[b], &is_right);
        count += is_right;
    }
    free(s.scratch);
    if (loss)
        *loss = sum / (double)sizes->batch;
    if (right)
        *right = count;
    return TSR_OK;
}

tsr_status tsr_reference_network_gradient(const tsr_network_sizes *sizes,
                                          const double *x, const uint32_t *labels,
                                          const double *w1, const double *w2,
                                          double *g1, double *g2)
{
    const size_t inputs = sizes ? sizes->inputs : 0, hidden = sizes ? sizes->hidden : 0;
    const size_t classes = sizes ? sizes->classes : 0;
    pass s;
    tsr_status status = begin(&s, sizes, x, labels, w1, w2);

    if (status)
        return status;
    for (size_t i = 0; i < inputs * hidden; i++)
        g1[i] = 0;
    for (size_t i = 0; i < hidden * classes; i++)
        g2[i] = 0;
    for (size_t b = 0; b < sizes->batch; b++) {
        bool is_right;

        forward(&s, x + b * inputs, labels[b], &is_right);
        s.p[labels[b]] -= 1; /* now the loss's slope in each logit */
        for (size_t j = 0; j < hidden; j++) {
            double slope = 0;

            for (size_t c = 0; c < classes; c++) {
                g2[j * classes + c] += s.h[j] * s.p[c] / (double)sizes->batch;
                slope += s.p[c] * w2[j * classes + c];
            }
            slope *= (1 - s.h[j] * s.h[j]) / (double)sizes->batch;
            for (size_t i = 0; i < inputs; i++)
                g1[i * hidden + j] += x[b * inputs + i] * slope;
        }
    }
    free(s.scratch);
    return TSR_OK;
}
