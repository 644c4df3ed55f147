/* perturb.h: what a change of the weights does, for many changes at once.
 *
 * Training without backpropagation asks for the loss at weights that are a little off:
 * along random directions (Spall, "Multivariate stochastic approximation using a
 * simultaneous perturbation gradient approximation", 1992; Salimans et al., "Evolution
 * strategies as a scalable alternative to reinforcement learning", 2017; Malladi et al.,
 * "Fine-tuning language models with just forward passes", MeZO, 2023), or one weight after
 * another. Done by hand, each trial copies or rewrites the weights. Here it does not:
 *
 *     directions    y_p = x @ (W + sigma * E_p) = x @ W + sigma * (x @ E_p)
 *                   W is read once for all p; E_p is made inside the kernel, from numbers
 *                   that depend on (seed, matrix, p, row, column) alone, and never stored.
 *     weights       one weight changes one hidden unit, or one logit: the loss follows
 *                   from that one column instead of the whole product.
 *
 * Lengths are in elements. What a call enqueues, and who may call it from which thread, is
 * as in matmul.h.
 */
#ifndef TESSERA_PERTURB_H
#define TESSERA_PERTURB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tessera/matmul.h>
#include <tessera/status.h>
#include <tessera/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Noise ---------------------------------------------------------------------- */

/* What the elements of E_p are. */
typedef enum tsr_noise {
    TSR_NOISE_RADEMACHER =
        0,                  /* -1 or 1, each half of the time; exact on every device */
    TSR_NOISE_GAUSSIAN = 1, /* mean 0, variance 1; to 2^-20 the same on every device */
    TSR_NOISE_ONES = 2      /* 1: no random numbers, to see what they cost */
} tsr_noise;

/* Which E_p, and how they are used. */
typedef struct tsr_perturbation {
    tsr_noise noise;
    uint64_t seed;
    uint32_t matrix; /* below 2^24: each weight matrix has numbers of its own */
    uint32_t first;  /* the first direction's number: p counts from here */
    bool antithetic; /* in pairs: with W + sigma * E_p, then W - sigma * E_p */
    double sigma;    /* finite, not 0 */
} tsr_perturbation;

/* Elements of E_p in plain C: columns first .. first + count - 1 of `row`.
 *
 * The four words a, b, c, d of a block of Philox4x32-10 (see tsr_tensor_fill_uniform) with
 * key = seed and counter = (column, row / rows of a block, p, 4 * matrix + kind) make
 *
 *     Rademacher   kind 1, 128 rows: 1 - 2 * (bit row % 32 of word row % 128 / 32)
 *     Gaussian     kind 2, 4 rows (Box and Muller, 1958):
 *                  r cos t, r sin t with r = sqrt(-2 ln(((a >> 8) + 1) * 2^-24)),
 *                  t = 2 pi b * 2^-32; then the same of c and d. |E| < 5.8.
 *
 * Needs no device; any thread. Errors: ARGUMENT. */
TSR_EXPORT tsr_status tsr_noise_elements(const tsr_perturbation *how, uint32_t p,
                                         uint32_t row, uint32_t first, size_t count,
                                         float *out);

/* ---- Directions ----------------------------------------------------------------- */

/* Enqueues  y[p] = activation(x @ (W + sigma * E_p)).
 *
 *     W  [K, N]
 *     x  [M, K], one for all directions, or [P, M, K], one for each
 *     y  [P, M, N]; with `antithetic` P is even, and y[2 q] and y[2 q + 1] are a pair:
 *        W + sigma * E_q, W - sigma * E_q
 *
 * x @ W is one product by tsr_matmul; x @ E_p takes K * N random numbers for each
 * direction or pair, made where they are used. Memory: sums as large as y, and x once
 * more. Any strides. x, W and y share dtype and device.
 *
 * Accuracy: each element lies, before the activation, within
 *     gamma(K + 4) * sum_k |x_k| (|w_k| + |sigma e_k|)   of the exact value,
 * for Gaussian noise plus 2^-20 |sigma| sum_k |x_k|.
 *
 * Errors: ARGUMENT (NULL; dtypes or devices differ; sigma is 0 or not finite; no such
 * noise or activation; y cannot be written), SHAPE (they do not fit, P is 0 or odd where
 * pairs are wanted), ALIAS (y shares memory with x or W), UNSUPPORTED (a driver that stops
 * long loops, see the detail), OVERFLOW, and as tsr_matmul. */
TSR_EXPORT tsr_status tsr_perturb_product(const tsr_tensor *x, const tsr_tensor *w,
                                          tsr_tensor *y, const tsr_perturbation *how,
                                          tsr_activation activation);

/* Enqueues  W += sum_p coefficients[p] * E_p  over `count` directions, with the same E_p;
 * `sigma` and `antithetic` of `how` mean nothing here. A step down the gradient that
 * trials have estimated, or, with one direction, a perturbed copy.
 * `coefficients` is dense and of W's dtype; it may be changed once the call returns.
 * Errors: ARGUMENT (NULL, no such noise, W cannot be written), SHAPE (W is not of rank 2),
 * OVERFLOW, DEVICE_MEMORY, HOST_MEMORY, BUILD, OPENCL, DEVICE_LOST. */
TSR_EXPORT tsr_status tsr_perturb_step(tsr_tensor *w, const tsr_perturbation *how,
                                       size_t count, const void *coefficients);

/* ---- A network ------------------------------------------------------------------ */

/* Two layers and a loss, over a batch of B inputs:
 *
 *     h = tanh(x @ W1),  z = h @ W2,  loss = mean over b of  ln sum_c e^z_bc - z_b,label(b)
 *
 * x [B, K], W1 [K, H], W2 [H, C]. A bias is a weight of an input that is always 1. */
typedef struct tsr_network tsr_network;

/* Keeps views of the three tensors, which may be destroyed and whose content may change
 * between calls; copies the labels. Memory of its own: about B * (K + 3 H + 2 C) elements.
 * For one thread at a time.
 * Errors: ARGUMENT (NULL; dtypes or devices differ; a label not below C: the detail says
 * which), SHAPE (ranks, lengths that do not fit, or a length of 0), and as
 * tsr_tensor_create. */
TSR_EXPORT tsr_status tsr_network_create(const tsr_tensor *x, const uint32_t *labels,
                                         const tsr_tensor *w1, const tsr_tensor *w2,
                                         tsr_network **out);
TSR_EXPORT void tsr_network_destroy(tsr_network *network);

/* The loss, and how many inputs have their label's logit as the largest (the first of
 * equals). Waits. Either may be NULL.
 * Errors: as tsr_matmul. */
TSR_EXPORT tsr_status tsr_network_loss(tsr_network *network, double *loss,
                                       size_t *right);

/* Enqueues, for every weight, by how much the loss changes with that weight alone:
 *
 *     d1 [2, K, H],  d1[0] = loss(w + sigma) - loss(w),  d1[1] = loss(w - sigma) - loss(w)
 *     d2 [2, H, C]   the same for W2
 *
 * so that (d[0] - d[1]) / (2 sigma) is the central difference. The cost is that of B * C
 * exponentials for a weight of W1 and of B for one of W2, not of a product.
 *
 * Why changes: a loss is near 1 and its changes near sigma; subtracting two losses would
 * leave eps / sigma of noise. Nothing is subtracted here:
 *
 *     tanh(a + b) - h = t (1 - h^2) / (1 + t h),     t = tanh(b), b = sigma x_bi
 *     d loss_b        = ln(1 + sum_c p_c (e^(d z_c) - 1)) - d z_label,    p = softmax(z)
 *
 * Accuracy of the central difference: the truncation, sigma^2 / 6 times the largest third
 * derivative, plus rounding that does not grow as sigma shrinks: at most about
 * (B / lanes + 40) u times the mean over b of |x_bi| (sum_c p_c |W2_jc| + |W2_j,label|) for
 * W1, |h_bj| (p_c + [c = label]) for W2, u as in oracle.h. sigma = eps^(1/3), 5e-3 for f32,
 * is where the two meet for differences of losses; here a tenth of that costs no digits.
 *
 * Errors: ARGUMENT (sigma 0 or not finite, dtypes, devices, results that cannot be
 * written), SHAPE, ALIAS (results and operands, or the two results), and as tsr_matmul. */
TSR_EXPORT tsr_status tsr_network_try_weights(tsr_network *network, double sigma,
                                              tsr_tensor *d1, tsr_tensor *d2);

/* Enqueues, for the directions of `how`, by how much the loss changes when both layers are
 * perturbed, W1 by matrix how->matrix and W2 by the next: changes [P], in pairs if
 * `antithetic`, P as in tsr_perturb_product. Memory: about P * B * (2 H + 2 C) elements.
 * Errors: as tsr_perturb_product. */
TSR_EXPORT tsr_status tsr_network_try_directions(tsr_network *network,
                                                 const tsr_perturbation *how,
                                                 tsr_tensor *changes);

/* ---- Plain C -------------------------------------------------------------------- */

/* The definitions, on host arrays, dense and row-major, summed in double. They need no
 * device, are slow, and judge the calls above in the tests. */

/* y_p of one direction, number p (how->first is not added): [M, N]; `sign` is 1 or -1.
 * Errors: ARGUMENT. */
TSR_EXPORT tsr_status tsr_reference_perturb_product(size_t m, size_t n, size_t k,
                                                    const double *x, const double *w,
                                                    const tsr_perturbation *how,
                                                    uint32_t p, double sign, double *y);

/* Sizes of a network. */
typedef struct tsr_network_sizes {
    size_t batch, inputs, hidden, classes; /* B, K, H, C */
} tsr_network_sizes;

/* The loss by a whole forward pass. Errors: ARGUMENT, HOST_MEMORY. */
TSR_EXPORT tsr_status tsr_reference_network_loss(const tsr_network_sizes *sizes,
                                                 const double *x,
                                                 const uint32_t *labels,
                                                 const double *w1, const double *w2,
                                                 double *loss, size_t *right);

/* The analytic gradient, by backpropagation: g1 [K, H], g2 [H, C].
 * Errors: ARGUMENT, HOST_MEMORY. */
TSR_EXPORT tsr_status tsr_reference_network_gradient(const tsr_network_sizes *sizes,
                                                     const double *x,
                                                     const uint32_t *labels,
                                                     const double *w1, const double *w2,
                                                     double *g1, double *g2);

#ifdef __cplusplus
}
#endif

#endif /* TESSERA_PERTURB_H */
