/* json_parts.h: what several programs need of JSON. */
#ifndef COMMON_JSON_PARTS_H
#define COMMON_JSON_PARTS_H

#include <stdio.h>

#include <cjson/cJSON.h>

#include "failure.h"

/* A number; null for NAN and infinities, which JSON has none of. */
void json_number(cJSON *object, const char *key, double value);

/* A text; null for NULL. What is no UTF-8 becomes question marks. */
void json_text(cJSON *object, const char *key, const char *text);

/* Writes the object and a newline, and deletes it. Failures of the file are its owner's to
 * see; this one fails only without memory. */
bool json_print(FILE *file, cJSON *root, failure *why);

#endif /* COMMON_JSON_PARTS_H */
