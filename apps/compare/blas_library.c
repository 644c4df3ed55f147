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

/* "Zen" of OpenBLAS, "zen3" of BLIS, which must be ready before it is asked: with
 * BLIS_ARCH_TYPE set it ends the process otherwise. */
static const char *find_core(void *library)
{
    const char *(*corename)(void);
    void (*init)(void);
    int (*arch)(void); /* BLIS's arch_t, an enum */
    const char *(*arch_string)(int id);

    find(library, "openblas_get_corename", &corename);
    find(library, "bli_init", &init);
    find(library, "bli_arch_query_id", &arch);
    find(library, "bli_arch_string", &arch_string);
    if (init)
        init();
    return corename ? corename() : arch && arch_string ? arch_string(arch()) : NULL;
}

bool blas_load(const char *path, blas_library *out, failure *why)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);

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
    find(library, "openblas_set_num_threads", &out->openblas_set);
    find(library, "openblas_get_num_threads", &out->openblas_get);
    find(library, "bli_thread_set_num_threads", &out->blis_set);
    find(library, "bli_thread_get_num_threads", &out->blis_get);
    out->core = find_core(library);
    return true;
}

unsigned blas_set_threads(const blas_library *blas, unsigned threads)
{
    long now = threads;

    if (blas->openblas_set) {
        blas->openblas_set((int)threads);
        if (blas->openblas_get)
            now = blas->openblas_get();
    } else if (blas->blis_set) {
        blas->blis_set((long)threads);
        if (blas->blis_get)
            now = blas->blis_get();
    } else {
        return 0;
    }
    return now > 0 ? (unsigned)now : 0;
}
