/* Prepared tensors: every write drops what is kept with all that share its memory. */
#include <tessera/interop.h>
#include <tessera/matmul.h>
#include <tessera/perturb.h>

#include "prepared_fixture.h"

typedef void (*writer)(tsr_tensor *tensor);

static void write_host(tsr_tensor *tensor)
{
    const float data[64] = {1};

    assert_ok(tsr_tensor_write(tensor, data));
}

static void copy_into(tsr_tensor *tensor)
{
    tsr_tensor *source = make(tsr_tensor_get_device(tensor));

    assert_ok(tsr_tensor_copy(source, tensor));
    tsr_tensor_destroy(source);
}

static void fill_it(tsr_tensor *tensor)
{
    assert_ok(tsr_tensor_fill_uniform(tensor, 2, 0, 1));
}

static void multiply_with(tsr_tensor *tensor, double alpha, double *seconds)
{
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *a = make(tsr_tensor_get_device(tensor));

    options.alpha = alpha;
    if (seconds)
        assert_ok(tsr_matmul_device_time(a, a, tensor, &options, seconds));
    else
        assert_ok(tsr_matmul(a, a, tensor, &options));
    tsr_tensor_destroy(a);
}

static void multiply_into(tsr_tensor *tensor)
{
    multiply_with(tensor, 1.0, NULL);
}

static void empty_sum_into(tsr_tensor *tensor)
{
    multiply_with(tensor, 0.0, NULL);
}

static void timed_product_into(tsr_tensor *tensor)
{
    double seconds;

    multiply_with(tensor, 1.0, &seconds);
}

/* The tensor as a batch of one. */
static void perturbed_products_into(tsr_tensor *tensor)
{
    const tsr_perturbation how = {.seed = 1, .sigma = 0.1};
    const size_t *strides = tsr_tensor_get_strides(tensor);
    tsr_tensor *a = make(tsr_tensor_get_device(tensor)), *y;

    assert_ok(tsr_tensor_view(tensor, 3, (size_t[]){1, 8, 8},
                              (size_t[]){64, strides[0], strides[1]}, 0, &y));
    assert_ok(tsr_perturb_product(a, a, y, &how, TSR_ACTIVATION_NONE));
    tsr_tensor_destroy(y);
    tsr_tensor_destroy(a);
}

static void step_along_noise(tsr_tensor *tensor)
{
    const tsr_perturbation how = {.seed = 1, .sigma = 0.1};
    const float one = 1;

    assert_ok(tsr_perturb_step(tensor, &how, 1, &one));
}

/* Two layers of 4 x 4: changes by each weight's signs fill half of a tensor each. */
typedef struct trials {
    tsr_tensor *x, *w1, *w2;
    tsr_network *network;
} trials;

static trials make_trials(tsr_device *device)
{
    const uint32_t labels[4] = {0, 1, 2, 3};
    tsr_tensor *whole = make(device);
    trials t;

    assert_ok(tsr_tensor_view(whole, 2, (size_t[]){4, 4}, NULL, 0, &t.x));
    assert_ok(tsr_tensor_view(whole, 2, (size_t[]){4, 4}, NULL, 16, &t.w1));
    assert_ok(tsr_tensor_view(whole, 2, (size_t[]){4, 4}, NULL, 32, &t.w2));
    tsr_tensor_destroy(whole);
    assert_ok(tsr_network_create(t.x, labels, t.w1, t.w2, &t.network));
    return t;
}

static void destroy_trials(trials *t)
{
    tsr_network_destroy(t->network);
    tsr_tensor_destroy(t->w2);
    tsr_tensor_destroy(t->w1);
    tsr_tensor_destroy(t->x);
}

/* The first or the second layer's changes go into the tensor's storage, the other's
 * elsewhere. */
static void try_weights_into(tsr_tensor *tensor, bool second)
{
    tsr_device *device = tsr_tensor_get_device(tensor);
    trials t = make_trials(device);
    tsr_tensor *here, *there;

    assert_ok(tsr_tensor_view(tensor, 3, (size_t[]){2, 4, 4}, NULL, 0, &here));
    assert_ok(tsr_tensor_create(device, TSR_F32, 3, (size_t[]){2, 4, 4}, &there));
    assert_ok(tsr_network_try_weights(t.network, 0.1, second ? there : here,
                                      second ? here : there));
    tsr_tensor_destroy(there);
    tsr_tensor_destroy(here);
    destroy_trials(&t);
}

static void first_weights_changes_into(tsr_tensor *tensor)
{
    try_weights_into(tensor, false);
}

static void second_weights_changes_into(tsr_tensor *tensor)
{
    try_weights_into(tensor, true);
}

static void directions_changes_into(tsr_tensor *tensor)
{
    const tsr_perturbation how = {.seed = 1, .sigma = 0.1};
    trials t = make_trials(tsr_tensor_get_device(tensor));
    tsr_tensor *changes;

    assert_ok(tsr_tensor_view(tensor, 1, (size_t[]){2}, NULL, 0, &changes));
    assert_ok(tsr_network_try_directions(t.network, &how, changes));
    tsr_tensor_destroy(changes);
    destroy_trials(&t);
}

static void prepare_again(tsr_tensor *tensor)
{
    assert_ok(tsr_tensor_prepare(tensor));
}

static const writer writers[] = {write_host,
                                 copy_into,
                                 fill_it,
                                 multiply_into,
                                 empty_sum_into,
                                 timed_product_into,
                                 perturbed_products_into,
                                 step_along_noise,
                                 first_weights_changes_into,
                                 second_weights_changes_into,
                                 directions_changes_into};

#define WRITERS (sizeof writers / sizeof writers[0])

/* Keeps a form with `tensor`, lets `write` write `through`, and looks for it. */
static bool survives(tsr_tensor *tensor, tsr_tensor *through, writer write)
{
    cl_mem buffer = make_buffer(tsr_tensor_get_device(tensor));
    bool found;

    keep(tensor, &key, buffer);
    write(through);
    found = finds(tensor, &key, buffer);
    assert_ok(tsr_tensor_prepare(tensor));
    assert_references(tsr_tensor_get_device(tensor), buffer, 1);
    clReleaseMemObject(buffer);
    return found;
}

static void every_write_drops_the_forms(void **state)
{
    tsr_tensor *tensor = make_prepared(*state), *other = make(*state);

    for (size_t i = 0; i < WRITERS; i++) {
        assert_false(survives(tensor, tensor, writers[i]));
        assert_true(survives(tensor, other, writers[i]));
    }
    assert_false(survives(tensor, tensor, prepare_again));
    tsr_tensor_destroy(tensor);
    tsr_tensor_destroy(other);
}

static void a_write_through_a_view_drops_the_forms(void **state)
{
    tsr_tensor *tensor = make_prepared(*state), *view = NULL;

    assert_ok(tsr_tensor_transpose(tensor, &view));
    for (size_t i = 0; i < WRITERS; i++)
        assert_false(survives(tensor, view, writers[i]));
    tsr_tensor_destroy(tensor);
    tsr_tensor_destroy(view);
}

static void neighbours_in_one_memory_do_not_disturb_each_other(void **state)
{
    const size_t both[2] = {16, 8};
    tsr_tensor *whole = NULL, *upper = NULL, *lower = NULL;

    assert_ok(tsr_tensor_create(*state, TSR_F32, 2, both, &whole));
    assert_ok(tsr_tensor_view(whole, 2, shape, NULL, 0, &upper));
    assert_ok(tsr_tensor_view(whole, 2, shape, NULL, 64, &lower));
    assert_ok(tsr_tensor_prepare(upper));
    for (size_t i = 0; i < WRITERS; i++) {
        assert_true(survives(upper, lower, writers[i]));
        assert_false(survives(upper, upper, writers[i]));
    }
    assert_false(survives(upper, whole, fill_it));
    tsr_tensor_destroy(whole);
    tsr_tensor_destroy(upper);
    tsr_tensor_destroy(lower);
}

static void perturbed_products_into_all(tsr_tensor *y)
{
    const tsr_perturbation how = {.seed = 1, .sigma = 0.1};
    tsr_tensor *a = make(tsr_tensor_get_device(y));

    assert_ok(tsr_perturb_product(a, a, y, &how, TSR_ACTIVATION_NONE));
    tsr_tensor_destroy(a);
}

/* Only the first one is also the unperturbed product. */
static void the_last_of_perturbed_products_is_written_too(void **state)
{
    const size_t both[3] = {2, 8, 8};
    tsr_tensor *y = NULL, *last = NULL;

    assert_ok(tsr_tensor_create(*state, TSR_F32, 3, both, &y));
    assert_ok(tsr_tensor_view(y, 2, shape, NULL, 64, &last));
    assert_ok(tsr_tensor_prepare(last));
    assert_false(survives(last, y, perturbed_products_into_all));
    tsr_tensor_destroy(last);
    tsr_tensor_destroy(y);
}

static void a_write_through_another_storage_drops_the_forms(void **state)
{
    tsr_tensor *tensor = make_prepared(*state), *adopted = NULL;
    size_t offset;
    cl_mem buffer = tsr_tensor_get_cl_mem(tensor, &offset);

    assert_ok(
        tsr_tensor_adopt(*state, buffer, TSR_F32, 2, shape, NULL, offset, &adopted));
    assert_false(survives(tensor, adopted, fill_it));
    assert_false(survives(tensor, adopted, write_host));
    tsr_tensor_destroy(tensor);
    tsr_tensor_destroy(adopted);
}

static float array[64];

static void pass_back(tsr_tensor *tensor)
{
    array[0] += 1;
    assert_ok(tsr_tensor_write(tensor, array));
}

static void a_borrowed_array_passed_back_drops_the_forms(void **state)
{
    tsr_tensor *tensor = NULL, *twin = NULL;

    assert_ok(tsr_tensor_borrow_host(*state, TSR_F32, 2, shape, array, &tensor));
    assert_ok(tsr_tensor_borrow_host(*state, TSR_F32, 2, shape, array, &twin));
    assert_ok(tsr_tensor_prepare(tensor));
    assert_false(survives(tensor, tensor, pass_back));
    if (tsr_tensor_is_zero_copy(tensor))
        assert_false(survives(tensor, twin, pass_back));
    tsr_tensor_destroy(tensor);
    tsr_tensor_destroy(twin);
}

/* The write may have come before or after the packing: nobody knows. */
static void what_was_written_while_the_form_was_made_is_not_kept(void **state)
{
    tsr_tensor *tensor = make_prepared(*state);
    tsr__sequence sequence = tsr__sequence_on(*state);
    cl_mem buffer = make_buffer(*state);
    size_t version;

    assert_true(tsr__prepared_wants(tensor, &sequence, &version));
    fill_it(tensor);
    fill_buffer(&sequence, buffer, 1);
    tsr__prepared_keep(tensor, &key, version, &sequence, buffer);
    assert_false(finds(tensor, &key, buffer));
    tsr__sequence_release(&sequence);
    tsr_tensor_destroy(tensor);
    clReleaseMemObject(buffer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_write_drops_the_forms),
        cmocka_unit_test(a_write_through_a_view_drops_the_forms),
        cmocka_unit_test(neighbours_in_one_memory_do_not_disturb_each_other),
        cmocka_unit_test(the_last_of_perturbed_products_is_written_too),
        cmocka_unit_test(a_write_through_another_storage_drops_the_forms),
        cmocka_unit_test(a_borrowed_array_passed_back_drops_the_forms),
        cmocka_unit_test(what_was_written_while_the_form_was_made_is_not_kept),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
