/* npy.h: NumPy's file format for one array, f32 or f64.
 *
 * Versions 1.0, 2.0 and 3.0 are read, in C or Fortran order; 1.0 is written. Nothing the
 * header says is believed before the size of the file agrees, so a header that claims a
 * terabyte costs nothing. Bytes after the array are ignored, as NumPy does.
 */
#ifndef COMPARE_NPY_H
#define COMPARE_NPY_H

#include <stdbool.h>
#include <stddef.h>

#include <tessera/tensor.h>

#include "failure.h"
#include "output.h"

typedef struct npy_array {
    tsr_dtype dtype;
    int rank;        /* 2 or 3 */
    size_t shape[3]; /* as NumPy shows it */
    bool fortran;    /* the last two axes are stored swapped */
    void *data;      /* owned, from memory_get */
} npy_array;

/* Reads the array at `path`. A rank 3 array in Fortran order is put into C order. Fails
 * on a file that is no .npy, a header that makes no sense, another dtype or rank, and a
 * file shorter than its header says. */
bool npy_read(const char *path, npy_array *out, failure *why);

/* The same without the data: what npy_read would give, judged by header and file size. */
bool npy_describe(const char *path, npy_array *out, failure *why);

/* Writes a dense row-major array of `rank` axes. What goes wrong is seen by
 * output_commit. */
void npy_write(FILE *file, tsr_dtype dtype, int rank, const size_t *shape,
               const void *data);

void npy_free(npy_array *array);

#endif /* COMPARE_NPY_H */
