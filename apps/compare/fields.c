#include "fields.h"

#include <math.h>

const cJSON *field(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

double field_number(const cJSON *object, const char *key)
{
    const cJSON *item = field(object, key);

    return cJSON_IsNumber(item) ? item->valuedouble : NAN;
}

const char *field_text(const cJSON *object, const char *key)
{
    const cJSON *item = field(object, key);

    return cJSON_IsString(item) ? item->valuestring : "";
}
