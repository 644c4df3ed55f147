#include "progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "failure.h"
#include "output.h"

/* Kept below the width of a narrow terminal with its prefix, so that it never wraps. */
#define LINE_SIZE 55

static char prefix[24];
static bool showing;
static bool on_screen;
static atomic_bool interrupted;
static const char *program_name;

void progress_start(bool wanted)
{
    showing = wanted && isatty(STDERR_FILENO);
}

void progress_prefix(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(prefix, sizeof prefix, format, args);
    va_end(args);
}

void progress_say(const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;

    if (!showing)
        return;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    fprintf(stderr, "\r\033[K%s%s", prefix, line);
    fflush(stderr);
    on_screen = true;
}

void progress_clear(void)
{
    if (on_screen)
        fputs("\r\033[K", stderr);
    on_screen = false;
}

/* Takes what the other threads and the drivers' children hold back. */
static void *wait_for_signals(void *data)
{
    const sigset_t *signals = data;
    int number;

    while (sigwait(signals, &number) == 0) {
        if (atomic_exchange(&interrupted, true)) {
            output_remove_temporaries();
            _exit(EXIT_INTERRUPTED);
        }
        if (isatty(STDERR_FILENO))
            fprintf(stderr, "\r\033[K%s: stopping; again to quit\n", program_name);
    }
    return NULL;
}

void interrupt_catch(const char *program)
{
    static sigset_t signals;
    struct sigaction action = {.sa_handler = SIG_DFL};
    pthread_t thread;

    program_name = program;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (pthread_sigmask(SIG_BLOCK, &signals, NULL))
        return;
    /* A shell's background jobs start with SIGINT ignored. */
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    if (pthread_create(&thread, NULL, wait_for_signals, &signals))
        pthread_sigmask(SIG_UNBLOCK, &signals, NULL); /* they end the program */
    else
        pthread_detach(thread);
}

bool interrupt_seen(void)
{
    return atomic_load(&interrupted);
}
