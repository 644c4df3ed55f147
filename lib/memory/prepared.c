/* prepared: forms kept with a tensor, and who has to know of a write.
 *
 * A write is told to every prepared tensor that shares memory with what was written,
 * through whatever tensor, storage or device: the prepared ones are in a list. So a
 * tensor in an arena, one buffer that holds weights and results, keeps its forms while
 * its neighbours are written.
 *
 * The version goes up after a write is enqueued, and is read before a form's commands
 * are: who sees the new version reads the new elements. */
#include "memory/prepared.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

typedef struct form {
    cl_mem buffer; /* retained; NULL: the place is free */
    cl_event made; /* of the command that completed it; NULL if not known */
    bool waited;   /* that command waited for events of the caller, which may fail */
    size_t version;
    unsigned long used; /* when it was last found, in turns */
    tsr__form_key key;
} form;

struct tsr__prepared {
    const tsr_tensor *tensor;
    atomic_size_t version; /* how often it was written */
    tsr__prepared *next;   /* in the list */

    pthread_mutex_t lock; /* guards what follows */
    unsigned long turn;
    form forms[TSR__FORMS];
};

/* All prepared tensors of the process. Locked for writing to change the list only. */
static pthread_rwlock_t list_lock = PTHREAD_RWLOCK_INITIALIZER;
static tsr__prepared *list;

static void enter(tsr__prepared *p)
{
    pthread_rwlock_wrlock(&list_lock);
    p->next = list;
    list = p;
    pthread_rwlock_unlock(&list_lock);
}

static void leave(tsr__prepared *p)
{
    tsr__prepared **link = &list;

    pthread_rwlock_wrlock(&list_lock);
    while (*link != p)
        link = &(*link)->next;
    *link = p->next;
    pthread_rwlock_unlock(&list_lock);
}

void tsr__prepared_written(const tsr_tensor *tensor)
{
    pthread_rwlock_rdlock(&list_lock);
    for (tsr__prepared *p = list; p; p = p->next)
        if (tsr__tensors_overlap(p->tensor, tensor))
            atomic_fetch_add(&p->version, 1);
    pthread_rwlock_unlock(&list_lock);
}

/* ---- Forms: the lock is held ---------------------------------------------------- */

static void drop(form *f)
{
    if (f->buffer)
        clReleaseMemObject(f->buffer);
    if (f->made)
        clReleaseEvent(f->made);
    memset(f, 0, sizeof *f);
}

static void drop_all(tsr__prepared *p)
{
    for (int i = 0; i < TSR__FORMS; i++)
        drop(&p->forms[i]);
}

/* How far the command that completes the form is: CL_COMPLETE, or negative if it failed.
 * What cannot be asked counts as not done. That it failed with the caller's events, some
 * drivers tell only who waits for it (wait.c). */
static cl_int progress(const form *f)
{
    cl_int status = CL_QUEUED;

    if (f->made)
        clGetEventInfo(f->made, CL_EVENT_COMMAND_EXECUTION_STATUS, sizeof status,
                       &status, NULL);
    if (status == CL_COMPLETE && f->waited)
        status = clWaitForEvents(1, &f->made);
    return status;
}

static void drop_useless(tsr__prepared *p)
{
    size_t version = atomic_load(&p->version);

    for (int i = 0; i < TSR__FORMS; i++)
        if (p->forms[i].buffer &&
            (p->forms[i].version != version || progress(&p->forms[i]) < 0))
            drop(&p->forms[i]);
}

static bool same_key(const tsr__form_key *a, const tsr__form_key *b)
{
    return a->maker == b->maker &&
           memcmp(a->numbers, b->numbers, sizeof a->numbers) == 0;
}

static form *look_up(tsr__prepared *p, const tsr__form_key *key)
{
    for (int i = 0; i < TSR__FORMS; i++)
        if (p->forms[i].buffer && same_key(&p->forms[i].key, key))
            return &p->forms[i];
    return NULL;
}

/* Whether the sequence may read the form. */
static bool is_readable(const form *f, const tsr__sequence *sequence)
{
    bool own_queue = sequence->queue == sequence->device->queue;

    if (own_queue && !f->waited)
        return true;
    if (progress(f) != CL_COMPLETE)
        return false;
    /* Asking is no synchronisation point (OpenCL 1.2, 5.9); waiting is, and it is over. */
    return own_queue || clWaitForEvents(1, &f->made) == CL_SUCCESS;
}

/* A free place, made so if there is none. */
static form *make_place(tsr__prepared *p)
{
    form *oldest = &p->forms[0];

    for (int i = 0; i < TSR__FORMS; i++) {
        if (!p->forms[i].buffer)
            return &p->forms[i];
        if (p->forms[i].used < oldest->used)
            oldest = &p->forms[i];
    }
    drop(oldest);
    return oldest;
}

static void put(tsr__prepared *p, form f)
{
    if (clRetainMemObject(f.buffer) != CL_SUCCESS)
        return;
    if (f.made && clRetainEvent(f.made) != CL_SUCCESS) {
        clReleaseMemObject(f.buffer);
        return;
    }
    f.used = ++p->turn;
    *make_place(p) = f;
}

/* ---- For products --------------------------------------------------------------- */

bool tsr__prepared_find(const tsr_tensor *tensor, const tsr__form_key *key,
                        const tsr__sequence *sequence, cl_mem *out)
{
    tsr__prepared *p = tensor->prepared;
    form *f;

    *out = NULL;
    if (!p)
        return false;
    pthread_mutex_lock(&p->lock);
    drop_useless(p);
    f = look_up(p, key);
    if (f && is_readable(f, sequence) && clRetainMemObject(f->buffer) == CL_SUCCESS) {
        f->used = ++p->turn;
        *out = f->buffer;
    }
    pthread_mutex_unlock(&p->lock);
    return *out != NULL;
}

bool tsr__prepared_wants(const tsr_tensor *tensor, tsr__sequence *sequence,
                         size_t *version)
{
    if (!tensor->prepared || sequence->queue != sequence->device->queue)
        return false;
    *version = atomic_load(&tensor->prepared->version);
    sequence->want_event = true;
    return true;
}

void tsr__prepared_keep(const tsr_tensor *tensor, const tsr__form_key *key,
                        size_t version, const tsr__sequence *sequence, cl_mem buffer)
{
    tsr__prepared *p = tensor->prepared;
    form f = {.buffer = buffer,
              .made = sequence->last,
              .waited = sequence->waited,
              .version = version,
              .key = *key};

    if (!p || sequence->queue != sequence->device->queue)
        return;
    pthread_mutex_lock(&p->lock);
    drop_useless(p);
    if (version == atomic_load(&p->version) && !look_up(p, key))
        put(p, f);
    pthread_mutex_unlock(&p->lock);
}

/* ---- For the caller ------------------------------------------------------------- */

tsr_status tsr_tensor_prepare(tsr_tensor *tensor)
{
    tsr__prepared *p;

    if (!tensor)
        return tsr__fail(TSR_ERROR_ARGUMENT, "the tensor to prepare is NULL");
    if ((p = tensor->prepared)) {
        pthread_mutex_lock(&p->lock);
        drop_all(p);
        /* A form that is being made right now is of before this call. */
        atomic_fetch_add(&p->version, 1);
        pthread_mutex_unlock(&p->lock);
        return TSR_OK;
    }
    if (!(p = calloc(1, sizeof *p)))
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no host memory to prepare a tensor");
    p->tensor = tensor;
    atomic_init(&p->version, 0);
    pthread_mutex_init(&p->lock, NULL);
    tensor->prepared = p;
    enter(p);
    return TSR_OK;
}

bool tsr_tensor_is_prepared(const tsr_tensor *tensor)
{
    return tensor->prepared != NULL;
}

void tsr__prepared_destroy(tsr_tensor *tensor)
{
    tsr__prepared *p = tensor->prepared;

    if (!p)
        return;
    leave(p);
    drop_all(p);
    pthread_mutex_destroy(&p->lock);
    free(p);
    tensor->prepared = NULL;
}
