/* tune.h: measure once which way is fastest, and take it from then on.
 *
 * Without records the library takes what a cost model says, from a device's facts alone;
 * but it comes with records of some devices, of which those of the nearest relative hold
 * until a class has one of its own. They are not among those that are counted, read or
 * exported here.
 * Tuning tries, on the device, all strategies and their parameters for a class of
 * problems: those that differ little in size and in nothing else (dtype, how matrices are
 * stored, epilogue, prepared operands, batch). Every result is judged by the bound of
 * oracle.h before its time counts, and what wins is kept as a record if it beats the stock
 * choice by more than noise; otherwise the record says that stock is best.
 *
 * Records are kept in the cache directory ($TESSERA_CACHE_DIR) for one device, driver and
 * version of the library's kernels and CLBlast. Any process of the user finds them; when
 * something is odd about them, or anything they depend on changes, there are none.
 *
 *     const tsr_tune_problem seed = {.dtype = TSR_F32, .m = 1, .n = 5000, .k = 6400};
 *     tsr_tune(device, &seed, 1, NULL, NULL);
 *
 * Nothing else should use the device while it tunes: times of a busy device say little.
 * With TESSERA_TUNE=first-use, when the device is opened, tsr_matmul tunes each class of
 * problems when it meets the first, for at most 2 seconds, unless there is a record.
 *
 * A recorded choice may add up in another order than the stock one, within the bound:
 * where the same bits are wanted on other machines, force a strategy (which records of
 * others leave alone).
 */
#ifndef TESSERA_TUNE_H
#define TESSERA_TUNE_H

#include <stdbool.h>
#include <stddef.h>

#include <tessera/device.h>
#include <tessera/matmul.h>
#include <tessera/status.h>
#include <tessera/tensor.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One product that stands for its class. All lengths are at least 1, but for a batch of 0,
 * which is 1 too. */
typedef struct tsr_tune_problem {
    tsr_dtype dtype;
    size_t m, n, k, batch;
    bool trans_a, trans_b, trans_c; /* stored by columns, passed as transposed views */
    bool prepared_a, prepared_b;    /* tsr_tensor_prepare was called for them */
    bool bias;                      /* one value per column */
    tsr_activation activation;
} tsr_tune_problem;

/* What is known of a class. */
typedef struct tsr_tune_record {
    const char *scope; /* "any", or the one strategy that was looked at: what holds
                             where it is forced */
    char problems
        [128]; /* the class, for people: "f32 1x~4871x~6889/16 rows rows rows" */
    const char *strategy; /* who wins; texts here live as long as the program */
    char parameters[320]; /* "MR=6 NV=2", or "" for the strategy's own best guess */
    double seconds;
    const char *stock; /* what the cost model takes */
    double stock_seconds;
    size_t m, n, k, batch; /* what was measured */
} tsr_tune_record;

/* ---- Tune ----------------------------------------------------------------------- */

typedef enum tsr_tune_state {
    TSR_TUNE_UNDECIDED = 0, /* no time was left, it was stopped, or there is a record */
    TSR_TUNE_RECORDED = 1,
    TSR_TUNE_FAILED = 2
} tsr_tune_state;

/* What came of one problem. Those of one class share what came of the first. */
typedef struct tsr_tune_result {
    tsr_tune_state state;
    /* If RECORDED. If UNDECIDED the one from before, which stays; without a strategy
     * (NULL) where there is none. */
    tsr_tune_record record;
    size_t tried, candidates; /* 0 of 0: it had no turn */
    char reason[512];         /* if not RECORDED, in words */
} tsr_tune_result;

/* How far it is. */
typedef struct tsr_tune_progress {
    size_t index, count;      /* the problem at work, of how many */
    size_t tried, candidates; /* of that problem */
    double stock_seconds;     /* 0: not known yet */
    double best_seconds;
    double elapsed_seconds; /* since the call began */
} tsr_tune_progress;

typedef struct tsr_tune_options {
    /* For all. What should not end in time, by how long the last such took, is not begun;
     * a build that has begun is finished. */
    double budget_seconds;
    /* NULL for all strategies. The name of one: only its parameters are tried, and what
     * wins holds where that strategy is forced. */
    const char *strategy;
    bool only_new; /* leave out what there is a record of */
    /* Told now and then, between measurements, on the calling thread. False stops: the
     * records of classes that were decided until then are kept. */
    bool (*progress)(void *user, const tsr_tune_progress *progress);
    void *user;
} tsr_tune_options;

#define TSR_TUNE_OPTIONS_DEFAULT                                                       \
    {                                                                                  \
        60.0, NULL, false, NULL, NULL                                                  \
    }

/* Tunes the classes of `count` problems. Each has a turn first, in which the stock choice,
 * what a record says and the likeliest others compete; the rest of the time goes where most
 * can be gained. A record is kept as soon as its class is decided. One from before holds
 * its place: it is measured again, and replaced by what is faster by more than noise. In the
 * end what won has to win once more, or the place goes back.
 * `options` and `results`, an array of `count`, may be NULL. Waits.
 *
 * Errors: ARGUMENT (a length of 0, no such strategy, a budget that is not positive),
 * UNSUPPORTED (all was done, but there is no place to keep records: they hold for this
 * process), HOST_MEMORY, DEVICE_LOST. What fails for one problem alone is in its result. */
TSR_EXPORT tsr_status tsr_tune(tsr_device *device, const tsr_tune_problem *problems,
                               size_t count, const tsr_tune_options *options,
                               tsr_tune_result *results);

/* For the start of a program: builds all that products like these need, and runs each
 * once, so that the first call of the program is as fast as the rest. With tune_seconds
 * above 0 what has no record is tuned before, for so long in all. Waits.
 * Errors: as tsr_tune, and those of tsr_matmul. */
TSR_EXPORT tsr_status tsr_tune_warm_up(tsr_device *device,
                                       const tsr_tune_problem *problems, size_t count,
                                       double tune_seconds);

/* ---- Records -------------------------------------------------------------------- */

/* Whether there is a place to keep records, to be read or to be written too: to know before
 * measuring that nothing would be kept. Errors: UNSUPPORTED (the detail says which
 * directory, what is wrong with it, and what mends that). */
TSR_EXPORT tsr_status tsr_tune_check_cache(bool write);

/* Record `index` of the device, in no particular order. ARGUMENT beyond the last. */
TSR_EXPORT size_t tsr_tune_record_count(tsr_device *device);
TSR_EXPORT tsr_status tsr_tune_record_get(tsr_device *device, size_t index,
                                          tsr_tune_record *out);

/* Forgets all records of the device, also those on disk. */
TSR_EXPORT tsr_status tsr_tune_clear(tsr_device *device);

/* The device's records as text, snprintf's way: up to `size` bytes of it, terminated, go
 * to `text` (NULL if size is 0), and *length is that of all, without the terminator.
 * Errors: ARGUMENT, HOST_MEMORY. */
TSR_EXPORT tsr_status tsr_tune_export(tsr_device *device, char *text, size_t size,
                                      size_t *length);

/* Adds such a text's records to the device's, in place of what they say of the same
 * classes. All of them or none. `name` is that of the text, a file's say, for details that
 * begin with "NAME:LINE: "; NULL for none. *count, if not NULL, is how many there were.
 * Errors: ARGUMENT (not such a text, or a record that cannot be true: the detail names the
 * line; or of another device, driver or version: it says in what they differ), UNSUPPORTED
 * (no place to keep them), HOST_MEMORY. */
TSR_EXPORT tsr_status tsr_tune_import(tsr_device *device, const char *name,
                                      const char *text, size_t length, size_t *count);

#ifdef __cplusplus
}
#endif

#endif /* TESSERA_TUNE_H */
