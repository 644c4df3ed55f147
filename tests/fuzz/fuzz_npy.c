/* A .npy file: refused with its name, or an array that its file holds, and that comes back
 * when it is written. */
#include <string.h>

#include "npy.h"

#include "fuzz.h"

static size_t bytes_of(const npy_array *array)
{
    size_t bytes = tsr_dtype_size(array->dtype);

    for (int i = 0; i < array->rank; i++)
        bytes *= array->shape[i];
    return bytes;
}

static bool same(const npy_array *a, const npy_array *b)
{
    return a->dtype == b->dtype && a->rank == b->rank && a->fortran == b->fortran &&
           memcmp(a->shape, b->shape, (size_t)a->rank * sizeof *a->shape) == 0;
}

/* In C order whatever it was; the bytes are what counts here. */
static void write_and_read_again(const npy_array *array)
{
    npy_array again;
    char *bytes = NULL;
    size_t size = 0;
    failure why;
    FILE *file = open_memstream(&bytes, &size);

    FUZZ_CHECK(file);
    npy_write(file, array->dtype, array->rank, array->shape, array->data);
    FUZZ_CHECK(fclose(file) == 0);
    FUZZ_CHECK(npy_read(fuzz_file(bytes, size), &again, &why));
    again.fortran = array->fortran;
    FUZZ_CHECK(same(array, &again));
    FUZZ_CHECK(memcmp(array->data, again.data, bytes_of(array)) == 0);
    npy_free(&again);
    free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *path = fuzz_file(bytes, size);
    npy_array described, read;
    failure why;

    if (!npy_describe(path, &described, &why)) {
        FUZZ_CHECK(why.exit_status == EXIT_INPUT);
        FUZZ_CHECK(strncmp(why.text, path, strlen(path)) == 0);
        FUZZ_CHECK(!npy_read(path, &read, &why));
        return 0;
    }
    FUZZ_CHECK(npy_read(path, &read, &why));
    FUZZ_CHECK(same(&described, &read));
    FUZZ_CHECK(bytes_of(&read) <= size);
    write_and_read_again(&read);
    npy_free(&described);
    npy_free(&read);
    return 0;
}
