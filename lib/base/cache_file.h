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

/* Stores the bytes under `key`, whole or not at all; removes what writers that were killed
 * have left (cache_sweep.h). */
bool tsr__cache_file_write(const char *directory, const char *key, size_t key_length,
                           const unsigned char *bytes, size_t length);

/* For those who read a file, change it and store it: one process at a time between these
 * two. A lock that cannot be had within 2 seconds, or not at all (some network's disks), is
 * done without. A process that ends lets go of its own. */
int tsr__cache_lock(const char *directory);
void tsr__cache_unlock(int lock);

#endif /* TSR_BASE_CACHE_FILE_H */
