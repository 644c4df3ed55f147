#include "device/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <tessera/version.h>

#include "base/trace.h"
#include "device/pocl.h"
#include "device/vendors.h"

extern char **environ;

/* ---- What a record is about ------------------------------------------------------ */

static uint64_t add_text(uint64_t hash, const char *text)
{
    return XXH3_64bits_withSeed(text, strlen(text) + 1, hash);
}

/* Which file this is, and whether it was changed; a file that is not there is one too. */
static uint64_t add_file(uint64_t hash, const char *path)
{
    struct stat found;
    uint64_t facts[6] = {0};

    if (stat(path, &found) == 0) {
        facts[0] = 1;
        facts[1] = (uint64_t)found.st_dev;
        facts[2] = (uint64_t)found.st_ino;
        facts[3] = (uint64_t)found.st_size;
        facts[4] = (uint64_t)found.st_mtim.tv_sec;
        facts[5] = (uint64_t)found.st_mtim.tv_nsec;
    }
    return XXH3_64bits_withSeed(facts, sizeof facts, add_text(hash, path));
}

/* Changes with every boot: drivers in the kernel, and hardware, may have changed too. */
static uint64_t add_boot(uint64_t hash)
{
    FILE *file = fopen("/proc/sys/kernel/random/boot_id", "r");
    char id[64] = "";

    if (file) {
        if (!fgets(id, sizeof id, file))
            id[0] = '\0';
        fclose(file);
    }
    return add_text(hash, id);
}

/* What the loader, the dynamic linker and drivers look at, in any order. */
static uint64_t add_environment(uint64_t hash)
{
    static const char *const prefixes[] = {
        "AMD",    "CL_",     "CUDA_", "GALLIUM_", "GPU_",  "HIP_",     "HSA_",  "IGC_",
        "LD_",    "LIBGL",   "LLVM",  "LP_",      "MESA_", "NEO",      "NV",    "OCL_",
        "ONEAPI", "OPENCL_", "POCL_", "RADEON",   "ROC",   "RUSTICL_", "SYCL_", "ZE_"};
    uint64_t sum = 0;

    for (char **variable = environ; variable && *variable; variable++)
        for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
            if (strncmp(*variable, prefixes[i], strlen(prefixes[i])) == 0) {
                sum += add_text(0, *variable);
                break;
            }
    return XXH3_64bits_withSeed(&sum, sizeof sum, hash);
}

/* A library without a path is found by the dynamic linker, whose cache is written anew
 * when packages with libraries come, go or change. */
static uint64_t add_drivers(uint64_t hash, const tsr__icds *icds)
{
    for (size_t i = 0; i < icds->count; i++) {
        hash = add_file(hash, icds->items[i].path);
        hash = add_file(hash, icds->items[i].library);
    }
    /* PoCL aborts without these. */
    hash = add_text(hash, access("/proc/cpuinfo", R_OK) == 0 ? "proc" : "");
    hash = add_text(hash, access("/sys/devices", R_OK) == 0 ? "sys" : "");
    hash = add_text(hash, tsr__pocl_has_linker() ? "ld" : "");
    return add_file(hash, "/etc/ld.so.cache");
}

void tsr__record_open(tsr__record *record)
{
    tsr__icds icds;

    record->usable = tsr__cache_directory(record->directory) && !tsr__icds_find(&icds);
    if (!record->usable)
        return;
    record->about =
        add_drivers(add_environment(add_boot(add_text(0, tsr_version()))), &icds);
    tsr__icds_free(&icds);
}

/* ---- Records --------------------------------------------------------------------- */

/* A key in the cache directory; the kind keeps it apart from programs' keys. */
typedef struct record_key {
    char kind[16];
    uint64_t about;
} record_key;

static const unsigned char good[] = "good";

static record_key drivers_key(const tsr__record *record)
{
    return (record_key){"drivers", record->about};
}

static record_key device_key(const tsr__record *record, const tsr_device_info *info)
{
    record_key key = {"device", record->about};

    key.about = add_text(key.about, info->platform);
    key.about = add_text(key.about, info->vendor);
    key.about = add_text(key.about, info->name);
    key.about = add_text(key.about, info->driver);
    key.about = add_text(key.about, info->version);
    key.about =
        XXH3_64bits_withSeed(&info->device_index, sizeof info->device_index, key.about);
    return key;
}

static bool has(const tsr__record *record, const record_key *key)
{
    unsigned char *bytes;
    size_t length;
    bool found;

    if (!record->usable || !tsr__cache_file_read(record->directory, (const char *)key,
                                                 sizeof *key, &bytes, &length))
        return false;
    found = length == sizeof good && memcmp(bytes, good, length) == 0;
    free(bytes);
    return found;
}

static void note(const tsr__record *record, const record_key *key)
{
    if (record->usable)
        tsr__cache_file_write(record->directory, (const char *)key, sizeof *key, good,
                              sizeof good);
}

/* Moves the drivers' record aside, or back. */
static bool move(const tsr__record *record, const char *from, const char *to)
{
    char old[TSR__PATH_SIZE], new[TSR__PATH_SIZE];
    record_key key = drivers_key(record);

    return tsr__cache_file_path(old, record->directory, (const char *)&key, sizeof key,
                                from) &&
           tsr__cache_file_path(new, record->directory, (const char *)&key, sizeof key,
                                to) &&
           rename(old, new) == 0;
}

bool tsr__record_take(tsr__record *record)
{
    record_key key = drivers_key(record);

    return has(record, &key) && move(record, "", ".aside");
}

void tsr__record_put_back(const tsr__record *record)
{
    /* Another process may have done it, with a record that says the same. */
    if (!move(record, ".aside", "") && errno != ENOENT)
        tsr__trace(TSR__TRACE_DEVICE, "the record of the drivers is lost: %s",
                   strerror(errno));
}

void tsr__record_drivers(const tsr__record *record)
{
    record_key key = drivers_key(record);

    note(record, &key);
}

bool tsr__record_has_passed(const tsr__record *record, const tsr_device_info *info)
{
    record_key key = device_key(record, info);

    return has(record, &key);
}

void tsr__record_passed(const tsr__record *record, const tsr_device_info *info)
{
    record_key key = device_key(record, info);

    note(record, &key);
}
