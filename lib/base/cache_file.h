/* cache_file.h: one checked file of bytes under a key; knows nothing of OpenCL. */
#ifndef TSR_BASE_CACHE_FILE_H
#define TSR_BASE_CACHE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Longest path of a cache directory or file, with its terminator. */
#define TSR__PATH_SIZE 4096

/* Longest reason, with its terminator: a path twice, and words. */
#define TSR__CACHE_WHY_SIZE (2 * TSR__PATH_SIZE + 256)

/* The cache directory per the environment, made with mode 0700 if it is missing. False,
 * and a trace that says why, if there is none or it is not safe to use. */
bool tsr__cache_directory(char path[TSR__PATH_SIZE]);

/* The same without a trace: `why` says which directory, what is wrong with it, and what
 * mends that. One that cannot be written, where `write` asks for that, is none. */
bool tsr__cache_directory_or_why(char path[TSR__PATH_SIZE], bool write,
                                 char why[TSR__CACHE_WHY_SIZE]);

/* Where the file under `key` is, with `tail` after its name; false if that is too long. */
bool tsr__cache_file_path(char path[TSR__PATH_SIZE], const char *directory,
                          const char *key, size_t key_length, const char *tail);

/* The bytes stored under `key` in `directory`; *bytes is the caller's to free. False if
 * there is no such file or anything about it is odd. */
bool tsr__cache_file_read(const char *directory, const char *key, size_t key_length,
                          unsigned char **bytes, size_t *length);

/* Stores the bytes under `key`, whole or not at all. */
bool tsr__cache_file_write(const char *directory, const char *key, size_t key_length,
                           const unsigned char *bytes, size_t length);

#endif /* TSR_BASE_CACHE_FILE_H */
