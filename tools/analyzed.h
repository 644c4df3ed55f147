/* analyzed.h: what clang's analyzer, which looks at one file at a time, cannot see: a
 * failure is never TSR_OK. tools/analyze includes it before everything else. */
#include "base/error.h"
#include "device/cl_error.h"

#define tsr__fail(status, ...)    ((void)tsr__fail(status, __VA_ARGS__), (status))
#define tsr__explain(status, ...) ((void)tsr__explain(status, __VA_ARGS__), (status))
#define tsr__fail_cl(code, ...)                                                        \
    ((void)tsr__fail_cl(code, __VA_ARGS__), TSR_ERROR_OPENCL)

#if __has_include("failure.h") /* the programs */
#include "failure.h"

#define fail_with(why, ...) ((void)fail_with(why, __VA_ARGS__), false)
#define fail_call(why, ...) ((void)fail_call(why, __VA_ARGS__), false)
#endif
