/* progress.h: signs of life while long work runs, and Ctrl-C.
 *
 * One line on stderr, rewritten in place and cut where the terminal ends; nothing if stderr
 * is no terminal. A terminal without escape sequences gets blanks where they would erase.
 */
#ifndef COMMON_PROGRESS_H
#define COMMON_PROGRESS_H

#include <stdbool.h>

/* Turns the line on if stderr is a terminal and `wanted`. */
void progress_start(bool wanted);

/* What each line begins with from here on ("3/31 "). */
void progress_prefix(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* What is done now is this part of all there is to do, from 0 to 1; from then on lines end
 * in the time left. Without it none do. */
void progress_part(double from, double to);

/* How much of that part is done. */
void progress_at(double fraction);

/* Says what is being done now. Not to be called while something is timed. */
void progress_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Removes the line, before anything else is printed. */
void progress_clear(void);

/* From here on Ctrl-C (SIGINT), SIGTERM and SIGHUP only set a flag, which work looks at
 * between batches; on a terminal what is still waited for is said, as it was last given to
 * progress_say. A second one ends the program at once, with 130, and says so; within half
 * a second of the first it is the same one, sent twice. They are blocked, so that drivers'
 * threads and the compilers they start inherit that and finish their work: to be called
 * before anything is started. A file that gets larger than is allowed (SIGXFSZ) is an error
 * of who writes it. `program` is who says that it stops; lent for ever. */
void interrupt_catch(const char *program);
bool interrupt_seen(void);

/* Of a program that stops for it, as shells count it: 130 for Ctrl-C. */
int interrupt_exit_status(void);

#endif /* COMMON_PROGRESS_H */
