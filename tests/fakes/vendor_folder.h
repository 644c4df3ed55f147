/* vendor_folder.h: a temporary folder of ICD files for a test, and $OCL_ICD_VENDORS on
 * it.
 *
 *     vendor_folder folder;
 *     open_vendors(&folder, (const char *[]){"fake_abort.so", "libpocl.so.2", NULL});
 *     ...
 *     close_vendors(&folder);
 *
 * A name that begins with "fake_" is one of tests/fakes (FAKES is their folder); any
 * other is what the loader finds.
 */
#ifndef VENDOR_FOLDER_H
#define VENDOR_FOLDER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct vendor_folder {
    char path[64];
    char files[8][128];
    int count;
    char before[256];
} vendor_folder;

/* Makes an ICD file of the folder name another library. */
static inline void rewrite_vendor(vendor_folder *folder, int index, const char *library)
{
    FILE *stream = fopen(folder->files[index], "w");

    assert_non_null(stream);
    if (strncmp(library, "fake_", 5) == 0)
        fprintf(stream, "%s/", FAKES);
    fprintf(stream, "%s\n", library);
    assert_int_equal(fclose(stream), 0);
}

static inline void add_vendor(vendor_folder *folder, const char *library)
{
    char file[sizeof folder->files[0]];

    snprintf(file, sizeof file, "%s/%.40s.icd", folder->path, library);
    strcpy(folder->files[folder->count], file);
    rewrite_vendor(folder, folder->count++, library);
}

static inline void open_vendors(vendor_folder *folder, const char *const *libraries)
{
    const char *before = getenv("OCL_ICD_VENDORS");

    memset(folder, 0, sizeof *folder);
    strcpy(folder->path, "/tmp/vendors-XXXXXX");
    assert_non_null(mkdtemp(folder->path));
    for (; *libraries; libraries++)
        add_vendor(folder, *libraries);
    snprintf(folder->before, sizeof folder->before, "%s", before ? before : "");
    assert_int_equal(setenv("OCL_ICD_VENDORS", folder->path, 1), 0);
}

static inline void close_vendors(vendor_folder *folder)
{
    for (int i = 0; i < folder->count; i++)
        unlink(folder->files[i]);
    assert_int_equal(rmdir(folder->path), 0);
    setenv("OCL_ICD_VENDORS", folder->before, 1);
}

#endif /* VENDOR_FOLDER_H */
