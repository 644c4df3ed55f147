#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

FILE *open_table(const char *path, const char *names)
{
    FILE *file = fopen(path, "a");

    if (!file) {
        fprintf(stderr, "conformance: cannot write %s: %s\n", path, strerror(errno));
        return NULL;
    }
    fseek(file, 0, SEEK_END);
    if (ftell(file) == 0)
        fprintf(file, "%s\n", names);
    return file;
}

bool close_table(const char *path, FILE *file)
{
    time_t now = time(NULL);
    struct tm utc;
    char date[16];
    bool fine;

    strftime(date, sizeof date, "%Y-%m-%d", gmtime_r(&now, &utc));
    fprintf(file, "\t%s\n", date);
    fine = !ferror(file);
    fine &= fclose(file) == 0;
    if (!fine)
        fprintf(stderr, "conformance: could not write all of %s\n", path);
    return fine;
}

bool record_outcome(const char *path, const tsr_device_info *device, const outcome *o)
{
    FILE *file = open_table(path, "platform\tdevice\ttype\tdriver\tsizes\tfirst\tf32\t"
                                  "f64\tproducts\tfailed\tworst\tseconds\tdate");

    if (!file)
        return false;
    fprintf(file, "%s\t%s\t%s\t%s\t%s\t%lu\t%lu\t%lu\t%lu\t%lu\t%.3f\t%.0f",
            device->platform, device->name, tsr_device_type_name(device->type),
            device->driver, o->sizes, o->first, o->cases[0], o->cases[1], o->products,
            o->failed, o->worst, o->seconds);
    return close_table(path, file);
}
