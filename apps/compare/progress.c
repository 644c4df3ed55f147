#include "progress.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

/* Kept below the width of a narrow terminal with its prefix, so that it never wraps. */
#define LINE_SIZE 55

static char prefix[24];
static bool showing;
static bool on_screen;
static volatile sig_atomic_t interrupted;

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

static void on_interrupt(int number)
{
    (void)number;
    interrupted = 1;
}

void interrupt_catch(void)
{
    struct sigaction action = {.sa_handler = on_interrupt,
                               .sa_flags = (int)SA_RESETHAND};

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
}

bool interrupt_seen(void)
{
    return interrupted != 0;
}
