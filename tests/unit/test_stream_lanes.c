/* kernels/stream_lanes.cl by every way to cut products up: integers, which must be exact,
 * between NaNs, which must neither be read nor written.
 *
 * Runs a sample of each problem's parameter sets; with $TESSERA_WHOLE_SPACE set, all. The
 * device is taken for a GPU, whatever it is.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "matmul/stream.h"

#include "device/device.h"
#include "device_fixture.h"
#include "memory/tensor.h"

#define ROOM 1024
#define GAP  4 /* elements of nobody behind each product of a batch */

/* A product; B's lines (rows, or columns with trans_b) are `ld` apart, and B begins at
 * element `offset` of its buffer. */
typedef struct product {
    size_t m, n, k, ld, offset;
    bool trans_a, trans_b;
    size_t batch;
    tsr_dtype dtype;
    double beta;
    tsr_activation activation;
} product;

static const product products[] = {
    /* every alignment of addresses and of lines, both ways */
    {1, 5000, 70, 5000, 0, false, false, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {1, 133, 300, 5000, 1, false, false, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {2, 261, 300, 5000, 2, false, false, 1, TSR_F32, 1, TSR_ACTIVATION_NONE},
    {1, 259, 517, 5000, 3, false, false, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {4, 129, 300, 5001, 0, true, false, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {1, 300, 64, 5002, 2, false, false, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {3, 131, 200, 5003, 3, false, false, 1, TSR_F32, -1, TSR_ACTIVATION_RELU},
    {1, 37, 5000, 5000, 0, false, true, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {1, 21, 1030, 5000, 1, false, true, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {2, 40, 1030, 5000, 2, true, true, 1, TSR_F32, 2, TSR_ACTIVATION_NONE},
    {5, 33, 999, 5000, 3, false, true, 1, TSR_F32, 0, TSR_ACTIVATION_RELU},
    {1, 35, 5000, 5001, 1, false, true, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {2, 17, 600, 5003, 3, false, true, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    /* sizes at both ends, more rows than an item has */
    {1, 1, 1, 1, 0, false, false, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {1, 3, 2, 4, 3, false, false, 2, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {1, 2, 3, 4, 3, false, true, 2, TSR_F32, 1, TSR_ACTIVATION_NONE},
    {9, 64, 256, 64, 0, false, false, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {16, 130, 130, 132, 1, false, false, 2, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {16, 34, 260, 264, 2, true, true, 2, TSR_F32, 1, TSR_ACTIVATION_NONE},
    {20, 65, 150, 68, 0, false, false, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {32, 40, 150, 152, 1, false, true, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {6, 21, 66, 68, 1, false, false, 2, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {7, 18, 70, 72, 3, true, true, 1, TSR_F32, 1, TSR_ACTIVATION_RELU},
    /* few columns */
    {261, 1, 300, 1, 0, false, false, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    {133, 4, 200, 6, 1, true, false, 1, TSR_F32, 0, TSR_ACTIVATION_NONE},
    /* doubles */
    {1, 259, 300, 5000, 1, false, false, 1, TSR_F64, 0, TSR_ACTIVATION_NONE},
    {16, 67, 99, 5001, 0, false, false, 1, TSR_F64, 1, TSR_ACTIVATION_NONE},
    {3, 35, 700, 5002, 1, false, true, 2, TSR_F64, 0, TSR_ACTIVATION_NONE},
};

/* ---- Operands -------------------------------------------------------------------- */

/* A matrix, or a batch of them, between NaNs. */
typedef struct operand {
    size_t count, rows, columns, strides[3], offset;
    double *flat; /* NaN where no element is */
    tsr_dtype dtype;
    tsr_tensor *base, *view;
} operand;

static tsr_tensor *upload(tsr_device *device, const double *flat, size_t count,
                          tsr_dtype dtype)
{
    tsr_tensor *tensor;
    float *narrow;

    if (dtype == TSR_F64) {
        assert_ok(tsr_tensor_from_host(device, dtype, 1, &count, flat, &tensor));
        return tensor;
    }
    narrow = malloc(count * sizeof *narrow);
    assert_non_null(narrow);
    for (size_t i = 0; i < count; i++)
        narrow[i] = (float)flat[i];
    assert_ok(tsr_tensor_from_host(device, dtype, 1, &count, narrow, &tensor));
    free(narrow);
    return tensor;
}

/* Elements are small integers from a sequence that `seed` begins. */
static operand make_operand(tsr_device *device, const product *p, size_t rows,
                            size_t columns, bool by_columns, size_t ld, size_t offset,
                            unsigned seed)
{
    operand o = {.rows = rows, .columns = columns, .offset = offset, .dtype = p->dtype};
    const size_t shape[3] = {p->batch, rows, columns};

    o.strides[0] = ((by_columns ? columns : rows) * ld + 3) / 4 * 4 + GAP;
    o.strides[1] = by_columns ? 1 : ld;
    o.strides[2] = by_columns ? ld : 1;
    o.count = offset + o.strides[0] * p->batch;
    o.flat = malloc(o.count * sizeof *o.flat);
    assert_non_null(o.flat);
    for (size_t i = 0; i < o.count; i++)
        o.flat[i] = NAN;
    for (size_t t = 0; t < p->batch; t++)
        for (size_t i = 0; i < rows; i++)
            for (size_t j = 0; j < columns; j++)
                o.flat[offset + t * o.strides[0] + i * o.strides[1] +
                       j * o.strides[2]] =
                    (double)((t * 5 + i * 7 + j * 3 + seed) % 11 % 7) - 3;
    o.base = upload(device, o.flat, o.count, p->dtype);
    assert_ok(tsr_tensor_view(o.base, 3, shape, o.strides, offset, &o.view));
    return o;
}

static void drop_operand(operand *o)
{
    tsr_tensor_destroy(o->view);
    tsr_tensor_destroy(o->base);
    free(o->flat);
}

static double element(const operand *o, size_t t, size_t i, size_t j)
{
    return o
        ->flat[o->offset + t * o->strides[0] + i * o->strides[1] + j * o->strides[2]];
}

/* What C should be, NaNs around it included; to be freed. */
static double *expected(const product *p, const operand *a, const operand *b,
                        const operand *c)
{
    double *all = malloc(c->count * sizeof *all);

    assert_non_null(all);
    memcpy(all, c->flat, c->count * sizeof *all);
    for (size_t t = 0; t < p->batch; t++)
        for (size_t i = 0; i < p->m; i++)
            for (size_t j = 0; j < p->n; j++) {
                double sum = p->beta * element(c, t, i, j);

                for (size_t k = 0; k < p->k; k++)
                    sum += element(a, t, i, k) * element(b, t, k, j);
                if (p->activation == TSR_ACTIVATION_RELU && sum < 0)
                    sum = 0;
                all[c->offset + t * c->strides[0] + i * c->strides[1] +
                    j * c->strides[2]] = sum;
            }
    return all;
}

/* ---- Runs ------------------------------------------------------------------------- */

static void check_result(const operand *c, const double *want, const char *set)
{
    char *got = malloc(c->count * tsr_dtype_size(c->dtype));

    assert_non_null(got);
    assert_ok(tsr_tensor_read(c->base, got));
    for (size_t i = 0; i < c->count; i++) {
        double is = c->dtype == TSR_F64 ? ((double *)got)[i] : ((float *)got)[i];

        if (is != want[i] && !(isnan(is) && isnan(want[i])))
            fail_msg("%s: element %zu of C's buffer is %g, not %g", set, i, is,
                     want[i]);
    }
    free(got);
}

static const char *text_of(const product *p, const tsr__parameters *set, char text[256])
{
    int length =
        snprintf(text, 256, "%zux%zux%zu %s ld %zu offset %zu%s:", p->m, p->n, p->k,
                 tsr_dtype_name(p->dtype), p->ld, p->offset, p->trans_b ? " B^T" : "");

    for (size_t i = 0; tsr__stream_space.names[i]; i++)
        length += snprintf(text + length, (size_t)(256 - length), " %s=%u",
                           tsr__stream_space.names[i], set->values[i]);
    return text;
}

/* Twice: the second run finds the counters as the first one left them. */
static void run(tsr_device *device, const product *p, const tsr__operands *operands,
                const tsr__problem *problem, const tsr__parameters *set,
                const operand *c, const double *want)
{
    char text[256];

    for (int time = 0; time < 2; time++) {
        tsr__plan plan = {
            .strategy = &tsr__stream, .problem = *problem, .parameters = set};
        tsr__sequence sequence = tsr__sequence_on(device);
        tsr__operands seen = *operands;
        tsr_tensor *before = upload(device, c->flat, c->count, c->dtype);

        assert_ok(tsr_tensor_copy(before, c->base));
        tsr_tensor_destroy(before);
        assert_ok(plan.strategy->plan(device, &plan));
        if (plan.transposed)
            seen = tsr__operands_transpose(&seen);
        assert_ok(plan.strategy->enqueue(&plan, &seen, &sequence));
        check_result(c, want, text_of(p, set, text));
    }
}

static size_t run_sets(tsr_device *device, size_t number, size_t every)
{
    const product *p = &products[number];
    const tsr_matmul_options options = {
        .alpha = 1, .beta = p->beta, .activation = p->activation};
    operand a = make_operand(device, p, p->m, p->k, p->trans_a,
                             (p->trans_a ? p->m : p->k) + 1, 3, 1);
    operand b = make_operand(device, p, p->k, p->n, p->trans_b, p->ld, p->offset, 2);
    operand c = make_operand(device, p, p->m, p->n, false, p->n + 1, 2, 3);
    tsr__operands operands = {a.view, b.view, c.view, NULL};
    double *want = expected(p, &a, &b, &c);
    static tsr__parameters sets[ROOM];
    tsr__problem problem;
    size_t count, ran = 0;

    assert_ok(tsr__problem_make(&operands, &options, &problem));
    assert_null(tsr__stream.cannot_run(&problem, &device->info));
    count = tsr__stream_space.sets(&problem, &device->info, sets, ROOM);
    assert_in_range(count, 1, ROOM - 1);
    for (size_t i = number * 37 % (every < count ? every : count); i < count;
         i += every, ran++)
        run(device, p, &operands, &problem, &sets[i], &c, want);
    free(want);
    drop_operand(&a);
    drop_operand(&b);
    drop_operand(&c);
    return ran;
}

/* Oclgrind interprets: small products only, and few sets of them. */
static size_t every_nth(const tsr_device *device, const product *p)
{
    const char *whole = getenv("TESSERA_WHOLE_SPACE");

    if (strstr(device->info.platform, "Oclgrind"))
        return p->m * p->n * p->k > 22000 ? 0 : 499;
    return whole && *whole ? 1 : 499;
}

/* With aligned loads, and with those for memory that the host lent. */
static void every_set_is_exact_between_nans(void **state)
{
    tsr_device *device = *state;
    size_t ran = 0;

    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        size_t every = every_nth(device, &products[i]);

        if (!every || (products[i].dtype == TSR_F64 && !device->info.fp64))
            continue;
        device->info.zero_copy = i % 2;
        ran += run_sets(device, i, every);
    }
    print_message("%zu sets\n", ran);
}

static int open_as_gpu(void **state)
{
    tsr_device *device;

    if (open_device(state))
        return -1;
    device = *state;
    device->info.type = TSR_DEVICE_GPU;
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_set_is_exact_between_nans),
    };

    return cmocka_run_group_tests(tests, open_as_gpu, close_device);
}
