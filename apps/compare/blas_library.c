#include "blas_library.h"

#include <dlfcn.h>
#include <string.h>

/* A function of the library, or NULL. POSIX promises that a function's address survives
 * being a void *; C does not, hence the copy. */
static void find(void *library, const char *name, void *function)
{
    void *address = dlsym(library, name);

    memcpy(function, &address, sizeof address);
}

bool blas_load(const char *path, blas_library *out, failure *why)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    const char *(*corename)(void);

    *out = (blas_library){.path = path};
    if (!library)
        return fail_with(why, EXIT_INPUT, "--blas: %s", dlerror());
    find(library, "cblas_sgemm", &out->sgemm);
    find(library, "cblas_dgemm", &out->dgemm);
    find(library, "cblas_sgemv", &out->sgemv);
    find(library, "cblas_dgemv", &out->dgemv);
    if (!out->sgemm || !out->dgemm || !out->sgemv || !out->dgemv) {
        dlclose(library);
        return fail_with(why, EXIT_INPUT,
                         "--blas: %s is no CBLAS library: it lacks cblas_%s", path,
                         !out->sgemm   ? "sgemm"
                         : !out->dgemm ? "dgemm"
                         : !out->sgemv ? "sgemv"
                                       : "dgemv");
    }
    find(library, "openblas_set_num_threads", &out->openblas_threads);
    find(library, "bli_thread_set_num_threads", &out->blis_threads);
    find(library, "openblas_get_corename", &corename);
    if (corename)
        out->core = corename();
    return true;
}

bool blas_set_threads(const blas_library *blas, unsigned threads)
{
    if (blas->openblas_threads)
        blas->openblas_threads((int)threads);
    else if (blas->blis_threads)
        blas->blis_threads((long)threads);
    else
        return false;
    return true;
}
