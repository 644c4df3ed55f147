#include "tune/keep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cache_file.h"
#include "base/error.h"
#include "base/trace.h"
#include "tune/about.h"

/* A key in the cache directory; the first line keeps it apart from programs' keys. */
typedef struct keep_key {
    char text[TSR__HEAD_SIZE + 16];
} keep_key;

/* The head is the rest of the key. */
static const char *make_key(const tsr_device_info *info, keep_key *key)
{
    static const char kind[] = "records\n";

    memset(key, 0, sizeof *key);
    memcpy(key->text, kind, sizeof kind - 1);
    tsr__about(info, key->text + sizeof kind - 1);
    return key->text + sizeof kind - 1;
}

tsr_status tsr__keep_check(bool write)
{
    char directory[TSR__PATH_SIZE], why[TSR__CACHE_WHY_SIZE];

    return tsr__cache_directory_or_why(directory, write, why)
               ? TSR_OK
               : tsr__fail(TSR_ERROR_UNSUPPORTED, "there is no place for records: %s",
                           why);
}

int tsr__keep_lock(void)
{
    char directory[TSR__PATH_SIZE], why[TSR__CACHE_WHY_SIZE];

    return tsr__cache_directory_or_why(directory, true, why)
               ? tsr__cache_lock(directory)
               : -1;
}

void tsr__keep_unlock(int lock)
{
    tsr__cache_unlock(lock);
}

void tsr__keep_load(const tsr_device_info *info, tsr__records *out)
{
    char directory[TSR__PATH_SIZE];
    unsigned char *bytes = NULL;
    size_t length, head_length, bad_line;
    tsr__difference difference;
    const char *head;
    keep_key key;

    *out = (tsr__records){0};
    head = make_key(info, &key);
    if (!tsr__cache_directory(directory) ||
        !tsr__cache_file_read(directory, key.text, strlen(key.text), &bytes, &length))
        return;
    if (!tsr__records_read((const char *)bytes, length, out, &head_length, &bad_line) ||
        tsr__about_differ((const char *)bytes, head_length, head, &difference)) {
        tsr__trace(TSR__TRACE_CACHE, "the records of %s are not as we write them",
                   info->name);
        tsr__records_free(out);
    }
    free(bytes);
}

bool tsr__keep_save(const tsr_device_info *info, const tsr__records *records)
{
    char directory[TSR__PATH_SIZE];
    keep_key key;
    const char *head = make_key(info, &key);
    size_t length = tsr__records_write(records, head, NULL, 0);
    char *text;
    bool kept;

    if (!tsr__cache_directory(directory) || !(text = malloc(length + 1)))
        return false;
    tsr__records_write(records, head, text, length + 1);
    kept = tsr__cache_file_write(directory, key.text, strlen(key.text),
                                 (const unsigned char *)text, length);
    free(text);
    return kept;
}

void tsr__keep_erase(const tsr_device_info *info)
{
    char directory[TSR__PATH_SIZE], path[TSR__PATH_SIZE];
    keep_key key;

    make_key(info, &key);
    if (tsr__cache_directory(directory) &&
        tsr__cache_file_path(path, directory, key.text, strlen(key.text), ""))
        unlink(path);
}
