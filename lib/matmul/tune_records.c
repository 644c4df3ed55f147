/* tune_records.c: the records of <tessera/tune.h>. */
#include "matmul/tune_records.h"

#include <stdio.h>

#include "base/error.h"
#include "tune/about.h"
#include "tune/keep.h"

void tsr__tune_record_fill(const tsr__known_record *known, tsr_tune_record *out)
{
    const tsr__winner *w = &known->winner;

    *out = (tsr_tune_record){.scope = known->scope ? known->scope->name : "any",
                             .strategy = w->strategy->name,
                             .seconds = w->seconds,
                             .stock = w->stock->name,
                             .stock_seconds = w->stock_seconds,
                             .m = w->m,
                             .n = w->n,
                             .k = w->k,
                             .batch = w->batch};
    tsr__class_text(known->of, out->problems);
    tsr__set_text(w->strategy, w->has_set ? &w->set : NULL, out->parameters);
}

tsr_status tsr_tune_check_cache(bool write)
{
    return tsr__keep_check(write);
}

size_t tsr_tune_record_count(tsr_device *device)
{
    tsr__known_record record;
    size_t count = 0;

    while (tsr__known_at(device, count, &record))
        count++;
    return count;
}

tsr_status tsr_tune_record_get(tsr_device *device, size_t index, tsr_tune_record *out)
{
    tsr__known_record record;

    if (!device || !out)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s is NULL", device ? "out" : "device");
    *out = (tsr_tune_record){0};
    if (!tsr__known_at(device, index, &record))
        return tsr__fail(TSR_ERROR_ARGUMENT, "there is no record %zu", index);
    tsr__tune_record_fill(&record, out);
    return TSR_OK;
}

tsr_status tsr_tune_clear(tsr_device *device)
{
    return device ? tsr__known_clear(device)
                  : tsr__fail(TSR_ERROR_ARGUMENT, "device is NULL");
}

tsr_status tsr_tune_export(tsr_device *device, char *text, size_t size, size_t *length)
{
    char head[TSR__HEAD_SIZE];
    tsr__records records;
    tsr_status status;

    if (!device || !length || (size && !text))
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s is NULL",
                         !device   ? "device"
                         : !length ? "length"
                                   : "text");
    *length = 0;
    if ((status = tsr__known_texts(device, &records)))
        return status;
    tsr__about(tsr_device_get_info(device), head);
    *length = tsr__records_write(&records, head, text, size);
    tsr__records_free(&records);
    return TSR_OK;
}

tsr_status tsr_tune_import(tsr_device *device, const char *name, const char *text,
                           size_t length, size_t *count)
{
    size_t unwanted;

    if (!count)
        count = &unwanted;
    *count = 0;
    if (!device || !text)
        return tsr__fail(TSR_ERROR_ARGUMENT, "%s is NULL", device ? "text" : "device");
    return tsr__known_add(device, name, text, length, count);
}
