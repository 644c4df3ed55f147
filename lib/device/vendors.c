#include "device/vendors.h"

#include <dirent.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/error.h"

#define DEFAULT_FOLDER "/etc/OpenCL/vendors"

static bool ends_in_icd(const char *name)
{
    size_t length = strlen(name);

    return length > 4 && strcmp(name + length - 4, ".icd") == 0;
}

static bool is_folder(const char *path)
{
    struct stat found;

    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

static void read_library(tsr__icd *icd)
{
    FILE *file = fopen(icd->path, "r");

    if (!file)
        return;
    if (fgets(icd->library, sizeof icd->library, file))
        icd->library[strcspn(icd->library, "\r\n")] = '\0';
    fclose(file);
}

/* Adds the ICD file, or with path "" the library. A path too long to keep is
 * skipped. */
static tsr_status add(tsr__icds *icds, const char *folder, const char *name,
                      const char *library)
{
    tsr__icd *items = realloc(icds->items, (icds->count + 1) * sizeof *items);
    tsr__icd *icd;
    int length;

    if (!items)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for %zu ICD files",
                         icds->count + 1);
    icds->items = items;
    icd = &items[icds->count];
    memset(icd, 0, sizeof *icd);
    length = snprintf(icd->path, sizeof icd->path, "%s%s%s", folder, *folder ? "/" : "",
                      name);
    if (!tsr__is_whole(length, sizeof icd->path))
        return TSR_OK;
    snprintf(icd->library, sizeof icd->library, "%s", library);
    if (icd->path[0])
        read_library(icd);
    icds->count++;
    return TSR_OK;
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(((const tsr__icd *)a)->path, ((const tsr__icd *)b)->path);
}

static tsr_status add_folder(tsr__icds *icds, const char *folder)
{
    DIR *stream = opendir(folder);
    const struct dirent *found;
    tsr_status status = TSR_OK;

    if (!stream)
        return TSR_OK;
    while (!status && (found = readdir(stream)))
        if (ends_in_icd(found->d_name))
            status = add(icds, folder, found->d_name, "");
    closedir(stream);
    if (icds->count > 1)
        qsort(icds->items, icds->count, sizeof *icds->items, compare_paths);
    return status;
}

/* A name without a slash is looked for in the folder first. */
static tsr_status add_file(tsr__icds *icds, const char *folder, const char *name)
{
    char path[TSR__ICD_PATH_SIZE];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    bool in_folder = !strchr(name, '/') && tsr__is_whole(length, sizeof path) &&
                     access(path, F_OK) == 0;

    return add(icds, in_folder ? folder : "", name, "");
}

tsr_status tsr__icds_find(tsr__icds *icds)
{
    const char *vendors = environment("OCL_ICD_VENDORS");
    const char *folder = environment("OPENCL_VENDOR_PATH");
    tsr_status status;

    *icds = (tsr__icds){NULL, 0};
    if (!folder)
        folder = DEFAULT_FOLDER;
    if (!vendors)
        status = add_folder(icds, folder);
    else if (is_folder(vendors))
        status = add_folder(icds, vendors);
    else if (ends_in_icd(vendors))
        status = add_file(icds, folder, vendors);
    else
        status = add(icds, "", "", vendors);
    if (status)
        tsr__icds_free(icds);
    return status;
}

void tsr__icds_free(tsr__icds *icds)
{
    free(icds->items);
    *icds = (tsr__icds){NULL, 0};
}

tsr_device_entry tsr__icd_entry(const tsr__icd *icd)
{
    return tsr__entry_for_driver(icd->library[0] ? icd->library : icd->path, icd->path);
}

/* Why it cannot be loaded, without the name: whoever shows an entry says whose it is. */
static const char *reason_of(const tsr__icd *icd)
{
    const char *error = dlerror();
    size_t length = strlen(icd->library);

    if (!error)
        return "no reason given";
    if (strncmp(error, icd->library, length) == 0 &&
        strncmp(error + length, ": ", 2) == 0)
        error += length + 2;
    return error;
}

static void explain_unloadable(const tsr__icd *icd, tsr_device_entry *entry)
{
    const char *reason = reason_of(icd);

    if (!icd->library[0])
        tsr__entry_reject(entry, "this ICD file cannot be read or names no library; "
                                 "reinstall its package or remove it");
    else if (!icd->path[0])
        tsr__entry_reject(
            entry,
            "OCL_ICD_VENDORS names neither a folder, an .icd file nor a library: %s",
            reason);
    else
        tsr__entry_reject(
            entry,
            "the library that %s names cannot be loaded: %s; reinstall the "
            "driver's package, or remove that file",
            icd->path, reason);
}

tsr_status tsr__icds_check(tsr__entries *entries)
{
    tsr__icds icds;
    tsr_status status = tsr__icds_find(&icds);

    for (size_t i = 0; i < icds.count && !status; i++) {
        const tsr__icd *icd = &icds.items[i];
        void *library = icd->library[0] ? dlopen(icd->library, RTLD_LAZY) : NULL;

        if (library) {
            dlclose(library);
        } else {
            tsr_device_entry entry = tsr__icd_entry(icd);

            explain_unloadable(icd, &entry);
            status = tsr__entries_add(entries, &entry);
        }
    }
    tsr__icds_free(&icds);
    return status;
}
