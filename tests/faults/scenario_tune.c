/* What is measured: the roof, what is fastest, and the records of it. The clock jumps with
 * every look at it (host.h), so that all takes few launches, and as many each time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera/roof.h>
#include <tessera/tune.h>

#include "fault.h"
#include "scenarios.h"

/* Seconds. A launch of a probe that seems to take more than half a second is the last of
 * its kind; a search has many turns. */
#define ROOF_JUMP 1.0
#define TUNE_JUMP 0.02

/* A device that is opened with `name` set to `value`, with no records, and a clock that
 * jumps. */
static void begin(work *w, const char *name, const char *value, double jump)
{
    fault_pause(true);
    setenv(name, value, 1);
    if (tsr_device_open(NULL, &w->device) || tsr_tune_clear(w->device))
        exit(2);
    unsetenv(name);
    host_clock(jump);
    fault_pause(false);
}

static void end(work *w)
{
    host_clock(0.0);
    tsr_device_close(w->device);
    w->device = NULL;
}

static bool is_rate(double rate)
{
    return rate > 0.0 && rate < 1e18;
}

/* Of a device that allocates little, which reads as little. */
tsr_status run_roof(work *w)
{
    tsr_roof_probe *probe = NULL;
    tsr_roof roof = {0};
    tsr_status status;

    begin(w, "TESSERA_MAX_ALLOC", "4M", ROOF_JUMP);
    if (!(status = tsr_roof_probe_create(w->device, &probe)) &&
        !(status = tsr_roof_probe_run(probe, TSR_F32, &roof))) {
        w->wrong = !is_rate(roof.read_bytes_per_second) ||
                   !is_rate(roof.f32_flops_per_second) || !(roof.launch_seconds > 0.0);
        status = run_upload(w);
    }
    tsr_roof_probe_destroy(probe);
    end(w);
    return status;
}

/* Records that cannot be kept on disk hold for the process: said, and no harm. */
static tsr_status kept_or_said(tsr_status status)
{
    return status == TSR_ERROR_UNSUPPORTED &&
                   strstr(tsr_error_detail(), "records hold for this process only")
               ? TSR_OK
               : status;
}

/* What failed for one problem alone is in its result, with a reason. */
tsr_status run_tune(work *w)
{
    const tsr_tune_problem problem = {
        .dtype = TSR_F32, .m = w->s->m, .n = w->s->n, .k = w->s->k};
    const tsr_tune_options options = {.budget_seconds = 60 * TUNE_JUMP,
                                      .strategy = w->s->strategy};
    tsr_tune_result result = {0};
    tsr_status status;

    begin(w, "TESSERA_TUNE", "", TUNE_JUMP);
    status = kept_or_said(tsr_tune(w->device, &problem, 1, &options, &result));
    if (!status)
        w->wrong = result.state == TSR_TUNE_RECORDED ? !result.record.strategy
                                                     : !result.reason[0];
    if (!status)
        status = run_product(w);
    end(w);
    return status;
}

tsr_status run_first_use(work *w)
{
    tsr_status status;

    begin(w, "TESSERA_TUNE", "first-use", TUNE_JUMP);
    status = run_product(w);
    end(w);
    return status;
}

tsr_status run_warm_up(work *w)
{
    const tsr_tune_problem problem = {
        .dtype = TSR_F32, .m = w->s->m, .n = w->s->n, .k = w->s->k};
    tsr_status status;

    begin(w, "TESSERA_TUNE", "", TUNE_JUMP);
    if (!(status = tsr_tune_warm_up(w->device, &problem, 1, 0.0)))
        status = run_product(w);
    end(w);
    return status;
}

/* Records are read from a text, and written as one. */
tsr_status run_records(work *w)
{
    static const char record[] = "any f32 8x9x10 rows rows rows = stream | 0.001 s | "
                                 "stock panel 0.002 s | 8x9x10 times 1\n";
    char text[4096] = "", again[4096] = "";
    size_t length = 0, count = 0;
    tsr_status status;

    begin(w, "TESSERA_TUNE", "", TUNE_JUMP);
    if (!(status = tsr_tune_export(w->device, text, sizeof text / 2, &length))) {
        strcpy(strstr(text, "\n\n") + 2, record);
        length = strlen(text);
        status = kept_or_said(tsr_tune_import(w->device, "f", text, length, NULL));
    }
    if (!status &&
        !(status = tsr_tune_export(w->device, again, sizeof again, &count))) {
        w->wrong = strcmp(text, again) != 0 || tsr_tune_record_count(w->device) != 1;
        status = run_product(w);
    }
    end(w);
    return status;
}
