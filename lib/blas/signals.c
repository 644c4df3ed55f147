#define _GNU_SOURCE /* dl_iterate_phdr */
#include "signals.h"

#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIGNALS 32   /* the numbers below it; nobody touches those above */
#define LOADED  1024 /* libraries told apart; beyond that all are the program's */

/* What a loaded library covers. */
typedef struct range {
    uintptr_t first, end;
} range;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* guards what follows */
static struct sigaction programs[SIGNALS];
static range loaded[LOADED]; /* the program's libraries, then the drivers' */
static size_t before, count;

/* ---- Whose ----------------------------------------------------------------------- */

static range range_of(const struct dl_phdr_info *info)
{
    range r = {UINTPTR_MAX, 0};

    for (int i = 0; i < info->dlpi_phnum; i++) {
        uintptr_t first = info->dlpi_addr + info->dlpi_phdr[i].p_vaddr;
        uintptr_t end = first + info->dlpi_phdr[i].p_memsz;

        if (info->dlpi_phdr[i].p_type != PT_LOAD)
            continue;
        r.first = first < r.first ? first : r.first;
        r.end = end > r.end ? end : r.end;
    }
    return r;
}

static int add(struct dl_phdr_info *info, size_t size, void *unused)
{
    range r = range_of(info);

    (void)size;
    (void)unused;
    for (size_t i = 0; i < before; i++)
        if (loaded[i].first == r.first)
            return 0;
    if (count == LOADED)
        return 1;
    loaded[count++] = r;
    return 0;
}

static bool is_drivers(const struct sigaction *action)
{
    uintptr_t code = action->sa_flags & SA_SIGINFO ? (uintptr_t)action->sa_sigaction
                                                   : (uintptr_t)action->sa_handler;

    for (size_t i = before; i < count; i++)
        if (code >= loaded[i].first && code < loaded[i].end)
            return true;
    return false;
}

void tsr__signals_before_drivers(void)
{
    pthread_mutex_lock(&lock);
    dl_iterate_phdr(add, NULL);
    before = count;
    pthread_mutex_unlock(&lock);
}

void tsr__signals_after_drivers(void)
{
    pthread_mutex_lock(&lock);
    dl_iterate_phdr(add, NULL);
    pthread_mutex_unlock(&lock);
}

/* ---- Note and restore ------------------------------------------------------------ */

void tsr__signals_note(void)
{
    struct sigaction now;

    pthread_mutex_lock(&lock);
    for (int i = 1; i < SIGNALS; i++)
        if (sigaction(i, NULL, &now) == 0 && !is_drivers(&now))
            programs[i] = now;
    pthread_mutex_unlock(&lock);
}

void tsr__signals_restore(void)
{
    struct sigaction now;

    pthread_mutex_lock(&lock);
    for (int i = 1; i < SIGNALS; i++)
        if (sigaction(i, NULL, &now) == 0 && is_drivers(&now))
            sigaction(i, &programs[i], NULL);
    pthread_mutex_unlock(&lock);
}
