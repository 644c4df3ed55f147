#include "timing.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Nothing is so quick that more calls would be needed: 10 ns each fill a batch. */
#define MAX_LOOPS 10000000

/* Nanoseconds between two looks. A thread may sleep for a moment between two spins. */
#define LOOK_NS 1000000L

/* Whether the thread in that folder computes, or would if it had a core. */
static bool is_running(const char *thread)
{
    char path[64], text[512];
    const char *state;
    size_t length;
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%.16s/stat", thread);
    if (!(file = fopen(path, "r")))
        return false; /* it has ended */
    length = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[length] = '\0';
    state = strrchr(text, ')'); /* behind its name */
    return state && state[1] && state[2] == 'R';
}

/* This process's threads that compute, the calling one included; negative where the system
 * does not say. */
static int count_running(void)
{
    DIR *threads = opendir("/proc/self/task");
    int count = 0;

    if (!threads)
        return -1;
    for (struct dirent *entry; (entry = readdir(threads));)
        count += entry->d_name[0] != '.' && is_running(entry->d_name);
    closedir(threads);
    return count;
}

bool timing_wait_idle(double most_seconds)
{
    const double end = clock_now() + most_seconds;
    int idle = 0; /* looks in a row */

    while (clock_now() < end) {
        nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
        idle = count_running() == 1 ? idle + 1 : 0;
        if (idle == 2)
            return true;
    }
    return false;
}

bool timing_choose_loops(size_t *loops, double elapsed)
{
    const double wanted = (double)*loops * TIMING_BATCH_SECONDS;

    if (elapsed >= TIMING_BATCH_SECONDS / 5) {
        /* Long enough to go by. */
        *loops = elapsed >= wanted ? 1 : (size_t)ceil(wanted / elapsed);
        return true;
    }
    if (*loops >= MAX_LOOPS)
        return true;
    *loops *= elapsed > TIMING_BATCH_SECONDS / 50 ? 5 : 10;
    if (*loops > MAX_LOOPS)
        *loops = MAX_LOOPS;
    return false;
}

static int compare_doubles(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;

    return (a > b) - (a < b);
}

timing timing_of(double *per_call, size_t batches, size_t loops)
{
    qsort(per_call, batches, sizeof *per_call, compare_doubles);
    return (timing){
        .loops = loops,
        .batches = batches,
        .best = per_call[0],
        .median = (per_call[(batches - 1) / 2] + per_call[batches / 2]) / 2,
        .slowest = per_call[batches - 1],
    };
}

bool timing_is_uneven(const timing *t)
{
    return t->slowest > TIMING_UNEVEN * t->best;
}
