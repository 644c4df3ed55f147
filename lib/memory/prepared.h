/* prepared.h: forms of an operand, kept with its tensor. For lib/ only.
 *
 * A form is the operand's elements rearranged in device memory as some strategy wants
 * them (packed in panels, say). A tensor that was prepared keeps the forms that products
 * made of it, until it is written. Strategies use form.h, which is built on this.
 *
 * A kept form was written by commands on the device's own in-order queue, so whatever
 * comes later on that queue may read it. On another queue it is found once its commands
 * have ended. All of this may be called by many threads for one tensor.
 */
#ifndef TSR_MEMORY_PREPARED_H
#define TSR_MEMORY_PREPARED_H

#include "memory/tensor.h"
#include "program/launch.h"

/* Forms one tensor keeps: a new one takes the place of that unused for longest. */
#define TSR__FORMS 4

/* Which form of a tensor it is. */
typedef struct tsr__form_key {
    const void *maker;  /* an address that is its maker's alone */
    size_t numbers[11]; /* what the form depends on, as its maker likes; 0 if unused */
} tsr__form_key;

/* Whether the tensor keeps this form and the sequence may read it. Then *out is its
 * buffer, to be released with clReleaseMemObject once the commands are enqueued. Forms
 * that are out of date are dropped here. */
bool tsr__prepared_find(const tsr_tensor *tensor, const tsr__form_key *key,
                        const tsr__sequence *sequence, cl_mem *out);

/* Whether a form made in this sequence would be kept. To be asked before the commands
 * that make it are enqueued: *version says up to which write they will see the tensor,
 * and the sequence is made to hold the last of them's event. */
bool tsr__prepared_wants(const tsr_tensor *tensor, tsr__sequence *sequence,
                         size_t *version);

/* Keeps and retains `buffer`, when the command that completes it is the sequence's last.
 * Does nothing where it cannot be kept (the tensor is not prepared or was written
 * meanwhile, another thread was faster): never an error. */
void tsr__prepared_keep(const tsr_tensor *tensor, const tsr__form_key *key,
                        size_t version, const tsr__sequence *sequence, cl_mem buffer);

/* Must follow everything that writes a tensor, as soon as it is enqueued and also if that
 * failed: forms of all prepared tensors that share memory with it are out of date. */
void tsr__prepared_written(const tsr_tensor *tensor);

/* Drops the forms and what held them, when the tensor goes. */
void tsr__prepared_destroy(tsr_tensor *tensor);

#endif /* TSR_MEMORY_PREPARED_H */
