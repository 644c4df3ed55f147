/* finals.h: which of the best candidates is fastest, in turns.
 *
 * So what disturbs the machine disturbs all of them. They are compared round by round: what
 * one took when it was tried, in another minute, only says who takes part. Who holds the
 * place keeps it unless another is faster by more than noise.
 */
#ifndef TSR_MATMUL_FINALS_H
#define TSR_MATMUL_FINALS_H

#include "matmul/candidates.h"

/* By how much another than stock, or than who holds the place, has to be faster. */
#define TSR__FINALS_GAIN 1.03

/* A batch of products that a clock can time. */
#define TSR__BATCH_SECONDS 0.003

/* A product as long as this averages over what disturbs it. */
#define TSR__LONG_SECONDS 0.2

typedef struct tsr__finals {
    tsr__stage *stage;
    tsr__candidate *items;     /* the first is stock */
    size_t tried;              /* of them */
    size_t holder;             /* the place of who holds it; 0: stock */
    tsr__candidate *rival;     /* who alone may win beside these; NULL: the fastest */
    double end;                /* by tsr__seconds() */
    bool (*go_on)(void *user); /* told between rounds; false ends them */
    void *user;
} tsr__finals;

/* Seconds they should take where one product takes `seconds`. */
double tsr__finals_seconds(double seconds);

/* The winner; NULL if no candidate is any good, or they were ended before enough was
 * known. With a winner, `best` of those that took part is what they took in the middle of
 * their rounds. */
tsr__candidate *tsr__finals_run(const tsr__finals *finals);

#endif /* TSR_MATMUL_FINALS_H */
