/* spaces.h: every parameter set of a search space, each with cases of its own.
 *
 * A space is what a tuner looks through: the union of the sets for each product of a shapes
 * file, by the facts of the device. Most sets are chosen by nothing but a search, and then
 * for products too large to judge here; but a set is right for small ones, too, and those
 * have more edges. Set S meets the cases from first + S * 1000 on that it fits (case.h,
 * SIZES_TILES), so that its neighbours meet other transposes, edges and epilogues.
 */
#ifndef CONFORMANCE_SPACES_H
#define CONFORMANCE_SPACES_H

#include "judge.h"

typedef struct walk {
    const char *shapes;        /* path: M N K [dtype] [ta] [tb] [batch] a line */
    unsigned long first;       /* number of the first case */
    unsigned long cases;       /* for each set */
    unsigned long part, parts; /* sets part, part + parts, ... are walked */
    case_sizes sizes;
} walk;

typedef struct space_outcome {
    const char *strategy;
    unsigned long sets;     /* of the space; those of f32 and of f64 count twice */
    unsigned long walked;   /* of this part */
    unsigned long unmet;    /* of these, without a case that fits */
    unsigned long products; /* judged */
    unsigned long failed;
    double worst; /* largest error that was right, as a part of its bound */
    double seconds;
} space_outcome;

/* Walks the space of the tally's strategy. False, and said, if a set failed or met no case,
 * or the shapes cannot be read. */
bool walk_space(tsr_device *device, const walk *w, tally *t, space_outcome *out);

/* Adds what came of it to the file, with the date, as a line of a table that
 * tools/update-testing reads; false, and said, if that failed. */
bool record_space(const char *path, const tsr_device_info *device, const walk *w,
                  const space_outcome *out);

#endif /* CONFORMANCE_SPACES_H */
