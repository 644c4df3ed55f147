#include "device_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "memory/tensor.h"

#define ROOM 3000 /* elements of each memory */

static uint32_t from[ROOM], to[ROOM], result[ROOM];

static size_t below(size_t n)
{
    return (size_t)rand() % n;
}

/* Strides for `shape` without overlap: axes in a random order, with gaps. */
static void random_strides(int rank, const size_t *shape, size_t *strides)
{
    int order[3] = {0, 1, 2};
    size_t stride = 1 + below(3);

    for (int i = rank - 1; i > 0; i--) {
        int j = (int)below((size_t)i + 1), kept = order[i];

        order[i] = order[j];
        order[j] = kept;
    }
    for (int i = 0; i < rank; i++) {
        strides[order[i]] = stride;
        stride = stride * shape[order[i]] + below(3);
    }
}

/* The same in plain C. */
static void copy_here(int rank, const size_t *shape, const size_t *fs, size_t f,
                      const size_t *ts, size_t t)
{
    size_t n[3] = {1, 1, 1}, a[3] = {0}, b[3] = {0};

    for (int i = 0; i < rank; i++) {
        n[i] = shape[i];
        a[i] = fs[i];
        b[i] = ts[i];
    }
    for (size_t x = 0; x < n[0]; x++)
        for (size_t y = 0; y < n[1]; y++)
            for (size_t z = 0; z < n[2]; z++)
                to[t + x * b[0] + y * b[1] + z * b[2]] =
                    from[f + x * a[0] + y * a[1] + z * a[2]];
}

static void any_strides_copy_like_plain_c_and_touch_nothing_else(void **state)
{
    srand(3);
    for (int i = 0; i < ROOM; i++) /* every kind of bits: NaNs, denormals */
        from[i] = (uint32_t)rand() * 3u;
    for (int round = 0; round < 200; round++) {
        size_t shape[3], fs[3], ts[3], f = below(20), t = below(20), whole = ROOM;
        tsr_tensor *a, *b, *src, *dst;
        int rank = 1 + (int)below(3);

        for (int i = 0; i < rank; i++)
            shape[i] = 1 + below(7);
        random_strides(rank, shape, fs);
        random_strides(rank, shape, ts);
        if (round % 5 == 0)
            fs[below((size_t)rank)] = 0;
        for (int i = 0; i < ROOM; i++)
            to[i] = (uint32_t)rand();
        assert_ok(tsr_tensor_from_host(*state, TSR_F32, 1, &whole, from, &a));
        assert_ok(tsr_tensor_from_host(*state, TSR_F32, 1, &whole, to, &b));
        assert_ok(tsr_tensor_view(a, rank, shape, fs, f, &src));
        assert_ok(tsr_tensor_view(b, rank, shape, ts, t, &dst));
        assert_ok(tsr_tensor_copy(src, dst));
        copy_here(rank, shape, fs, f, ts, t);
        assert_ok(tsr_tensor_read(b, result));
        assert_memory_equal(result, to, sizeof to);
        tsr_tensor_destroy(dst);
        tsr_tensor_destroy(src);
        tsr_tensor_destroy(b);
        tsr_tensor_destroy(a);
    }
}

/* Long enough in the second and third axis that one launch is not enough. */
static void long_axes_take_several_launches(void **state)
{
    size_t shapes[][3] = {{1, 2200000, 2}, {40000, 2, 2}};

    for (int s = 0; s < 2; s++) {
        size_t *n = shapes[s], count = n[0] * n[1] * n[2];
        float *in = malloc(count * sizeof *in), *out = malloc(count * sizeof *out);
        tsr_tensor *a, *b, *view;
        size_t wide[3] = {n[0], n[1], n[2] + 1};
        size_t strides[3] = {n[1] * (n[2] + 1), n[2] + 1, 1};

        for (size_t i = 0; i < count; i++)
            in[i] = (float)i;
        assert_ok(tsr_tensor_from_host(*state, TSR_F32, 3, n, in, &a));
        assert_ok(tsr_tensor_create(*state, TSR_F32, 3, wide, &b));
        assert_ok(tsr_tensor_view(b, 3, n, strides, 1, &view));
        assert_ok(tsr_tensor_copy(a, view));
        assert_ok(tsr_tensor_read(view, out));
        assert_memory_equal(in, out, count * sizeof *in);
        tsr_tensor_destroy(view);
        tsr_tensor_destroy(b);
        tsr_tensor_destroy(a);
        free(out);
        free(in);
    }
}

static void dense_tensors_copy_at_their_offsets(void **state)
{
    float numbers[10] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, out[10];
    float expected[10] = {0, 1, 2, 3, 4, 0, 1, 2, 8, 9};
    tsr_tensor *t, *src, *dst;

    assert_ok(tsr_tensor_from_host(*state, TSR_F32, 1, (size_t[]){10}, numbers, &t));
    assert_ok(tsr_tensor_view(t, 1, (size_t[]){3}, NULL, 0, &src));
    assert_ok(tsr_tensor_view(t, 1, (size_t[]){3}, NULL, 5, &dst));
    assert_ok(tsr_tensor_copy(src, dst));
    assert_ok(tsr_tensor_read(t, out));
    assert_memory_equal(out, expected, sizeof out);
    tsr_tensor_destroy(dst);
    tsr_tensor_destroy(src);
    tsr_tensor_destroy(t);
}

static void copies_that_make_no_sense_are_refused(void **state)
{
    tsr_tensor *a, *b, *view;
    tsr_device *other;

    assert_ok(tsr_tensor_create(*state, TSR_F32, 2, (size_t[]){4, 4}, &a));
    assert_ok(tsr_tensor_create(*state, TSR_F32, 2, (size_t[]){4, 5}, &b));
    assert_int_equal(tsr_tensor_copy(a, b), TSR_ERROR_SHAPE);
    assert_non_null(strstr(tsr_error_detail(), "4x5"));
    assert_int_equal(tsr_tensor_copy(a, NULL), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_tensor_copy(NULL, a), TSR_ERROR_ARGUMENT);
    assert_int_equal(tsr_tensor_copy(a, a), TSR_ERROR_ALIAS);
    assert_ok(tsr_tensor_view(b, 2, (size_t[]){4, 4}, (size_t[]){0, 1}, 0, &view));
    assert_int_equal(tsr_tensor_copy(a, view), TSR_ERROR_ARGUMENT);
    tsr_tensor_destroy(view);
    tsr_tensor_destroy(b);
    assert_ok(tsr_device_open(NULL, &other));
    assert_ok(tsr_tensor_create(other, TSR_F32, 2, (size_t[]){4, 4}, &b));
    assert_int_equal(tsr_tensor_copy(a, b), TSR_ERROR_ARGUMENT);
    tsr_tensor_destroy(b);
    tsr_device_close(other);
    tsr_tensor_destroy(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_strides_copy_like_plain_c_and_touch_nothing_else),
        cmocka_unit_test(long_axes_take_several_launches),
        cmocka_unit_test(dense_tensors_copy_at_their_offsets),
        cmocka_unit_test(copies_that_make_no_sense_are_refused),
    };
    return cmocka_run_group_tests(tests, open_device, close_device);
}
