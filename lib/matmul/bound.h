/* bound.h: how far from the exact value a right element may be. The formulas, and where
 * they come from, are in bound.c. */
#ifndef TSR_MATMUL_BOUND_H
#define TSR_MATMUL_BOUND_H

#include <tessera/oracle.h>

/* One element as it should be. */
typedef struct tsr__expected {
    long double exact; /* after the activation */
    double bound;      /* largest right |c - exact|; > 0, may be infinite */
    /* Whether a partial sum may leave the dtype's range upwards or downwards on the way.
     * Then no result can be blamed for being what becomes of that infinity. */
    bool may_overflow, may_underflow;
} tsr__expected;

/* The expectation for an element whose value before the activation is `value` and whose
 * terms' absolute values sum to `magnitude`. alpha is already rounded to the dtype. */
tsr__expected tsr__expect(const tsr_host_product *product, long double value,
                          long double magnitude);

/* The expectation for the sum of `count` elements of a row, each taken with sign + or -,
 * without an activation. */
tsr__expected tsr__expect_sum(const tsr_host_product *product, size_t count,
                              long double value, long double magnitude);

/* |got - exact| / bound: right is <= 1. Infinite where got is NaN or infinite and should
 * not be, or should be and is not. */
double tsr__error_ratio(const tsr_host_product *product, const tsr__expected *expected,
                        long double got);

#endif /* TSR_MATMUL_BOUND_H */
