/* first_use.h: TESSERA_TUNE=first-use, tuning when a class of problems is first met. */
#ifndef TSR_MATMUL_FIRST_USE_H
#define TSR_MATMUL_FIRST_USE_H

#include "matmul/problem.h"

/* Does nothing unless the device was opened so, nor for what the host multiplies. Otherwise,
 * if nothing is known of the problem's class, searches for at most two seconds and keeps what
 * comes of it; if nothing does, this process does not try again. One thread searches, others
 * go on meanwhile. */
void tsr__first_use(tsr_device *device, const tsr__problem *problem);

#endif /* TSR_MATMUL_FIRST_USE_H */
