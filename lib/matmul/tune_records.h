/* tune_records.h: what is known, as <tessera/tune.h> shows it. */
#ifndef TSR_MATMUL_TUNE_RECORDS_H
#define TSR_MATMUL_TUNE_RECORDS_H

#include <tessera/tune.h>

#include "matmul/known.h"

void tsr__tune_record_fill(const tsr__known_record *known, tsr_tune_record *out);

#endif /* TSR_MATMUL_TUNE_RECORDS_H */
