/* terminal.h: what the terminal understands. */
#ifndef COMMON_TERMINAL_H
#define COMMON_TERMINAL_H

#include <stdbool.h>

/* Whether it takes escape sequences: $TERM is set, and is not "dumb" (an editor's window,
 * a build service's log). */
bool terminal_has_escapes(void);

#endif /* COMMON_TERMINAL_H */
