/* digits.h: handwritten digits from a file (data/README.md), in two parts. */
#ifndef PERTURB_DIGITS_H
#define PERTURB_DIGITS_H

#include <stddef.h>
#include <stdint.h>

#include "failure.h"

#define DIGITS_PIXELS  64
#define DIGITS_CLASSES 10

/* Images, dense: [count][DIGITS_PIXELS], each pixel 0 to 1. */
typedef struct digits {
    size_t count;
    float *pixels;    /* owned */
    uint32_t *labels; /* owned */
} digits;

/* Every fifth image is held out. A file that is cut short, or says what no image can be,
 * is a failure that names its line. */
bool digits_read(const char *path, digits *train, digits *held_out, failure *why);
void digits_free(digits *d);

/* Where the file shipped with the program is: beside it, or installed. Lent. */
const char *digits_shipped(void);

#endif /* PERTURB_DIGITS_H */
