/* What a program must not notice: threads, forks, unloading, exits, signals, output. */
#define _GNU_SOURCE /* dl_iterate_phdr */
#include <link.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "libraries.h"
#include "routine.h"

#define THREADS  16
#define PRODUCTS 1000
#define SIZE     24 /* of the matrices */

static void *tessera;
static const char *self;

static size_t products(void)
{
    void *address = dlsym(tessera, "tsr_blas_products");
    size_t (*count)(void);

    memcpy(&count, &address, sizeof address);
    return count();
}

/* C = A @ B of ones, row-major, `ldc` apart: all elements must be SIZE. */
static bool multiply(void *library, float *c, int ldc)
{
    float ones[SIZE * SIZE];
    call product;

    for (int i = 0; i < SIZE * SIZE; i++)
        ones[i] = 1.0f;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            c[i * ldc + j] = -1.0f;
    product = call_of_product(false, SIZE, SIZE, SIZE, ones, ones, c);
    product.trans_b = TRANS;
    product.ldc = ldc;
    if (!call_do(library, &product))
        return false;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++)
            if (c[i * ldc + j] != (float)SIZE)
                return false;
    return true;
}

static bool multiply_once(void)
{
    float c[SIZE * SIZE];

    return multiply(tessera, c, SIZE);
}

/* ---- Forks ----------------------------------------------------------------------- */

/* The exit status of a forked child that multiplies and says how many the device did. */
static int in_a_child(void)
{
    pid_t child = fork();
    int status = -1;

    if (child == 0) {
        size_t before = products();

        exit(multiply_once() ? 10 + (int)(products() - before) : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void a_child_from_before_the_first_product_has_its_own_device(void **state)
{
    (void)state;
    assert_int_equal(in_a_child(), 11);
}

static void a_child_from_after_it_has_the_next_blas(void **state)
{
    (void)state;
    assert_true(multiply_once());
    assert_true(products() > 0);
    assert_int_equal(in_a_child(), 10);
    assert_true(multiply_once());
}

/* ---- Threads --------------------------------------------------------------------- */

static float shared_c[SIZE * SIZE * THREADS];

/* Column blocks of one matrix: what lies between the rows of one is another's. */
static void *multiply_many(void *place)
{
    size_t right = 0;

    for (int i = 0; i < PRODUCTS; i++)
        right += multiply(tessera, place, SIZE * THREADS);
    return (void *)(uintptr_t)right;
}

static void threads_compute_into_one_matrix(void **state)
{
    pthread_t threads[THREADS];
    size_t before = products();

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, multiply_many, shared_c + i * SIZE), 0);
    for (int i = 0; i < THREADS; i++) {
        void *right;

        assert_int_equal(pthread_join(threads[i], &right), 0);
        assert_int_equal((uintptr_t)right, PRODUCTS);
    }
    assert_int_equal(products() - before, THREADS * PRODUCTS);
}

/* ---- Unloading ------------------------------------------------------------------- */

/* The number after a word in /proc/self/status. */
static long status_of(const char *word)
{
    FILE *file = fopen("/proc/self/status", "r");
    char line[256];
    long value = -1;

    assert_non_null(file);
    while (fgets(line, sizeof line, file))
        if (strncmp(line, word, strlen(word)) == 0)
            value = strtol(line + strlen(word), NULL, 10);
    fclose(file);
    return value;
}

static int first_free_descriptor(void)
{
    int free_one = dup(0);

    close(free_one);
    return free_one;
}

static void load_and_unload(int times)
{
    float c[SIZE * SIZE];

    for (int i = 0; i < times; i++) {
        void *library = dlopen(getenv("TESSERA_BLAS"), RTLD_NOW | RTLD_LOCAL);

        assert_non_null(library);
        assert_true(multiply(library, c, SIZE));
        assert_int_equal(dlclose(library), 0);
    }
}

static void loading_and_unloading_leaves_nothing(void **state)
{
    long memory, threads;
    int descriptor;

    (void)state;
    load_and_unload(20);
    memory = status_of("VmRSS:");
    threads = status_of("Threads:");
    descriptor = first_free_descriptor();
    load_and_unload(100);
    assert_true(status_of("VmRSS:") - memory < 256);
    assert_int_equal(status_of("Threads:"), threads);
    assert_int_equal(first_free_descriptor(), descriptor);
}

/* ---- Processes of their own ------------------------------------------------------ */

static void *multiply_for_ever(void *unused)
{
    (void)unused;
    while (multiply_once())
        ;
    abort();
}

static void handle(int signal)
{
    (void)signal;
}

static void sleep_for(int milliseconds)
{
    nanosleep(&(const struct timespec){0, milliseconds * 1000000L}, NULL);
}

/* Exits while other threads compute. */
static int exit_at_work(void)
{
    pthread_t threads[2];

    if (!multiply_once())
        return 1;
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, multiply_for_ever, NULL);
    sleep_for(30);
    exit(0);
}

static int count_library(struct dl_phdr_info *info, size_t size, void *count)
{
    (void)info;
    (void)size;
    ++*(int *)count;
    return 0;
}

static int libraries(void)
{
    int count = 0;

    dl_iterate_phdr(count_library, &count);
    return count;
}

/* Exits so long after another thread, which opens the device, has begun to load the
 * driver: then come the constructors of the driver's libraries. */
static void *exit_while_opening(void *milliseconds)
{
    int before = libraries();

    while (libraries() == before)
        ;
    sleep_for(*(int *)milliseconds);
    exit(0);
}

/* This thread loaded the library; another one is the other of the two. */
static int exit_here_or_elsewhere(bool here, int milliseconds)
{
    pthread_t thread;

    pthread_create(&thread, NULL, here ? multiply_for_ever : exit_while_opening,
                   &milliseconds);
    if (here)
        exit_while_opening(&milliseconds);
    multiply_for_ever(NULL);
    return 1;
}

static void *multiply_and_be_cancelled(void *unused)
{
    (void)unused;
    multiply_once();
    pthread_testcancel();
    return NULL;
}

/* Others can go on after a thread has been cancelled as it opens the device. */
static int cancel(void)
{
    pthread_t thread;
    void *result;

    alarm(120);
    pthread_create(&thread, NULL, multiply_and_be_cancelled, NULL);
    pthread_cancel(thread);
    pthread_join(thread, &result);
    return result != PTHREAD_CANCELED || !multiply_once() || products() != 2;
}

/* Of sigaction; the C library has one more of its own. */
#define FLAGS (SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER | (int)SA_RESETHAND)

/* The handlers of all signals are the program's own before and after. */
static int keep_signals(void)
{
    struct sigaction own = {.sa_handler = handle}, before[32], after[32];

    sigaction(SIGFPE, &own, NULL);
    sigaction(SIGSEGV, &own, NULL);
    for (int i = 1; i < 32; i++)
        sigaction(i, NULL, &before[i]);
    if (!multiply_once() || products() != 1)
        return 1;
    for (int i = 1; i < 32; i++) {
        sigaction(i, NULL, &after[i]);
        if (before[i].sa_handler != after[i].sa_handler ||
            (before[i].sa_flags ^ after[i].sa_flags) & FLAGS) {
            fprintf(stderr, "signal %d has another handler\n", i);
            return 1;
        }
    }
    return 0;
}

/* Runs this program with `mode` and `number`; its exit status must be 0 and its output
 * empty. */
static void expect_quiet_success(const char *mode, int number)
{
    char digits[16];
    char output[4096];
    int pipes[2], status;
    ssize_t length;
    pid_t child;

    snprintf(digits, sizeof digits, "%d", number);
    assert_int_equal(pipe(pipes), 0);
    child = fork();
    if (child == 0) {
        dup2(pipes[1], 1);
        dup2(pipes[1], 2);
        close(pipes[0]);
        close(pipes[1]);
        execl(self, self, mode, digits, (char *)NULL);
        _exit(127);
    }
    close(pipes[1]);
    length = read(pipes[0], output, sizeof output - 1);
    close(pipes[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    if (length != 0 || status != 0)
        print_error("%s %d: status %d, %.*s\n", mode, number, status, (int)length,
                    output);
    assert_int_equal(length, 0);
    assert_int_equal(status, 0);
}

static void exiting_while_other_threads_compute_is_safe(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        expect_quiet_success("--exit", 0);
}

static void exiting_while_another_thread_opens_the_device_is_safe(void **state)
{
    (void)state;
    for (int milliseconds = 0; milliseconds < 60; milliseconds++)
        expect_quiet_success("--exit-here", milliseconds);
}

/* The library is preloaded, as programs have it. */
static void exiting_by_any_thread_while_one_opens_the_device_is_safe(void **state)
{
    (void)state;
    assert_int_equal(setenv("LD_PRELOAD", getenv("TESSERA_BLAS"), 1), 0);
    for (int milliseconds = 20; milliseconds < 80; milliseconds++)
        expect_quiet_success("--exit-elsewhere", milliseconds);
    unsetenv("LD_PRELOAD");
}

static void a_cancelled_thread_leaves_nothing_locked(void **state)
{
    (void)state;
    expect_quiet_success("--cancel", 0);
}

static void the_programs_signal_handlers_stay(void **state)
{
    (void)state;
    expect_quiet_success("--signals", 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_programs_signal_handlers_stay),
        cmocka_unit_test(exiting_while_other_threads_compute_is_safe),
        cmocka_unit_test(exiting_while_another_thread_opens_the_device_is_safe),
        cmocka_unit_test(exiting_by_any_thread_while_one_opens_the_device_is_safe),
        cmocka_unit_test(a_cancelled_thread_leaves_nothing_locked),
        cmocka_unit_test(a_child_from_before_the_first_product_has_its_own_device),
        cmocka_unit_test(a_child_from_after_it_has_the_next_blas),
        cmocka_unit_test(threads_compute_into_one_matrix),
        cmocka_unit_test(loading_and_unloading_leaves_nothing),
    };

    self = argv[0];
    tessera = load_library("TESSERA_BLAS");
    if (argc > 1 && strcmp(argv[1], "--signals") == 0)
        return keep_signals();
    if (argc > 2 && strncmp(argv[1], "--exit-", 7) == 0)
        return exit_here_or_elsewhere(strcmp(argv[1], "--exit-here") == 0,
                                      atoi(argv[2]));
    if (argc > 1 && strcmp(argv[1], "--cancel") == 0)
        return cancel();
    if (argc > 1)
        return exit_at_work();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
