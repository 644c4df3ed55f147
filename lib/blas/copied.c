/* copied: blocks through memory of the device's own.
 *
 * Operands go up on one queue, the device's own multiplies, results come down on a third.
 * Each matrix has two places on the device, so that the next block goes up, and the last
 * one down, while this one is multiplied. What one queue needs of another the host waits
 * for: not every driver sees to it that what one queue has written is there for another
 * whose command merely lists the event. By events, as rusticl 22.3's clFinish does not
 * wait for what was flushed before.
 */
#include "engines.h"

#include <stdio.h>

#include <tessera/interop.h>

/* A matrix's blocks on the device. */
typedef struct lane {
    tsr_tensor *places[2];
    cl_event busy[2];  /* the last command that uses the place, ours */
    int current;       /* the place of the latest block */
    bool rising;       /* that is still on its way up */
    const char *block; /* where that one is in the caller's array; NULL: none yet */
} lane;

/* One matrix of a block: `outer` runs of `inner` elements in the caller's array, and the
 * same without gaps on the device. */
typedef struct piece {
    tsr__matrix matrix;
    size_t rows, columns, batch;
    size_t inner, outer, pitch, size;
    bool by_columns;
} piece;

typedef struct engine {
    tsr_device *device;
    cl_command_queue up, down;
    lane a, b, c;
    piece result; /* of C, complete on the device once its place is not busy */
    int place;    /* its place, or -1: no result is on its way */
    char *text;   /* what failed, if it was a call of this file */
} engine;

static tsr_status check(engine *e, cl_int code, const char *call)
{
    if (code == CL_SUCCESS)
        return TSR_OK;
    snprintf(e->text, TSR__TEXT_SIZE, "%s: %s", call, tsr_cl_status_name(code));
    return TSR_ERROR_OPENCL;
}

/* ---- Blocks --------------------------------------------------------------------- */

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

/* The piece as it lies in the lane's current place. */
static tsr_status view(const lane *l, const piece *p, tsr_tensor **out)
{
    const size_t shape[3] = {p->batch, p->rows, p->columns};
    const size_t strides[3] = {p->rows * p->columns, p->by_columns ? 1 : p->columns,
                               p->by_columns ? p->rows : 1};
    bool one = p->batch == 1;

    return tsr_tensor_view(l->places[l->current], one ? 2 : 3, shape + one,
                           strides + one, 0, out);
}

/* ---- Move ----------------------------------------------------------------------- */

static tsr_status wait_for(engine *e, cl_event event)
{
    return event ? check(e, clWaitForEvents(1, &event), "clWaitForEvents") : TSR_OK;
}

/* The place is busy with `event` now, which it takes over. */
static void occupy(lane *l, int place, cl_event event)
{
    if (l->busy[place])
        clReleaseEvent(l->busy[place]);
    l->busy[place] = event;
}

typedef enum direction { UP, DOWN } direction;

/* Enqueues matrix `t` of the piece; arrays without gaps are one run. */
static cl_int move_one(engine *e, direction way, tsr_tensor *place, const piece *p,
                       size_t t, cl_event *event)
{
    cl_mem buffer = tsr_tensor_get_cl_mem(place, NULL);
    char *host = p->matrix.data + (ptrdiff_t)t * p->matrix.batch * (ptrdiff_t)p->size;
    const size_t run = p->inner * p->size, bytes = p->outer * run, start = t * bytes;
    const size_t here[3] = {0, 0, 0}, there[3] = {start, 0, 0};
    const size_t region[3] = {run, p->outer, 1}, pitch = p->pitch * p->size;
    bool whole = p->outer == 1 || pitch == run;

    if (way == UP && whole)
        return clEnqueueWriteBuffer(e->up, buffer, CL_FALSE, start, bytes, host, 0,
                                    NULL, event);
    if (way == UP)
        return clEnqueueWriteBufferRect(e->up, buffer, CL_FALSE, there, here, region,
                                        run, 0, pitch, 0, host, 0, NULL, event);
    if (whole)
        return clEnqueueReadBuffer(e->down, buffer, CL_FALSE, start, bytes, host, 0,
                                   NULL, event);
    return clEnqueueReadBufferRect(e->down, buffer, CL_FALSE, there, here, region, run,
                                   0, pitch, 0, host, 0, NULL, event);
}

/* Enqueues the piece once its place is free, and makes that busy with it. */
static tsr_status move(engine *e, direction way, lane *l, int place, const piece *p)
{
    cl_event last = NULL;
    tsr_status status = wait_for(e, l->busy[place]);

    for (size_t t = 0; t < p->batch && !status; t++)
        status = check(
            e,
            move_one(e, way, l->places[place], p, t, t + 1 == p->batch ? &last : NULL),
            way == UP ? "writing an operand" : "reading a result");
    if (!status)
        status = check(e, clFlush(way == UP ? e->up : e->down), "clFlush");
    if (last)
        occupy(l, place, last);
    return status;
}

/* The place for a block: that of the latest if it is the same one, else the other, into
 * which it goes up, or which is merely waited for if its content does not count. */
static tsr_status put(engine *e, lane *l, const piece *p, bool content)
{
    if (l->block == p->matrix.data)
        return TSR_OK;
    if (l->block && l->places[1])
        l->current = !l->current;
    l->block = p->matrix.data;
    l->rising = content;
    return content ? move(e, UP, l, l->current, p) : wait_for(e, l->busy[l->current]);
}

/* Waits for the block that was put last. */
static tsr_status arrive(engine *e, lane *l)
{
    bool rising = l->rising;

    l->rising = false;
    return rising ? wait_for(e, l->busy[l->current]) : TSR_OK;
}

/* The result that is on its way, if there is one. */
static tsr_status bring_down(engine *e)
{
    int place = e->place;

    e->place = -1;
    return place < 0 ? TSR_OK : move(e, DOWN, &e->c, place, &e->result);
}

/* ---- Multiply ------------------------------------------------------------------- */

/* All three places are busy with the product from here on. */
static tsr_status enqueue_product(engine *e, const tsr__product *p, const tsr_tensor *a,
                                  const tsr_tensor *b, tsr_tensor *c)
{
    lane *lanes[] = {&e->a, &e->b, &e->c};
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    cl_event done = NULL;
    tsr_status status;

    options.alpha = p->alpha;
    options.beta = p->beta;
    status = tsr_matmul_enqueue(a, b, c, &options, 0, NULL, &done);
    for (int i = 0; i < 3 && !status; i++)
        if (!(status = check(e, clRetainEvent(done), "clRetainEvent")))
            occupy(lanes[i], lanes[i]->current, done);
    if (done)
        clReleaseEvent(done);
    return status;
}

static tsr_status compute_block(engine *e, const tsr__block *block)
{
    const tsr__product *p = &block->product;
    piece a = piece_of(p, &p->a, p->m, p->k), b = piece_of(p, &p->b, p->k, p->n),
          c = piece_of(p, &p->c, p->m, p->n);
    tsr_tensor *va = NULL, *vb = NULL, *vc = NULL;
    tsr_status status;

    if (!(status = put(e, &e->a, &a, true)) && !(status = put(e, &e->b, &b, true)) &&
        !(status = put(e, &e->c, &c, p->beta != 0.0)) && !(status = arrive(e, &e->a)) &&
        !(status = arrive(e, &e->b)) && !(status = arrive(e, &e->c)) &&
        !(status = view(&e->a, &a, &va)) && !(status = view(&e->b, &b, &vb)) &&
        !(status = view(&e->c, &c, &vc)) &&
        !(status = enqueue_product(e, p, va, vb, vc)) && !(status = bring_down(e)) &&
        block->last) {
        e->result = c;
        e->place = e->c.current;
    }
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

static tsr_status begin(engine *e, const tsr__blocks *blocks)
{
    const tsr__product *p = blocks->whole;
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

/* Waits until nothing uses the places, whatever comes of it, and gives them back. */
static tsr_status release(engine *e, lane *l, tsr_status status)
{
    for (int i = 0; i < 2; i++) {
        cl_int code = l->busy[i] ? clWaitForEvents(1, &l->busy[i]) : CL_SUCCESS;

        if (!status)
            status = check(e, code, "clWaitForEvents");
        if (l->busy[i])
            clReleaseEvent(l->busy[i]);
        tsr_tensor_destroy(l->places[i]);
    }
    return status;
}

static tsr_status finish(engine *e, cl_command_queue queue, tsr_status status)
{
    cl_int code = queue ? clFinish(queue) : CL_SUCCESS;

    if (queue)
        clReleaseCommandQueue(queue);
    return status ? status : check(e, code, "clFinish");
}

/* Waits for everything, for the caller's arrays' sake also after a failure. */
static tsr_status end(engine *e, tsr_status status)
{
    tsr_status own = tsr_device_finish(e->device);

    status = finish(e, e->up, status ? status : own);
    status = finish(e, e->down, status);
    status = release(e, &e->c, status);
    status = release(e, &e->b, status);
    return release(e, &e->a, status);
}

tsr_status tsr__compute_copied(tsr_device *device, tsr__blocks blocks,
                               char text[TSR__TEXT_SIZE])
{
    engine e = {.device = device, .place = -1, .text = text};
    tsr_status status = begin(&e, &blocks);
    tsr__block block;

    while (!status && tsr__blocks_next(&blocks, &block))
        status = compute_block(&e, &block);
    if (!status)
        status = bring_down(&e);
    return end(&e, status);
}
