#include "json_parts.h"

#include <math.h>

void json_number(cJSON *object, const char *key, double value)
{
    if (isfinite(value))
        cJSON_AddNumberToObject(object, key, value);
    else
        cJSON_AddNullToObject(object, key);
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
