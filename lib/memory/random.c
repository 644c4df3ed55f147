/* random: kernels/random.cl in plain C, and the call that launches it. The two say the
 * same, line by line; they change together. */
#include "memory/random.h"

#include <float.h>
#include <math.h>

#include "base/checked.h"
#include "base/error.h"
#include "base/round.h"
#include "memory/prepared.h"
#include "program/launch.h"

#define GROUP 64 /* work-items per group */

/* [lo, hi) in numbers of the dtype. */
typedef struct range {
    double lo;
    double span;  /* hi - lo */
    double below; /* the largest number under hi that is normal or 0 */
} range;

void tsr__philox(const uint32_t counter[4], const uint32_t key[2], uint32_t words[4])
{
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];

    for (int round = 0; round < 10; round++) {
        uint64_t product0 = (uint64_t)0xD2511F53 * c0;
        uint64_t product1 = (uint64_t)0xCD9E8D57 * c2;

        c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)product1;
        c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)product0;
        k0 += 0x9E3779B9;
        k1 += 0xBB67AE85;
    }
    words[0] = c0;
    words[1] = c1;
    words[2] = c2;
    words[3] = c3;
}

/* ---- The range ------------------------------------------------------------------ */

/* To the dtype, with zero for what is not normal there. */
static double to_dtype(tsr_dtype dtype, double x)
{
    double smallest = dtype == TSR_F32 ? FLT_MIN : DBL_MIN;
    double rounded = dtype == TSR_F32 ? tsr__round_to_f32(x) : x;

    return fabs(rounded) < smallest ? 0 : rounded;
}

static double number_below(tsr_dtype dtype, double hi)
{
    double smallest = dtype == TSR_F32 ? FLT_MIN : DBL_MIN;

    if (hi == 0)
        return -smallest;
    if (hi == smallest)
        return 0;
    return dtype == TSR_F32 ? (double)nextafterf((float)hi, -INFINITY)
                            : nextafter(hi, -INFINITY);
}

static tsr_status make_range(tsr_dtype dtype, double lo, double hi, range *out)
{
    double largest = dtype == TSR_F32 ? FLT_MAX : DBL_MAX;
    double from, to;

    if (!(fabs(lo) <= largest && fabs(hi) <= largest && hi - lo <= largest))
        return tsr__fail(TSR_ERROR_ARGUMENT, "the range [%g, %g) is not finite in %s",
                         lo, hi, tsr_dtype_name(dtype));
    from = to_dtype(dtype, lo);
    to = to_dtype(dtype, hi);
    *out = (range){from, to_dtype(dtype, to - from), number_below(dtype, to)};
    if (!(out->span > 0))
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "the range [%g, %g) has no numbers in %s: lo must be less "
                         "than hi",
                         lo, hi, tsr_dtype_name(dtype));
    return TSR_OK;
}

/* ---- On the host ---------------------------------------------------------------- */

static float place_f32(float u, const range *r)
{
    float x = fmaf(u, (float)r->span, (float)r->lo), below = (float)r->below;

    if (fabsf(x) < FLT_MIN)
        x = 0;
    return x > below ? below : x;
}

static double place_f64(double u, const range *r)
{
    double x = fma(u, r->span, r->lo);

    if (fabs(x) < DBL_MIN)
        x = 0;
    return x > r->below ? r->below : x;
}

static void block_words(uint64_t seed, uint64_t block, uint32_t words[4])
{
    uint32_t counter[4] = {(uint32_t)block, (uint32_t)(block >> 32), 0, 0};
    uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};

    tsr__philox(counter, key, words);
}

static void fill_f32(uint64_t seed, const range *r, uint64_t first, size_t count,
                     float *out)
{
    uint32_t words[4];

    for (size_t n = 0; n < count; n++) {
        uint64_t i = first + n;

        if (n == 0 || i % 4 == 0)
            block_words(seed, i / 4, words);
        out[n] = place_f32((float)(words[i % 4] >> 8) * 0x1p-24f, r);
    }
}

static void fill_f64(uint64_t seed, const range *r, uint64_t first, size_t count,
                     double *out)
{
    uint32_t words[4];

    for (size_t n = 0; n < count; n++) {
        uint64_t i = first + n, bits;

        if (n == 0 || i % 2 == 0)
            block_words(seed, i / 2, words);
        bits = (uint64_t)words[2 * (i % 2) + 1] << 32 | words[2 * (i % 2)];
        out[n] = place_f64((double)(bits >> 11) * 0x1p-53, r);
    }
}

tsr_status tsr_random_uniform(tsr_dtype dtype, uint64_t seed, double lo, double hi,
                              uint64_t first, size_t count, void *out)
{
    tsr_status status;
    range r = {0, 0, 0};

    if (tsr_dtype_size(dtype) == 0)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%d is no tsr_dtype", (int)dtype);
    status = make_range(dtype, lo, hi, &r);
    if (status)
        return status;
    if (count > UINT64_MAX - first)
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "the sequence has 2^64 elements; %zu from element %llu on are "
                         "more",
                         count, (unsigned long long)first);
    if (count > 0 && !out)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the array to fill is NULL");
    if (dtype == TSR_F32)
        fill_f32(seed, &r, first, count, out);
    else
        fill_f64(seed, &r, first, count, out);
    return TSR_OK;
}

/* ---- On the device -------------------------------------------------------------- */

/* Rows, columns and layers of a tensor of any rank; what is dense is one row. */
static void layout_of(const tsr_tensor *tensor, cl_ulong4 *layout, cl_ulong4 *size)
{
    int last = tensor->rank - 1;

    *layout = (cl_ulong4){{tensor->offset, 0, 1, 0}};
    *size = (cl_ulong4){{1, tensor->count, tensor->count, 0}};
    if (tsr__tensor_is_dense(tensor))
        return;
    layout->s[2] = tensor->strides[last];
    size->s[1] = tensor->shape[last];
    if (last > 0) {
        layout->s[1] = tensor->strides[last - 1];
        size->s[0] = tensor->shape[last - 1];
    }
    if (last > 1)
        layout->s[3] = tensor->strides[last - 2];
}

static tsr_status launch_fill(tsr_tensor *tensor, tsr__kernel *kernel, uint64_t seed,
                              const range *r)
{
    tsr__sequence sequence = tsr__sequence_on(tensor->storage->device);
    size_t most = tsr__kernel_max_group(kernel), local = most < GROUP ? most : GROUP;
    size_t blocks = tsr__divide_up(tensor->count, tensor->dtype == TSR_F32 ? 4 : 2);
    size_t global = tsr__round_up(blocks, local);
    cl_uint2 key = {{(cl_uint)seed, (cl_uint)(seed >> 32)}};
    cl_float lo = (cl_float)r->lo, span = (cl_float)r->span, below = (cl_float)r->below;
    bool f32 = tensor->dtype == TSR_F32;
    cl_ulong4 layout, size;

    layout_of(tensor, &layout, &size);
    tsr__arg args[] = {
        TSR__ARG(tensor->storage->buffer),
        TSR__ARG(layout),
        TSR__ARG(size),
        TSR__ARG(key),
        f32 ? TSR__ARG(lo) : TSR__ARG(r->lo),
        f32 ? TSR__ARG(span) : TSR__ARG(r->span),
        f32 ? TSR__ARG(below) : TSR__ARG(r->below),
    };

    return tsr__launch(&sequence, kernel, 1, &global, &local,
                       sizeof args / sizeof args[0], args);
}

tsr_status tsr_tensor_fill_uniform(tsr_tensor *tensor, uint64_t seed, double lo,
                                   double hi)
{
    tsr__kernel *kernel;
    tsr_status status;
    range r = {0, 0, 0};

    if (!tensor)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the tensor to fill is NULL");
    status = make_range(tensor->dtype, lo, hi, &r);
    if (status || tensor->count == 0)
        return status;
    if ((status = tsr__tensor_check_result(tensor, "the tensor to fill")))
        return status;
    status = tsr__kernel_get(tensor->storage->device, "random", "fill_uniform",
                             tensor->dtype, "", NULL, &kernel);
    if (status)
        return status;
    status = launch_fill(tensor, kernel, seed, &r);
    tsr__prepared_written(tensor);
    return status;
}
