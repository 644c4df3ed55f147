/* seed.h: the seed product once, each stage timed, and the data it is made of. */
#ifndef STARTUP_SEED_H
#define STARTUP_SEED_H

#include <stdbool.h>

/* Milliseconds of one process's first product. */
typedef struct times {
    double open;    /* tsr_device_open */
    double borrow;  /* tsr_tensor_borrow_host of the 128 MB operand */
    double product; /* tsr_matmul and tsr_tensor_read of the result */
    double total;   /* from before the first to after the last of these */
} times;

/* Makes the data, then does 1x6400 @ 6400x5000 f32 on the default device. The data are
 * small integers, so the result must be exact. False, with a line on stderr, if a call
 * fails or the result is wrong. *no_device says if it was for want of a device. */
bool seed_product(times *out, bool *no_device);

/* Milliseconds on a clock that only goes forward. */
double milliseconds(void);

#endif /* STARTUP_SEED_H */
