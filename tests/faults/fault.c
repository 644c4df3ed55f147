#include "fault.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_CALLS 80

/* Looks at who waits for it before a command that is held back may end. */
#define LATE 20

/* The layers' functions. */
static struct {
    void (*arm)(const fail_plan *);
    void (*pause)(bool);
    void (*break_builds)(bool);
    bool (*count)(size_t, fail_count *);
    unsigned long (*mark)(void);
    size_t (*left)(unsigned long, char *, size_t);
} layers;

static unsigned long failed_before[MOST_CALLS];

/* ISO C has no cast from an object pointer to a function. */
static void find(void *library, const char *name, void *function)
{
    void *address = dlsym(library, name);

    if (!address) {
        fprintf(stderr, "the layer has no %s\n", name);
        exit(2);
    }
    memcpy(function, &address, sizeof address);
}

static void *loaded(const char *path)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_NOLOAD);

    if (!library) {
        fprintf(stderr, "the OpenCL loader has not loaded %s\n", path);
        exit(2);
    }
    return library;
}

void fault_open(const char *fail_nth, const char *ledger)
{
    void *failing = loaded(fail_nth), *books = loaded(ledger);

    find(failing, "fail_nth_arm", &layers.arm);
    find(failing, "fail_nth_pause", &layers.pause);
    find(failing, "fail_nth_break", &layers.break_builds);
    find(failing, "fail_nth_count", &layers.count);
    find(books, "ledger_mark", &layers.mark);
    find(books, "ledger_left", &layers.left);
}

bool fault_count(size_t index, fail_count *out)
{
    size_t of_opencl = 0;

    if (layers.count(index, out))
        return true;
    while (layers.count(of_opencl, out))
        of_opencl++;
    return host_count(index - of_opencl, out);
}

void fault_arm(const fault *f, long nth)
{
    static const fail_kind kinds[] = {FAIL_CALL, FAIL_EVENT, FAIL_EVENT, FAIL_DELAY};
    fail_count count;

    for (size_t i = 0; i < MOST_CALLS && fault_count(i, &count); i++)
        failed_before[i] = count.failed;
    if (f->kind <= FAULT_DELAY)
        layers.arm(&(fail_plan){kinds[f->kind], nth, f->once, f->code,
                                f->kind == FAULT_AT_ONCE ? 0 : LATE});
    else
        host_arm(&(host_plan){f->kind == FAULT_MEMORY ? HOST_MEMORY : HOST_FILES, nth,
                              f->once, f->code});
}

void fault_disarm(fault_seen *seen)
{
    fail_count count;

    layers.arm(NULL);
    host_arm(NULL);
    seen->count = 0;
    for (size_t i = 0; i < MOST_CALLS && fault_count(i, &count); i++)
        if (count.failed > failed_before[i]) {
            seen->index[seen->count] = i;
            seen->failed[seen->count++] = count.name;
        }
    seen->any = seen->count > 0;
}

void fault_pause(bool pause)
{
    layers.pause(pause);
    host_pause(pause);
}

void fault_break_builds(bool fail)
{
    layers.break_builds(fail);
}

fault_books fault_mark(void)
{
    return (fault_books){layers.mark(), host_blocks(), host_files()};
}

const char *fault_left(const fault_books *mark)
{
    static char text[2048];
    size_t length = 0;

    text[0] = '\0';
    if (layers.left(mark->objects, text, sizeof text - 200))
        length = strlen(text);
    if (host_blocks() != mark->blocks)
        length += (size_t)snprintf(text + length, sizeof text - length,
                                   "%ld blocks of memory more than before\n",
                                   host_blocks() - mark->blocks);
    if (host_files() != mark->files)
        snprintf(text + length, sizeof text - length, "%ld open files more\n",
                 host_files() - mark->files);
    return text;
}
