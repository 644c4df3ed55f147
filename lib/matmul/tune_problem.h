/* tune_problem.h: problems of which there are no tensors yet (<tessera/tune.h>). */
#ifndef TSR_MATMUL_TUNE_PROBLEM_H
#define TSR_MATMUL_TUNE_PROBLEM_H

#include <tessera/tune.h>

#include "matmul/problem.h"

/* Errors: ARGUMENT, OVERFLOW. */
tsr_status tsr__tune_problems_check(const tsr_tune_problem *problems, size_t count);

/* Dense operands, as they would lie. */
tsr__problem tsr__tune_problem(const tsr_tune_problem *problem);

#endif /* TSR_MATMUL_TUNE_PROBLEM_H */
