/* libraries.h: the library under test and the reference BLAS, side by side.
 *
 * Both are loaded at run time and apart, so that neither answers the other's calls. Their
 * paths are $TESSERA_BLAS and $REFERENCE_BLAS.
 */
#ifndef TESTS_BLAS_LIBRARIES_H
#define TESTS_BLAS_LIBRARIES_H

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

static inline void *load_library(const char *variable)
{
    const char *path = getenv(variable);
    void *library = path ? dlopen(path, RTLD_NOW | RTLD_LOCAL) : NULL;

    if (!library) {
        fprintf(stderr, "%s: %s\n", variable, path ? dlerror() : "not set");
        exit(1);
    }
    return library;
}

#endif /* TESTS_BLAS_LIBRARIES_H */
