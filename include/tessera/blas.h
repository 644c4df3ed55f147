/* blas.h: what libtessera_blas has beside BLAS's own names.
 *
 * The library answers sgemm, dgemm, sgemv and dgemv, as Fortran and as CBLAS spell them,
 * and cblas_{s,d}gemm_batch_strided; see tessera-blas(7). For those use any cblas.h: this
 * header declares none of them, so that the two can be included together. Not part of
 * tessera.h: link with tessera::blas.
 */
#ifndef TESSERA_BLAS_H
#define TESSERA_BLAS_H

#include <stddef.h>

#include <tessera/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How many calls a device has computed in this process (and, after a fork, in its parent
 * before that); a batch counts once. The other calls went to the next BLAS. Any thread. */
TSR_EXPORT size_t tsr_blas_products(void);

#ifdef __cplusplus
}
#endif

#endif /* TESSERA_BLAS_H */
