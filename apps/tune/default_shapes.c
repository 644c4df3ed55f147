#include "default_shapes.h"

static const problem table[] = {
    /* few rows, few columns */
    {.m = 1, .n = 5000, .k = 6400},
    {.m = 2, .n = 5000, .k = 6400},
    {.m = 4, .n = 5000, .k = 6400},
    {.m = 7, .n = 5000, .k = 6400},
    {.m = 8, .n = 5000, .k = 6400},
    {.m = 16, .n = 5000, .k = 6400},
    {.m = 32, .n = 5000, .k = 6400},
    {.m = 64, .n = 5000, .k = 6400},
    {.m = 1, .n = 5000, .k = 6400, .trans_b = true},
    {.m = 8, .n = 5000, .k = 6400, .trans_b = true},
    {.m = 1, .n = 5000, .k = 6400, .dtype = TSR_F64},
    {.m = 5000, .n = 1, .k = 6400},
    {.m = 5000, .n = 8, .k = 6400},
    /* squares */
    {.m = 64, .n = 64, .k = 64},
    {.m = 128, .n = 128, .k = 128},
    {.m = 256, .n = 256, .k = 256},
    {.m = 512, .n = 512, .k = 512},
    {.m = 1024, .n = 1024, .k = 1024},
    {.m = 2048, .n = 2048, .k = 2048},
    {.m = 1000, .n = 1000, .k = 1000},
    {.m = 1023, .n = 1025, .k = 1021},
    {.m = 1024, .n = 1024, .k = 1024, .trans_a = true},
    {.m = 1024, .n = 1024, .k = 1024, .trans_b = true},
    {.m = 1024, .n = 1024, .k = 1024, .trans_a = true, .trans_b = true},
    {.m = 512, .n = 512, .k = 512, .dtype = TSR_F64},
    {.m = 1024, .n = 1024, .k = 1024, .dtype = TSR_F64},
    /* long and short K */
    {.m = 64, .n = 64, .k = 65536},
    {.m = 2048, .n = 2048, .k = 16},
    /* many small ones */
    {.m = 64, .n = 64, .k = 64, .batch = 256},
    {.m = 32, .n = 32, .k = 32, .batch = 1024},
};

bool default_shapes(bool fp64, problem_list *out, failure *why)
{
    *out = (problem_list){0};
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        problem p = table[i];

        if (p.batch == 0)
            p.batch = 1;
        if ((fp64 || p.dtype != TSR_F64) && !problem_list_add(out, &p, why)) {
            problem_list_free(out);
            return false;
        }
    }
    return true;
}
