#include "actions.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

/* No file of records comes near this. */
#define LARGEST_FILE ((size_t)64 << 20)

/* ---- Export ---------------------------------------------------------------------- */

static bool write_to(const char *path, const char *text, failure *why)
{
    output out;

    if (strcmp(path, "-") == 0) {
        fputs(text, stdout);
        return true;
    }
    if (!output_open(&out, path, why))
        return false;
    fputs(text, out.file);
    return output_commit(&out, why);
}

bool export_records(tsr_device *device, const char *path, failure *why)
{
    size_t length;
    tsr_status status = tsr_tune_export(device, NULL, 0, &length);
    char *text = status ? NULL : malloc(length + 1);
    bool fine;

    if (status)
        return fail_call(why, status, "--export");
    if (!text)
        return fail_with(why, EXIT_INPUT, "out of host memory");
    if ((status = tsr_tune_export(device, text, length + 1, &length)))
        fine = fail_call(why, status, "--export");
    else
        fine = write_to(path, text, why);
    free(text);
    return fine;
}

/* ---- Import ---------------------------------------------------------------------- */

static bool read_file(FILE *file, char **text, size_t *length)
{
    size_t size = 0, got;

    *text = NULL;
    *length = 0;
    do {
        char *more = realloc(*text, size += 65536);

        if (!more || size > LARGEST_FILE) {
            free(more ? more : *text);
            *text = NULL;
            errno = more ? EFBIG : ENOMEM;
            return false;
        }
        *text = more;
        got = fread(more + *length, 1, size - *length, file);
        *length += got;
    } while (got > 0 && *length == size);
    if (!ferror(file))
        return true;
    free(*text);
    *text = NULL;
    return false;
}

static void say_count(size_t count, const char *what, tsr_device *device)
{
    printf("%zu record%s of %s %s\n", count, count == 1 ? "" : "s",
           tsr_device_get_info(device)->name, what);
}

bool import_records(tsr_device *device, const char *path, bool quiet, failure *why)
{
    bool is_input = strcmp(path, "-") == 0;
    const char *name = is_input ? "standard input" : path;
    FILE *file = is_input ? stdin : fopen(path, "r");
    size_t length, count;
    tsr_status status;
    bool fine;
    char *text;

    if (!file)
        return fail_with(why, EXIT_INPUT, "%s: %s", name, strerror(errno));
    fine = read_file(file, &text, &length) ||
           fail_with(why, EXIT_INPUT, "%s: %s", name, strerror(errno));
    if (!is_input)
        fclose(file);
    if (!fine)
        return false;
    status = tsr_tune_import(device, name, text, length, &count);
    free(text);
    if (status == TSR_ERROR_ARGUMENT) /* the detail begins with the file's name */
        return fail_with(why, EXIT_INPUT, "%s", tsr_error_detail());
    if (status)
        return fail_call(why, status, "--import");
    if (!quiet)
        say_count(count, "added", device);
    return true;
}

/* ---- Clear ----------------------------------------------------------------------- */

bool clear_records(tsr_device *device, bool quiet, failure *why)
{
    size_t count = tsr_tune_record_count(device);
    tsr_status status = tsr_tune_clear(device);

    if (status)
        return fail_call(why, status, "--clear");
    if (!quiet)
        say_count(count, "forgotten", device);
    return true;
}
