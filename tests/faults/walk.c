/* walk: every call fails, one after another; nothing else may go wrong.
 *
 *     walk LAYERS [--sample] [--figures FILE] [SCENARIO[:WALK]...]
 *     walk LAYERS [--sample] --list [SCENARIO...]
 *     walk LAYERS --once SCENARIO
 *
 * LAYERS is the folder of the layers fail_nth and ledger. For each scenario of
 * scenarios.c, for each kind of fault, once and from then on, the n-th call fails, for
 * n = 1, 2, ... until a run meets no fault. After each:
 *
 *     - the call succeeded with the right result, or gave an error that names what failed;
 *     - the caller's arrays are as they were, or right;
 *     - every object, block and file was given back;
 *     - the same call succeeds when nothing fails;
 *     - nothing was printed, and the process neither crashed nor hung.
 *
 * --list names the walks of each scenario, to be done one by one (walk.sh).
 *
 * With --sample each call fails with one code only, in turn. Exits 1 if something is
 * violated.
 *
 * With --once the scenario is run once in this process, where the environment says what
 * fails: of OpenCL's calls (FAIL_NTH, ../layers/fail_nth.h), or the HOST_NTH-th allocation or
 * call on a file (HOST_KIND=memory or files), once if HOST_ONCE is set, with the errno
 * HOST_CODE. Exits 0 if the result is right, 4 after an error, which goes to standard error,
 * 1 if something is wrong, 5 if HOST_NTH is more than there was.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <CL/cl.h>

#include "child.h"
#include "figures.h"

/* Times 50 ms for one step, of this process's own time, when there is a core for each who
 * wants one. */
#define PATIENCE 1200

static const int cl_codes[] = {CL_OUT_OF_RESOURCES,
                               CL_OUT_OF_HOST_MEMORY,
                               CL_MEM_OBJECT_ALLOCATION_FAILURE,
                               CL_DEVICE_NOT_AVAILABLE,
                               CL_INVALID_OPERATION,
                               CL_BUILD_PROGRAM_FAILURE,
                               CL_INVALID_BUFFER_SIZE,
                               CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST};
/* The last is no code of OpenCL's: NVIDIA's for a kernel that wrote beyond a buffer. */
static const int event_codes[] = {CL_OUT_OF_RESOURCES,
                                  CL_DEVICE_NOT_AVAILABLE,
                                  CL_OUT_OF_HOST_MEMORY,
                                  CL_MEM_OBJECT_ALLOCATION_FAILURE,
                                  CL_INVALID_OPERATION,
                                  CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST,
                                  -9999};
static const int late[] = {CL_SUCCESS};
static const int no_memory[] = {ENOMEM};
static const int file_codes[] = {EIO, ENOSPC, EACCES, EROFS, EMFILE, 0};
static const int interrupted[] = {EINTR};

#define CODES(array) array, sizeof array / sizeof array[0]

/* What is walked for every scenario, or for those that open the device. */
static const struct {
    fault_kind kind;
    bool once;
    bool only_own;
    bool not_in_sample;
    const int *codes;
    size_t num_codes;
} walks[] = {
    {FAULT_CALL, true, false, false, CODES(cl_codes)},
    {FAULT_CALL, false, false, false, CODES(cl_codes)},
    {FAULT_EVENT, true, false, true, CODES(event_codes)},
    {FAULT_AT_ONCE, true, false, false, CODES(event_codes)},
    {FAULT_DELAY, true, false, false, CODES(late)},
    {FAULT_MEMORY, true, false, false, CODES(no_memory)},
    {FAULT_MEMORY, false, false, false, CODES(no_memory)},
    {FAULT_FILE, true, true, false, CODES(file_codes)},
    {FAULT_FILE, false, true, false, CODES(file_codes)},
    {FAULT_FILE, true, true, false, CODES(interrupted)},
    {FAULT_FILE, false, true, false, CODES(interrupted)},
    {FAULT_AT_ONCE, false, false, true, CODES(event_codes)},
};

#define NUM_WALKS (sizeof walks / sizeof walks[0])

typedef struct options {
    child_layers layers;
    bool sample, once, list;
    const char *figures;
    char *const *names; /* of scenarios and walks; NULL at the end */
} options;

/* ---- One child -------------------------------------------------------------------- */

static void start_child(const child_walk *walk, const options *o, child_found *found,
                        FILE *said)
{
    FILE *printed = tmpfile();

    if (!printed || dup2(fileno(printed), STDOUT_FILENO) < 0 ||
        dup2(fileno(said), STDERR_FILENO) < 0)
        exit(2);
    child_run(walk, &o->layers, found);
}

/* Whoever shares the cores with others takes longer, and does not hang. */
static int patience(void)
{
    double load = 0.0;
    const double cores = (double)sysconf(_SC_NPROCESSORS_ONLN);

    return getloadavg(&load, 1) == 1 && load > cores ? (int)(PATIENCE * load / cores)
                                                     : PATIENCE;
}

/* Waits until the child ends; what went wrong with it, or NULL. Time in which this process
 * stands still is not the child's. */
static const char *watch(pid_t pid, const child_found *found)
{
    static char text[64];
    long steps = -1;
    int status;

    for (int waited = 0; waited < patience(); waited++) {
        const struct timespec moment = {0, 50000000};

        if (waitpid(pid, &status, WNOHANG) == pid) {
            if (WIFSIGNALED(status))
                snprintf(text, sizeof text, "it dies of signal %d", WTERMSIG(status));
            else
                snprintf(text, sizeof text, "it exits with %d", WEXITSTATUS(status));
            return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? NULL : text;
        }
        if (atomic_load(&found->steps) != steps) {
            steps = atomic_load(&found->steps);
            waited = 0;
        }
        nanosleep(&moment, NULL);
    }
    kill(pid, SIGKILL);
    waitpid(pid, &status, 0);
    return "it hangs";
}

/* The end of what the child said on standard error. */
static const char *last_words(FILE *said)
{
    static char text[700];
    long length = ftell(said);
    size_t got;

    fseek(said, 0, SEEK_END);
    length = ftell(said);
    fseek(said, length > (long)sizeof text - 1 ? length - (long)sizeof text + 1 : 0,
          SEEK_SET);
    got = fread(text, 1, sizeof text - 1, said);
    text[got] = '\0';
    return text;
}

/* PoCL 3.1 has races of its own when a command fails that others wait for, and aborts: that
 * point is tried again, as long as lives are left. */
static bool is_pocls(const char *words)
{
    return strstr(words, " pocl_") != NULL;
}

/* Walks in children, a new one after each that did not survive. */
static void walk_one(child_walk walk, const options *o, figures *all)
{
    child_found *found = mmap(NULL, sizeof *found, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    FILE *said = tmpfile();

    if (found == MAP_FAILED || !said)
        exit(2);
    for (int lives = 5; lives > 0 && !found->done; lives--) {
        const char *wrong, *words;
        pid_t pid;

        fflush(NULL);
        pid = fork();
        if (pid == 0)
            start_child(&walk, o, found, said);
        wrong = pid < 0 ? "no process could be started" : watch(pid, found);
        if (!wrong)
            break;
        words = last_words(said);
        walk.from = found->n;
        if (lives > 1 && is_pocls(words)) {
            printf("tried again, as PoCL aborts: %s, %s\n", walk.s->name,
                   child_point(&walk, found->n, found->code));
        } else {
            child_say(found, &walk, wrong, words);
            walk.from++;
        }
    }
    figures_add(all, &walk, found);
    munmap(found, sizeof *found);
    fclose(said);
}

/* ---- All of them ------------------------------------------------------------------ */

/* Whether the i-th walk of the scenario was asked for. */
static bool wanted(const scenario *s, size_t i, char *const *names)
{
    const size_t length = strlen(s->name);

    if (!*names)
        return true;
    for (; *names; names++)
        if (strncmp(*names, s->name, length) == 0 &&
            (!(*names)[length] ||
             ((*names)[length] == ':' && strtoul(*names + length + 1, NULL, 10) == i)))
            return true;
    return false;
}

/* In many-wait all commands wait for the caller, who lets go of them when the last but one is
 * enqueued: none can have ended before. PoCL 3.1, told so, loses what is behind it. */
static bool can_end_at_once(const scenario *s)
{
    return strcmp(s->name, "many-wait") != 0;
}

/* Whether the i-th walk is one for this scenario. */
static bool fits(const scenario *s, size_t i, bool sample)
{
    return (s->device == DEVICE_OWN || !walks[i].only_own) &&
           !(sample && walks[i].not_in_sample) &&
           (walks[i].kind != FAULT_AT_ONCE || can_end_at_once(s));
}

static bool is_due(const scenario *s, size_t i, const options *o)
{
    return fits(s, i, o->sample) && wanted(s, i, o->names);
}

static bool has_any(const scenario *s, const options *o)
{
    for (size_t i = 0; i < NUM_WALKS; i++)
        if (is_due(s, i, o))
            return true;
    return false;
}

static void list_walks(const options *o)
{
    for (const scenario *s = scenarios; s->name; s++)
        for (size_t i = 0; i < NUM_WALKS; i++)
            if (is_due(s, i, o))
                printf("%s:%zu\n", s->name, i);
}

static void walk_all(const options *o, figures *all)
{
    for (const scenario *s = scenarios; s->name; s++) {
        if (!has_any(s, o))
            continue;
        figures_begin(all, s);
        for (size_t i = 0; i < NUM_WALKS; i++)
            if (is_due(s, i, o))
                walk_one((child_walk){s, walks[i].kind, walks[i].once, walks[i].codes,
                                      walks[i].num_codes, o->sample, 1},
                         o, all);
        figures_end(all);
        /* After each: a walk of an hour that is cut short has its figures. */
        if (o->figures && !figures_write(all, o->figures)) {
            fprintf(stderr, "%s cannot be written\n", o->figures);
            exit(2);
        }
    }
}

/* The scenario on a device that it opens. */
static tsr_status run_alone(work *w)
{
    tsr_status status;

    if (w->s->device == DEVICE_OWN)
        return w->s->run(w);
    status = tsr_device_open(NULL, &w->device);
    if (!status)
        status = w->s->run(w);
    tsr_device_close(w->device);
    return status;
}

static long arm_host(void)
{
    const char *nth = getenv("HOST_NTH"), *kind = getenv("HOST_KIND");
    const char *code = getenv("HOST_CODE");
    const host_plan plan = {.kind = kind && strcmp(kind, "files") == 0 ? HOST_FILES
                                                                       : HOST_MEMORY,
                            .nth = nth ? atol(nth) : 0,
                            .once = getenv("HOST_ONCE") != NULL,
                            .code = code ? atoi(code) : ENOMEM};

    host_arm(&plan);
    return plan.nth;
}

static int run_once(const child_layers *layers, const char *name)
{
    const scenario *s = scenarios;
    const char *wrong;
    tsr_status status;
    long nth, counted;
    work *w;

    while (s->name && (!name || strcmp(s->name, name) != 0))
        s++;
    if (!s->name)
        return 2;
    /* As the OpenCL loader will, too: a scenario that pauses may do so before its first call. */
    if (!dlopen(layers->fail_nth, RTLD_NOW) || !dlopen(layers->ledger, RTLD_NOW))
        return 2;
    fault_open(layers->fail_nth, layers->ledger);
    w = work_create(s);
    nth = arm_host();
    status = run_alone(w);
    counted = host_counted();
    host_arm(NULL);
    if (status)
        fprintf(stderr, "%s: %s\n", tsr_status_name(status), tsr_error_detail());
    if ((wrong = work_judge(w, status)))
        fprintf(stderr, "%s\n", wrong);
    work_destroy(w);
    if (host_blocks() != 0 || host_files() != 0) {
        wrong = "not given back";
        fprintf(stderr, "%ld blocks and %ld files are left\n", host_blocks(),
                host_files());
    }
    return wrong ? 1 : status ? 4 : counted < nth ? 5 : 0;
}

static options read_options(int argc, char **argv)
{
    static char fail_nth[512], ledger[512], both[1026];
    options o = {.layers = {fail_nth, ledger}};
    int at = 2;

    if (argc < 2) {
        fprintf(stderr, "usage: walk LAYERS [--sample] [--list] [--figures FILE] "
                        "[SCENARIO[:WALK]...]\n");
        exit(2);
    }
    snprintf(fail_nth, sizeof fail_nth, "%s/fail_nth.so", argv[1]);
    snprintf(ledger, sizeof ledger, "%s/ledger.so", argv[1]);
    snprintf(both, sizeof both, "%s:%s", fail_nth, ledger); /* the last is on top */
    setenv("OPENCL_LAYERS", both, 1);
    for (; at < argc && argv[at][0] == '-'; at++) {
        if (strcmp(argv[at], "--sample") == 0)
            o.sample = true;
        else if (strcmp(argv[at], "--once") == 0)
            o.once = true;
        else if (strcmp(argv[at], "--list") == 0)
            o.list = true;
        else if (strcmp(argv[at], "--figures") == 0 && at + 1 < argc)
            o.figures = argv[++at];
    }
    o.names = argv + at;
    return o;
}

int main(int argc, char **argv)
{
    const options o = read_options(argc, argv);
    figures all = {0};

    if (o.once)
        return run_once(&o.layers, o.names[0]);
    if (o.list) {
        list_walks(&o);
        return 0;
    }
    walk_all(&o, &all);
    figures_print(&all);
    /* Some walk of a scenario may have nothing to fail, all of them may not. */
    return all.violations > 0 || all.count == 0 || (!*o.names && all.points == 0);
}
