#include "child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tessera/interop.h>

/* ---- Words ------------------------------------------------------------------------ */

const char *child_point(const child_walk *walk, long n, int code)
{
    static const char *const kinds[] = {"call",    "command",    "command",
                                        "command", "allocation", "call on a file"};
    static char text[160];
    char how[96];

    if (walk->kind <= FAULT_AT_ONCE)
        snprintf(how, sizeof how, "fails with %s", tsr_cl_status_name(code));
    else if (walk->kind == FAULT_DELAY)
        snprintf(how, sizeof how, "is late");
    else if (walk->kind == FAULT_FILE && code == 0)
        snprintf(how, sizeof how, "moves half");
    else
        snprintf(how, sizeof how, "fails with errno %d", code);
    snprintf(text, sizeof text, "%s %ld %s%s", kinds[walk->kind], n, how,
             walk->once                                  ? ""
             : walk->kind == FAULT_FILE && code == EINTR ? ", and the two after it"
                                                         : ", and all after it");
    return text;
}

void child_say(child_found *found, const child_walk *walk, const char *what,
               const char *more)
{
    char *said =
        found->said[found->violations < MOST_SAID ? found->violations : MOST_SAID - 1];

    snprintf(said, sizeof found->said[0], "%s, %s: %s%s%s", walk->s->name,
             child_point(walk, found->n, found->code), what, *more ? ": " : "", more);
    found->violations++;
}

/* ---- Judging ---------------------------------------------------------------------- */

/* CLBlast's calls, and its codes, stand for those of the calls that it makes. */
static bool is_clblasts(const char *detail)
{
    return strstr(detail, "CLBlast") != NULL;
}

/* Whether the detail names one of the calls that failed. */
static bool names_the_call(const char *detail, const fault_seen *seen)
{
    for (size_t i = 0; i < seen->count; i++)
        if (strstr(detail, seen->failed[i]))
            return true;
    return is_clblasts(detail);
}

static const char *judge_error(const child_walk *walk, const fault_seen *seen, int code,
                               tsr_status status, const char *detail)
{
    switch (walk->kind) {
    case FAULT_CALL:
        if (!names_the_call(detail, seen))
            return "the error does not name the call";
        if (!strstr(detail, tsr_cl_status_name(code)) && !is_clblasts(detail))
            return "the error does not name the code";
        return NULL;
    case FAULT_EVENT:
    case FAULT_AT_ONCE: /* a device that fails its self-test is told by its result */
        return strstr(detail, "cl") || status == TSR_ERROR_WRONG_RESULT
                   ? NULL
                   : "the error names no call";
    case FAULT_MEMORY:
        return status == TSR_ERROR_HOST_MEMORY ? NULL : "the error is not HOST_MEMORY";
    default:
        return "it failed, for a reason that is none";
    }
}

static bool printed_something(void)
{
    struct stat out;

    fflush(stdout);
    return fstat(STDOUT_FILENO, &out) != 0 || out.st_size > 0;
}

/* ---- Keeping books ---------------------------------------------------------------- */

void child_codes_add(child_codes *codes, int code)
{
    for (size_t i = 0; i < codes->count; i++)
        if (codes->code[i] == code)
            return;
    if (codes->count < MOST_CODES)
        codes->code[codes->count++] = code;
}

static void note_codes(child_found *found, const fault_seen *seen)
{
    for (size_t i = 0; i < seen->count; i++)
        child_codes_add(&found->codes[seen->index[i]], found->code);
}

/* ---- Walking ---------------------------------------------------------------------- */

/* Lets go of what a device keeps of its last launch. */
static void settle(const work *w)
{
    if (w->device)
        tsr_device_finish(w->device);
}

/* The same work with nothing failing. */
static void run_healthy(work *w, const child_walk *walk, child_found *found)
{
    const char *wrong;
    tsr_status status;

    work_reset(w);
    status = walk->s->run(w);
    wrong = work_judge(w, status);
    if (status)
        child_say(found, walk, "the next call, with nothing failing, fails",
                  tsr_error_detail());
    else if (wrong)
        child_say(found, walk, "the next call, with nothing failing", wrong);
    settle(w);
}

/* One run with one fault. False if nothing was left to fail. */
static bool run_faulty(work *w, const child_walk *walk, child_found *found)
{
    const fault f = {walk->kind, walk->once, found->code};
    const fault_books mark = fault_mark();
    const bool fresh =
        walk->s->device == DEVICE_FRESH && !tsr_device_open(NULL, &w->device);
    char detail[4096];
    const char *wrong;
    fault_seen seen;
    tsr_status status;

    work_reset(w);
    fault_arm(&f, found->n);
    status = walk->s->run(w);
    fault_disarm(&seen);
    note_codes(found, &seen);
    snprintf(detail, sizeof detail, "%s: %s", tsr_status_name(status),
             status ? tsr_error_detail() : "");
    settle(w);
    found->points += seen.any;
    found->named += seen.any && status;
    found->absorbed += seen.any && !status;
    if (status && !seen.any)
        child_say(found, walk, "it fails, and nothing did", detail);
    else if (status && (wrong = judge_error(walk, &seen, f.code, status, detail)))
        child_say(found, walk, wrong, detail);
    if ((wrong = work_judge(w, status)))
        child_say(found, walk, wrong, detail);
    run_healthy(w, walk, found);
    if (fresh) {
        tsr_device_close(w->device);
        w->device = NULL;
    }
    if ((wrong = fault_left(&mark))[0])
        child_say(found, walk, "not given back", wrong);
    if (printed_something())
        child_say(found, walk, "something was printed on standard output", "");
    return seen.any;
}

static void walk_up(work *w, const child_walk *walk, child_found *found)
{
    const size_t codes = walk->sample ? 1 : walk->num_codes;
    const long step = walk->sample ? walk->s->every : 1;
    bool more = true;

    for (found->n = walk->from; more; found->n += step) {
        more = false;
        for (size_t i = 0; i < codes; i++) {
            found->code = walk->codes[(i + (size_t)found->n) % walk->num_codes];
            atomic_fetch_add(&found->steps, 1);
            more |= run_faulty(w, walk, found);
        }
    }
}

static void note_counts(child_found *found)
{
    fail_count count;

    for (size_t i = 0; i < MOST_CALLS && fault_count(i, &count); i++) {
        snprintf(found->names[i], sizeof found->names[i], "%s", count.name);
        found->counts[i] = count;
    }
}

void child_run(const child_walk *walk, const child_layers *layers, child_found *found)
{
    work *w = work_create(walk->s);
    const unsigned long before = found->violations; /* this child follows others */
    tsr_device *device = NULL;
    fault_books mark;
    const char *left;

    /* Loads the drivers, and builds what will be needed. */
    if (tsr_device_open(NULL, &device)) {
        child_say(found, walk, "there is no device", tsr_error_detail());
        exit(0);
    }
    tsr_device_close(device);
    device = NULL;
    fault_open(layers->fail_nth, layers->ledger);
    mark = fault_mark();
    if (walk->s->device != DEVICE_OWN)
        tsr_device_open(NULL, &device);
    w->device = device;
    run_healthy(w, walk, found);
    run_healthy(w, walk, found);
    if (walk->s->device == DEVICE_FRESH) {
        tsr_device_close(device);
        w->device = device = NULL;
    }
    if (found->violations == before)
        walk_up(w, walk, found);
    tsr_device_close(device);
    note_counts(found);
    if ((left = fault_left(&mark))[0] && found->violations == before)
        child_say(found, walk, "not given back when the device is closed", left);
    work_destroy(w);
    found->done = true;
    /* LeakSanitizer would take the drivers, which were loaded after the fork, for unknown;
     * the books have seen that no block is left. */
    _exit(0);
}
