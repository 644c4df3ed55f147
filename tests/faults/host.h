/* host.h: the C library as tessera's objects see it, failing on demand.
 *
 * The linker leads their calls here (--wrap, see CMakeLists.txt); drivers and other shared
 * libraries keep the real ones. Files are those that were opened by a path: reading from
 * the pipe of a child is not counted.
 */
#ifndef FAULTS_HOST_H
#define FAULTS_HOST_H

#include "../layers/fail_nth.h"

typedef enum host_kind { HOST_MEMORY, HOST_FILES } host_kind;

typedef struct host_plan {
    host_kind kind;
    long nth;  /* of the calls of that kind, from now on; 0: none fails */
    bool once; /* else all later ones, too; the next two if they are interrupted */
    int code;  /* errno; 0: reads and writes move half of what they were asked to */
} host_plan;

/* Counts from 1 again; NULL lets all calls pass. */
void host_arm(const host_plan *plan);
void host_pause(bool pause);
long host_counted(void);

/* From now on each look at the clock finds it so many seconds later; 0: as it goes. */
void host_clock(double seconds);

/* The wrapped calls; false beyond the last. */
bool host_count(size_t index, fail_count *out);

/* Blocks of memory that were not freed, and files not closed. */
long host_blocks(void);
long host_files(void);

#endif /* FAULTS_HOST_H */
