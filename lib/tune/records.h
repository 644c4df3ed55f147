/* records.h: texts by key, as they are written down.
 *
 *     tessera records 1
 *     platform Portable Computing Language
 *     device pthread-AMD EPYC 7B13
 *     ...
 *
 *     any f32 1x5161x6136/16 rrr = panel MR=6 NV=2 KC=160 | 2.91e-03 s | ...
 *
 * The head says what the records are about (about.h); each line after the empty one is a
 * record: KEY = VALUE. What the two mean is the business of those who write them. The
 * same text is the file in the cache directory, what is exported and imported, and what
 * is shipped in records/.
 */
#ifndef TSR_TUNE_RECORDS_H
#define TSR_TUNE_RECORDS_H

#include <stdbool.h>
#include <stddef.h>

/* Longest key and longest value, with their terminators. */
#define TSR__RECORD_SIZE 512

typedef struct tsr__record_item {
    char *key, *value;
    size_t line; /* of the text it was read from; 0: of none */
} tsr__record_item;

/* All zeros is none. In the order of keys. */
typedef struct tsr__records {
    tsr__record_item *items; /* owned */
    size_t count;
} tsr__records;

/* The value under `key`, lent until the records change; NULL if there is none. */
const char *tsr__records_get(const tsr__records *records, const char *key);

/* Puts or replaces. False, with nothing changed, without memory or if a text is too long,
 * is not printable ASCII or UTF-8, or would not be read back as it is. */
bool tsr__records_put(tsr__records *records, const char *key, const char *value);

void tsr__records_free(tsr__records *records);

/* `head` and the records as text, snprintf's way: as much as fits `size`, terminated, and
 * the length that was needed. */
size_t tsr__records_write(const tsr__records *records, const char *head, char *text,
                          size_t size);

/* Reads what tsr__records_write has written. *head_length is that of the head, at the
 * text's start. False if any of it is not so: *bad_line is then the number of the first
 * such line, 0 without memory, and *out is empty; *head_length is 0 if no empty line ends
 * the head. */
bool tsr__records_read(const char *text, size_t length, tsr__records *out,
                       size_t *head_length, size_t *bad_line);

#endif /* TSR_TUNE_RECORDS_H */
