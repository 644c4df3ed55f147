#include "scenarios.h"

#define PRODUCT RIGHT_PRODUCT
#define COPY    RIGHT_COPY
#define LEARNED RIGHT_LEARNED
#define KEPT    DEVICE_KEPT
#define FRESH   DEVICE_FRESH
#define OWN     DEVICE_OWN

/* name, run, right, device, strategy, batch, M, N, K, beta, transposed, every */
const scenario scenarios[] = {
    {"open", run_open, PRODUCT, OWN, NULL, 1, 5, 40, 30, 0, false, 5},
    {"list", run_list, COPY, OWN, NULL, 1, 9, 7, 1, 0, false, 61},
    {"build", run_build, COPY, OWN, NULL, 1, 9, 7, 1, 0, false, 31},
    {"failed-build", run_failed_build, COPY, OWN, NULL, 1, 9, 7, 1, 0, false, 61},
    {"upload", run_upload, COPY, KEPT, NULL, 1, 9, 7, 1, 0, false, 1},
    {"strided", run_strided, COPY, KEPT, NULL, 2, 9, 7, 1, 0, false, 1},
    {"borrowed", run_borrowed, COPY, KEPT, NULL, 1, 16, 16, 1, 0, false, 1},
    {"copies", run_copies, COPY, KEPT, NULL, 1, 9, 7, 1, 0, false, 1},
    {"fill", run_fill, LEARNED, KEPT, NULL, 1, 9, 7, 1, 0, false, 1},
    {"stream", run_product, PRODUCT, KEPT, "stream", 1, 3, 120, 600, 1, false, 1},
    {"stream-dots", run_product, PRODUCT, KEPT, "stream", 1, 3, 120, 600, 0, true, 1},
    {"panel", run_product, PRODUCT, KEPT, "panel", 1, 70, 80, 90, 1, false, 1},
    {"panel-slabs", run_product, PRODUCT, KEPT, "panel", 1, 24, 32, 6000, 0, true, 1},
    {"tile", run_product, PRODUCT, KEPT, "tile", 1, 33, 20, 40, 1, false, 1},
    {"tile-slabs", run_product, PRODUCT, KEPT, "tile", 1, 20, 20, 4000, 0, false, 1},
    {"host", run_lent, PRODUCT, FRESH, NULL, 1, 50, 60, 70, 1, false, 1},
    {"reference", run_product, PRODUCT, KEPT, "reference", 1, 9, 8, 7, 1, false, 1},
#ifdef HAVE_CLBLAST
    {"clblast", run_product, PRODUCT, KEPT, "clblast", 1, 20, 30, 40, 1, false, 1},
    {"clblast-waits", run_interop, PRODUCT, KEPT, "clblast", 1, 20, 30, 40, 1, false,
     1},
    {"clblast-gemv", run_product, PRODUCT, KEPT, "clblast", 1, 1, 50, 60, 0, false, 1},
    {"clblast-large", run_product, PRODUCT, KEPT, "clblast", 1, 140, 130, 150, 0, false,
     1},
    {"clblast-batch", run_product, PRODUCT, KEPT, "clblast", 3, 20, 24, 28, 0, false,
     1},
#endif
    {"routed", run_product, PRODUCT, FRESH, NULL, 1, 50, 60, 70, 1, false, 1},
    {"batch", run_product, PRODUCT, FRESH, NULL, 3, 20, 24, 28, 1, false, 1},
    {"empty-sum", run_product, PRODUCT, FRESH, NULL, 1, 5, 6, 0, 1, false, 1},
    {"epilogue", run_epilogue, LEARNED, FRESH, NULL, 1, 20, 30, 40, 1, false, 1},
    {"prepared", run_prepared, PRODUCT, KEPT, "panel", 1, 70, 400, 300, 0, false, 1},
    {"packed", run_prepared, PRODUCT, FRESH, "panel", 1, 70, 80, 90, 0, false, 3},
    {"timed", run_timed, PRODUCT, KEPT, "panel", 1, 70, 80, 90, 0, false, 1},
    {"interop", run_interop, PRODUCT, FRESH, NULL, 1, 20, 30, 40, 1, false, 1},
    {"no-sum-waits", run_interop, PRODUCT, FRESH, NULL, 1, 5, 6, 0, 1, false, 1},
    {"many-wait", run_many, PRODUCT, KEPT, "stream", 1, 3, 4, 5, 0, false, 1},
    {"adopted", run_adopted, PRODUCT, FRESH, NULL, 1, 20, 30, 40, 1, false, 13},
    {"failed-selftest", run_failed_selftest, PRODUCT, FRESH, NULL, 1, 5, 6, 7, 1, false,
     193},
    {"noise", run_noise, LEARNED, FRESH, NULL, 4, 6, 20, 30, 0, false, 3},
    {"step", run_step, LEARNED, KEPT, NULL, 1, 20, 30, 1, 0, false, 1},
    {"weights", run_weights, LEARNED, FRESH, NULL, 2, 10, 5, 10, 0, false, 13},
    {"directions", run_directions, LEARNED, FRESH, NULL, 1, 1, 8, 1, 0, false, 13},
    {"oracle", run_oracle, COPY, KEPT, NULL, 1, 9, 7, 11, 0, false, 1},
    {"roof", run_roof, COPY, OWN, NULL, 1, 9, 7, 1, 0, false, 241},
    {"tune", run_tune, PRODUCT, OWN, NULL, 1, 20, 30, 40, 1, false, 121},
    {"first-use", run_first_use, PRODUCT, OWN, NULL, 1, 20, 30, 40, 1, false, 121},
    {"warm-up", run_warm_up, PRODUCT, OWN, NULL, 1, 20, 30, 40, 1, false, 13},
    {"records", run_records, PRODUCT, OWN, NULL, 1, 8, 9, 10, 0, false, 5},
    {NULL, NULL, PRODUCT, KEPT, NULL, 0, 0, 0, 0, 0, false, 1},
};
