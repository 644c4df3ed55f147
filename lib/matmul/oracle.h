/* oracle.h: an oracle in less time than <tessera/oracle.h> gives itself. */
#ifndef TSR_MATMUL_ORACLE_H
#define TSR_MATMUL_ORACLE_H

#include <tessera/oracle.h>

/* tsr_oracle_create, with `flops` of reference work above which rows are sampled. */
tsr_status tsr__oracle_create_within(const tsr_host_product *product, uint64_t seed,
                                     double flops, tsr_oracle **out);

#endif /* TSR_MATMUL_ORACLE_H */
