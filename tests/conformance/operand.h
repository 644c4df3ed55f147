/* operand.h: a matrix of a case, on the host and on the device.
 *
 * Each lies in a flat array of its own, but for a B that shares A's. What is not an element of it holds NaN, so that
 * reading beside the matrix shows in the result, each with its index in it, so that
 * writing there shows afterwards.
 */
#ifndef CONFORMANCE_OPERAND_H
#define CONFORMANCE_OPERAND_H

#include "case.h"

typedef struct operand {
    const placement *place;
    tsr_dtype dtype;
    size_t bytes;     /* of the flat array */
    void *flat;       /* host copy, as it should be on the device */
    void *now;        /* room to read it back; if lent, what the device has it in */
    bool *is_element; /* [place->length] */
    bool is_shared;   /* all but the view is another operand's; there is no `now` */
    tsr_tensor *base; /* all of the flat array */
    tsr_tensor *view; /* the matrix in it */
} operand;

/* What the elements are filled with. */
typedef enum content_kind {
    CONTENT_DATA,  /* what the case says */
    CONTENT_NAN,   /* NaN only */
    CONTENT_POISON /* NaN and infinities */
} content_kind;

/* False if the host has no memory or the library failed; says so. What was made is
 * dropped by drop_operand in any case. `other`: another matrix in the same array, for
 * share_operand; or NULL. */
bool make_operand(tsr_device *device, const test_case *c, const placement *place,
                  const placement *other, uint64_t key, content_kind content,
                  operand *out);

/* The matrix at `other` in the array of `of`, which outlives it. */
bool share_operand(const test_case *c, const operand *of, const placement *other,
                   operand *out);

void drop_operand(operand *o);

/* Reads the flat array back into `now`. False, and said, if that failed. */
bool read_operand(operand *o);

/* The first index whose bits changed since the operand was made, counting elements only
 * if `elements`; SIZE_MAX if none. read_operand comes first. */
size_t first_change(const operand *o, bool elements);

#endif /* CONFORMANCE_OPERAND_H */
