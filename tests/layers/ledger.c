/* The layer's entry points, the table of objects, and the report. */
#include "ledger.h"

#include <CL/cl_layer.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BUCKETS = 4096 };

typedef struct entry {
    struct entry *next;
    ledger_kind kind;
    const void *handle;
    const char *call;
    unsigned long references;
    unsigned long made; /* the moment it was created */
} entry;

static const char *const kind_names[LEDGER_KINDS] = {"context", "queue",  "buffer",
                                                     "program", "kernel", "event"};

const cl_icd_dispatch *ledger_next;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static entry *buckets[BUCKETS];
static unsigned long created[LEDGER_KINDS], left[LEDGER_KINDS];
static struct {
    ledger_kind kind;
    const void *handle;
    unsigned long when;
} over_released[64];
static size_t num_over_released;
static unsigned long now; /* counts what is booked */
static cl_icd_dispatch dispatch;

/* The link that points to the object's entry, or to NULL where it would be. */
static entry **find(ledger_kind kind, const void *handle)
{
    entry **link = &buckets[((uintptr_t)handle >> 4) % BUCKETS];

    while (*link && ((*link)->handle != handle || (*link)->kind != kind))
        link = &(*link)->next;
    return link;
}

void ledger_add(ledger_kind kind, const void *handle, const char *call)
{
    entry **link;

    if (!handle)
        return;
    pthread_mutex_lock(&lock);
    link = find(kind, handle);
    if (!*link && (*link = calloc(1, sizeof **link))) {
        **link = (entry){.kind = kind, .handle = handle, .call = call, .made = ++now};
        created[kind]++;
        left[kind]++;
    }
    if (*link)
        (*link)->references++;
    pthread_mutex_unlock(&lock);
}

void ledger_remove(ledger_kind kind, const void *handle)
{
    entry **link, *gone;

    pthread_mutex_lock(&lock);
    link = find(kind, handle);
    gone = *link;
    if (!gone) {
        size_t room = sizeof over_released / sizeof over_released[0];

        if (num_over_released < room) {
            over_released[num_over_released].kind = kind;
            over_released[num_over_released].when = ++now;
            over_released[num_over_released++].handle = handle;
        }
    } else if (--gone->references == 0) {
        left[kind]--;
        *link = gone->next;
        free(gone);
    }
    pthread_mutex_unlock(&lock);
}

/* Lines for all that is left since the mark; how many. */
static size_t list_left(unsigned long mark, FILE *file)
{
    size_t lines = 0;

    for (size_t i = 0; i < BUCKETS; i++) {
        for (const entry *e = buckets[i]; e; e = e->next) {
            if (e->made <= mark)
                continue;
            fprintf(file, "left: %s %p, %lu reference%s, from %s\n",
                    kind_names[e->kind], e->handle, e->references,
                    e->references == 1 ? "" : "s", e->call);
            lines++;
        }
    }
    for (size_t i = 0; i < num_over_released; i++) {
        if (over_released[i].when <= mark)
            continue;
        fprintf(file, "over-released: %s %p\n", kind_names[over_released[i].kind],
                over_released[i].handle);
        lines++;
    }
    return lines;
}

unsigned long ledger_mark(void)
{
    unsigned long mark;

    pthread_mutex_lock(&lock);
    mark = now;
    pthread_mutex_unlock(&lock);
    return mark;
}

size_t ledger_left(unsigned long mark, char *text, size_t size)
{
    FILE *file = fmemopen(text, size, "w");
    size_t lines;

    if (!file)
        abort();
    pthread_mutex_lock(&lock);
    lines = list_left(mark, file);
    pthread_mutex_unlock(&lock);
    fclose(file);
    return lines;
}

/* One write, so that the lines of two processes do not mix. */
static void report(void)
{
    const char *path = getenv("LEDGER_REPORT");
    char *text = NULL;
    size_t length = 0;
    FILE *memory = path ? open_memstream(&text, &length) : NULL;
    FILE *file;

    if (!memory)
        return;
    for (int kind = 0; kind < LEDGER_KINDS; kind++)
        fprintf(memory, "process %ld: %lu %s created, %lu left\n", (long)getpid(),
                created[kind], kind_names[kind], left[kind]);
    list_left(0, memory);
    fclose(memory);
    file = fopen(path, "a");
    if (file) {
        setvbuf(file, NULL, _IOFBF, length + 1);
        fwrite(text, 1, length, file);
        fclose(file);
    }
    free(text);
}

__attribute__((destructor)) static void at_exit(void)
{
    pthread_mutex_lock(&lock);
    if (ledger_next)
        report();
    for (size_t i = 0; i < BUCKETS; i++) {
        while (buckets[i]) {
            entry *next = buckets[i]->next;

            free(buckets[i]);
            buckets[i] = next;
        }
    }
    pthread_mutex_unlock(&lock);
}

CL_API_ENTRY cl_int CL_API_CALL clGetLayerInfo(cl_layer_info name, size_t size,
                                               void *value, size_t *size_ret)
{
    static const char layer_name[] = "ledger";
    cl_layer_api_version version = CL_LAYER_API_VERSION_100;
    const void *from;
    size_t needed;

    switch (name) {
    case CL_LAYER_API_VERSION:
        from = &version;
        needed = sizeof version;
        break;
    case CL_LAYER_NAME:
        from = layer_name;
        needed = sizeof layer_name;
        break;
    default:
        return CL_INVALID_VALUE;
    }
    if (value && size < needed)
        return CL_INVALID_VALUE;
    if (value)
        memcpy(value, from, needed);
    if (size_ret)
        *size_ret = needed;
    return CL_SUCCESS;
}

CL_API_ENTRY cl_int CL_API_CALL clInitLayer(cl_uint num_entries,
                                            const cl_icd_dispatch *target,
                                            cl_uint *num_entries_ret,
                                            const cl_icd_dispatch **layer)
{
    cl_uint entries = (cl_uint)(sizeof dispatch / sizeof(void *));

    if (num_entries < entries || !num_entries_ret || !layer)
        return CL_INVALID_VALUE;
    ledger_next = target;
    ledger_wrap_objects(&dispatch);
    ledger_wrap_enqueues(&dispatch);
    *num_entries_ret = entries;
    *layer = &dispatch;
    return CL_SUCCESS;
}
