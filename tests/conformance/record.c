#include "record.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

bool record_outcome(const char *path, const tsr_device_info *device, const outcome *o)
{
    FILE *file = fopen(path, "a");
    time_t now = time(NULL);
    struct tm utc;
    char date[16];
    bool fine;

    if (!file) {
        fprintf(stderr, "conformance: cannot write %s: %s\n", path, strerror(errno));
        return false;
    }
    strftime(date, sizeof date, "%Y-%m-%d", gmtime_r(&now, &utc));
    fseek(file, 0, SEEK_END);
    if (ftell(file) == 0)
        fprintf(file, "platform\tdevice\ttype\tdriver\tsizes\tfirst\tf32\tf64\t"
                      "products\tfailed\tworst\tseconds\tdate\n");
    fprintf(file, "%s\t%s\t%s\t%s\t%s\t%lu\t%lu\t%lu\t%lu\t%lu\t%.3f\t%.0f\t%s\n",
            device->platform, device->name, tsr_device_type_name(device->type),
            device->driver, o->sizes, o->first, o->cases[0], o->cases[1], o->products,
            o->failed, o->worst, o->seconds, date);
    fine = !ferror(file);
    fine &= fclose(file) == 0;
    if (!fine)
        fprintf(stderr, "conformance: could not write all of %s\n", path);
    return fine;
}
