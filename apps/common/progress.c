#include "progress.h"

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "clock.h"
#include "failure.h"
#include "output.h"
#include "terminal.h"

/* Of a terminal that does not say. */
#define COLUMNS 80

/* Cut shorter than this, what is done gives way to nothing else. */
#define LEAST_TEXT 16

/* Sooner, nobody can say how long the rest will take. */
#define FORECAST_SECONDS 1.0
#define FORECAST_PART    0.05

static char prefix[16];
static double started; /* with the first part */
static double part_from, part_to, part_at;
static bool showing;
static atomic_int on_screen;   /* columns that the line takes */
static atomic_int interrupted; /* the signal; 0: none */
static const char *program_name;

/* What is being done, for the thread that waits for signals to say. */
static char doing[128];
static pthread_mutex_t doing_lock = PTHREAD_MUTEX_INITIALIZER;

void progress_start(bool wanted)
{
    showing = wanted && isatty(STDERR_FILENO);
    started = clock_now();
}

void progress_part(double from, double to)
{
    if (part_to <= 0)
        started = clock_now(); /* what came before is no part of it */
    part_from = part_at = from;
    part_to = to;
}

void progress_at(double fraction)
{
    part_at = part_from + fraction * (part_to - part_from);
}

/* ", about 40 s left", or nothing. */
static void forecast(char *text, size_t size)
{
    const double elapsed = clock_now() - started;
    double left;

    text[0] = '\0';
    if (part_to <= 0 || elapsed < FORECAST_SECONDS || part_at < FORECAST_PART)
        return;
    left = elapsed * (1 - part_at) / part_at;
    if (left < 100)
        snprintf(text, size, ", about %.0f s left", left);
    else
        snprintf(text, size, ", about %.0f min left", left / 60);
}

void progress_prefix(const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(prefix, sizeof prefix, format, args);
    va_end(args);
}

/* What fits into one line: a full one may wrap already. */
static size_t room(void)
{
    const char *said = getenv("COLUMNS");
    struct winsize size;
    long columns = said ? strtol(said, NULL, 10) : 0;

    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        columns = size.ws_col;
    return (size_t)(columns > 0 ? columns : COLUMNS) - 1;
}

/* What is written over with blanks where a line cannot be erased. */
static void erase_line(void)
{
    const int columns = atomic_exchange(&on_screen, 0);

    if (terminal_has_escapes())
        fputs("\r\033[K", stderr);
    else
        fprintf(stderr, "\r%*s\r", columns, "");
}

static void set_doing(const char *text)
{
    pthread_mutex_lock(&doing_lock);
    snprintf(doing, sizeof doing, "%s", text);
    pthread_mutex_unlock(&doing_lock);
}

void progress_say(const char *format, ...)
{
    char text[sizeof doing], left[32];
    size_t fits, begun = strlen(prefix);
    va_list args;

    if (!showing)
        return;
    fits = room();
    if (begun > fits)
        begun = fits;
    fits -= begun;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    set_doing(text);
    forecast(left, sizeof left);
    if (fits < strlen(left) + LEAST_TEXT)
        left[0] = '\0';
    fits -= strlen(left);
    erase_line();
    atomic_store(&on_screen, fprintf(stderr, "%.*s%.*s%s", (int)begun, prefix,
                                     (int)fits, text, left));
    fflush(stderr);
}

void progress_clear(void)
{
    if (atomic_load(&on_screen) > 0)
        erase_line();
}

/* A driver that builds kernels, or CLBlast, cannot be stopped; a user should know that it
 * is no hang. */
static void say_stopping(void)
{
    if (!isatty(STDERR_FILENO))
        return;
    pthread_mutex_lock(&doing_lock);
    erase_line();
    fprintf(stderr, "%s: stopping%s%s; Ctrl-C again quits at once\n", program_name,
            doing[0] ? " after this: " : "", doing);
    pthread_mutex_unlock(&doing_lock);
}

/* A shell's status of what a signal ended. */
#define SIGNALLED 128

/* timeout(1) signals its child, and then the group that this is in. */
#define SAME_SIGNAL_SECONDS 0.5

/* Neither waits for a reader that does not read, nor for a thread that writes. */
static void say_quitting(void)
{
    struct pollfd stream = {.fd = STDERR_FILENO, .events = POLLOUT};
    char text[128];
    const int length =
        snprintf(text, sizeof text, "%s%s: quit at once, as told twice\n",
                 isatty(STDERR_FILENO) ? "\n" : "", program_name);

    if (poll(&stream, 1, 0) == 1 && stream.revents == POLLOUT &&
        write(STDERR_FILENO, text, (size_t)length) < 0)
        return; /* there is nobody to tell */
}

/* Takes what the other threads and the drivers' children hold back. */
static void *wait_for_signals(void *data)
{
    const sigset_t *signals = data;
    double first = 0;
    int number;

    while (sigwait(signals, &number) == 0) {
        if (!interrupt_seen()) {
            first = clock_now();
            atomic_store(&interrupted, number);
            say_stopping();
        } else if (clock_now() - first > SAME_SIGNAL_SECONDS) {
            output_remove_temporaries();
            say_quitting();
            _exit(EXIT_INTERRUPTED);
        }
    }
    return NULL;
}

void interrupt_catch(const char *program)
{
    static sigset_t signals;
    struct sigaction action = {.sa_handler = SIG_DFL}, before;
    pthread_t thread;

    program_name = program;
    signal(SIGXFSZ, SIG_IGN);
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaddset(&signals, SIGHUP); /* but for what nohup started */
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
    return atomic_load(&interrupted) != 0;
}

int interrupt_exit_status(void)
{
    return SIGNALLED + atomic_load(&interrupted);
}
