#include "json_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

void json_number(cJSON *object, const char *key, double value)
{
    if (isfinite(value))
        cJSON_AddNumberToObject(object, key, value);
    else
        cJSON_AddNullToObject(object, key);
}

void json_text(cJSON *object, const char *key, const char *text)
{
    const size_t size = text ? strlen(text) + 1 : 0;
    char *copy = malloc(size);

    if (text && copy) {
        utf8_copy(copy, size, text);
        cJSON_AddStringToObject(object, key, copy);
    } else {
        cJSON_AddNullToObject(object, key);
    }
    free(copy);
}

bool json_print(FILE *file, cJSON *root, failure *why)
{
    char *text = cJSON_Print(root);

    cJSON_Delete(root);
    if (!text)
        return fail_with(why, EXIT_INPUT, "out of host memory for the JSON");
    fprintf(file, "%s\n", text);
    cJSON_free(text);
    return true;
}
