#include "date.h"

#include <time.h>

void date_now(char text[DATE_SIZE])
{
    const time_t now = time(NULL);
    struct tm utc;

    gmtime_r(&now, &utc);
    strftime(text, DATE_SIZE, "%Y-%m-%dT%H:%M:%SZ", &utc);
}
