#include "matmul/epilogue.h"

#include "base/checked.h"
#include "matmul/arguments.h"

tsr_status tsr__epilogue_kernel(tsr_device *device, const tsr__problem *problem,
                                double *build_seconds, tsr__kernel **out)
{
    char options[TSR__OPTIONS_SIZE];

    tsr__epilogue_options(problem, "", options);
    return tsr__kernel_get(device, "epilogue", "epilogue", problem->dtype, options,
                           build_seconds, out);
}

tsr_status tsr__epilogue_enqueue(tsr__kernel *kernel, const tsr__problem *problem,
                                 const tsr__operands *operands, double beta,
                                 tsr__sequence *sequence)
{
    tsr__arguments all = tsr__arguments_of(problem, operands);
    tsr__real scale = tsr__real_of(problem->dtype, beta);
    size_t group = tsr__kernel_max_group(kernel) < 64 ? 1 : 64;
    const size_t local[3] = {group, 1, 1};
    const size_t global[3] = {tsr__round_up(problem->n, group), problem->m,
                              problem->batch};
    const tsr__arg args[] = {
        TSR__ARG(all.sizes),    TSR__ARG(all.c),    TSR__ARG(all.c_layout),
        TSR__ARG_REAL(scale),   TSR__ARG(all.bias), TSR__ARG(all.bias_layout),
        TSR__ARG(all.epilogue),
    };

    return tsr__launch(sequence, kernel, 3, global, local, sizeof args / sizeof args[0],
                       args);
}
