#include "scenarios.h"

#define PRODUCT RIGHT_PRODUCT
#define COPY    RIGHT_COPY
#define LEARNED RIGHT_LEARNED
#define KEPT    DEVICE_KEPT
#define FRESH   DEVICE_FRESH
#define OWN     DEVICE_OWN

/* name, run, right, device, strategy, batch, M, N, K, beta, transposed, slow */
const scenario scenarios[] = {
    {"open", run_open, PRODUCT, OWN, NULL, 1, 5, 40, 30, 0, false, false},
    {"build", run_build, COPY, OWN, NULL, 1, 9, 7, 1, 0, false, true},
    {"upload", run_upload, COPY, KEPT, NULL, 1, 9, 7, 1, 0, false, false},
    {"strided", run_strided, COPY, KEPT, NULL, 2, 9, 7, 1, 0, false, false},
    {"borrowed", run_borrowed, COPY, KEPT, NULL, 1, 16, 16, 1, 0, false, false},
    {"copies", run_copies, COPY, KEPT, NULL, 1, 9, 7, 1, 0, false, false},
    {"fill", run_fill, LEARNED, KEPT, NULL, 1, 9, 7, 1, 0, false, false},
    {"stream", run_product, PRODUCT, KEPT, "stream", 1, 3, 120, 600, 1, false, false},
    {"stream-dots", run_product, PRODUCT, KEPT, "stream", 1, 3, 120, 600, 0, true,
     false},
    {"panel", run_product, PRODUCT, KEPT, "panel", 1, 70, 80, 90, 1, false, false},
    {"panel-slabs", run_product, PRODUCT, KEPT, "panel", 1, 24, 32, 6000, 0, true,
     false},
    {"tile", run_product, PRODUCT, KEPT, "tile", 1, 33, 20, 40, 1, false, false},
    {"tile-slabs", run_product, PRODUCT, KEPT, "tile", 1, 20, 20, 4000, 0, false,
     false},
    {"reference", run_product, PRODUCT, KEPT, "reference", 1, 9, 8, 7, 1, false, false},
#ifdef HAVE_CLBLAST
    {"clblast", run_product, PRODUCT, KEPT, "clblast", 1, 20, 30, 40, 1, false, false},
    {"clblast-gemv", run_product, PRODUCT, KEPT, "clblast", 1, 1, 50, 60, 0, false,
     false},
    {"clblast-large", run_product, PRODUCT, KEPT, "clblast", 1, 140, 130, 150, 0, false,
     false},
    {"clblast-batch", run_product, PRODUCT, KEPT, "clblast", 3, 20, 24, 28, 0, false,
     false},
#endif
    {"routed", run_product, PRODUCT, FRESH, NULL, 1, 50, 60, 70, 1, false, false},
    {"batch", run_product, PRODUCT, FRESH, NULL, 3, 20, 24, 28, 1, false, false},
    {"empty-sum", run_product, PRODUCT, FRESH, NULL, 1, 5, 6, 0, 1, false, false},
    {"epilogue", run_epilogue, LEARNED, FRESH, NULL, 1, 20, 30, 40, 1, false, false},
    {"prepared", run_prepared, PRODUCT, KEPT, "panel", 1, 70, 400, 300, 0, false,
     false},
    {"timed", run_timed, PRODUCT, KEPT, "panel", 1, 70, 80, 90, 0, false, false},
    {"interop", run_interop, PRODUCT, FRESH, NULL, 1, 20, 30, 40, 1, false, false},
    {"adopted", run_adopted, PRODUCT, FRESH, NULL, 1, 20, 30, 40, 1, false, true},
    {"noise", run_noise, LEARNED, FRESH, NULL, 4, 6, 20, 30, 0, false, false},
    {"step", run_step, LEARNED, KEPT, NULL, 1, 20, 30, 1, 0, false, false},
    {"weights", run_weights, LEARNED, FRESH, NULL, 2, 10, 5, 10, 0, false, false},
    {"directions", run_directions, LEARNED, FRESH, NULL, 1, 1, 8, 1, 0, false, false},
    {NULL, NULL, PRODUCT, KEPT, NULL, 0, 0, 0, 0, 0, false, false},
};
