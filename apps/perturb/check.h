/* check.h: differences against the analytic gradient, and what theory allows between. */
#ifndef PERTURB_CHECK_H
#define PERTURB_CHECK_H

#include "model.h"

typedef struct check {
    double seconds;              /* that backpropagation took, in plain C and double */
    double error;                /* largest |difference - derivative| of all weights */
    double largest;              /* |derivative| */
    double ratio;                /* largest error / bound; right is <= 1 */
    double truncation, rounding; /* of the weight with that ratio: parts of its bound */
} check;

/* The bound for each weight. Truncation: sigma^2 / 6 times the most its third derivative
 * can be,
 *
 *     W1[i, j]   mean |x_bi|^3 (2 R + 0.578 R^2 + 0.0963 R^3),   R = max_c W2_jc - min_c W2_jc
 *     W2[j, c]   mean |h_bj|^3 0.0963
 *
 * from |tanh'|, |tanh''|, |tanh'''| <= 1, 0.77, 2 and from the cumulants of a number in a
 * range of R: at most R, R^2 / 4, R^3 / (6 sqrt 3). Rounding: u = 2^-24 times the terms of
 * tsr_network_try_weights, and what the rounding of h and z does to a derivative:
 *
 *     ((B / 4 + 40) u + 2 d1 + 2 d2) mean |x_bi| 2 max_c |W2_jc|,   mean |h_bj| for W2
 *     d1 = (64 + 6) u max |x| @ |W1|, d2 = (32 + 6) u max_c sum_j |W2_jc| + d1 that sum
 */
bool check_gradient(const digits *train, const float *weights, double sigma,
                    const float *slopes, check *out, failure *why);

#endif /* PERTURB_CHECK_H */
