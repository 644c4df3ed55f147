/* A file of the cache: read only if it is, to the bit, what was written.
 *
 *     r BYTES    the file holds these bytes
 *     d OPS      the file as it was written, after operations of three bytes: at which of
 *                its bytes (two), and what to xor into it; 0 cuts the file there
 */
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/cache_file.h"

#include "fuzz.h"

enum { ROOM = 1 << 12 };

static const char key[] = "a key\nof two lines";
static const unsigned char content[] = "what is kept under it";
static char directory[32];
static char path[TSR__PATH_SIZE];
static unsigned char written[ROOM];
static size_t written_size;

static void remove_directory(void)
{
    unlink(path);
    rmdir(directory);
}

static void put(const void *bytes, size_t size)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    FUZZ_CHECK(fd >= 0 && write(fd, bytes, size) == (ssize_t)size && close(fd) == 0);
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    int fd;

    (void)argc;
    (void)argv;
    strcpy(directory, "/dev/shm/fuzz-XXXXXX"); /* in memory, if that can be */
    if (!mkdtemp(directory)) {
        strcpy(directory, "/tmp/fuzz-XXXXXX");
        FUZZ_CHECK(mkdtemp(directory));
    }
    FUZZ_CHECK(atexit(remove_directory) == 0);
    FUZZ_CHECK(tsr__cache_file_path(path, directory, key, sizeof key, ""));
    FUZZ_CHECK(
        tsr__cache_file_write(directory, key, sizeof key, content, sizeof content));
    fd = open(path, O_RDONLY);
    written_size = (size_t)read(fd, written, sizeof written);
    FUZZ_CHECK(written_size > sizeof key + sizeof content && written_size < ROOM);
    close(fd);
    return 0;
}

static void damage(const uint8_t *ops, size_t size)
{
    unsigned char now[ROOM];
    size_t length = written_size;

    memcpy(now, written, written_size);
    for (; size >= 3 && length > 0; ops += 3, size -= 3) {
        size_t at = (ops[0] | (size_t)ops[1] << 8) % length;

        now[at] ^= ops[2];
        if (ops[2] == 0)
            length = at;
    }
    put(now, length);
}

/* Whether the file is as it was written. */
static bool is_as_written(void)
{
    unsigned char now[ROOM + 1];
    int fd = open(path, O_RDONLY);
    ssize_t size = read(fd, now, sizeof now);

    close(fd);
    return size == (ssize_t)written_size && memcmp(now, written, written_size) == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    unsigned char *found;
    size_t length;
    bool read;

    if (size > 0 && bytes[0] == 'd')
        damage(bytes + 1, size - 1);
    else
        put(bytes + (size > 0), size - (size > 0));
    read = tsr__cache_file_read(directory, key, sizeof key, &found, &length);
    FUZZ_CHECK(read == is_as_written());
    FUZZ_CHECK(read ? length == sizeof content && !memcmp(found, content, length)
                    : found == NULL && length == 0);
    free(found);
    return 0;
}
