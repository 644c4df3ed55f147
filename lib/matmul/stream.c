/* stream: few rows, or few columns, at memory speed. */
#include "matmul/stream.h"

static bool wants_transpose(const tsr__problem *p)
{
    return p->n < p->m;
}

tsr__problem tsr__stream_oriented(const tsr__problem *problem)
{
    tsr__problem p = *problem;

    if (wants_transpose(&p))
        tsr__problem_transpose(&p);
    return p;
}

static const tsr__strategy *shape_for(const tsr_device_info *info)
{
    return info->type == TSR_DEVICE_CPU ? &tsr__stream_sweep : &tsr__stream_lanes;
}

static const char *cannot_run(const tsr__problem *problem, const tsr_device_info *info)
{
    tsr__problem p = tsr__stream_oriented(problem);

    if (p.m > TSR__STREAM_ROWS)
        return "it is for at most 32 rows or columns";
    if (p.b.row != 1 && p.b.column != 1)
        return "neither rows nor columns of the large operand are contiguous";
    return shape_for(info)->cannot_run(&p, info);
}

static double cost(const tsr__problem *problem, const tsr_device_info *info)
{
    tsr__problem p = tsr__stream_oriented(problem);

    return shape_for(info)->cost(&p, info);
}

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    plan->transposed = wants_transpose(&plan->problem);
    plan->problem = tsr__stream_oriented(&plan->problem);
    return shape_for(&device->info)->plan(device, plan);
}

static tsr_status enqueue(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence)
{
    return shape_for(&sequence->device->info)->enqueue(plan, operands, sequence);
}

const tsr__strategy tsr__stream = {"stream", cannot_run, cost,
                                   plan,     enqueue,    &tsr__stream_space};
