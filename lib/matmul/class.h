/* class.h: problems that one record speaks for.
 *
 * What chooses between strategies and parameters besides size is kept as it is: dtype,
 * how each matrix is stored, whether there is an epilogue, what is prepared. Sizes are
 * exact to 16, where tiles of 4 to 12 rows make each row more a step, and the nearest
 * quarter of an octave above that: at most 9% off, which moves a time by that much and
 * hardly ever another candidate past it. A size that vectors and tiles divide (16) is
 * apart from one they do not, because some kernels have a fast way for the former only.
 */
#ifndef TSR_MATMUL_CLASS_H
#define TSR_MATMUL_CLASS_H

#include <stdint.h>

#include "matmul/problem.h"

/* Longest text of a class, with its terminator. */
#define TSR__CLASS_SIZE 128

typedef struct tsr__class {
    uint64_t code; /* equal for equal classes, and never 0 */
} tsr__class;

tsr__class tsr__class_of(const tsr__problem *problem);

/* A problem of these sizes, with operands stored and prepared as the class says. It is one
 * of the class if its sizes are. */
tsr__problem tsr__class_problem(tsr__class of, size_t m, size_t n, size_t k,
                                size_t batch);

/* "f32 1x~4871x~6889/16 rows rows rows", and what is not as usual: "times ~256",
 * "epilogue", "A prepared", "B prepared". The "/16" says that 16 divides. */
void tsr__class_text(tsr__class of, char text[TSR__CLASS_SIZE]);

/* The class with that text; false if there is none. */
bool tsr__class_parse(const char *text, tsr__class *out);

#endif /* TSR_MATMUL_CLASS_H */
