/* fields.h: what an object of JSON says, if it does. For earlier_read.c and earlier.c. */
#ifndef COMPARE_FIELDS_H
#define COMPARE_FIELDS_H

#include <cjson/cJSON.h>

const cJSON *field(const cJSON *object, const char *key);

/* NAN where there is no number. */
double field_number(const cJSON *object, const char *key);

/* "" where there is no text. */
const char *field_text(const cJSON *object, const char *key);

#endif /* COMPARE_FIELDS_H */
