/* places.h: the folder of a test, what of it is whose, and what is in the cache.
 *
 * PoCL keeps compiled kernels itself. Its cache stands beside ours, is filled once, and
 * is never attacked: with it a victim that finds nothing of ours takes a fifth of a
 * second.
 */
#ifndef ATTACKS_PLACES_H
#define ATTACKS_PLACES_H

#include <stdbool.h>
#include <stddef.h>

/* In memory if that can be, as each file is flushed to the disk; in it cache (ours), pocl, home and xdg. */
extern char folder[64];
extern char cache[96];

/* Makes the folder and leads TESSERA_CACHE_DIR and all other caches into it; removes it,
 * for cmocka. */
int places_make(void **state);
int places_remove(void **state);

/* Empties the cache directory, or makes it; nothing is left but an empty folder of mode
 * 0700. */
void cache_clear(void);

typedef struct file {
    char name[256];
    unsigned char *bytes; /* owned */
    size_t size;
    unsigned mode, owner;
} file;

/* All regular files of the cache directory. */
typedef struct snapshot {
    file files[16];
    size_t count;
} snapshot;

void snapshot_take(snapshot *out);
void snapshot_free(snapshot *s);

/* Makes the cache directory hold these files and no others. */
void snapshot_restore(const snapshot *s);

/* The file in the cache directory, as a path; lent until the next call. */
const char *path_of(const char *name);

/* The file, written anew with these bytes, mode 0600. */
void put_file(const char *name, const unsigned char *bytes, size_t size);

/* Fails the test unless the directory holds exactly these files again, this user's and
 * for no one else. Others may only
 * be whole ones too, if `others`. */
void expect_files(const snapshot *s, bool others);

/* What each file of the library begins with (base/cache_file.c), and its key. */
enum { HEADER_SIZE = 40 };
size_t key_length(const file *f);

/* The one file whose key begins so; fails the test if there is none. */
const file *file_with_key(const snapshot *s, const char *begin);

#endif /* ATTACKS_PLACES_H */
