/* next.h: the BLAS that computes what no device does.
 *
 * The library at $TESSERA_BLAS_FALLBACK; else the next one in the dynamic linker's order;
 * else one that was loaded out of that order, as Python loads what its modules need; else
 * plain C. Looked for once, at the first call.
 */
#ifndef TSR_BLAS_NEXT_H
#define TSR_BLAS_NEXT_H

#include <stdbool.h>

#include "call.h"

/* Whether there is one; otherwise these calls run in plain C. */
bool tsr__next_exists(void);

void tsr__next_gemm(const tsr__gemm *call);
void tsr__next_gemv(const tsr__gemv *call);

/* Any function of the next BLAS, to be copied into a pointer to it, or NULL. */
void *tsr__next_symbol(const char *name);

#endif /* TSR_BLAS_NEXT_H */
