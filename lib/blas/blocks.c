#include "blocks.h"

/* K is cut first, which moves nothing twice, but not below this: each piece of it passes
 * over C again. */
#define SHORT_K 1024

size_t tsr__room_on(const tsr_device_info *info)
{
    uint64_t most = info->max_alloc_bytes - info->max_alloc_bytes / 8;
    uint64_t share = info->memory_bytes / 10;

    most = share < most ? share : most;
    return most < SIZE_MAX ? (size_t)most : SIZE_MAX;
}

/* ---- Cut ------------------------------------------------------------------------ */

size_t tsr__extent(const tsr__matrix *matrix, size_t rows, size_t columns, size_t batch)
{
    return (rows - 1) * (size_t)matrix->row + (columns - 1) * (size_t)matrix->column +
           (batch - 1) * (size_t)matrix->batch + 1;
}

static bool fits(const tsr__product *p, const tsr__matrix *matrix, size_t rows,
                 size_t columns, size_t batch, tsr__room room)
{
    size_t elements = room.in_place ? tsr__extent(matrix, rows, columns, batch)
                                    : rows * columns * batch;

    return elements <= room.bytes / tsr_dtype_size(p->dtype);
}

/* A length that is cut into so many pieces. */
typedef struct cuts {
    size_t whole, pieces;
} cuts;

static size_t divided_up(size_t whole, size_t by)
{
    return whole / by + (whole % by != 0);
}

static size_t piece_of(const cuts *c)
{
    return divided_up(c->whole, c->pieces);
}

/* Cuts one of a matrix's two lengths once more: in place the outer one, that of the long
 * stride; else the one wanted. */
static void cut(const tsr__matrix *matrix, cuts *rows, cuts *columns, cuts *wanted,
                bool in_place)
{
    if (in_place)
        wanted = matrix->row > matrix->column ? rows : columns;
    if (wanted->pieces == wanted->whole)
        wanted = wanted == rows ? columns : rows;
    wanted->pieces++;
}

static bool single(const cuts *rows, const cuts *columns)
{
    return rows->pieces == rows->whole && columns->pieces == columns->whole;
}

tsr__blocks tsr__blocks_cut(const tsr__product *p, tsr__room room)
{
    cuts m = {p->m, 1}, n = {p->n, 1}, k = {p->k, 1}, batch = {p->batch, 1};

    for (;;) {
        tsr__blocks b = {.whole = p,
                         .room = room,
                         .m = piece_of(&m),
                         .n = piece_of(&n),
                         .k = piece_of(&k),
                         .batch = piece_of(&batch)};
        bool a_fits = fits(p, &p->a, b.m, b.k, b.batch, room);
        bool b_fits = fits(p, &p->b, b.k, b.n, b.batch, room);
        bool c_fits = fits(p, &p->c, b.m, b.n, b.batch, room);

        if (a_fits && b_fits && c_fits)
            return b;
        if (b.batch > 1)
            batch.pieces++;
        else if (!c_fits && !single(&m, &n))
            cut(&p->c, &m, &n, b.m > b.n ? &m : &n, room.in_place);
        else if (!a_fits && !single(&m, &k))
            cut(&p->a, &m, &k, b.k > SHORT_K ? &k : &m, room.in_place);
        else if (!b_fits && !single(&k, &n))
            cut(&p->b, &k, &n, b.k > SHORT_K ? &k : &n, room.in_place);
        else
            return b; /* single elements */
    }
}

double tsr__blocks_count(const tsr__blocks *b)
{
    const tsr__product *p = b->whole;

    return (double)divided_up(p->m, b->m) * (double)divided_up(p->n, b->n) *
           (double)divided_up(p->k, b->k) * (double)divided_up(p->batch, b->batch);
}

/* ---- Walk ----------------------------------------------------------------------- */

static size_t piece(size_t begin, size_t length, size_t whole)
{
    return whole - begin < length ? whole - begin : length;
}

static tsr__matrix part(const tsr__product *p, const tsr__matrix *matrix, size_t batch,
                        size_t row, size_t column)
{
    tsr__matrix m = *matrix;

    m.data += ((ptrdiff_t)batch * m.batch + (ptrdiff_t)row * m.row +
               (ptrdiff_t)column * m.column) *
              (ptrdiff_t)tsr_dtype_size(p->dtype);
    return m;
}

/* Steps one length on; true when it is through and starts again. */
static bool wrapped(size_t *begin, size_t length, size_t whole)
{
    *begin += length;
    if (*begin < whole)
        return false;
    *begin = 0;
    return true;
}

bool tsr__blocks_next(tsr__blocks *b, tsr__block *block)
{
    const tsr__product *p = b->whole;
    tsr__product *q = &block->product;

    if (b->t >= p->batch)
        return false;
    *q = *p;
    q->m = piece(b->i, b->m, p->m);
    q->n = piece(b->j, b->n, p->n);
    q->k = piece(b->l, b->k, p->k);
    q->batch = piece(b->t, b->batch, p->batch);
    q->a = part(p, &p->a, b->t, b->i, b->l);
    q->b = part(p, &p->b, b->t, b->l, b->j);
    q->c = part(p, &p->c, b->t, b->i, b->j);
    block->first = b->l == 0;
    block->last = b->l + q->k == p->k;
    if (!block->first)
        q->beta = 1.0;
    if (wrapped(&b->l, b->k, p->k) && wrapped(&b->i, b->m, p->m) &&
        wrapped(&b->j, b->n, p->n))
        b->t += b->batch;
    return true;
}
