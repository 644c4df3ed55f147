/* asleep.h: whether this process waits for something, and does nothing else. */
#ifndef LAYERS_ASLEEP_H
#define LAYERS_ASLEEP_H

/* Returns when all threads but the calling one have been asleep at so many looks in a row,
 * a millisecond apart. A thread that is ready to run, but is not given a core, is awake; and
 * while this process stands still nobody looks. */
void asleep_await(int looks);

#endif /* LAYERS_ASLEEP_H */
