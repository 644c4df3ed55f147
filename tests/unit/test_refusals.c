/* Arguments that no call takes: each is refused in words that say which it is, and what
 * was to be written there is NULL. What is checked with sizes has tests of its own. */
#include <string.h>

#include <tessera/interop.h>
#include <tessera/tessera.h>

#include "device_fixture.h"

/* Two devices: a matrix on each, and more on the second. */
static tsr_device *here, *there;
static tsr_tensor *mine, *its, *vector, *cube;

static int make(void **state)
{
    const size_t square[] = {4, 4}, cubes[] = {2, 4, 4};

    (void)state;
    return tsr_device_open(NULL, &here) || tsr_device_open(NULL, &there) ||
           tsr_tensor_create(here, TSR_F32, 2, square, &mine) ||
           tsr_tensor_create(there, TSR_F32, 2, square, &its) ||
           tsr_tensor_create(there, TSR_F32, 1, square, &vector) ||
           tsr_tensor_create(there, TSR_F32, 3, cubes, &cube);
}

static int destroy(void **state)
{
    (void)state;
    tsr_tensor_destroy(mine);
    tsr_tensor_destroy(its);
    tsr_tensor_destroy(vector);
    tsr_tensor_destroy(cube);
    tsr_device_close(here);
    tsr_device_close(there);
    return 0;
}

static void refused(tsr_status status, const char *words)
{
    assert_int_equal(status, TSR_ERROR_ARGUMENT);
    if (!strstr(tsr_error_detail(), words))
        fail_msg("\"%s\" is not in \"%s\"", words, tsr_error_detail());
}

static void tensors_are_refused_by_name(void **state)
{
    const size_t shape[] = {4, 4};
    tsr_tensor *out = mine;

    (void)state;
    refused(tsr_tensor_to(mine, here, NULL), "nowhere to put the copy");
    refused(tsr_tensor_to(NULL, here, &out), "the tensor to copy is NULL");
    assert_null(out);
    out = mine;
    refused(tsr_tensor_view(mine, 2, shape, NULL, 0, NULL), "nowhere to put the view");
    refused(tsr_tensor_view(NULL, 2, shape, NULL, 0, &out), "the tensor to view");
    assert_null(out);
    out = mine;
    refused(tsr_tensor_transpose(mine, NULL), "nowhere to put the view");
    refused(tsr_tensor_transpose(NULL, &out), "the tensor to transpose");
    assert_null(out);
    out = mine;
    refused(tsr_tensor_borrow_host(here, TSR_F32, 2, shape, NULL, &out),
            "the array to borrow is NULL");
    assert_null(out);
    out = mine;
    refused(tsr_tensor_adopt(here, NULL, TSR_F32, 2, shape, NULL, 0, &out),
            "the buffer to adopt is NULL");
    assert_null(out);
    refused(tsr_tensor_fill_uniform(NULL, 1, 0.0, 1.0), "the tensor to fill is NULL");
    refused(tsr_tensor_prepare(NULL), "the tensor to prepare is NULL");
}

static void records_are_refused_by_name(void **state)
{
    const tsr_tune_problem problem = {.dtype = TSR_F32, .m = 1, .n = 1, .k = 1};
    char text[8];
    size_t length;

    (void)state;
    refused(tsr_tune_export(NULL, text, sizeof text, &length), "device is NULL");
    refused(tsr_tune_export(here, text, sizeof text, NULL), "length is NULL");
    refused(tsr_tune_export(here, NULL, sizeof text, &length), "text is NULL");
    refused(tsr_tune_import(NULL, NULL, "", 0, NULL), "device is NULL");
    refused(tsr_tune_import(here, NULL, NULL, 0, NULL), "text is NULL");
    refused(tsr_tune_warm_up(NULL, &problem, 1, 0.0), "device is NULL");
    refused(tsr_tune_warm_up(here, NULL, 1, 0.0), "problems is NULL");
}

static void tensors_of_two_devices_are_refused(void **state)
{
    const tsr_perturbation how = {.sigma = 0.1};
    const uint32_t labels[4] = {0};
    tsr_network *network = NULL;

    (void)state;
    refused(tsr_perturb_product(its, mine, cube, &how, TSR_ACTIVATION_NONE),
            "not on one device");
    refused(tsr_network_create(mine, labels, its, its, &network), "not on one device");
    assert_null(network);
}

static void changes_of_a_network_are_refused_by_name(void **state)
{
    tsr_perturbation how = {.sigma = 0.1};
    const uint32_t labels[4] = {0};
    tsr_network *network;
    tsr_tensor *changes;
    const size_t one = 1;

    (void)state;
    refused(tsr_network_create(mine, labels, mine, mine, NULL), "nowhere to put");
    refused(tsr_network_loss(NULL, NULL, NULL), "the network is NULL");
    refused(tsr_network_try_weights(NULL, 0.1, cube, cube), "the network is NULL");
    assert_ok(tsr_network_create(mine, labels, mine, mine, &network));
    assert_ok(tsr_tensor_create(here, TSR_F32, 1, &one, &changes));
    refused(tsr_network_try_weights(network, 0.1, NULL, NULL), "d1 is NULL");
    refused(tsr_network_try_weights(network, 0.1, cube, cube),
            "d1 has another device or dtype than x");
    refused(tsr_network_try_directions(NULL, &how, changes), "the network is NULL");
    refused(tsr_network_try_directions(network, &how, NULL), "changes is NULL");
    refused(tsr_network_try_directions(network, &how, vector),
            "the changes have another device or dtype than x");
    how.matrix = (1u << 24) - 1;
    refused(tsr_network_try_directions(network, &how, changes),
            "W2's matrix is not below 2^24");
    refused(tsr_perturb_step(NULL, &how, 0, NULL), "W is NULL");
    refused(tsr_perturb_step(mine, &how, 1, NULL), "the coefficients are NULL");
    tsr_tensor_destroy(changes);
    tsr_network_destroy(network);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tensors_are_refused_by_name),
        cmocka_unit_test(records_are_refused_by_name),
        cmocka_unit_test(tensors_of_two_devices_are_refused),
        cmocka_unit_test(changes_of_a_network_are_refused_by_name),
    };

    return cmocka_run_group_tests_name("refusals", tests, make, destroy);
}
