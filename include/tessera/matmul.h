/* matmul.h: the product.
 *
 *     C = activation(alpha * A @ B + beta * C + bias)
 *
 *     A is [M, K], B is [K, N], C is [M, N], or [batch, ...] with rank 3. An operand of
 *     rank 2, or with a batch of 1, is used for every product of the batch.
 *
 * A transpose is a view (tsr_tensor_transpose); any strides are taken as they are.
 * alpha and beta are rounded to the tensors' dtype. As in BLAS, beta == 0 never reads C,
 * so a NaN there is gone, and alpha == 0 never reads A or B. K == 0 is an empty sum;
 * M, N or batch == 0 is nothing to do; neither is an error.
 *
 * Accuracy: before the activation, each element lies within
 *     gamma(K + 3) * (|alpha| * sum |a||b| + |beta||c| + |bias|) + (K + 3) * tiny
 * of the exact value; see oracle.h.
 */
#ifndef TESSERA_MATMUL_H
#define TESSERA_MATMUL_H

#include <stddef.h>

#include <tessera/status.h>
#include <tessera/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tsr_activation {
    TSR_ACTIVATION_NONE = 0,
    TSR_ACTIVATION_RELU = 1,    /* max(x, 0); NaN stays NaN */
    TSR_ACTIVATION_TANH = 2,    /* tanh(x) */
    TSR_ACTIVATION_SIGMOID = 3, /* 1 / (1 + exp(-x)) */
    TSR_ACTIVATION_GELU = 4     /* x / 2 * (1 + erf(x / sqrt(2))), the exact form */
} tsr_activation;

/* What one product was, written by the call when asked for. */
typedef struct tsr_matmul_report {
    /* Who did it: "stream", "panel", ...; "epilogue" for an empty sum (K == 0 or
     * alpha == 0); "none" when there was nothing to do. Lives as long as the program. */
    const char *strategy;
    double build_seconds;     /* spent building kernels for it; 0 if they were there */
    double estimated_seconds; /* a record's time, else the cost model's guess; 0 if the
                                 strategy was forced and there is no record of it */
} tsr_matmul_report;

/* Begin with TSR_MATMUL_OPTIONS_DEFAULT and change what you want: options of all zeros
 * have an alpha of 0, which makes an empty sum. */
typedef struct tsr_matmul_options {
    double alpha; /* 1 */
    double beta;  /* 0 */
    /* Added to every element; NULL for none. Same dtype and device as C; its shape must
     * broadcast to C's: axes are matched from the right, a length of 1 repeats, and
     * missing axes repeat. [N] is one value per column. */
    const tsr_tensor *bias;
    tsr_activation activation;
    /* Which strategy: NULL for the router's choice (or $TESSERA_STRATEGY, as it was when
     * the device was opened). A name that cannot run this problem is UNSUPPORTED. */
    const char *strategy;
    tsr_matmul_report *report; /* NULL for none */
} tsr_matmul_options;

#define TSR_MATMUL_OPTIONS_DEFAULT                                                     \
    {                                                                                  \
        1.0, 0.0, NULL, TSR_ACTIVATION_NONE, NULL, NULL                                \
    }

/* Enqueues the product and returns; tsr_tensor_read or tsr_device_finish waits for it.
 * The first call for a shape may build a kernel, which takes up to seconds. `options`
 * may be NULL: C = A @ B. The operands may be destroyed as soon as the call returns.
 *
 * A product so small that waking a CPU's threads for it shows (up to 256 x 256 x 256) is made
 * by the calling thread, in order, and is done on return: on a CPU device whose memory is
 * the host's, if all matrices are borrowed arrays, and if neither the device's queue was
 * the caller's or asked for (interop.h) nor any product was given events to wait for. One of
 * the device's threads may help, and then stays awake for 50 us in case another one follows.
 * If the driver has pinned that thread to the caller's CPU, the calling thread is moved to
 * another one of those that it may run on.
 *
 * Any thread; see tensor.h about several threads writing one tensor.
 *
 * Errors: ARGUMENT (NULL, dtypes or devices differ, no such strategy in this build, a C
 * that cannot be written: elements share memory, or an adopted read-only buffer), SHAPE
 * (the detail shows all three), OVERFLOW (M*N*K beyond size_t), ALIAS (C shares memory
 * with A, B or bias), UNSUPPORTED (the strategy asked for; the detail says why),
 * DEVICE_MEMORY, HOST_MEMORY, BUILD, OPENCL, CLBLAST, DEVICE_LOST. */
TSR_EXPORT tsr_status tsr_matmul(const tsr_tensor *a, const tsr_tensor *b,
                                 tsr_tensor *c, const tsr_matmul_options *options);

/* Does the product once and waits. *seconds is what the device's own clock says between
 * the moment it could begin and the end of its last command; 0 where that clock says
 * nothing (rusticl on llvmpipe).
 * Errors: as tsr_matmul. */
TSR_EXPORT tsr_status tsr_matmul_device_time(const tsr_tensor *a, const tsr_tensor *b,
                                             tsr_tensor *c,
                                             const tsr_matmul_options *options,
                                             double *seconds);

/* The strategies of this build, in the order of the table. A build without CLBlast lacks
 * "clblast". Names live as long as the program. */
TSR_EXPORT size_t tsr_strategy_count(void);
TSR_EXPORT const char *tsr_strategy_name(size_t index); /* NULL if out of range */

/* "none", "relu", ...; "unknown" for a value that is no activation. */
TSR_EXPORT const char *tsr_activation_name(tsr_activation activation);

#ifdef __cplusplus
}
#endif

#endif /* TESSERA_MATMUL_H */
