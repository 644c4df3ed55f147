/* scenarios.h: what each row of the table does. */
#ifndef FAULTS_SCENARIOS_H
#define FAULTS_SCENARIOS_H

#include "work.h"

/* scenario_open.c: the device, and what is built for it. */
tsr_status run_open(work *w);
tsr_status run_list(work *w);
tsr_status run_build(work *w);
tsr_status run_failed_build(work *w);

/* scenario_move.c: to the device, on it, and back. */
tsr_status run_upload(work *w);
tsr_status run_strided(work *w);
tsr_status run_borrowed(work *w);
tsr_status run_copies(work *w);
tsr_status run_fill(work *w);

/* scenario_product.c */
tsr_status run_product(work *w);
tsr_status run_lent(work *w);
tsr_status run_epilogue(work *w);
tsr_status run_prepared(work *w);
tsr_status run_timed(work *w);

/* scenario_interop.c: beside the caller's own OpenCL. */
tsr_status run_interop(work *w);
tsr_status run_many(work *w);
tsr_status run_adopted(work *w);
tsr_status run_failed_selftest(work *w);

/* scenario_perturb.c */
tsr_status run_noise(work *w);
tsr_status run_step(work *w);
tsr_status run_weights(work *w);
tsr_status run_directions(work *w);

/* scenario_oracle.c */
tsr_status run_oracle(work *w);

/* scenario_tune.c */
tsr_status run_roof(work *w);
tsr_status run_tune(work *w);
tsr_status run_first_use(work *w);
tsr_status run_warm_up(work *w);
tsr_status run_records(work *w);

#endif /* FAULTS_SCENARIOS_H */
