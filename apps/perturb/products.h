/* products.h: what perturbed products cost, against copies of the weights. */
#ifndef PERTURB_PRODUCTS_H
#define PERTURB_PRODUCTS_H

#include "options.h"

#define PRODUCTS_K 6400
#define PRODUCTS_N 5000

/* Seconds for x[1,K] @ (W + sigma E_p), W[K,N], over all directions. */
typedef struct product_row {
    tsr_noise noise;
    bool pairs;      /* half as many E_p, each up and down */
    double together; /* one call */
    double without;  /* the same with ones for random numbers */
    double separate; /* each: copy W, add sigma E_p, multiply */
} product_row;

#define PRODUCT_ROWS 4

typedef struct products {
    size_t directions;
    double unperturbed; /* seconds of x @ W */
    double extra_bytes; /* of device memory that one call takes, beside x, W and y */
    double copy_bytes;  /* of one perturbed copy */
    product_row rows[PRODUCT_ROWS];
} products;

/* Measures; Ctrl-C ends it with that failure. */
bool products_run(const options *o, tsr_device *device, products *out, failure *why);

/* For people. */
void products_print(const products *p);

#endif /* PERTURB_PRODUCTS_H */
