#include "memory/form.h"

#include "base/error.h"
#include "base/trace.h"
#include "device/wait.h"
#include "memory/scratch.h"

/* A buffer that the driver has memory for now: some find out when it is first used, and
 * then the product would fail. */
static bool create_kept(const tsr__sequence *sequence, size_t bytes, cl_mem *out)
{
    const bool told = tsr__device_wants_event(sequence->device, sequence->queue);
    cl_event event = NULL;

    if (tsr__scratch_create(sequence->device, bytes, out))
        return false;
    if (clEnqueueMigrateMemObjects(sequence->queue, 1, out,
                                   CL_MIGRATE_MEM_OBJECT_CONTENT_UNDEFINED, 0, NULL,
                                   told ? &event : NULL) == CL_SUCCESS) {
        if (told) {
            tsr__device_launched(sequence->device, event);
            clReleaseEvent(event);
        }
        return true;
    }
    clReleaseMemObject(*out);
    *out = NULL;
    return false;
}

tsr_status tsr__form_take(const tsr_tensor *tensor, const tsr__form_key *key,
                          size_t bytes, tsr__sequence *sequence, tsr__form *out)
{
    *out = (tsr__form){NULL, false, false, 0};
    if (tsr__prepared_find(tensor, key, sequence, &out->buffer)) {
        out->ready = true;
        return TSR_OK;
    }
    if (tsr__prepared_wants(tensor, sequence, &out->version)) {
        if (create_kept(sequence, bytes, &out->buffer))
            return TSR_OK;
        tsr__trace(TSR__TRACE_MEMORY,
                   "prepared: no memory to keep a form of %zu bytes; it is made again "
                   "for each product",
                   bytes);
    }
    out->is_scratch = true;
    return tsr__scratch_take(sequence, bytes, &out->buffer);
}

void tsr__form_made(const tsr_tensor *tensor, const tsr__form_key *key,
                    const tsr__sequence *sequence, tsr__form *form)
{
    if (form->is_scratch || form->ready)
        return;
    tsr__prepared_keep(tensor, key, form->version, sequence, form->buffer);
    tsr__trace(TSR__TRACE_MEMORY, "prepared: a form made to be kept");
}

void tsr__form_give(const tsr__sequence *sequence, tsr__form *form)
{
    if (form->is_scratch)
        tsr__scratch_give(sequence, form->buffer);
    else if (form->buffer)
        clReleaseMemObject(form->buffer);
    *form = (tsr__form){NULL, false, false, 0};
}
