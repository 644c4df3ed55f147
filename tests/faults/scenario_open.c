/* The device, and what is built for it. */
#define _XOPEN_SOURCE 700 /* nftw */
#include "scenarios.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "fault.h"

tsr_status run_open(work *w)
{
    tsr_status status = tsr_device_open(NULL, &w->device);

    if (!status)
        status = run_product(w);
    tsr_device_close(w->device);
    w->device = NULL;
    return status;
}

/* All devices, each tested in a child: what fails here is no device's fault. */
tsr_status run_list(work *w)
{
    tsr_device_list *list = NULL;
    tsr_status status;
    size_t chosen;

    fault_pause(true);
    if (tsr_device_open(NULL, &w->device))
        exit(2);
    fault_pause(false);
    if (!(status = tsr_device_list_create(&list)) &&
        !(status = tsr_device_list_find(list, NULL, &chosen)))
        status = run_upload(w);
    tsr_device_list_destroy(list);
    tsr_device_close(w->device);
    w->device = NULL;
    return status;
}

static int remove_one(const char *path, const struct stat *st, int type,
                      struct FTW *place)
{
    (void)st, (void)type, (void)place;
    return remove(path);
}

/* With nothing in the cache: kernels are built of their sources, and kept at the end. */
static tsr_status run_without_cache(work *w, tsr_status (*run)(work *w))
{
    const char *cache = getenv("TESSERA_CACHE_DIR");
    char before[256], folder[] = "/tmp/tessera-build-XXXXXX";
    tsr_status status;

    fault_pause(true);
    status = tsr_device_open(NULL, &w->device);
    snprintf(before, sizeof before, "%s", cache ? cache : "");
    if (status || !mkdtemp(folder))
        exit(2);
    setenv("TESSERA_CACHE_DIR", folder, 1);
    fault_pause(false);

    status = run(w);
    tsr_device_close(w->device);
    w->device = NULL;

    fault_pause(true);
    setenv("TESSERA_CACHE_DIR", before, 1);
    nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
    fault_pause(false);
    return status;
}

tsr_status run_build(work *w)
{
    return run_without_cache(w, run_strided);
}

static tsr_status fail_then_build(work *w)
{
    tsr_status status;

    fault_break_builds(true);
    status = run_strided(w);
    fault_break_builds(false);
    if (!work_build_failed(w, status))
        return status;
    fault_pause(true);
    status = run_strided(w);
    fault_pause(false);
    return status;
}

/* What the driver says of a source with an error in it is asked for. The next build, in
 * which nothing fails, is of a right one. */
tsr_status run_failed_build(work *w)
{
    return run_without_cache(w, fail_then_build);
}
