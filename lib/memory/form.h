/* form.h: an operand in the form that a strategy wants, kept if its tensor is prepared.
 *
 *     tsr__form form;
 *     status = tsr__form_take(b, &key, bytes, sequence, &form);
 *     if (!status && !form.ready) {
 *         status = ... enqueue what writes all of form.buffer that will be read ...
 *         if (!status)
 *             tsr__form_made(b, &key, sequence, &form);
 *     }
 *     ... enqueue what reads form.buffer ...
 *     tsr__form_give(sequence, &form);
 *
 * Without preparation the buffer is scratch (scratch.h), and so it is when the device has
 * no memory for one to keep. What the elements in the buffer are must depend on nothing
 * but the tensor's elements and the key.
 */
#ifndef TSR_MEMORY_FORM_H
#define TSR_MEMORY_FORM_H

#include "memory/prepared.h"

typedef struct tsr__form {
    cl_mem buffer; /* at least the bytes asked for */
    bool ready;    /* the form is in it already */
    /* For form.c. */
    bool is_scratch;
    size_t version;
} tsr__form;

/* The form that the tensor keeps, or a buffer of at least `bytes` > 0 to make it in. The
 * same key must always come with the same bytes.
 * Errors: as tsr__scratch_take; then *out may be given, and need not be. */
tsr_status tsr__form_take(const tsr_tensor *tensor, const tsr__form_key *key,
                          size_t bytes, tsr__sequence *sequence, tsr__form *out);

/* The command that completes the form was the last one enqueued on the sequence. */
void tsr__form_made(const tsr_tensor *tensor, const tsr__form_key *key,
                    const tsr__sequence *sequence, tsr__form *form);

/* Gives the buffer back, once all commands that use it are enqueued; also after a
 * failure. A form of all zeros is allowed. */
void tsr__form_give(const tsr__sequence *sequence, tsr__form *form);

#endif /* TSR_MEMORY_FORM_H */
