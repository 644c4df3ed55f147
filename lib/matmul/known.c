#include "matmul/known.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/trace.h"
#include "device/device.h"
#include "matmul/plans.h"
#include "tune/keep.h"
#include "tune/shipped.h"

typedef struct list {
    tsr__known_record *items; /* owned */
    size_t count;
} list;

/* The device's slot. */
typedef struct state {
    pthread_rwlock_t lock;
    list own, shipped;
    list given_up;        /* classes only */
    tsr__kinship kinship; /* of the shipped */
} state;

/* ---- Lists ----------------------------------------------------------------------- */

static tsr__known_record *list_find(const list *l, tsr__class of,
                                    const tsr__strategy *scope)
{
    for (size_t i = 0; i < l->count; i++)
        if (l->items[i].of.code == of.code && l->items[i].scope == scope)
            return &l->items[i];
    return NULL;
}

static bool list_put(list *l, const tsr__known_record *record)
{
    tsr__known_record *there = list_find(l, record->of, record->scope);
    tsr__known_record *items;

    if (!there) {
        if (!(items = realloc(l->items, (l->count + 1) * sizeof *items)))
            return false;
        l->items = items;
        there = &items[l->count++];
    }
    *there = *record;
    return true;
}

/* ---- State ----------------------------------------------------------------------- */

/* Those that can be read. */
static void list_read(list *l, const tsr__records *records)
{
    for (size_t i = 0; i < records->count; i++) {
        tsr__known_record record;

        if (!tsr__known_record_parse(&records->items[i], &record) ||
            !list_put(l, &record))
            tsr__trace(TSR__TRACE_ROUTER, "a record is left out: %s = %s",
                       records->items[i].key, records->items[i].value);
    }
}

static void read_shipped(state *s, const tsr_device_info *info)
{
    size_t length, head_length, bad_line;
    const char *text = tsr__shipped_nearest(info, &length, &s->kinship);
    tsr__records records;

    if (text && tsr__records_read(text, length, &records, &head_length, &bad_line)) {
        list_read(&s->shipped, &records);
        tsr__records_free(&records);
    }
}

static void *state_create(tsr_device *device)
{
    state *s = calloc(1, sizeof *s);
    tsr__records records;

    if (!s) {
        tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for the device's records");
        return NULL;
    }
    pthread_rwlock_init(&s->lock, NULL);
    tsr__keep_load(&device->info, &records);
    list_read(&s->own, &records);
    tsr__records_free(&records);
    read_shipped(s, &device->info);
    return s;
}

static void state_destroy(tsr_device *device, void *data)
{
    state *s = data;

    (void)device;
    free(s->own.items);
    free(s->shipped.items);
    free(s->given_up.items);
    pthread_rwlock_destroy(&s->lock);
    free(s);
}

static state *state_of(tsr_device *device)
{
    return tsr__device_slot(device, TSR__SLOT_RECORDS, state_create, state_destroy);
}

/* ---- Finding --------------------------------------------------------------------- */

static void trace_unfit(const tsr__winner *w, const tsr__problem *problem)
{
    char set[TSR__SET_SIZE];

    if (!tsr__trace_on(TSR__TRACE_ROUTER))
        return;
    tsr__set_text(w->strategy, w->has_set ? &w->set : NULL, set);
    tsr__trace(TSR__TRACE_ROUTER, "%s: its record is not taken: %s cannot run it%s%s",
               tsr__problem_text(problem), w->strategy->name, set[0] ? " with " : "",
               set);
}

static bool list_answer(const list *l, const tsr__problem *problem,
                        const tsr_device_info *info, const tsr__strategy *scope,
                        tsr__winner *out)
{
    const tsr__known_record *found = list_find(l, tsr__class_of(problem), scope);

    if (!found)
        return false;
    if (!tsr__winner_can_run(&found->winner, problem, info)) {
        trace_unfit(&found->winner, problem);
        return false;
    }
    *out = found->winner;
    return true;
}

bool tsr__known_find(tsr_device *device, const tsr__problem *problem,
                     const tsr__strategy *scope, tsr__winner *out, bool *shipped)
{
    state *s = state_of(device);
    bool found;

    *shipped = false;
    if (!s)
        return false;
    pthread_rwlock_rdlock(&s->lock);
    found = s->own.count && list_answer(&s->own, problem, &device->info, scope, out);
    if (!found && s->shipped.count && s->kinship >= TSR__KIN_GENERATION)
        *shipped = found = list_answer(&s->shipped, problem, &device->info, scope, out);
    pthread_rwlock_unlock(&s->lock);
    return found;
}

bool tsr__known_start(tsr_device *device, const tsr__problem *problem, tsr__winner *out)
{
    state *s = state_of(device);

    return s && list_answer(&s->shipped, problem, &device->info, NULL, out);
}

bool tsr__known_has(tsr_device *device, const tsr__problem *problem,
                    const tsr__strategy *scope)
{
    tsr__class of = tsr__class_of(problem);
    state *s = state_of(device);
    bool has;

    if (!s)
        return false;
    pthread_rwlock_rdlock(&s->lock);
    has = list_find(&s->own, of, scope) || list_find(&s->given_up, of, scope);
    pthread_rwlock_unlock(&s->lock);
    return has;
}

bool tsr__known_at(tsr_device *device, size_t index, tsr__known_record *out)
{
    state *s = state_of(device);
    bool there;

    if (!s)
        return false;
    pthread_rwlock_rdlock(&s->lock);
    if ((there = index < s->own.count))
        *out = s->own.items[index];
    pthread_rwlock_unlock(&s->lock);
    return there;
}

/* ---- Keeping --------------------------------------------------------------------- */

static tsr_status no_memory(void)
{
    return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for the device's records");
}

static tsr_status not_kept(void)
{
    tsr_status status = tsr__keep_check(true);

    if (!status)
        status = tsr__fail(TSR_ERROR_UNSUPPORTED,
                           "the cache directory cannot be written: is its disk full?");
    return tsr__explain(status, "records hold for this process only");
}

/* The device's lock is held for writing. What another process has kept since is read again,
 * so that it is not lost. */
static tsr_status keep_changes(tsr_device *device, const tsr__records *changes)
{
    tsr__records all;
    const int lock = tsr__keep_lock();
    bool kept, fine = true;

    tsr__keep_load(&device->info, &all);
    for (size_t i = 0; i < changes->count && fine; i++)
        fine = tsr__records_put(&all, changes->items[i].key, changes->items[i].value);
    kept = fine && tsr__keep_save(&device->info, &all);
    tsr__keep_unlock(lock);
    tsr__records_free(&all);
    return !fine ? no_memory() : kept ? TSR_OK : not_kept();
}

tsr_status tsr__known_keep(tsr_device *device, tsr__class of,
                           const tsr__strategy *scope, const tsr__winner *winner)
{
    const tsr__known_record record = {of, scope, *winner};
    state *s = state_of(device);
    tsr__records changes = {0};
    tsr_status status;

    if (!s)
        return TSR_ERROR_HOST_MEMORY;
    pthread_rwlock_wrlock(&s->lock);
    if (tsr__known_record_put(&changes, &record) && list_put(&s->own, &record))
        status = keep_changes(device, &changes);
    else
        status = no_memory();
    pthread_rwlock_unlock(&s->lock);
    tsr__plans_forget(device);
    tsr__records_free(&changes);
    return status;
}

void tsr__known_give_up(tsr_device *device, tsr__class of)
{
    const tsr__known_record record = {.of = of};
    state *s = state_of(device);

    if (!s)
        return;
    pthread_rwlock_wrlock(&s->lock);
    list_put(&s->given_up, &record);
    pthread_rwlock_unlock(&s->lock);
}

tsr_status tsr__known_clear(tsr_device *device)
{
    state *s = state_of(device);
    int lock;

    if (!s)
        return TSR_ERROR_HOST_MEMORY;
    pthread_rwlock_wrlock(&s->lock);
    free(s->own.items);
    s->own = (list){0};
    lock = tsr__keep_lock(); /* who reads now would write them again */
    tsr__keep_erase(&device->info);
    tsr__keep_unlock(lock);
    pthread_rwlock_unlock(&s->lock);
    tsr__plans_forget(device);
    return TSR_OK;
}

tsr_status tsr__known_texts(tsr_device *device, tsr__records *out)
{
    tsr__known_record record;

    *out = (tsr__records){0};
    for (size_t i = 0; tsr__known_at(device, i, &record); i++)
        if (!tsr__known_record_put(out, &record)) {
            tsr__records_free(out);
            return no_memory();
        }
    return TSR_OK;
}

/* ---- Adding ---------------------------------------------------------------------- */

static tsr_status check_head(tsr_device *device, const char *text, size_t length)
{
    char head[TSR__HEAD_SIZE];
    tsr__difference d;

    tsr__about(&device->info, head);
    if (!tsr__about_differ(text, length, head, &d))
        return TSR_OK;
    return tsr__fail(TSR_ERROR_ARGUMENT,
                     "the records are not of this device as it is: their %s is \"%s\", "
                     "and here it is \"%s\"; measured times do not carry over, so tune "
                     "here",
                     d.field, d.theirs, d.ours);
}

static tsr_status read_one(tsr_device *device, const tsr__record_item *item, list *out)
{
    tsr__known_record record;
    tsr_status status;

    if (!tsr__known_record_parse(item, &record))
        return tsr__fail(TSR_ERROR_ARGUMENT,
                         "this is no record that this build can read: \"%s = %s\"",
                         item->key, item->value);
    if ((status = tsr__known_record_check(&record, &device->info)))
        return status;
    return list_put(out, &record) ? TSR_OK : no_memory();
}

/* "FILE:7: " before the detail, or "line 7: " in a text without a name. */
static tsr_status blame_line(tsr_status status, const char *name, size_t line)
{
    return tsr__explain(status, "%s%s%zu", name ? name : "line", name ? ":" : " ",
                        line);
}

static tsr_status blame_head(const char *name)
{
    tsr_status status =
        tsr__fail(TSR_ERROR_ARGUMENT,
                  "no empty line ends its head: these are not records as they were "
                  "exported, or each line got an end of its own kind (CR LF)");

    return name ? tsr__explain(status, "%s", name) : status;
}

/* Every one of the records, or none. */
static tsr_status read_all(tsr_device *device, const char *name,
                           const tsr__records *records, list *out)
{
    for (size_t i = 0; i < records->count; i++) {
        tsr_status status = read_one(device, &records->items[i], out);

        if (status)
            return blame_line(status, name, records->items[i].line);
    }
    return TSR_OK;
}

static tsr_status add(tsr_device *device, const char *name, const tsr__records *records)
{
    state *s = state_of(device);
    list read = {0};
    tsr_status status =
        s ? read_all(device, name, records, &read) : TSR_ERROR_HOST_MEMORY;

    if (status) {
        free(read.items);
        return status;
    }
    pthread_rwlock_wrlock(&s->lock);
    for (size_t i = 0; i < read.count && !status; i++)
        if (!list_put(&s->own, &read.items[i]))
            status = no_memory();
    if (!status)
        status = keep_changes(device, records);
    pthread_rwlock_unlock(&s->lock);
    tsr__plans_forget(device);
    free(read.items);
    return status;
}

tsr_status tsr__known_add(tsr_device *device, const char *name, const char *text,
                          size_t length, size_t *count)
{
    size_t head_length, bad_line;
    tsr__records records;
    tsr_status status;

    *count = 0;
    if (!tsr__records_read(text, length, &records, &head_length, &bad_line))
        return !bad_line ? no_memory()
               : head_length
                   ? blame_line(tsr__fail(TSR_ERROR_ARGUMENT, "this is no record"),
                                name, bad_line)
                   : blame_head(name);
    if ((status = check_head(device, text, head_length)))
        status = name ? tsr__explain(status, "%s", name) : status;
    else
        status = add(device, name, &records);
    if (!status)
        *count = records.count;
    tsr__records_free(&records);
    return status;
}
