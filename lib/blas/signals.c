#include "signals.h"

#include <stdbool.h>
#include <stddef.h>

static bool same(const struct sigaction *a, const struct sigaction *b)
{
    return a->sa_flags == b->sa_flags &&
           (a->sa_flags & SA_SIGINFO ? a->sa_sigaction == b->sa_sigaction
                                     : a->sa_handler == b->sa_handler);
}

void tsr__signals_save(tsr__signals *signals)
{
    for (int i = 1; i < TSR__SIGNALS; i++)
        sigaction(i, NULL, &signals->actions[i]);
}

void tsr__signals_restore(const tsr__signals *signals)
{
    struct sigaction now;

    for (int i = 1; i < TSR__SIGNALS; i++)
        if (i != SIGKILL && i != SIGSTOP && sigaction(i, NULL, &now) == 0 &&
            !same(&now, &signals->actions[i]))
            sigaction(i, &signals->actions[i], NULL);
}
