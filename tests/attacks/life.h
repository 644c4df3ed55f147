/* life.h: victims, and how they end. */
#ifndef ATTACKS_LIFE_H
#define ATTACKS_LIFE_H

#include <stdbool.h>
#include <sys/types.h>

/* Starts a victim with this argument (NULL for none); its stderr is kept in the test's
 * folder. */
pid_t victim_start(const char *argument);

/* Waits for it. True if it was right. False if it was killed by SIGKILL, and `may_die`;
 * anything else fails the test, with what the victim said. */
bool victim_end(pid_t victim, bool may_die);

/* Both, for one that must be right. What it traced is lent until the next. */
const char *victim_run(const char *argument);

#endif /* ATTACKS_LIFE_H */
