/* clblast: CLBlast's GEMV for one row or column, its GEMM otherwise.
 *
 * The only file that names CLBlast. What is guarded against, and why:
 * - GEMV with beta == 0 still reads y (1.5.3), so y is zeroed first.
 * - Two threads making the same first call race (CLBlast #486, fixed in 1.6.1), so all
 *   calls of the process take one lock. They only enqueue; the work is not serialised.
 * - Some parameter sets give wrong results (CLBlast #543, fixed in 1.6.3), so each routine
 *   is tried on integers before it is trusted on a device.
 * - Sizes are cast to int, so larger ones are refused here.
 * - Its cache of programs outlives drivers (clvk #531), so it is cleared with the device.
 * - It takes no wait list, so a barrier waits in its place, and a marker then fails for it
 *   if the barrier does.
 * - Parameters that override its own hold for all that follows in the process, and it has
 *   no call that takes them back: calls without a set then run with the last one.
 */
#include <clblast_c.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/trace.h"
#include "device/cl_error.h"
#include "matmul/clblast_space.h"
#include "matmul/epilogue.h"
#include "matmul/strategy.h"
#include "matmul/trial.h"
#include "memory/tensor.h"

static pthread_mutex_t clblast_lock = PTHREAD_MUTEX_INITIALIZER;

/* What is tried before it is trusted: small and large products take different kernels. */
typedef enum routine { GEMV, GEMM_SMALL, GEMM_LARGE, ROUTINES } routine;

typedef enum trust { UNKNOWN, GOOD, WRONG } trust;

/* The device's slot. Guarded by clblast_lock. */
typedef struct state {
    trust trusted[2][ROUTINES]; /* by dtype */
} state;

enum { ROUTINE };        /* plan->numbers */
enum { EPILOGUE, ZERO }; /* plan->kernels */

/* ---- Layouts -------------------------------------------------------------------- */

/* A matrix as CLBlast wants it: row-major with a leading dimension, or the transpose of
 * one. */
typedef struct stored {
    CLBlastTranspose transpose;
    size_t ld;
} stored;

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static bool stored_as(tsr__layout l, size_t rows, size_t columns, stored *out)
{
    if ((l.column == 1 || columns == 1) && (l.row >= columns || rows == 1)) {
        *out = (stored){CLBlastTransposeNo, larger(l.row, columns)};
        return true;
    }
    if ((l.row == 1 || rows == 1) && (l.column >= rows || columns == 1)) {
        *out = (stored){CLBlastTransposeYes, larger(l.column, rows)};
        return true;
    }
    *out = (stored){CLBlastTransposeNo, 0};
    return false;
}

/* The last index CLBlast would compute; it does so in int. */
static bool fits_int(tsr__layout l, size_t rows, size_t columns, size_t batch)
{
    double last = (double)l.offset + (double)rows * (double)l.row +
                  (double)columns * (double)l.column + (double)batch * (double)l.batch;

    return last < (double)INT_MAX;
}

/* C^T = B^T A^T is solved instead when C is stored by columns, or is one column. */
static bool wants_transpose(const tsr__problem *p)
{
    stored c;

    if (p->m == 1 || p->n == 1)
        return p->m != 1;
    return stored_as(p->c, p->m, p->n, &c) && c.transpose == CLBlastTransposeYes;
}

static tsr__problem oriented(const tsr__problem *problem)
{
    tsr__problem p = *problem;

    if (wants_transpose(&p))
        tsr__problem_transpose(&p);
    return p;
}

static bool is_gemv(const tsr__problem *oriented)
{
    return oriented->m == 1 && oriented->batch == 1;
}

static const char *cannot_run(const tsr__problem *problem, const tsr_device_info *info)
{
    tsr__problem p = oriented(problem);
    stored a, b, c;

    (void)info;
    if (p.m > INT_MAX || p.n > INT_MAX || p.k > INT_MAX || p.batch > INT_MAX ||
        !fits_int(p.a, p.m, p.k, p.batch) || !fits_int(p.b, p.k, p.n, p.batch) ||
        !fits_int(p.c, p.m, p.n, p.batch))
        return "a size or index is beyond int, which is what CLBlast counts with";
    if (!stored_as(p.b, p.k, p.n, &b))
        return "neither rows nor columns of an operand are contiguous";
    if (is_gemv(&p))
        return p.k > 1 && p.a.column == 0 ? "the vector is one repeated element" : NULL;
    if (!stored_as(p.a, p.m, p.k, &a))
        return "neither rows nor columns of an operand are contiguous";
    if (!stored_as(p.c, p.m, p.n, &c) || c.transpose != CLBlastTransposeNo)
        return "neither rows nor columns of C are contiguous";
    return NULL;
}

/* ---- Calls ---------------------------------------------------------------------- */

#define NAMED(code)                                                                    \
    {                                                                                  \
        code, #code                                                                    \
    }
static const struct {
    CLBlastStatusCode code;
    const char *name;
} named[] = {NAMED(CLBlastNotImplemented),      NAMED(CLBlastInvalidMatrixA),
             NAMED(CLBlastInvalidMatrixB),      NAMED(CLBlastInvalidMatrixC),
             NAMED(CLBlastInvalidVectorX),      NAMED(CLBlastInvalidVectorY),
             NAMED(CLBlastInvalidDimension),    NAMED(CLBlastInvalidLeadDimA),
             NAMED(CLBlastInvalidLeadDimB),     NAMED(CLBlastInvalidLeadDimC),
             NAMED(CLBlastInsufficientMemoryA), NAMED(CLBlastInsufficientMemoryB),
             NAMED(CLBlastInsufficientMemoryC), NAMED(CLBlastInsufficientMemoryX),
             NAMED(CLBlastInsufficientMemoryY), NAMED(CLBlastInvalidLocalMemUsage),
             NAMED(CLBlastNoDoublePrecision),   NAMED(CLBlastDatabaseError),
             NAMED(CLBlastUnknownError),        NAMED(CLBlastUnexpectedError)};

static const char *status_name(CLBlastStatusCode code)
{
    for (size_t i = 0; i < sizeof named / sizeof named[0]; i++)
        if (named[i].code == code)
            return named[i].name;
    return "CLBlast's own code, see clblast_c.h";
}

/* CLBlast passes OpenCL's codes on and has its own from -1003 down. */
static tsr_status fail_clblast(CLBlastStatusCode code, const char *call)
{
    if ((int)code > -1003)
        return tsr__fail_cl((cl_int)code, call, NULL);
    return tsr__fail(TSR_ERROR_CLBLAST, "%s failed with %s (%d)", call,
                     status_name(code), (int)code);
}

static CLBlastStatusCode call_gemv(const tsr__problem *p, const tsr__operands *o,
                                   cl_command_queue *queue, cl_event *event)
{
    cl_mem a = o->a->storage->buffer, b = o->b->storage->buffer;
    cl_mem c = o->c->storage->buffer;
    stored s;

    /* c = B^T a. A single element may have any stride, which CLBlast would reject. */
    stored_as(p->b, p->k, p->n, &s);
    size_t a_inc = p->k == 1 ? 1 : p->a.column, c_inc = p->n == 1 ? 1 : p->c.column;
    bool by_rows = s.transpose == CLBlastTransposeNo;
    CLBlastTranspose transpose = by_rows ? CLBlastTransposeYes : CLBlastTransposeNo;
    size_t rows = by_rows ? p->k : p->n, columns = by_rows ? p->n : p->k;

    if (p->dtype == TSR_F64)
        return CLBlastDgemv(CLBlastLayoutRowMajor, transpose, rows, columns, p->alpha,
                            b, p->b.offset, s.ld, a, p->a.offset, a_inc, p->beta, c,
                            p->c.offset, c_inc, queue, event);
    return CLBlastSgemv(CLBlastLayoutRowMajor, transpose, rows, columns,
                        (float)p->alpha, b, p->b.offset, s.ld, a, p->a.offset, a_inc,
                        (float)p->beta, c, p->c.offset, c_inc, queue, event);
}

static CLBlastStatusCode call_gemm(const tsr__problem *p, const tsr__operands *o,
                                   cl_command_queue *queue, cl_event *event)
{
    cl_mem a = o->a->storage->buffer, b = o->b->storage->buffer;
    cl_mem c = o->c->storage->buffer;
    stored sa, sb, sc;

    stored_as(p->a, p->m, p->k, &sa);
    stored_as(p->b, p->k, p->n, &sb);
    stored_as(p->c, p->m, p->n, &sc);
    if (p->batch == 1 && p->dtype == TSR_F64)
        return CLBlastDgemm(CLBlastLayoutRowMajor, sa.transpose, sb.transpose, p->m,
                            p->n, p->k, p->alpha, a, p->a.offset, sa.ld, b, p->b.offset,
                            sb.ld, p->beta, c, p->c.offset, sc.ld, queue, event);
    if (p->batch == 1)
        return CLBlastSgemm(CLBlastLayoutRowMajor, sa.transpose, sb.transpose, p->m,
                            p->n, p->k, (float)p->alpha, a, p->a.offset, sa.ld, b,
                            p->b.offset, sb.ld, (float)p->beta, c, p->c.offset, sc.ld,
                            queue, event);
    if (p->dtype == TSR_F64)
        return CLBlastDgemmStridedBatched(
            CLBlastLayoutRowMajor, sa.transpose, sb.transpose, p->m, p->n, p->k,
            p->alpha, a, p->a.offset, sa.ld, p->a.batch, b, p->b.offset, sb.ld,
            p->b.batch, p->beta, c, p->c.offset, sc.ld, p->c.batch, p->batch, queue,
            event);
    return CLBlastSgemmStridedBatched(CLBlastLayoutRowMajor, sa.transpose, sb.transpose,
                                      p->m, p->n, p->k, (float)p->alpha, a, p->a.offset,
                                      sa.ld, p->a.batch, b, p->b.offset, sb.ld,
                                      p->b.batch, (float)p->beta, c, p->c.offset, sc.ld,
                                      p->c.batch, p->batch, queue, event);
}

/* Makes *event one that fails if the caller's events do, or the command before. Not both
 * kinds, which end together: Intel's CPU runtime dies of a marker with two that fail. */
static tsr_status join(const tsr__sequence *sequence, cl_event *event)
{
    cl_event both[2] = {sequence->last, *event}, *list = both, joined = NULL;
    cl_uint count = 2;
    tsr_status status;
    cl_int code;

    if (!sequence->last || !*event)
        return TSR_OK;
    if (sequence->num_wait) {
        list = sequence->wait;
        count = sequence->num_wait + 1;
        list[sequence->num_wait] = *event;
    }
    if ((status = tsr__check_waits(count, list)))
        return status;
    code = clEnqueueMarkerWithWaitList(sequence->queue, count, list, &joined);
    clReleaseEvent(*event);
    *event = joined;
    return code == CL_SUCCESS ? TSR_OK
                              : tsr__fail_cl(code, "clEnqueueMarkerWithWaitList", NULL);
}

/* One call on the sequence; the lock is held. */
static tsr_status call(const tsr__problem *p, const tsr__operands *operands,
                       tsr__sequence *sequence)
{
    bool gemv = is_gemv(p);
    cl_command_queue queue = sequence->queue;
    cl_event event = NULL;
    cl_event *slot = tsr__sequence_event(sequence, &event);
    CLBlastStatusCode code = gemv ? call_gemv(p, operands, &queue, slot)
                                  : call_gemm(p, operands, &queue, slot);
    tsr_status status;

    if (code != CLBlastSuccess) {
        if (event)
            clReleaseEvent(event);
        return fail_clblast(code, gemv ? "CLBlast gemv" : "CLBlast gemm");
    }
    if ((status = join(sequence, &event))) {
        if (event)
            clReleaseEvent(event);
        return status;
    }
    tsr__sequence_took(sequence, event);
    return TSR_OK;
}

static tsr_status wait_before(tsr__sequence *sequence)
{
    cl_event event = NULL;
    tsr_status status;
    cl_int code;

    if (!sequence->num_wait || sequence->waited)
        return TSR_OK;
    if ((status = tsr__check_waits(sequence->num_wait, sequence->wait)))
        return status;
    code = clEnqueueBarrierWithWaitList(sequence->queue, sequence->num_wait,
                                        sequence->wait,
                                        tsr__sequence_event(sequence, &event));
    if (code != CL_SUCCESS)
        return tsr__fail_cl(code, "clEnqueueBarrierWithWaitList", NULL);
    tsr__sequence_took(sequence, event);
    return TSR_OK;
}

/* ---- Trust ---------------------------------------------------------------------- */

static void *state_create(tsr_device *device)
{
    state *s = calloc(1, sizeof *s);

    (void)device;
    if (!s)
        tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for CLBlast's state");
    return s;
}

static void state_destroy(tsr_device *device, void *s)
{
    (void)device;
    pthread_mutex_lock(&clblast_lock);
    CLBlastClearCache();
    pthread_mutex_unlock(&clblast_lock);
    free(s);
}

static state *state_of(tsr_device *device)
{
    return tsr__device_slot(device, TSR__SLOT_CLBLAST, state_create, state_destroy);
}

/* ---- Overrides ------------------------------------------------------------------- */

/* The set that overrides CLBlast's own parameters of a device's GEMVs or GEMMs. CLBlast
 * keeps such sets by cl_device_id until the process ends, and so does this list. Guarded by
 * clblast_lock. */
typedef struct overridden {
    cl_device_id device;
    tsr_dtype dtype;
    bool gemv;
    tsr__parameters set;
} overridden;

#define MOST_OVERRIDDEN 64

static overridden all_overridden[MOST_OVERRIDDEN];
static size_t overridden_count;

/* The lock is held; NULL if nothing is overridden. `p` is oriented. */
static overridden *find_overridden(const tsr_device *device, const tsr__problem *p)
{
    for (size_t i = 0; i < overridden_count; i++) {
        overridden *o = &all_overridden[i];

        if (o->device == device->id && o->dtype == p->dtype && o->gemv == is_gemv(p))
            return o;
    }
    return NULL;
}

static bool is_overridden(tsr_device *device, const tsr__problem *problem)
{
    tsr__problem p = oriented(problem);
    bool is;

    pthread_mutex_lock(&clblast_lock);
    is = find_overridden(device, &p) != NULL;
    pthread_mutex_unlock(&clblast_lock);
    return is;
}

static tsr_status override(const tsr_device *device, tsr_dtype dtype,
                           const tsr__parameters *set)
{
    tsr__override overrides[TSR__OVERRIDES];
    size_t count = tsr__clblast_overrides(set, overrides);

    for (size_t i = 0; i < count; i++) {
        CLBlastStatusCode code = CLBlastOverrideParameters(
            device->id, overrides[i].kernel,
            dtype == TSR_F64 ? CLBlastPrecisionDouble : CLBlastPrecisionSingle,
            overrides[i].count, overrides[i].names, overrides[i].values);

        if (code != CLBlastSuccess)
            return fail_clblast(code, "CLBlastOverrideParameters");
    }
    return TSR_OK;
}

/* Makes a set the one that holds, and unknown what was trusted; the lock is held. NULL
 * leaves things as they are. */
static tsr_status use_set(tsr_device *device, const tsr__problem *p,
                          const tsr__parameters *set, state *s)
{
    overridden *o = find_overridden(device, p);
    tsr_status status;

    if (!set || (o && memcmp(&o->set, set, sizeof *set) == 0))
        return TSR_OK;
    if (!o && overridden_count == MOST_OVERRIDDEN)
        return tsr__fail(TSR_ERROR_CLBLAST, "too many devices with parameters of their "
                                            "own in one process");
    if ((status = override(device, p->dtype, set)))
        return status;
    if (!o)
        o = &all_overridden[overridden_count++];
    *o = (overridden){device->id, p->dtype, is_gemv(p), *set};
    for (int i = 0; i < ROUTINES; i++)
        s->trusted[p->dtype][i] = UNKNOWN;
    return TSR_OK;
}

/* ---- Self-test -------------------------------------------------------------------- */

static routine routine_of(const tsr__problem *p)
{
    if (is_gemv(p))
        return GEMV;
    return (double)p->m * (double)p->n * (double)p->k < 128.0 * 128.0 * 128.0
               ? GEMM_SMALL
               : GEMM_LARGE;
}

static size_t clamp(size_t size, size_t low, size_t high)
{
    return size < low ? low : size > high ? high : size;
}

/* Tries the routine on a product like the problem, once per device; the lock is held. */
static tsr_status earn_trust(tsr_device *device, const tsr__problem *p, state *s)
{
    static const char *const names[] = {"gemv", "small gemm", "large gemm"};
    routine which = routine_of(p);
    trust *trusted = &s->trusted[p->dtype][which];

    if (*trusted == UNKNOWN) {
        size_t low = which == GEMM_LARGE ? 128 : 17;
        size_t m = which == GEMV ? 1 : clamp(p->m, low, 384);
        size_t n = clamp(p->n, low, 384), k = clamp(p->k, low, 384);
        bool right = false;
        tsr_status status = tsr__trial_run(device, p->dtype, m, n, k, call, &right);

        if (status)
            return tsr__explain(status, "CLBlast's self-test");
        *trusted = right ? GOOD : WRONG;
        tsr__trace(TSR__TRACE_BUILD, "CLBlast's %s of %s: self-test of %zux%zux%zu %s",
                   names[which], tsr_dtype_name(p->dtype), m, n, k,
                   right ? "right" : "WRONG");
    }
    if (*trusted == WRONG)
        return tsr__fail(TSR_ERROR_WRONG_RESULT,
                         "CLBlast's %s gives wrong results on %s; use another strategy",
                         names[which], device->info.name);
    return TSR_OK;
}

/* ---- Plan and enqueue ----------------------------------------------------------- */

static bool needs_epilogue(const tsr__problem *p)
{
    return p->has_bias || p->activation != TSR_ACTIVATION_NONE;
}

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    tsr__problem plain;
    state *s = state_of(device);
    tsr_status status;

    if (!s)
        return TSR_ERROR_HOST_MEMORY;
    plan->transposed = wants_transpose(&plan->problem);
    if (plan->transposed)
        tsr__problem_transpose(&plan->problem);
    plan->numbers[ROUTINE] = routine_of(&plan->problem);
    pthread_mutex_lock(&clblast_lock);
    if (!(status = use_set(device, &plan->problem, plan->parameters, s)))
        status = earn_trust(device, &plan->problem, s);
    pthread_mutex_unlock(&clblast_lock);
    if (!status && needs_epilogue(&plan->problem))
        status = tsr__epilogue_kernel(device, &plan->problem, &plan->build_seconds,
                                      &plan->kernels[EPILOGUE]);
    if (!status && plan->numbers[ROUTINE] == GEMV && plan->problem.beta == 0.0) {
        plain = plan->problem;
        plain.has_bias = false;
        plain.activation = TSR_ACTIVATION_NONE;
        status = tsr__epilogue_kernel(device, &plain, &plan->build_seconds,
                                      &plan->kernels[ZERO]);
    }
    return status;
}

static tsr_status enqueue(const tsr__plan *plan, const tsr__operands *operands,
                          tsr__sequence *sequence)
{
    const tsr__problem *p = &plan->problem;
    state *s = state_of(sequence->device);
    tsr_status status = s ? wait_before(sequence) : TSR_ERROR_HOST_MEMORY;

    if (!status && plan->kernels[ZERO])
        status = tsr__epilogue_enqueue(plan->kernels[ZERO], p, operands, 0.0, sequence);
    if (status)
        return status;
    pthread_mutex_lock(&clblast_lock);
    if (!(status = use_set(sequence->device, p, plan->parameters, s)))
        status = call(p, operands, sequence);
    pthread_mutex_unlock(&clblast_lock);
    if (!status && plan->kernels[EPILOGUE])
        status =
            tsr__epilogue_enqueue(plan->kernels[EPILOGUE], p, operands, 1.0, sequence);
    return status;
}

static const tsr__space space = {tsr__clblast_names, tsr__clblast_sets,
                                 tsr__clblast_estimate, tsr__clblast_fits,
                                 is_overridden};

const tsr__strategy tsr__clblast = {"clblast", cannot_run, tsr__clblast_cost,
                                    plan,      enqueue,    &space};
