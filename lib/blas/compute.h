/* compute.h: a product on the device, or not at all. */
#ifndef TSR_BLAS_COMPUTE_H
#define TSR_BLAS_COMPUTE_H

#include "product.h"

/* True when the product is computed. False when the next BLAS is to do it: it would not
 * gain, there is no device, or the device failed; C is as it was before. `product` has
 * elements, a sum that is not empty, and an alpha that is not 0. */
bool tsr__compute(const tsr__product *product);

#endif /* TSR_BLAS_COMPUTE_H */
