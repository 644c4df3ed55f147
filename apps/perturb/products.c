#include "products.h"

#include <math.h>
#include <stdio.h>

#include "clock.h"
#include "progress.h"
#include "text.h"

#define ROUNDS 3

/* What is multiplied. */
typedef struct operands {
    tsr_device *device;
    tsr_tensor *x, *w, *copy;
    tsr_tensor *y;     /* [P, 1, N] */
    tsr_tensor *first; /* y[0] */
    size_t p;
} operands;

static tsr_status make(tsr_device *device, size_t p, operands *out)
{
    const size_t x[2] = {1, PRODUCTS_K}, w[2] = {PRODUCTS_K, PRODUCTS_N};
    const size_t y[3] = {p, 1, PRODUCTS_N};
    tsr_status status;

    *out = (operands){.device = device, .p = p};
    if ((status = tsr_tensor_create(device, TSR_F32, 2, x, &out->x)) ||
        (status = tsr_tensor_create(device, TSR_F32, 2, w, &out->w)) ||
        (status = tsr_tensor_create(device, TSR_F32, 2, w, &out->copy)) ||
        (status = tsr_tensor_create(device, TSR_F32, 3, y, &out->y)) ||
        (status = tsr_tensor_view(out->y, 2, y + 1, NULL, 0, &out->first)) ||
        (status = tsr_tensor_fill_uniform(out->x, 1, -1, 1)))
        return status;
    return tsr_tensor_fill_uniform(out->w, 2, -1, 1);
}

static void release(operands *o)
{
    tsr_tensor_destroy(o->first);
    tsr_tensor_destroy(o->y);
    tsr_tensor_destroy(o->copy);
    tsr_tensor_destroy(o->w);
    tsr_tensor_destroy(o->x);
}

/* ---- What is timed ------------------------------------------------------------------- */

static tsr_status unperturbed(const operands *o, const tsr_perturbation *how)
{
    (void)how;
    return tsr_matmul(o->x, o->w, o->first, NULL);
}

static tsr_status together(const operands *o, const tsr_perturbation *how)
{
    return tsr_perturb_product(o->x, o->w, o->y, how, TSR_ACTIVATION_NONE);
}

static tsr_status separate(const operands *o, const tsr_perturbation *how)
{
    tsr_perturbation one = *how;

    for (size_t p = 0; p < o->p; p++) {
        const float up = (float)how->sigma;
        const float by = how->antithetic && p % 2 ? -up : up;
        tsr_status status;

        one.first = how->first + (uint32_t)(how->antithetic ? p / 2 : p);
        if ((status = tsr_tensor_copy(o->w, o->copy)) ||
            (status = tsr_perturb_step(o->copy, &one, 1, &by)) ||
            (status = tsr_matmul(o->x, o->copy, o->first, NULL)))
            return status;
    }
    return TSR_OK;
}

typedef tsr_status work(const operands *, const tsr_perturbation *);

static bool time_it(work *do_it, const operands *o, const tsr_perturbation *how,
                    double *best, failure *why)
{
    *best = INFINITY;
    for (int i = 0; i <= ROUNDS; i++) { /* the first builds kernels */
        const double start = clock_now();
        tsr_status status = do_it(o, how);

        if (!status)
            status = tsr_device_finish(o->device);
        if (status)
            return fail_call(why, status, "a product");
        if (i > 0)
            *best = fmin(*best, clock_now() - start);
        if (interrupt_seen())
            return fail_interrupted(why);
    }
    return true;
}

static bool time_row(const operands *o, const options *with, product_row *row,
                     failure *why)
{
    const tsr_perturbation how = {.noise = row->noise,
                                  .seed = with->seed,
                                  .antithetic = row->pairs,
                                  .sigma = with->sigma};
    tsr_perturbation ones = how;

    ones.noise = TSR_NOISE_ONES;
    progress_say("%s", options_noise_name(row->noise));
    return time_it(together, o, &how, &row->together, why) &&
           time_it(together, o, &ones, &row->without, why) &&
           time_it(separate, o, &how, &row->separate, why);
}

static bool measure(const options *with, const operands *o, products *out, failure *why)
{
    if (!time_it(unperturbed, o, NULL, &out->unperturbed, why))
        return false;
    for (int i = 0; i < PRODUCT_ROWS; i++) {
        out->rows[i].noise = i < 2 ? TSR_NOISE_RADEMACHER : TSR_NOISE_GAUSSIAN;
        out->rows[i].pairs = i % 2;
        if (!time_row(o, with, &out->rows[i], why))
            return false;
    }
    return true;
}

bool products_run(const options *o, tsr_device *device, products *out, failure *why)
{
    operands with;
    tsr_status status;
    bool fine;

    *out = (products){
        .directions = o->directions,
        .extra_bytes =
            sizeof(float) * ((double)o->directions * PRODUCTS_N + PRODUCTS_K),
        .copy_bytes = sizeof(float) * (double)PRODUCTS_K * PRODUCTS_N,
    };
    status = make(device, o->directions, &with);
    fine = status ? fail_call(why, status, "making the operands")
                  : measure(o, &with, out, why);
    release(&with);
    progress_clear();
    return fine;
}

/* ---- For people ---------------------------------------------------------------------- */

void products_print(const products *p)
{
    printf("\n%zu products x[1,%d] @ (W + sigma E_p), W[%d,%d]; x @ W alone is %s\n\n",
           p->directions, PRODUCTS_K, PRODUCTS_K, PRODUCTS_N,
           text_seconds(p->unperturbed).s);
    printf("  E           pairs   together   copies     of copies   random numbers\n");
    for (int i = 0; i < PRODUCT_ROWS; i++) {
        const product_row *r = &p->rows[i];

        printf("  %-10s  %-5s   %-8s   %-8s   %-9s   %s\n",
               options_noise_name(r->noise), r->pairs ? "yes" : "no",
               text_seconds(r->together).s, text_seconds(r->separate).s,
               text_percent(r->together / r->separate).s,
               text_percent(fmax(0, 1 - r->without / r->together)).s);
    }
    printf("\n");
    text_say(
        stdout, "  ",
        "together: one call, which takes %s of device memory beside x, W and y; "
        "copies: for each product, W copied (%s), sigma E_p added, multiplied; random "
        "numbers: the share of the time together that goes when E_p is all ones.",
        text_bytes(p->extra_bytes).s, text_bytes(p->copy_bytes).s);
}
