/* Which operands a network refuses, and what it says. */
#include "device_fixture.h"

#include <tessera/perturb.h>

enum { B = 4, K = 3, H = 5, C = 2 };

static const uint32_t labels[B] = {0, 1, 1, 0};
static const tsr_perturbation how = {.seed = 1, .sigma = 0.1};

static tsr_tensor *matrix(tsr_device *device, tsr_dtype dtype, size_t rows,
                          size_t columns)
{
    tsr_tensor *t;

    assert_ok(tsr_tensor_create(device, dtype, 2, (size_t[]){rows, columns}, &t));
    assert_ok(tsr_tensor_fill_uniform(t, rows, -1, 1));
    return t;
}

/* Of another shape over the same memory. */
static tsr_tensor *view(const tsr_tensor *of, int rank, size_t a, size_t b, size_t c)
{
    tsr_tensor *t;

    assert_ok(tsr_tensor_view(of, rank, (size_t[]){a, b, c}, NULL, 0, &t));
    return t;
}

/* Operands that fit. */
typedef struct operands {
    tsr_tensor *x, *w1, *w2;
} operands;

static operands make_operands(tsr_device *device, tsr_dtype dtype)
{
    return (operands){matrix(device, dtype, B, K), matrix(device, dtype, K, H),
                      matrix(device, dtype, H, C)};
}

static void destroy_operands(operands *o)
{
    tsr_tensor_destroy(o->w2);
    tsr_tensor_destroy(o->w1);
    tsr_tensor_destroy(o->x);
}

static void refuse(tsr_status status, const char *words, const tsr_tensor *x,
                   const tsr_tensor *w1, const tsr_tensor *w2)
{
    tsr_network *n = (tsr_network *)&n;

    assert_refused(status, words, tsr_network_create(x, labels, w1, w2, &n));
    assert_null(n);
}

/* ---- Making one ------------------------------------------------------------------ */

static void a_network_names_what_is_missing(void **state)
{
    operands o = make_operands(*state, TSR_F32);

    refuse(TSR_ERROR_ARGUMENT, "x is NULL", NULL, o.w1, o.w2);
    refuse(TSR_ERROR_ARGUMENT, "W1 is NULL", o.x, NULL, o.w2);
    refuse(TSR_ERROR_ARGUMENT, "W2 is NULL", o.x, o.w1, NULL);
    assert_refused(TSR_ERROR_ARGUMENT, "nowhere to put the network",
                   tsr_network_create(o.x, labels, o.w1, o.w2, NULL));
    destroy_operands(&o);
}

static void each_length_of_a_network_must_fit(void **state)
{
    const char *words = "they must be BxK, KxH, HxC, and no length 0";
    operands o = make_operands(*state, TSR_F32);
    tsr_tensor *x3 = view(o.x, 3, 1, B, K), *w1_3 = view(o.w1, 3, 1, K, H),
               *w2_3 = view(o.w2, 3, 1, H, C),
               *wide = matrix(*state, TSR_F32, B, K + 1),
               *short_w2 = matrix(*state, TSR_F32, H - 1, C),
               *no_x = matrix(*state, TSR_F32, 0, K),
               *no_w1 = matrix(*state, TSR_F32, K, 0),
               *no_hidden = matrix(*state, TSR_F32, 0, C),
               *no_w2 = matrix(*state, TSR_F32, H, 0);

    refuse(TSR_ERROR_SHAPE, words, x3, o.w1, o.w2);
    refuse(TSR_ERROR_SHAPE, words, o.x, w1_3, o.w2);
    refuse(TSR_ERROR_SHAPE, words, o.x, o.w1, w2_3);
    refuse(TSR_ERROR_SHAPE, words, wide, o.w1, o.w2);
    refuse(TSR_ERROR_SHAPE, words, o.x, o.w1, short_w2);
    refuse(TSR_ERROR_SHAPE, words, no_x, o.w1, o.w2);
    refuse(TSR_ERROR_SHAPE, words, o.x, no_w1, no_hidden);
    refuse(TSR_ERROR_SHAPE, words, o.x, o.w1, no_w2);
    tsr_tensor_destroy(no_w2);
    tsr_tensor_destroy(no_hidden);
    tsr_tensor_destroy(no_w1);
    tsr_tensor_destroy(no_x);
    tsr_tensor_destroy(short_w2);
    tsr_tensor_destroy(wide);
    tsr_tensor_destroy(w2_3);
    tsr_tensor_destroy(w1_3);
    tsr_tensor_destroy(x3);
    destroy_operands(&o);
}

static void a_network_is_of_one_device_and_one_dtype(void **state)
{
    operands o = make_operands(*state, TSR_F32), other, wide;
    tsr_device *device;

    need_fp64(*state);
    assert_ok(tsr_device_open(NULL, &device));
    other = make_operands(device, TSR_F32);
    wide = make_operands(*state, TSR_F64);
    refuse(TSR_ERROR_ARGUMENT, "not on one device", o.x, other.w1, o.w2);
    refuse(TSR_ERROR_ARGUMENT, "not on one device", o.x, o.w1, other.w2);
    refuse(TSR_ERROR_ARGUMENT, "W1 is f64", o.x, wide.w1, o.w2);
    refuse(TSR_ERROR_ARGUMENT, "W2 is f64", o.x, o.w1, wide.w2);
    destroy_operands(&wide);
    destroy_operands(&other);
    tsr_device_close(device);
    destroy_operands(&o);
}

/* ---- Trying changes --------------------------------------------------------------- */

/* A network and what its changes go to. */
typedef struct fixture {
    operands o;
    tsr_tensor *d1, *d2, *changes;
    tsr_network *n;
} fixture;

static tsr_tensor *results(tsr_device *device, tsr_dtype dtype, int rank, size_t a,
                           size_t b, size_t c)
{
    tsr_tensor *t;

    assert_ok(tsr_tensor_create(device, dtype, rank, (size_t[]){a, b, c}, &t));
    return t;
}

static fixture set_up(tsr_device *device, tsr_dtype dtype)
{
    fixture f = {make_operands(device, dtype), results(device, dtype, 3, 2, K, H),
                 results(device, dtype, 3, 2, H, C), results(device, dtype, 1, 6, 0, 0),
                 NULL};

    assert_ok(tsr_network_create(f.o.x, labels, f.o.w1, f.o.w2, &f.n));
    return f;
}

static void tear_down(fixture *f)
{
    tsr_network_destroy(f->n);
    tsr_tensor_destroy(f->changes);
    tsr_tensor_destroy(f->d2);
    tsr_tensor_destroy(f->d1);
    destroy_operands(&f->o);
}

static void refuse_weights(tsr_status status, const char *words, fixture *f,
                           tsr_tensor *d1, tsr_tensor *d2)
{
    assert_refused(status, words, tsr_network_try_weights(f->n, 0.1, d1, d2));
}

static void refuse_directions(tsr_status status, const char *words, fixture *f,
                              tsr_tensor *changes)
{
    assert_refused(status, words, tsr_network_try_directions(f->n, &how, changes));
}

static void changes_of_weights_have_the_shapes_of_the_weights(void **state)
{
    fixture f = set_up(*state, TSR_F32);
    tsr_tensor *flat = view(f.d1, 2, 2, K * H, 0), *once = view(f.d1, 3, 1, K, H),
               *tall = view(f.d1, 3, 2, H, K), *over;

    assert_ok(
        tsr_tensor_view(f.d1, 3, (size_t[]){2, K, H}, (size_t[]){0, 1, 1}, 0, &over));
    assert_int_equal(tsr_network_try_weights(NULL, 0.1, f.d1, f.d2),
                     TSR_ERROR_ARGUMENT);
    refuse_weights(TSR_ERROR_SHAPE, "d1 is 2x15; it must be 2x3x5", &f, flat, f.d2);
    refuse_weights(TSR_ERROR_SHAPE, "d1 is 1x3x5", &f, once, f.d2);
    refuse_weights(TSR_ERROR_SHAPE, "d1 is 2x5x3", &f, tall, f.d2);
    refuse_weights(TSR_ERROR_ARGUMENT, "d2 is NULL", &f, f.d1, NULL);
    refuse_weights(TSR_ERROR_ARGUMENT, "d1 has elements that share memory", &f, over,
                   f.d2);
    assert_ok(tsr_network_try_weights(f.n, 0.1, f.d1, f.d2));
    tsr_tensor_destroy(over);
    tsr_tensor_destroy(tall);
    tsr_tensor_destroy(once);
    tsr_tensor_destroy(flat);
    tear_down(&f);
}

static void changes_are_of_the_networks_device_and_dtype(void **state)
{
    fixture f = set_up(*state, TSR_F32), other;
    tsr_tensor *wide, *wide_changes;
    tsr_device *device;

    need_fp64(*state);
    assert_ok(tsr_device_open(NULL, &device));
    other = set_up(device, TSR_F32);
    wide = results(*state, TSR_F64, 3, 2, K, H);
    wide_changes = results(*state, TSR_F64, 1, 6, 0, 0);
    refuse_weights(TSR_ERROR_ARGUMENT, "d1 has another device", &f, other.d1, f.d2);
    refuse_weights(TSR_ERROR_ARGUMENT, "d1 has another device", &f, wide, f.d2);
    refuse_directions(TSR_ERROR_ARGUMENT, "have another device", &f, other.changes);
    refuse_directions(TSR_ERROR_ARGUMENT, "have another device", &f, wide_changes);
    tsr_tensor_destroy(wide_changes);
    tsr_tensor_destroy(wide);
    tear_down(&other);
    tsr_device_close(device);
    tear_down(&f);
}

/* Operands whose memory has room for results. */
static void changes_share_no_memory_with_operands(void **state)
{
    fixture f = set_up(*state, TSR_F32);
    tsr_tensor *room[3], *operand[3];

    for (int i = 0; i < 3; i++) {
        const size_t rows = i == 0 ? B : i == 1 ? K : H;
        const size_t columns = i == 0 ? K : i == 1 ? H : C;
        tsr_tensor *d1, *changes;
        tsr_network *n;

        room[i] = matrix(*state, TSR_F32, 8, 8);
        operand[i] = view(room[i], 2, rows, columns, 0);
        d1 = view(room[i], 3, 2, K, H);
        changes = view(room[i], 1, 6, 0, 0);
        assert_ok(tsr_network_create(i == 0 ? operand[i] : f.o.x, labels,
                                     i == 1 ? operand[i] : f.o.w1,
                                     i == 2 ? operand[i] : f.o.w2, &n));
        assert_refused(TSR_ERROR_ALIAS, "d1 shares memory with x, W1 or W2",
                       tsr_network_try_weights(n, 0.1, d1, f.d2));
        assert_refused(TSR_ERROR_ALIAS, "the changes share memory",
                       tsr_network_try_directions(n, &how, changes));
        tsr_network_destroy(n);
        tsr_tensor_destroy(changes);
        tsr_tensor_destroy(d1);
        tsr_tensor_destroy(operand[i]);
        tsr_tensor_destroy(room[i]);
    }
    tear_down(&f);
}

static void directions_say_what_is_wrong(void **state)
{
    const tsr_perturbation last = {.sigma = 0.1, .matrix = (1u << 24) - 1};
    fixture f = set_up(*state, TSR_F32);
    tsr_tensor *square = view(f.changes, 2, 2, 3, 0), *over, *few;

    assert_ok(tsr_tensor_view(f.changes, 1, (size_t[]){6}, (size_t[]){0}, 0, &over));
    few = view(f.changes, 1, 4, 0, 0);
    assert_refused(TSR_ERROR_ARGUMENT, "the network is NULL",
                   tsr_network_try_directions(NULL, &how, f.changes));
    refuse_directions(TSR_ERROR_ARGUMENT, "changes is NULL", &f, NULL);
    refuse_directions(TSR_ERROR_SHAPE, "the changes are 2x3", &f, square);
    refuse_directions(TSR_ERROR_ARGUMENT, "elements that share memory", &f, over);
    assert_refused(TSR_ERROR_ARGUMENT, "W2's matrix is not below 2^24",
                   tsr_network_try_directions(f.n, &last, f.changes));
    /* room that is kept, given up for another number of directions, and kept */
    assert_ok(tsr_network_try_directions(f.n, &how, f.changes));
    assert_ok(tsr_network_try_directions(f.n, &how, f.changes));
    assert_ok(tsr_network_try_directions(f.n, &how, few));
    tsr_tensor_destroy(few);
    tsr_tensor_destroy(over);
    tsr_tensor_destroy(square);
    tear_down(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_network_names_what_is_missing),
        cmocka_unit_test(each_length_of_a_network_must_fit),
        cmocka_unit_test(a_network_is_of_one_device_and_one_dtype),
        cmocka_unit_test(changes_of_weights_have_the_shapes_of_the_weights),
        cmocka_unit_test(changes_are_of_the_networks_device_and_dtype),
        cmocka_unit_test(changes_share_no_memory_with_operands),
        cmocka_unit_test(directions_say_what_is_wrong),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
