/* copied: blocks through memory of the device's own.
 *
 * Operands go up on one queue, the device's own multiplies, results come down on a third.
 * Each matrix has two places on the device, so that the next block goes up while this one
 * is multiplied; events keep them in order.
 */
#include "engines.h"

#include <stdio.h>

#include <tessera/interop.h>

/* A matrix's blocks on the device. */
typedef struct lane {
    tsr_tensor *places[2];
    cl_event busy[2];  /* the last command that uses the place, ours */
    int current;       /* the place of the latest block */
    const char *block; /* where that one is in the caller's array; NULL: none yet */
} lane;

typedef struct engine {
    tsr_device *device;
    cl_command_queue up, down;
    lane a, b, c;
    char *text; /* what failed, if it was a call of this file */
} engine;

static tsr_status check(engine *e, cl_int code, const char *call)
{
    if (code == CL_SUCCESS)
        return TSR_OK;
    snprintf(e->text, TSR__TEXT_SIZE, "%s: %s", call, tsr_cl_status_name(code));
    return TSR_ERROR_OPENCL;
}

/* ---- Blocks --------------------------------------------------------------------- */

/* One matrix of a block: `outer` runs of `inner` elements in the caller's array, and the
 * same without gaps on the device. */
typedef struct piece {
    tsr__matrix matrix;
    size_t rows, columns, batch;
    size_t inner, outer, pitch, size;
    bool by_columns;
} piece;

static piece piece_of(const tsr__product *p, const tsr__matrix *m, size_t rows,
                      size_t columns)
{
    bool by_columns = m->row == 1;

    return (piece){
        .matrix = *m,
        .rows = rows,
        .columns = columns,
        .batch = p->batch,
        .inner = by_columns ? rows : columns,
        .outer = by_columns ? columns : rows,
        .pitch = (size_t)(by_columns ? m->column : m->row),
        .size = tsr_dtype_size(p->dtype),
        .by_columns = by_columns,
    };
}

static tsr_tensor *place_of(const lane *l)
{
    return l->places[l->current];
}

/* The piece as it lies in the lane's current place. */
static tsr_status view(const lane *l, const piece *p, tsr_tensor **out)
{
    const size_t shape[3] = {p->batch, p->rows, p->columns};
    const size_t strides[3] = {p->rows * p->columns, p->by_columns ? 1 : p->columns,
                               p->by_columns ? p->rows : 1};
    bool one = p->batch == 1;

    return tsr_tensor_view(place_of(l), one ? 2 : 3, shape + one, strides + one, 0,
                           out);
}

/* ---- Move ----------------------------------------------------------------------- */

typedef enum direction { UP, DOWN } direction;

/* Enqueues matrix `t` of the piece; arrays without gaps are one run. */
static cl_int move_one(engine *e, direction way, const lane *l, const piece *p,
                       size_t t, cl_event wait, cl_event *event)
{
    cl_mem buffer = tsr_tensor_get_cl_mem(place_of(l), NULL);
    char *host = p->matrix.data + (ptrdiff_t)t * p->matrix.batch * (ptrdiff_t)p->size;
    const size_t run = p->inner * p->size, bytes = p->outer * run, start = t * bytes;
    const size_t here[3] = {0, 0, 0}, there[3] = {start, 0, 0};
    const size_t region[3] = {run, p->outer, 1}, pitch = p->pitch * p->size;
    bool whole = p->outer == 1 || pitch == run;
    cl_uint count = wait ? 1 : 0;
    const cl_event *list = wait ? &wait : NULL;

    if (way == UP && whole)
        return clEnqueueWriteBuffer(e->up, buffer, CL_FALSE, start, bytes, host, count,
                                    list, event);
    if (way == UP)
        return clEnqueueWriteBufferRect(e->up, buffer, CL_FALSE, there, here, region,
                                        run, 0, pitch, 0, host, count, list, event);
    if (whole)
        return clEnqueueReadBuffer(e->down, buffer, CL_FALSE, start, bytes, host, count,
                                   list, event);
    return clEnqueueReadBufferRect(e->down, buffer, CL_FALSE, there, here, region, run,
                                   0, pitch, 0, host, count, list, event);
}

/* Enqueues the piece after `wait`. The last command's event is what the place is busy
 * with then: queues are in-order. */
static tsr_status move(engine *e, direction way, lane *l, const piece *p, cl_event wait)
{
    cl_event last = NULL;
    tsr_status status = TSR_OK;

    for (size_t t = 0; t < p->batch && !status; t++)
        status =
            check(e, move_one(e, way, l, p, t, wait, t + 1 == p->batch ? &last : NULL),
                  way == UP ? "writing an operand" : "reading a result");
    if (!status)
        status = check(e, clFlush(way == UP ? e->up : e->down), "clFlush");
    if (last) {
        if (l->busy[l->current])
            clReleaseEvent(l->busy[l->current]);
        l->busy[l->current] = last;
    }
    return status;
}

/* The place for a block: that of the latest if it is the same one, else the other, into
 * which it goes up once that is free, unless its content does not count. */
static tsr_status put(engine *e, lane *l, const piece *p, bool content)
{
    if (l->block == p->matrix.data)
        return TSR_OK;
    if (l->block && l->places[1])
        l->current = !l->current;
    l->block = p->matrix.data;
    return content ? move(e, UP, l, p, l->busy[l->current]) : TSR_OK;
}

/* ---- Multiply ------------------------------------------------------------------- */

static tsr_status enqueue_product(const engine *e, const tsr__product *p,
                                  const tsr_tensor *a, const tsr_tensor *b,
                                  tsr_tensor *c, cl_event *done)
{
    const lane *lanes[] = {&e->a, &e->b, &e->c};
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    cl_event wait[3];
    cl_uint count = 0;

    options.alpha = p->alpha;
    options.beta = p->beta;
    for (int i = 0; i < 3; i++)
        if (lanes[i]->busy[lanes[i]->current])
            wait[count++] = lanes[i]->busy[lanes[i]->current];
    return tsr_matmul_enqueue(a, b, c, &options, count, count ? wait : NULL, done);
}

/* All three places are busy with the product. */
static tsr_status occupy(engine *e, cl_event done)
{
    lane *lanes[] = {&e->a, &e->b, &e->c};

    for (int i = 0; i < 3; i++) {
        cl_event *busy = &lanes[i]->busy[lanes[i]->current];
        tsr_status status = check(e, clRetainEvent(done), "clRetainEvent");

        if (status)
            return status;
        if (*busy)
            clReleaseEvent(*busy);
        *busy = done;
    }
    return TSR_OK;
}

static tsr_status compute_block(engine *e, const tsr__block *block)
{
    const tsr__product *p = &block->product;
    piece a = piece_of(p, &p->a, p->m, p->k), b = piece_of(p, &p->b, p->k, p->n),
          c = piece_of(p, &p->c, p->m, p->n);
    tsr_tensor *va = NULL, *vb = NULL, *vc = NULL;
    cl_event done = NULL;
    tsr_status status;

    if (!(status = put(e, &e->a, &a, true)) && !(status = put(e, &e->b, &b, true)) &&
        !(status = put(e, &e->c, &c, p->beta != 0.0)) &&
        !(status = view(&e->a, &a, &va)) && !(status = view(&e->b, &b, &vb)) &&
        !(status = view(&e->c, &c, &vc)) &&
        !(status = enqueue_product(e, p, va, vb, vc, &done)) &&
        !(status = occupy(e, done)) && block->last)
        status = move(e, DOWN, &e->c, &c, done);
    if (done)
        clReleaseEvent(done);
    tsr_tensor_destroy(vc);
    tsr_tensor_destroy(vb);
    tsr_tensor_destroy(va);
    return status;
}

/* ---- Begin and end -------------------------------------------------------------- */

/* A second place is of use only if there is a second block. */
static tsr_status make_places(engine *e, lane *l, tsr_dtype dtype, size_t length,
                              bool both)
{
    tsr_status status = tsr_tensor_create(e->device, dtype, 1, &length, &l->places[0]);

    return status || !both
               ? status
               : tsr_tensor_create(e->device, dtype, 1, &length, &l->places[1]);
}

static tsr_status begin(engine *e, const tsr__product *p, const tsr__blocks *blocks)
{
    bool many_m = blocks->m < p->m, many_n = blocks->n < p->n,
         many_k = blocks->k < p->k, batches = blocks->batch < p->batch;
    cl_context context = tsr_device_get_cl_context(e->device);
    cl_device_id id = tsr_device_get_cl_device(e->device);
    tsr_status status;
    cl_int code;

    e->up = clCreateCommandQueue(context, id, 0, &code);
    if ((status = check(e, code, "clCreateCommandQueue")))
        return status;
    e->down = clCreateCommandQueue(context, id, 0, &code);
    if ((status = check(e, code, "clCreateCommandQueue")) ||
        (status = make_places(e, &e->a, p->dtype, blocks->batch * blocks->m * blocks->k,
                              many_m || many_k || batches)) ||
        (status = make_places(e, &e->b, p->dtype, blocks->batch * blocks->k * blocks->n,
                              many_n || many_k || batches)))
        return status;
    return make_places(e, &e->c, p->dtype, blocks->batch * blocks->m * blocks->n,
                       many_m || many_n || batches);
}

static void release(lane *l)
{
    for (int i = 0; i < 2; i++) {
        if (l->busy[i])
            clReleaseEvent(l->busy[i]);
        tsr_tensor_destroy(l->places[i]);
    }
}

/* Waits for everything, for the caller's arrays' sake also after a failure. */
static tsr_status end(engine *e, tsr_status status)
{
    cl_int up = e->up ? clFinish(e->up) : CL_SUCCESS;
    tsr_status own = tsr_device_finish(e->device);
    cl_int down = e->down ? clFinish(e->down) : CL_SUCCESS;

    if (!status && !(status = check(e, up, "clFinish")) && !(status = own))
        status = check(e, down, "clFinish");
    release(&e->c);
    release(&e->b);
    release(&e->a);
    if (e->down)
        clReleaseCommandQueue(e->down);
    if (e->up)
        clReleaseCommandQueue(e->up);
    return status;
}

tsr_status tsr__compute_copied(tsr_device *device, const tsr__product *product,
                               size_t room, char text[TSR__TEXT_SIZE])
{
    tsr__blocks blocks = tsr__blocks_cut(product, (tsr__room){room, false});
    engine e = {.device = device, .text = text};
    tsr_status status = begin(&e, product, &blocks);
    tsr__block block;

    while (!status && tsr__blocks_next(&blocks, &block))
        status = compute_block(&e, &block);
    return end(&e, status);
}
