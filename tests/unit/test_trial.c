#include "matmul/trial.h"

#include "device_fixture.h"
#include "matmul/strategy.h"
#include "memory/tensor.h"

static tsr_status wrong_product(const tsr__problem *problem,
                                const tsr__operands *operands, tsr__sequence *sequence)
{
    (void)problem;
    (void)sequence;
    return tsr_tensor_copy(operands->a, operands->c);
}

static void a_wrong_product_does_not_pass_its_trial(void **state)
{
    bool right = true;

    assert_ok(tsr__trial_run(*state, TSR_F32, 8, 8, 8, wrong_product, &right));
    assert_false(right);
}

static tsr_status right_product(const tsr__problem *problem,
                                const tsr__operands *operands, tsr__sequence *sequence)
{
    tsr__plan plan = {.strategy = &tsr__reference, .problem = *problem};

    return tsr__reference.enqueue(&plan, operands, sequence);
}

static void a_right_product_passes_its_trial_in_either_dtype(void **state)
{
    bool right = false;

    assert_ok(tsr__trial_run(*state, TSR_F32, 7, 9, 300, right_product, &right));
    assert_true(right);
    need_fp64(*state);
    right = false;
    assert_ok(tsr__trial_run(*state, TSR_F64, 1, 384, 17, right_product, &right));
    assert_true(right);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_product_does_not_pass_its_trial),
        cmocka_unit_test(a_right_product_passes_its_trial_in_either_dtype),
    };

    return cmocka_run_group_tests(tests, open_device, close_device);
}
