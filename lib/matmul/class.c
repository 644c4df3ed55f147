#include "matmul/class.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXACT 16 /* sizes up to this are classes of their own */

/* Steps of a size: itself up to EXACT, which is log2(EXACT) times this, then quarters of
 * an octave. */
#define QUARTERS 4

/* Bits of the code, from the lowest. */
enum {
    DTYPE_BITS = 2,
    STORAGE_BITS = 2, /* for each of A, B, C */
    FLAG_BITS = 3,    /* epilogue, A prepared, B prepared */
    SIZE_BITS = 10,   /* for each of M, N, K, batch: step * 2 + divided */
};

enum storage { ROWS = 1, COLUMNS = 2, STRIDED = 3 };
enum flag { EPILOGUE = 1, A_PREPARED = 2, B_PREPARED = 4 };

static const char *const storage_names[] = {"", "rows", "columns", "strided"};

/* A class in its parts. */
typedef struct parts {
    tsr_dtype dtype;
    unsigned storage[3];
    unsigned flags;
    unsigned sizes[4]; /* step * 2 + divided */
} parts;

/* ---- Parts ----------------------------------------------------------------------- */

/* Which neighbours are neighbours in memory; a single line is stored by rows. */
static enum storage storage_of(tsr__layout l, size_t rows, size_t columns)
{
    if (l.column == 1 || columns == 1)
        return ROWS;
    if (l.row == 1 || rows == 1)
        return COLUMNS;
    return STRIDED;
}

static unsigned size_of(size_t n)
{
    unsigned step = (unsigned)n;

    if (n <= EXACT)
        return 2 * step;
    step = (unsigned)lround(QUARTERS * log2((double)n));
    return 2 * (step > EXACT ? step : EXACT + 1) + (n % 16 == 0);
}

/* The size in the middle of a step. */
static double middle_of(unsigned size)
{
    unsigned step = size / 2;

    return step <= EXACT ? (double)step : round(exp2((double)step / QUARTERS));
}

static tsr__class join(const parts *p)
{
    uint64_t code = 0;

    for (int i = 3; i >= 0; i--)
        code = code << SIZE_BITS | p->sizes[i];
    code = code << FLAG_BITS | p->flags;
    for (int i = 2; i >= 0; i--)
        code = code << STORAGE_BITS | p->storage[i];
    return (tsr__class){code << DTYPE_BITS | (uint64_t)p->dtype};
}

static unsigned take(uint64_t *code, unsigned bits)
{
    unsigned value = (unsigned)(*code & ((UINT64_C(1) << bits) - 1));

    *code >>= bits;
    return value;
}

static parts split(tsr__class of)
{
    parts p;

    p.dtype = (tsr_dtype)take(&of.code, DTYPE_BITS);
    for (int i = 0; i < 3; i++)
        p.storage[i] = take(&of.code, STORAGE_BITS);
    p.flags = take(&of.code, FLAG_BITS);
    for (int i = 0; i < 4; i++)
        p.sizes[i] = take(&of.code, SIZE_BITS);
    return p;
}

tsr__class tsr__class_of(const tsr__problem *p)
{
    bool epilogue = p->has_bias || p->activation != TSR_ACTIVATION_NONE;
    parts all = {
        .dtype = p->dtype,
        .storage = {storage_of(p->a, p->m, p->k), storage_of(p->b, p->k, p->n),
                    storage_of(p->c, p->m, p->n)},
        .flags = (epilogue ? EPILOGUE : 0u) | (p->a_prepared ? A_PREPARED : 0u) |
                 (p->b_prepared ? B_PREPARED : 0u),
        .sizes = {size_of(p->m), size_of(p->n), size_of(p->k), size_of(p->batch)},
    };

    return join(&all);
}

/* ---- Problems -------------------------------------------------------------------- */

/* Lines one after another, or, for what is strided, with a gap between neighbours. A row
 * that counts as columns is one with gaps. */
static tsr__layout layout_of(unsigned storage, size_t rows, size_t columns,
                             size_t batch)
{
    bool by_columns = storage == COLUMNS;
    size_t gap = storage == STRIDED || (by_columns && rows == 1) ? 2 : 1;

    return (tsr__layout){.row = by_columns ? 1 : gap * columns,
                         .column = by_columns ? gap * rows : gap,
                         .batch = batch > 1 ? gap * rows * columns : 0};
}

tsr__problem tsr__class_problem(tsr__class of, size_t m, size_t n, size_t k,
                                size_t batch)
{
    parts p = split(of);

    return (tsr__problem){.dtype = p.dtype,
                          .m = m,
                          .n = n,
                          .k = k,
                          .batch = batch,
                          .a = layout_of(p.storage[0], m, k, batch),
                          .b = layout_of(p.storage[1], k, n, batch),
                          .c = layout_of(p.storage[2], m, n, batch),
                          .has_bias = (p.flags & EPILOGUE) != 0,
                          .a_prepared = (p.flags & A_PREPARED) != 0,
                          .b_prepared = (p.flags & B_PREPARED) != 0,
                          .alpha = 1.0};
}

/* ---- Text ------------------------------------------------------------------------ */

static const char *size_text(unsigned size, char text[24])
{
    snprintf(text, 24, "%s%.0f%s", size / 2 > EXACT ? "~" : "", middle_of(size),
             size % 2 ? "/16" : "");
    return text;
}

void tsr__class_text(tsr__class of, char text[TSR__CLASS_SIZE])
{
    parts p = split(of);
    char m[24], n[24], k[24], batch[24], times[32] = "";

    if (p.sizes[3] != 2)
        snprintf(times, sizeof times, " times %s", size_text(p.sizes[3], batch));
    snprintf(text, TSR__CLASS_SIZE, "%s %sx%sx%s %s %s %s%s%s%s%s",
             tsr_dtype_name(p.dtype), size_text(p.sizes[0], m),
             size_text(p.sizes[1], n), size_text(p.sizes[2], k),
             storage_names[p.storage[0]], storage_names[p.storage[1]],
             storage_names[p.storage[2]], times, p.flags & EPILOGUE ? " epilogue" : "",
             p.flags & A_PREPARED ? " A prepared" : "",
             p.flags & B_PREPARED ? " B prepared" : "");
}

/* "~4871", "16", "~64/16" with what ends it; moves *text past both. */
static bool parse_size(const char **text, char end, unsigned *out)
{
    bool rounded = **text == '~';
    const char *digits = *text + rounded;
    char *rest;
    double n;
    char again[24];

    if (*digits < '1' || *digits > '9')
        return false;
    n = strtod(digits, &rest);
    if (!(n < 0x1p64) || (!rounded && n > EXACT))
        return false;
    *out = rounded ? 2 * (unsigned)lround(QUARTERS * log2(n)) : 2 * (unsigned)n;
    if (strncmp(rest, "/16", 3) == 0) {
        rest += 3;
        ++*out;
    }
    size_text(*out, again); /* what else reads so: 1e1, 007, ~5000 */
    if (strlen(again) != (size_t)(rest - *text) ||
        memcmp(again, *text, (size_t)(rest - *text)) != 0 ||
        (*rest != end && !(end == ' ' && *rest == '\0')))
        return false;
    *text = rest + (*rest != '\0');
    return true;
}

/* Takes `word` and the space after it off the text, if it is what comes next. */
static bool parse_word(const char **text, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(*text, word, length) != 0 ||
        ((*text)[length] != ' ' && (*text)[length] != '\0'))
        return false;
    *text += length + ((*text)[length] == ' ');
    return true;
}

static bool parse_storage(const char **text, unsigned *out)
{
    for (*out = ROWS; *out <= STRIDED; ++*out)
        if (parse_word(text, storage_names[*out]))
            return true;
    return false;
}

static bool parse_dtype(const char **text, tsr_dtype *out)
{
    *out = TSR_F32;
    if (parse_word(text, tsr_dtype_name(TSR_F32)))
        return true;
    *out = TSR_F64;
    return parse_word(text, tsr_dtype_name(TSR_F64));
}

bool tsr__class_parse(const char *text, tsr__class *out)
{
    parts p = {.sizes = {0, 0, 0, 2}};
    const char *rest = text;
    char again[TSR__CLASS_SIZE];

    if (!parse_dtype(&rest, &p.dtype) || !parse_size(&rest, 'x', &p.sizes[0]) ||
        !parse_size(&rest, 'x', &p.sizes[1]) || !parse_size(&rest, ' ', &p.sizes[2]) ||
        !parse_storage(&rest, &p.storage[0]) || !parse_storage(&rest, &p.storage[1]) ||
        !parse_storage(&rest, &p.storage[2]) ||
        (parse_word(&rest, "times") && !parse_size(&rest, ' ', &p.sizes[3])))
        return false;
    p.flags = (parse_word(&rest, "epilogue") ? EPILOGUE : 0u);
    p.flags |= (parse_word(&rest, "A prepared") ? A_PREPARED : 0u);
    p.flags |= (parse_word(&rest, "B prepared") ? B_PREPARED : 0u);
    *out = join(&p);
    tsr__class_text(*out, again);
    return *rest == '\0' && strcmp(again, text) == 0;
}
