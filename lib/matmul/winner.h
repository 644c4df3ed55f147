/* winner.h: what measuring a class of problems found, and how it is written down.
 *
 *     panel MR=6 NV=2 KC=160 | 0.00291 s | stock stream 0.0031 s | 1x5000x6400 times 1
 */
#ifndef TSR_MATMUL_WINNER_H
#define TSR_MATMUL_WINNER_H

#include "matmul/strategy.h"

/* Longest text of a set and of a winner, with their terminators. */
#define TSR__SET_SIZE    320
#define TSR__WINNER_SIZE 480

typedef struct tsr__winner {
    const tsr__strategy *strategy;
    bool has_set; /* false: with the strategy's own best guess */
    tsr__parameters set;
    double seconds;             /* of one product, at best */
    const tsr__strategy *stock; /* what the cost model took */
    double stock_seconds;       /* with its best guess, in turns with the winner */
    size_t m, n, k, batch;      /* of the problem that was measured */
} tsr__winner;

/* "MR=6 NV=2 KC=160", or "" for no set. */
void tsr__set_text(const tsr__strategy *strategy, const tsr__parameters *set,
                   char text[TSR__SET_SIZE]);

void tsr__winner_text(const tsr__winner *winner, char text[TSR__WINNER_SIZE]);

/* Whether it can run this very problem on this device: a class has others in it, and a
 * record may have been edited. */
bool tsr__winner_can_run(const tsr__winner *winner, const tsr__problem *problem,
                         const tsr_device_info *info);

/* False if the text is not one, or its strategy is not in this build or has other
 * parameters. Whether the set fits a device is another question. */
bool tsr__winner_parse(const char *text, tsr__winner *out);

#endif /* TSR_MATMUL_WINNER_H */
