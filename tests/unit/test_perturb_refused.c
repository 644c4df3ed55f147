/* Which operands the perturbations and their references refuse, and what they say. */
#include "device_fixture.h"

#include <tessera/perturb.h>

#define ROWS     2
#define DEPTH    3
#define WIDTH    5
#define PAIRS    4
#define TOO_LONG ((size_t)UINT32_MAX + 1)

static const tsr_perturbation how = {.seed = 1, .sigma = 0.1};

static tsr_tensor *make(tsr_device *device, tsr_dtype dtype, int rank,
                        const size_t *shape)
{
    tsr_tensor *t;

    assert_ok(tsr_tensor_create(device, dtype, rank, shape, &t));
    return t;
}

#define SHAPE(...)                                                                     \
    (int)(sizeof((size_t[]){__VA_ARGS__}) / sizeof(size_t)), (size_t[])                \
    {                                                                                  \
        __VA_ARGS__                                                                    \
    }

/* One element of `of`, over and over. */
static tsr_tensor *repeated(const tsr_tensor *of, int rank, const size_t *shape)
{
    const size_t strides[3] = {0, 0, 0};
    tsr_tensor *t;

    assert_ok(tsr_tensor_view(of, rank, shape, strides, 0, &t));
    return t;
}

/* Operands that fit: x [2, 3], W [3, 5], y [4, 2, 5]. */
typedef struct operands {
    tsr_tensor *x, *w, *y;
} operands;

static operands make_operands(tsr_device *device, tsr_dtype dtype)
{
    return (operands){make(device, dtype, SHAPE(ROWS, DEPTH)),
                      make(device, dtype, SHAPE(DEPTH, WIDTH)),
                      make(device, dtype, SHAPE(PAIRS, ROWS, WIDTH))};
}

static void destroy_operands(operands *o)
{
    tsr_tensor_destroy(o->y);
    tsr_tensor_destroy(o->w);
    tsr_tensor_destroy(o->x);
}

/* ---- Products -------------------------------------------------------------------- */

static void refuse_product(tsr_status status, const char *words, tsr_tensor *x,
                           tsr_tensor *w, tsr_tensor *y)
{
    assert_refused(status, words, tsr_perturb_product(x, w, y, &how, 0));
}

static void a_product_names_what_is_missing(void **state)
{
    operands o = make_operands(*state, TSR_F32);

    refuse_product(TSR_ERROR_ARGUMENT, "x is NULL", NULL, o.w, o.y);
    refuse_product(TSR_ERROR_ARGUMENT, "W is NULL", o.x, NULL, o.y);
    refuse_product(TSR_ERROR_ARGUMENT, "y is NULL", o.x, o.w, NULL);
    destroy_operands(&o);
}

static void each_length_of_a_product_must_fit(void **state)
{
    const char *words = "they must be MxK or PxMxK, KxN, PxMxN";
    operands o = make_operands(*state, TSR_F32);
    tsr_tensor *others[] = {make(*state, TSR_F32, SHAPE(DEPTH)),
                            make(*state, TSR_F32, SHAPE(ROWS, DEPTH + 1)),
                            make(*state, TSR_F32, SHAPE(ROWS + 1, DEPTH)),
                            make(*state, TSR_F32, SHAPE(PAIRS - 1, ROWS, DEPTH))};
    tsr_tensor *flat = make(*state, TSR_F32, SHAPE(DEPTH)),
               *narrow = make(*state, TSR_F32, SHAPE(DEPTH, WIDTH - 1)),
               *own = make(*state, TSR_F32, SHAPE(PAIRS, ROWS, DEPTH)),
               *none = make(*state, TSR_F32, SHAPE(0, ROWS, WIDTH));

    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        refuse_product(TSR_ERROR_SHAPE, words, others[i], o.w, o.y);
        tsr_tensor_destroy(others[i]);
    }
    refuse_product(TSR_ERROR_SHAPE, words, o.x, flat, o.y);
    refuse_product(TSR_ERROR_SHAPE, words, o.x, narrow, o.y);
    refuse_product(TSR_ERROR_SHAPE, words, o.x, o.w, o.w);
    refuse_product(TSR_ERROR_SHAPE, "P is 0", o.x, o.w, none);
    assert_ok(tsr_perturb_product(own, o.w, o.y, &how, 0));
    tsr_tensor_destroy(none);
    tsr_tensor_destroy(own);
    tsr_tensor_destroy(narrow);
    tsr_tensor_destroy(flat);
    destroy_operands(&o);
}

static void a_product_is_of_one_device_and_one_dtype(void **state)
{
    operands o = make_operands(*state, TSR_F32), other, wide;
    tsr_device *device;

    need_fp64(*state);
    assert_ok(tsr_device_open(NULL, &device));
    other = make_operands(device, TSR_F32);
    wide = make_operands(*state, TSR_F64);
    refuse_product(TSR_ERROR_ARGUMENT, "not on one device", other.x, o.w, o.y);
    refuse_product(TSR_ERROR_ARGUMENT, "not on one device", o.x, other.w, o.y);
    refuse_product(TSR_ERROR_ARGUMENT, "x is f64, W is f32, y is f32", wide.x, o.w,
                   o.y);
    refuse_product(TSR_ERROR_ARGUMENT, "x is f32, W is f64, y is f32", o.x, wide.w,
                   o.y);
    destroy_operands(&wide);
    destroy_operands(&other);
    tsr_device_close(device);
    destroy_operands(&o);
}

/* Lengths beyond the counters of the generator: an element that repeats, or no elements. */
static void lengths_of_a_product_are_below_2_to_the_32(void **state)
{
    operands o = make_operands(*state, TSR_F32);
    tsr_tensor *x = repeated(o.x, SHAPE(1, TOO_LONG)),
               *deep = repeated(o.w, SHAPE(TOO_LONG, 1)),
               *y = make(*state, TSR_F32, SHAPE(1, 1, 1)),
               *no_rows = make(*state, TSR_F32, SHAPE(0, 1)),
               *wide = repeated(o.w, SHAPE(1, TOO_LONG)),
               *none = make(*state, TSR_F32, SHAPE(1, 0, TOO_LONG)),
               *over = repeated(y, SHAPE(PAIRS, ROWS, WIDTH));

    refuse_product(TSR_ERROR_OVERFLOW, "must be below 2^32", x, deep, y);
    refuse_product(TSR_ERROR_OVERFLOW, "must be below 2^32", no_rows, wide, none);
    refuse_product(TSR_ERROR_ARGUMENT, "y has elements that share memory", o.x, o.w,
                   over);
    tsr_tensor_destroy(over);
    tsr_tensor_destroy(none);
    tsr_tensor_destroy(wide);
    tsr_tensor_destroy(no_rows);
    tsr_tensor_destroy(y);
    tsr_tensor_destroy(deep);
    tsr_tensor_destroy(x);
    destroy_operands(&o);
}

/* ---- Steps ----------------------------------------------------------------------- */

static void a_step_says_what_is_wrong(void **state)
{
    const float c[1] = {1};
    const tsr_perturbation last = {.seed = 1, .first = UINT32_MAX};
    operands o = make_operands(*state, TSR_F32);
    tsr_tensor *deep = make(*state, TSR_F32, SHAPE(TOO_LONG, 0)),
               *wide = make(*state, TSR_F32, SHAPE(0, TOO_LONG)),
               *over = repeated(o.w, SHAPE(DEPTH, WIDTH)),
               *none = make(*state, TSR_F32, SHAPE(0, WIDTH));

    assert_refused(TSR_ERROR_ARGUMENT, "no tsr_noise",
                   tsr_perturb_step(o.w, &(tsr_perturbation){.noise = 77}, 1, c));
    assert_refused(TSR_ERROR_ARGUMENT, "W is NULL", tsr_perturb_step(NULL, &how, 1, c));
    assert_refused(TSR_ERROR_OVERFLOW, "below 2^32",
                   tsr_perturb_step(deep, &how, 1, c));
    assert_refused(TSR_ERROR_OVERFLOW, "below 2^32",
                   tsr_perturb_step(wide, &how, 1, c));
    assert_refused(TSR_ERROR_OVERFLOW, "below 2^32",
                   tsr_perturb_step(o.w, &last, 1, c));
    assert_refused(TSR_ERROR_ARGUMENT, "W has elements that share memory",
                   tsr_perturb_step(over, &how, 1, c));
    assert_ok(tsr_perturb_step(none, &how, 1, c));
    tsr_tensor_destroy(none);
    tsr_tensor_destroy(over);
    tsr_tensor_destroy(wide);
    tsr_tensor_destroy(deep);
    destroy_operands(&o);
}

/* ---- References ------------------------------------------------------------------ */

static void the_reference_product_names_what_is_missing(void **state)
{
    double one[1] = {1};

    (void)state;
    assert_refused(TSR_ERROR_ARGUMENT, "x is NULL",
                   tsr_reference_perturb_product(1, 1, 1, NULL, one, &how, 0, 1, one));
    assert_refused(TSR_ERROR_ARGUMENT, "W is NULL",
                   tsr_reference_perturb_product(1, 1, 1, one, NULL, &how, 0, 1, one));
    assert_refused(TSR_ERROR_ARGUMENT, "y is NULL",
                   tsr_reference_perturb_product(1, 1, 1, one, one, &how, 0, 1, NULL));
    assert_refused(
        TSR_ERROR_ARGUMENT, "must be below 2^32",
        tsr_reference_perturb_product(1, 1, TOO_LONG, one, one, &how, 0, 1, one));
    assert_refused(TSR_ERROR_ARGUMENT, "sigma is 0",
                   tsr_reference_perturb_product(
                       1, 1, 1, one, one, &(tsr_perturbation){.seed = 1}, 0, 1, one));
}

static void the_reference_network_names_what_is_missing(void **state)
{
    const tsr_network_sizes sizes = {1, 1, 1, 1};
    const tsr_network_sizes too_large = {1, 1, SIZE_MAX, 1};
    const double one[1] = {1};
    const uint32_t label[1] = {0}, no_class[1] = {1};
    double loss, g1[1], g2[1];
    size_t right = 9;

    (void)state;
    for (int missing = 0; missing < 5; missing++) {
        const tsr_network_sizes *s = missing == 0 ? NULL : &sizes;
        const double *x = missing == 1 ? NULL : one;
        const uint32_t *labels = missing == 2 ? NULL : label;
        const double *w1 = missing == 3 ? NULL : one, *w2 = missing == 4 ? NULL : one;

        assert_refused(TSR_ERROR_ARGUMENT, "is NULL",
                       tsr_reference_network_loss(s, x, labels, w1, w2, &loss, NULL));
        assert_refused(TSR_ERROR_ARGUMENT, "is NULL",
                       tsr_reference_network_gradient(s, x, labels, w1, w2, g1, g2));
    }
    assert_refused(
        TSR_ERROR_ARGUMENT, "label 0 is 1; there are 1 classes",
        tsr_reference_network_gradient(&sizes, one, no_class, one, one, g1, g2));
    assert_refused(
        TSR_ERROR_HOST_MEMORY, "no host memory for the network",
        tsr_reference_network_loss(&too_large, one, label, one, one, &loss, NULL));
    assert_ok(tsr_reference_network_loss(&sizes, one, label, one, one, NULL, &right));
    assert_int_equal(right, 1); /* one class is always the answer */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_product_names_what_is_missing),
        cmocka_unit_test(each_length_of_a_product_must_fit),
        cmocka_unit_test(a_product_is_of_one_device_and_one_dtype),
        cmocka_unit_test(lengths_of_a_product_are_below_2_to_the_32),
        cmocka_unit_test(a_step_says_what_is_wrong),
        cmocka_unit_test(the_reference_product_names_what_is_missing),
        cmocka_unit_test(the_reference_network_names_what_is_missing),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
