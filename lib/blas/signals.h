/* signals.h: drivers set signal handlers; a program must not find its own changed. */
#ifndef TSR_BLAS_SIGNALS_H
#define TSR_BLAS_SIGNALS_H

#include <signal.h>

#define TSR__SIGNALS 32 /* the numbers below it; no driver touches those above */

typedef struct tsr__signals {
    struct sigaction actions[TSR__SIGNALS];
} tsr__signals;

void tsr__signals_save(tsr__signals *signals);

/* Puts back every action that is another one now. */
void tsr__signals_restore(const tsr__signals *signals);

#endif /* TSR_BLAS_SIGNALS_H */
