/* startup: how long from tsr_device_open to the first product, in fresh processes.
 *
 *     startup [--rounds N] [--warm N] [--json FILE]     5 rounds of 3 warm processes
 *     startup --launches                                what a launch costs
 *
 * The product is 1x6400 @ 6400x5000 in f32, on the default device. Each round makes new,
 * empty caches (tessera's, PoCL's, XDG's), does the product in one process with those
 * ("empty") and then in several that find what the first left ("warm"). Data are made
 * before the clock starts and every result is checked. A machine that does other things
 * shows it in the median.
 *
 * Exit status: 0 all right; 1 a result is wrong or a call failed; 2 usage; 3 no device.
 */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cjson/cJSON.h>

#include "launches.h"
#include "places.h"
#include "seed.h"

#define MOST 1000

enum { RIGHT = 0, WRONG = 1, USAGE = 2, NO_DEVICE = 3 };
enum { STAGES = 4 };

static const char *const stages[STAGES] = {"open", "borrow", "product", "total"};

/* All processes that found their caches in one state. */
typedef struct series {
    const char *caches; /* "empty" or "warm" */
    int count;
    double ms[STAGES][MOST];
} series;

typedef struct options {
    int rounds, warm;
    const char *json;
} options;

/* ---- One process ----------------------------------------------------------------- */

/* In the child: does the product and hands its times to the parent. */
static int product_into(int fd)
{
    times took;
    bool no_device;

    if (!seed_product(&took, &no_device))
        return no_device ? NO_DEVICE : WRONG;
    return write(fd, &took, sizeof took) == (ssize_t)sizeof took ? RIGHT : WRONG;
}

/* Does the product in a new process (not only a forked one) and adds its times. */
static int run_process(const char *self, series *to)
{
    int ends[2], how = 0;
    times took;
    ssize_t got;
    pid_t pid;

    if (pipe(ends) != 0 || (pid = fork()) < 0) {
        perror("startup");
        return WRONG;
    }
    if (pid == 0) {
        char fd[16];

        close(ends[0]);
        snprintf(fd, sizeof fd, "%d", ends[1]);
        execl(self, "startup", "--into", fd, (char *)NULL);
        perror(self);
        _exit(WRONG);
    }
    close(ends[1]);
    got = read(ends[0], &took, sizeof took);
    close(ends[0]);
    while (waitpid(pid, &how, 0) < 0 && errno == EINTR)
        ;
    if (!WIFEXITED(how) || WEXITSTATUS(how) != RIGHT)
        return WIFEXITED(how) ? WEXITSTATUS(how) : WRONG;
    if (got != (ssize_t)sizeof took) {
        fprintf(stderr, "startup: the process gave no times\n");
        return WRONG;
    }
    to->ms[0][to->count] = took.open;
    to->ms[1][to->count] = took.borrow;
    to->ms[2][to->count] = took.product;
    to->ms[3][to->count++] = took.total;
    return RIGHT;
}

static int run_round(const char *self, const options *o, series *empty, series *warm)
{
    char path[4096];
    int status;

    if (!places_make(path))
        return WRONG;
    status = run_process(self, empty);
    for (int i = 0; i < o->warm && status == RIGHT; i++)
        status = run_process(self, warm);
    places_remove(path);
    return status;
}

/* ---- Numbers --------------------------------------------------------------------- */

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Sorts each stage by itself: its best is first and its median in the middle. */
static void sort(series *s)
{
    for (int stage = 0; stage < STAGES; stage++)
        qsort(s->ms[stage], (size_t)s->count, sizeof s->ms[stage][0], compare_doubles);
}

static double median(const series *s, int stage)
{
    const double *ms = s->ms[stage];

    return 0.5 * (ms[(s->count - 1) / 2] + ms[s->count / 2]);
}

static void print(const series *s)
{
    for (int stage = 0; stage < STAGES && s->count > 0; stage++)
        printf("%-8s %-10s %10.3f %10.3f\n", stage == 0 ? s->caches : "", stages[stage],
               s->ms[stage][0], median(s, stage));
}

static void add_to(cJSON *root, const series *s)
{
    cJSON *object = cJSON_AddObjectToObject(root, s->caches);

    cJSON_AddNumberToObject(object, "processes", s->count);
    for (int stage = 0; stage < STAGES && s->count > 0; stage++) {
        cJSON *of = cJSON_AddObjectToObject(object, stages[stage]);

        cJSON_AddNumberToObject(of, "best_ms", s->ms[stage][0]);
        cJSON_AddNumberToObject(of, "median_ms", median(s, stage));
    }
}

static int write_json(const char *path, const series *empty, const series *warm)
{
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
    cJSON *root = cJSON_CreateObject();
    char *text;
    bool good;

    add_to(root, empty);
    add_to(root, warm);
    text = cJSON_Print(root);
    good = file && text && fprintf(file, "%s\n", text) > 0;
    if (file && file != stdout)
        good = fclose(file) == 0 && good;
    if (!good)
        fprintf(stderr, "startup: %s: %s\n", path, strerror(errno));
    cJSON_free(text);
    cJSON_Delete(root);
    return good ? RIGHT : WRONG;
}

/* ---- Options --------------------------------------------------------------------- */

static bool number(const char *text, int least, int *out)
{
    char *end;
    long value = text ? strtol(text, &end, 10) : -1;

    if (!text || end == text || *end || value < least || value > MOST)
        return false;
    *out = (int)value;
    return true;
}

static bool parse(char **arguments, options *o)
{
    *o = (options){.rounds = 5, .warm = 3};
    for (; *arguments; arguments += 2) {
        const char *name = arguments[0], *value = arguments[1];
        bool good =
            value && (strcmp(name, "--rounds") == 0 ? number(value, 1, &o->rounds)
                      : strcmp(name, "--warm") == 0 ? number(value, 0, &o->warm)
                                                    : strcmp(name, "--json") == 0);

        if (!good)
            return false;
        if (strcmp(name, "--json") == 0)
            o->json = value;
    }
    return o->rounds * o->warm <= MOST;
}

int main(int argc, char **argv)
{
    static series empty = {.caches = "empty"}, warm = {.caches = "warm"};
    char self[4096];
    ssize_t length;
    options o;
    int fd, status = RIGHT;

    if (argc == 3 && strcmp(argv[1], "--into") == 0 && number(argv[2], 0, &fd))
        return product_into(fd);
    if (argc == 2 && strcmp(argv[1], "--launches") == 0)
        return launches();
    if (!parse(argv + 1, &o)) {
        fprintf(stderr, "usage: startup [--rounds N] [--warm N] [--json FILE]\n"
                        "       startup --launches\n");
        return USAGE;
    }
    length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0) {
        perror("/proc/self/exe");
        return WRONG;
    }
    self[length] = '\0';
    for (int i = 0; i < o.rounds && status == RIGHT; i++)
        status = run_round(self, &o, &empty, &warm);
    if (status != RIGHT)
        return status;
    sort(&empty);
    sort(&warm);
    if (!o.json || strcmp(o.json, "-") != 0) {
        printf("%-8s %-10s %10s %10s\n", "caches", "stage", "best ms", "median ms");
        print(&empty);
        print(&warm);
    }
    return o.json ? write_json(o.json, &empty, &warm) : RIGHT;
}
