/* temporary.h: a file with given content for one test. */
#ifndef TEST_COMPARE_TEMPORARY_H
#define TEST_COMPARE_TEMPORARY_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* Writes `size` bytes to a new file; *path is its name. */
static inline void temporary_write(char path[64], const void *bytes, size_t size)
{
    const char *directory = getenv("TMPDIR");
    int fd;

    if (snprintf(path, 64, "%s/compare-XXXXXX", directory ? directory : "/tmp") >= 64)
        snprintf(path, 64, "/tmp/compare-XXXXXX");
    fd = mkstemp(path);
    if (fd < 0 || write(fd, bytes, size) != (ssize_t)size || close(fd) != 0) {
        perror(path);
        exit(1);
    }
}

#endif /* TEST_COMPARE_TEMPORARY_H */
