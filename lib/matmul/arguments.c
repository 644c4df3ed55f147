#include "matmul/arguments.h"

#include <stdio.h>

tsr__real tsr__real_of(tsr_dtype dtype, double value)
{
    tsr__real real;

    if (dtype == TSR_F64) {
        real.value.f64 = value;
        real.size = sizeof real.value.f64;
    } else {
        real.value.f32 = (cl_float)value;
        real.size = sizeof real.value.f32;
    }
    return real;
}

cl_ulong4 tsr__layout4(tsr__layout l)
{
    return (cl_ulong4){{l.offset, l.row, l.column, l.batch}};
}

cl_ulong4 tsr__sizes4(const tsr__problem *p)
{
    return (cl_ulong4){{p->m, p->n, p->k, p->batch}};
}

/* common.cl's `epilogue`. */
static cl_uint epilogue_of(const tsr__problem *problem)
{
    return (cl_uint)problem->activation | (problem->has_bias ? 16u : 0u);
}

tsr__arguments tsr__arguments_of(const tsr__problem *problem,
                                 const tsr__operands *operands)
{
    cl_mem c = operands->c->storage->buffer;

    return (tsr__arguments){
        .sizes = tsr__sizes4(problem),
        .a_layout = tsr__layout4(problem->a),
        .b_layout = tsr__layout4(problem->b),
        .c_layout = tsr__layout4(problem->c),
        .bias_layout = tsr__layout4(problem->bias),
        .a = operands->a->storage->buffer,
        .b = operands->b->storage->buffer,
        .c = c,
        .bias = operands->bias ? operands->bias->storage->buffer : c,
        .alpha = tsr__real_of(problem->dtype, problem->alpha),
        .beta = tsr__real_of(problem->dtype, problem->beta),
        .epilogue = epilogue_of(problem),
    };
}

void tsr__epilogue_options(const tsr__problem *problem, const char *more,
                           char options[TSR__OPTIONS_SIZE])
{
    snprintf(options, TSR__OPTIONS_SIZE, "%s%s", more,
             epilogue_of(problem) ? " -DEPILOGUE" : "");
}
