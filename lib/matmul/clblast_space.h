/* clblast_space.h: what may be searched of CLBlast: parameters that override its own.
 *
 * Three families of its kernels: Xgemm for large products, XgemmDirect for small ones, and
 * the GEMVs. A set is of one of them, and zero in the parameters of the others; those of
 * CLBlast that belong together (MDIMA with MDIMC, VWMD with VWND) are one here. Small, as
 * each set costs seconds of building.
 */
#ifndef TSR_MATMUL_CLBLAST_SPACE_H
#define TSR_MATMUL_CLBLAST_SPACE_H

#include "matmul/strategy.h"

#define TSR__OVERRIDES     3  /* kernels that a set overrides, at most */
#define TSR__OVERRIDE_SIZE 16 /* parameters of one of them, at most */

/* One of CLBlast's kernels with parameters of its own. */
typedef struct tsr__override {
    const char *kernel;
    size_t count;
    const char *names[TSR__OVERRIDE_SIZE];
    size_t values[TSR__OVERRIDE_SIZE];
} tsr__override;

extern const char *const tsr__clblast_names[];

/* tsr__space's. */
size_t tsr__clblast_sets(const tsr__problem *problem, const tsr_device_info *info,
                         tsr__parameters *out, size_t room);
double tsr__clblast_estimate(const tsr__problem *problem, const tsr_device_info *info,
                             const tsr__parameters *set);
bool tsr__clblast_fits(const tsr__problem *problem, const tsr_device_info *info,
                       const tsr__parameters *set);

/* Seconds with CLBlast's own parameters. */
double tsr__clblast_cost(const tsr__problem *problem, const tsr_device_info *info);

/* What a set that fits overrides; returns how many kernels. */
size_t tsr__clblast_overrides(const tsr__parameters *set,
                              tsr__override out[TSR__OVERRIDES]);

#endif /* TSR_MATMUL_CLBLAST_SPACE_H */
