#include "npy.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "memory.h"
#include "text.h"

/* Longest header read. NumPy writes 118 bytes for these arrays and reads 10000. */
#define HEADER_MAX 10000

/* What the header's dictionary says. */
typedef struct header {
    char descr[64];
    bool fortran;
    size_t rank;
    size_t shape[3]; /* the first three axes */
    bool has_descr, has_order, has_shape;
    char wrong[160]; /* with its text; "" if nothing was found yet */
} header;

/* ---- The dictionary: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), } ---- */

static void skip_space(const char **at)
{
    while (isspace((unsigned char)**at))
        ++*at;
}

/* Takes `token` if it is next. */
static bool take(const char **at, const char *token)
{
    const size_t length = strlen(token);

    skip_space(at);
    if (strncmp(*at, token, length) != 0)
        return false;
    *at += length;
    return true;
}

/* Says what is wrong with the text; gives false back. */
static bool refuse(header *h, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static bool refuse(header *h, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(h->wrong, sizeof h->wrong, format, args);
    va_end(args);
    return false;
}

/* Takes a quoted text without escapes. */
static bool take_text(const char **at, char *text, size_t size)
{
    const char *end;
    char quote;

    skip_space(at);
    quote = **at;
    if (quote != '\'' && quote != '"')
        return false;
    end = strchr(*at + 1, quote);
    if (!end || (size_t)(end - *at) > size)
        return false;
    memcpy(text, *at + 1, (size_t)(end - *at - 1));
    text[end - *at - 1] = '\0';
    *at = end + 1;
    return true;
}

static bool take_length(const char **at, header *h, size_t *length)
{
    unsigned long long value;
    char *end;

    skip_space(at);
    if (**at == '-')
        return refuse(h, "a length in its shape is negative");
    if (!isdigit((unsigned char)**at))
        return refuse(h, "its shape must be whole numbers, as in (3, 4)");
    errno = 0;
    value = strtoull(*at, &end, 10);
    if (errno == ERANGE || value > SIZE_MAX)
        return refuse(h, "a length in its shape is too large to be counted");
    *at = *end == 'L' ? end + 1 : end; /* Python 2 wrote 3L */
    *length = (size_t)value;
    return true;
}

static bool take_shape(const char **at, header *h)
{
    if (!take(at, "("))
        return refuse(h, "its shape must be a tuple, as in (3, 4)");
    while (!take(at, ")")) {
        size_t length = 0;

        if (!take_length(at, h, &length))
            return false;
        if (h->rank < 3)
            h->shape[h->rank] = length;
        h->rank++;
        if (!take(at, ",")) {
            if (h->rank == 1) /* (3) is a number in Python; a tuple is (3,) */
                return refuse(h, "its shape must be a tuple, as in (3, 4)");
            return take(at, ")") ||
                   refuse(h, "its shape must be whole numbers, as in (3, 4)");
        }
    }
    return true;
}

/* Whether this is a key that is there for the first time: then it counts as seen. */
static bool is_key(const char *key, const char *name, bool *seen)
{
    if (*seen || strcmp(key, name) != 0)
        return false;
    return *seen = true;
}

static bool take_item(const char **at, header *h)
{
    char key[32], quoted[4 * sizeof key];

    if (!take_text(at, key, sizeof key) || !take(at, ":"))
        return false;
    if (is_key(key, "descr", &h->has_descr))
        return take_text(at, h->descr, sizeof h->descr) ||
               refuse(h, "its dtype (descr) is structured or no text; only '<f4' and "
                         "'<f8' are read");
    if (is_key(key, "shape", &h->has_shape))
        return take_shape(at, h);
    if (is_key(key, "fortran_order", &h->has_order)) {
        h->fortran = take(at, "True");
        return h->fortran || take(at, "False") ||
               refuse(h, "its fortran_order must be True or False");
    }
    text_quote(key, quoted, sizeof quoted);
    return refuse(h, "its key '%s' is unknown or there twice", quoted);
}

static bool parse_header(const char *text, header *h)
{
    const char *at = text;

    *h = (header){0};
    if (!take(&at, "{"))
        return false;
    while (!take(&at, "}")) {
        if (!take_item(&at, h))
            return false;
        if (!take(&at, ",")) {
            if (!take(&at, "}"))
                return false;
            break;
        }
    }
    skip_space(&at);
    if (*at)
        return refuse(h, "something follows its dictionary");
    if (!h->has_descr || !h->has_order || !h->has_shape)
        return refuse(h, "it lacks %s",
                      !h->has_descr   ? "descr"
                      : !h->has_order ? "fortran_order"
                                      : "shape");
    return true;
}

/* ---- The file ----------------------------------------------------------------------- */

/* Reads the magic, the version and the header's text into `text`, terminated. */
static bool read_preamble(FILE *file, const char *path, char *text, failure *why)
{
    unsigned char start[12];
    size_t length, width;

    if (fread(start, 1, 8, file) != 8 || memcmp(start, "\x93NUMPY", 6) != 0)
        return fail_with(why, EXIT_INPUT, "%s: not a .npy file", path);
    if (start[6] < 1 || start[6] > 3 || start[7] != 0)
        return fail_with(why, EXIT_INPUT,
                         "%s: .npy version %u.%u; 1.0 to 3.0 are known", path, start[6],
                         start[7]);
    width = start[6] == 1 ? 2 : 4;
    if (fread(start + 8, 1, width, file) != width)
        return fail_with(why, EXIT_INPUT, "%s: the file ends inside its header", path);
    length = start[8] | (size_t)start[9] << 8;
    if (width == 4)
        length |= (size_t)start[10] << 16 | (size_t)start[11] << 24;
    if (length > HEADER_MAX)
        return fail_with(why, EXIT_INPUT,
                         "%s: a header of %zu bytes; at most %d are read", path, length,
                         HEADER_MAX);
    if (fread(text, 1, length, file) != length)
        return fail_with(why, EXIT_INPUT, "%s: the file ends inside its header", path);
    text[length] = '\0';
    if (strlen(text) != length)
        return fail_with(why, EXIT_INPUT, "%s: its header has a zero byte", path);
    return true;
}

static bool check_dtype(const char *path, const char *descr, tsr_dtype *dtype,
                        failure *why)
{
    char quoted[256];

    text_quote(descr, quoted, sizeof quoted);
    if (strcmp(descr, "<f4") == 0)
        *dtype = TSR_F32;
    else if (strcmp(descr, "<f8") == 0)
        *dtype = TSR_F64;
    else
        return fail_with(why, EXIT_INPUT,
                         "%s: its dtype is '%s'; only '<f4' and '<f8' are read "
                         "(NumPy: a.astype('<f4'))",
                         path, quoted);
    return true;
}

/* Bytes of the array, which the rest of the file must hold. */
static bool check_length(FILE *file, const char *path, const npy_array *array,
                         size_t *bytes, failure *why)
{
    const long start = ftell(file);
    struct stat info;
    size_t rest, room;

    if (start < 0 || fstat(fileno(file), &info) != 0)
        return fail_with(why, EXIT_INPUT, "%s: %s", path, strerror(errno));
    rest = info.st_size > start ? (size_t)(info.st_size - start) : 0;
    *bytes = 0;
    for (int i = 0; i < array->rank; i++)
        if (array->shape[i] == 0)
            return true;
    room = rest / tsr_dtype_size(array->dtype); /* elements there are */
    for (int i = 0; i < array->rank; i++)
        room /= array->shape[i];
    if (room == 0)
        return fail_with(
            why, EXIT_INPUT,
            "%s: truncated: its header says more elements than its %zu bytes "
            "hold",
            path, rest);
    *bytes = tsr_dtype_size(array->dtype);
    for (int i = 0; i < array->rank; i++)
        *bytes *= array->shape[i];
    return true;
}

/* The array in C order, from one of rank 3 whose first axis is innermost. */
static bool reorder(npy_array *array, size_t bytes, failure *why)
{
    const size_t size = tsr_dtype_size(array->dtype);
    const size_t *shape = array->shape;
    char *to = memory_get(bytes);
    const char *from = array->data;

    if (!to)
        return fail_with(why, EXIT_INPUT, "out of memory for %zu bytes", bytes);
    for (size_t t = 0, at = 0; bytes && t < shape[0]; t++)
        for (size_t i = 0; i < shape[1]; i++)
            for (size_t j = 0; j < shape[2]; j++, at += size)
                memcpy(to + at, from + (t + shape[0] * (i + shape[1] * j)) * size,
                       size);
    free(array->data);
    array->data = to;
    array->fortran = false;
    return true;
}

/* Leaves the file at the array's first byte. */
static bool read_header(FILE *file, const char *path, npy_array *array, size_t *bytes,
                        failure *why)
{
    char text[HEADER_MAX + 1];
    header h;

    if (!read_preamble(file, path, text, why))
        return false;
    if (!parse_header(text, &h))
        return fail_with(why, EXIT_INPUT, "%s: its header cannot be read: %s", path,
                         h.wrong[0] ? h.wrong
                                    : "it must be a dictionary of descr, "
                                      "fortran_order and shape");
    if (!check_dtype(path, h.descr, &array->dtype, why))
        return false;
    if (h.rank != 2 && h.rank != 3)
        return fail_with(why, EXIT_INPUT,
                         "%s: its rank is %zu; a matrix has 2, a batch 3", path,
                         h.rank);
    array->rank = (int)h.rank;
    memcpy(array->shape, h.shape, sizeof h.shape);
    array->fortran = h.fortran;
    return check_length(file, path, array, bytes, why);
}

static bool read_data(FILE *file, const char *path, npy_array *array, size_t bytes,
                      failure *why)
{
    array->data = memory_get(bytes);
    if (!array->data)
        return fail_with(why, EXIT_INPUT, "%s: out of memory for %zu bytes", path,
                         bytes);
    if (fread(array->data, 1, bytes, file) != bytes)
        return fail_with(why, EXIT_INPUT, "%s: %s", path,
                         ferror(file) ? strerror(errno) : "truncated");
    return array->rank == 2 || !array->fortran || reorder(array, bytes, why);
}

static bool read_file(const char *path, bool with_data, npy_array *out, failure *why)
{
    struct stat info;
    size_t bytes;
    FILE *file;
    bool fine;

    *out = (npy_array){0};
    if (stat(path, &info) == 0 && !S_ISREG(info.st_mode))
        return fail_with(why, EXIT_INPUT, "%s: not a regular file", path);
    file = fopen(path, "rb");
    if (!file)
        return fail_with(why, EXIT_INPUT, "%s: %s", path, strerror(errno));
    fine = read_header(file, path, out, &bytes, why) &&
           (!with_data || read_data(file, path, out, bytes, why));
    fclose(file);
    if (!fine)
        npy_free(out);
    return fine;
}

bool npy_describe(const char *path, npy_array *out, failure *why)
{
    if (!read_file(path, false, out, why))
        return false;
    if (out->rank == 3)
        out->fortran = false; /* npy_read will have put it into C order */
    return true;
}

bool npy_read(const char *path, npy_array *out, failure *why)
{
    return read_file(path, true, out, why);
}

void npy_write(FILE *file, tsr_dtype dtype, int rank, const size_t *shape,
               const void *data)
{
    const size_t size = tsr_dtype_size(dtype);
    unsigned char start[10] = "\x93NUMPY\x01";
    char text[192];
    size_t length = 0, count = 1;

    length =
        (size_t)snprintf(text, sizeof text,
                         "{'descr': '<f%zu', 'fortran_order': False, 'shape': (", size);
    for (int i = 0; i < rank; i++) {
        length +=
            (size_t)snprintf(text + length, sizeof text - length, "%zu, ", shape[i]);
        count *= shape[i];
    }
    length -= 2; /* the last ", " */
    length += (size_t)snprintf(text + length, sizeof text - length, "), }");
    while ((sizeof start + length + 1) % 64 != 0) /* the data is aligned to 64 bytes */
        text[length++] = ' ';
    text[length++] = '\n';
    start[8] = (unsigned char)(length & 0xff);
    start[9] = (unsigned char)(length >> 8);
    fwrite(start, 1, sizeof start, file);
    fwrite(text, 1, length, file);
    fwrite(data, size, count, file);
}

void npy_free(npy_array *array)
{
    free(array->data);
    *array = (npy_array){0};
}
