/* Small products on the calling thread: right at every level of the CPU and at every edge,
 * the same bits whatever is beside them, in the queue's order, and only where waiting for
 * the queue cannot last for ever. */
#include <math.h>

#include <tessera/interop.h>

#include "device/device.h"
#include "matmul/host_loops.h"
#include "strategy_fixture.h"

/* What is tried needs a device that lets the host touch what is lent to it. */
static void need_host(tsr_device *device)
{
    if (!device->coherent)
        skip();
}

/* ---- The loops -------------------------------------------------------------------- */

enum { MOST = 40 }; /* rows and columns; K goes up to 70 */

/* An array of which only what a test puts there is not NaN. */
static double *poisoned(size_t count)
{
    double *x = malloc(count * sizeof *x);

    assert_non_null(x);
    for (size_t i = 0; i < count; i++)
        x[i] = NAN;
    return x;
}

/* Every element of C exact, and nothing beside them written. Rows are 3 elements longer
 * than they have columns, and a column's elements `step` apart. */
static void multiply_exactly(const tsr__host_loops *loops, size_t m, size_t n, size_t k,
                             size_t step)
{
    const size_t a_row = k * step + 3, b_row = n * step + 3, c_row = n * step + 3;
    double *a = poisoned(m * a_row), *b = poisoned(k * b_row), *c = poisoned(m * c_row);
    tsr_host_product p = {.dtype = TSR_F64,
                          .m = m,
                          .n = n,
                          .k = k,
                          .batch = 1,
                          .a = {a, a_row, step, 0},
                          .b = {b, b_row, step, 0},
                          .alpha = 2};
    const tsr_host_matrix to = {c, c_row, step, 0};

    for (size_t i = 0; i < m; i++)
        for (size_t l = 0; l < k; l++)
            a[i * a_row + l * step] = (double)((i * 7 + l * 3) % 11) - 5;
    for (size_t l = 0; l < k; l++)
        for (size_t j = 0; j < n; j++)
            b[l * b_row + j * step] = (double)((l * 5 + j * 2) % 9) - 4;
    loops->f64(&p, &to);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < c_row; j++) {
            double sum = 0;

            if (j % step != 0 || j / step >= n) {
                assert_true(isnan(c[i * c_row + j]));
                continue;
            }
            for (size_t l = 0; l < k; l++)
                sum += a[i * a_row + l * step] * b[l * b_row + j];
            if (c[i * c_row + j] != 2 * sum)
                fail_msg("%s %zux%zux%zu: (%zu, %zu) is %g, not %g", loops->level, m, n,
                         k, i, j / step, c[i * c_row + j], 2 * sum);
        }
    free(c);
    free(b);
    free(a);
}

static void every_level_is_exact_at_every_edge(void **state)
{
    const tsr__host_loops *levels[TSR__HOST_MOST_LEVELS];
    const size_t count = tsr__host_levels(levels);

    (void)state;
    for (size_t level = 0; level < count; level++)
        for (size_t m = 1; m <= 9; m++)
            for (size_t n = 1; n <= MOST; n++) {
                multiply_exactly(levels[level], m, n, 1 + (m * n) % 70, 1);
                multiply_exactly(levels[level], m, n, 1 + (m * n) % 70, 2);
            }
}

static void levels_are_ordered_and_end_with_one_for_every_cpu(void **state)
{
    const tsr__host_loops *levels[TSR__HOST_MOST_LEVELS];
    const size_t count = tsr__host_levels(levels);

    (void)state;
    for (size_t i = 1; i < count; i++)
        assert_true(levels[i]->vector_bytes < levels[i - 1]->vector_bytes);
    assert_ptr_equal(levels[count - 1], &tsr__host_baseline);
}

/* ---- The strategy ----------------------------------------------------------------- */

static void products_of_lent_arrays_are_exact(void **state)
{
    need_host(*state);
    for (size_t size = 1; size <= 65; size += 8)
        for (unsigned how = 0; how < 8; how++)
            is_exact(*state, "host",
                     (integer_product){.m = size,
                                       .n = 66 - size,
                                       .k = 2 * size,
                                       .trans_a = how & 1,
                                       .trans_b = how & 2,
                                       .trans_c = how & 4,
                                       .beta = how % 3,
                                       .lent = true});
}

static void bits_do_not_depend_on_what_is_beside_them(void **state)
{
    enum { N = 45, K = 37 };
    float *a = malloc(7 * K * sizeof *a), *b = malloc(K * N * sizeof *b);
    float all[7 * N], one[N];
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *ta, *tb, *tc, *row, *of_c;

    need_host(*state);
    assert_ok(tsr_random_uniform(TSR_F32, 1, -1, 1, 0, 7 * K, a));
    assert_ok(tsr_random_uniform(TSR_F32, 2, -1, 1, 0, K * N, b));
    options.strategy = "host";
    ta = lent_matrix(*state, a, 7, K, false);
    tb = lent_matrix(*state, b, K, N, false);
    tc = lent_matrix(*state, all, 7, N, false);
    of_c = lent_matrix(*state, one, 1, N, false);
    assert_ok(tsr_matmul(ta, tb, tc, &options));
    for (size_t i = 0; i < 7; i++) {
        assert_ok(tsr_tensor_view(ta, 2, (size_t[]){1, K}, NULL, i * K, &row));
        assert_ok(tsr_matmul(row, tb, of_c, &options));
        assert_ok(tsr_tensor_read(of_c, one));
        assert_memory_equal(one, all + i * N, sizeof one);
        tsr_tensor_destroy(row);
    }
    tsr_tensor_destroy(ta);
    tsr_tensor_destroy(tb);
    tsr_tensor_destroy(tc);
    tsr_tensor_destroy(of_c);
    free(a);
    free(b);
}

/* Made by one thread first, then by two once the worker has come, in an order that is never
 * the same. */
static void bits_do_not_depend_on_who_makes_which_part(void **state)
{
    static const struct shape {
        size_t m, n, k;
        bool trans_b;
    } shapes[] = {{128, 128, 128, false},
                  {127, 129, 65, false},
                  {100, 90, 110, true},
                  {300, 7, 300, false}};

    need_host(*state);
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
        const size_t m = shapes[s].m, n = shapes[s].n, k = shapes[s].k;
        float *a = malloc(m * k * sizeof *a), *b = malloc(k * n * sizeof *b);
        float *first = malloc(m * n * sizeof *first), *c = malloc(m * n * sizeof *c);
        tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
        tsr_tensor *ta, *tb, *tc;

        options.strategy = "host";
        assert_ok(tsr_random_uniform(TSR_F32, 1, -1, 1, 0, m * k, a));
        assert_ok(tsr_random_uniform(TSR_F32, 2, -1, 1, 0, k * n, b));
        ta = lent_matrix(*state, a, m, k, false);
        tb = lent_matrix(*state, b, k, n, shapes[s].trans_b);
        tc = lent_matrix(*state, c, m, n, false);
        for (int i = 0; i < 300; i++) {
            for (size_t at = 0; at < m * n; at++)
                c[at] = NAN;
            assert_ok(tsr_matmul(ta, tb, tc, &options));
            if (i == 0)
                memcpy(first, c, m * n * sizeof *c);
            assert_memory_equal(c, first, m * n * sizeof *c);
        }
        tsr_tensor_destroy(ta);
        tsr_tensor_destroy(tb);
        tsr_tensor_destroy(tc);
        free(a);
        free(b);
        free(first);
        free(c);
    }
}

/* What a lent small product is routed to; the product itself is done. */
static const char *routed(tsr_device *device, cl_event *event)
{
    static float x[3][16 * 16];
    tsr_matmul_report report = {0};
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *t[3];

    options.report = &report;
    for (int i = 0; i < 3; i++)
        t[i] = lent_matrix(device, x[i], 16, 16, false);
    assert_ok(tsr_matmul_enqueue(t[0], t[1], t[2], &options, 0, NULL, event));
    for (int i = 0; i < 3; i++)
        tsr_tensor_destroy(t[i]);
    return report.strategy;
}

static void a_small_product_of_lent_arrays_is_not_launched(void **state)
{
    need_host(*state);
    assert_string_equal(routed(*state, NULL), "host");
}

static void a_product_with_an_event_is_launched(void **state)
{
    cl_event event;

    assert_string_not_equal(routed(*state, &event), "host");
    clReleaseEvent(event);
}

static void a_product_can_be_timed(void **state)
{
    float *x = integers(3 * 16 * 16);
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *t[3];
    double seconds;

    need_host(*state);
    for (int i = 0; i < 3; i++)
        t[i] = lent_matrix(*state, x + i * 16 * 16, 16, 16, false);
    options.strategy = "host";
    assert_ok(tsr_matmul_device_time(t[0], t[1], t[2], &options, &seconds));
    for (int i = 0; i < 3; i++)
        tsr_tensor_destroy(t[i]);
    free(x);
}

static void what_is_not_the_hosts_is_refused(void **state)
{
    float *x = integers(600 * 600);
    tsr_tensor *lent = lent_matrix(*state, x, 16, 16, false);
    tsr_tensor *own = matrix(*state, x, 16, 16, false);
    tsr_tensor *small = lent_matrix(*state, x + 16 * 16, 16, 16, false);
    tsr_tensor *long_a = lent_matrix(*state, x, 4, 513, false);
    tsr_tensor *long_b = lent_matrix(*state, x, 513, 4, false);
    tsr_tensor *of_long = lent_matrix(*state, x + 4 * 513, 4, 4, false);
    tsr_tensor *large = lent_matrix(*state, x, 300, 300, false);
    tsr_tensor *of_large = lent_matrix(*state, x + 300 * 300, 300, 300, false);
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;

    need_host(*state);
    is_refused(*state, "host", lent, own, small, "the host's arrays");
    is_refused(*state, "host", lent, lent, own, "the host's arrays");
    is_refused(*state, "host", long_a, long_b, of_long, "K is too large");
    is_refused(*state, "host", large, large, of_large, "too long");
    options.strategy = "host";
    options.activation = TSR_ACTIVATION_TANH;
    assert_int_equal(tsr_matmul(lent, lent, small, &options), TSR_ERROR_UNSUPPORTED);
    options.activation = TSR_ACTIVATION_NONE;
    options.bias = own;
    assert_int_equal(tsr_matmul(lent, lent, small, &options), TSR_ERROR_UNSUPPORTED);
    tsr_tensor_destroy(lent);
    tsr_tensor_destroy(own);
    tsr_tensor_destroy(small);
    tsr_tensor_destroy(long_a);
    tsr_tensor_destroy(long_b);
    tsr_tensor_destroy(of_long);
    tsr_tensor_destroy(large);
    tsr_tensor_destroy(of_large);
    free(x);
}

/* A large product is enqueued, and a small one made of its first element at once. */
static void what_was_enqueued_before_is_there(void **state)
{
    enum { LARGE = 1200 };
    float *x = malloc(LARGE * LARGE * sizeof *x),
          *y = malloc(LARGE * LARGE * sizeof *y);
    float two = 2, result = 0;
    tsr_tensor *large = lent_matrix(*state, x, LARGE, LARGE, false);
    tsr_tensor *square = lent_matrix(*state, y, LARGE, LARGE, false);
    tsr_tensor *factor = lent_matrix(*state, &two, 1, 1, false);
    tsr_tensor *out = lent_matrix(*state, &result, 1, 1, false), *last;
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;

    need_host(*state);
    for (size_t i = 0; i < LARGE * LARGE; i++)
        x[i] = 1, y[i] = -1;
    options.strategy = "host";
    assert_ok(
        tsr_tensor_view(square, 2, (size_t[]){1, 1}, NULL, LARGE * LARGE - 1, &last));
    assert_ok(tsr_matmul(large, large, square, NULL));
    assert_ok(tsr_matmul(last, factor, out, &options));
    assert_true(result == 2 * LARGE);
    tsr_tensor_destroy(last);
    tsr_tensor_destroy(large);
    tsr_tensor_destroy(square);
    tsr_tensor_destroy(factor);
    tsr_tensor_destroy(out);
    free(x);
    free(y);
}

/* ---- Devices of its own each: what others may put on the queue -------------------- */

static void a_queue_that_is_lent_is_not_waited_for(void **state)
{
    tsr_device *device;

    need_host(*state);
    assert_ok(tsr_device_open(NULL, &device));
    assert_string_equal(routed(device, NULL), "host");
    assert_non_null(tsr_device_get_cl_queue(device));
    assert_string_not_equal(routed(device, NULL), "host");
    tsr_device_close(device);
}

/* The host may not see what its device wrote. */
static void what_the_device_may_have_elsewhere_is_launched(void **state)
{
    tsr_device *device;

    need_host(*state);
    assert_ok(tsr_device_open(NULL, &device));
    assert_string_equal(routed(device, NULL), "host");
    device->coherent = false;
    assert_string_not_equal(routed(device, NULL), "host");
    tsr_device_close(device);
}

static void a_queue_of_the_caller_is_not_waited_for(void **state)
{
    tsr_device *mine, *adopted;

    need_host(*state);
    assert_ok(tsr_device_open(NULL, &mine));
    assert_ok(tsr_device_adopt(tsr_device_get_cl_context(mine),
                               tsr_device_get_cl_device(mine),
                               tsr_device_get_cl_queue(mine), &adopted));
    assert_string_not_equal(routed(adopted, NULL), "host");
    tsr_device_close(adopted);
    tsr_device_close(mine);
}

/* The event is the thread's own to set, later: a wait for the queue would never end. */
static void after_a_product_that_waits_for_an_event_none_is_waited_for(void **state)
{
    static float x[3][4];
    tsr_matmul_report report = {0};
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *t[3];
    tsr_device *device;
    cl_event gate;
    cl_int code;

    need_host(*state);
    options.report = &report;
    assert_ok(tsr_device_open(NULL, &device));
    gate = clCreateUserEvent(tsr_device_get_cl_context(device), &code);
    assert_int_equal(code, CL_SUCCESS);
    for (int i = 0; i < 3; i++)
        t[i] = lent_matrix(device, x[i], 2, 2, false);
    assert_ok(tsr_matmul_enqueue(t[0], t[1], t[2], NULL, 1, &gate, NULL));
    assert_ok(tsr_matmul(t[0], t[1], t[2], &options));
    assert_string_not_equal(report.strategy, "host");
    assert_int_equal(clSetUserEventStatus(gate, CL_COMPLETE), CL_SUCCESS);
    assert_ok(tsr_device_finish(device));
    for (int i = 0; i < 3; i++)
        tsr_tensor_destroy(t[i]);
    clReleaseEvent(gate);
    tsr_device_close(device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_level_is_exact_at_every_edge),
        cmocka_unit_test(levels_are_ordered_and_end_with_one_for_every_cpu),
        cmocka_unit_test(products_of_lent_arrays_are_exact),
        cmocka_unit_test(bits_do_not_depend_on_what_is_beside_them),
        cmocka_unit_test(bits_do_not_depend_on_who_makes_which_part),
        cmocka_unit_test(a_small_product_of_lent_arrays_is_not_launched),
        cmocka_unit_test(a_product_with_an_event_is_launched),
        cmocka_unit_test(a_product_can_be_timed),
        cmocka_unit_test(what_is_not_the_hosts_is_refused),
        cmocka_unit_test(what_was_enqueued_before_is_there),
        cmocka_unit_test(a_queue_that_is_lent_is_not_waited_for),
        cmocka_unit_test(what_the_device_may_have_elsewhere_is_launched),
        cmocka_unit_test(a_queue_of_the_caller_is_not_waited_for),
        cmocka_unit_test(after_a_product_that_waits_for_an_event_none_is_waited_for),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
