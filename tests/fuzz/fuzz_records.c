/* A text of tuning records, imported into a device that was never opened: refused, or
 * taken and the same when exported, imported and exported again; and no set of parameters
 * in it is too odd to be judged.
 *
 * An input that begins with an empty line is what follows the device's own head, which
 * changes with the kernels.
 */
#include <stdbool.h>
#include <string.h>

#include <tessera/tune.h>

#include "matmul/known.h"
#include "tune/about.h"
#include "unit/problem_fixture.h"

#include "fuzz.h"

enum { SIZE_MOST = 1 << 16 };

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    return setenv("TESSERA_CACHE_DIR", "off", 1);
}

/* With the head, if it lacks one; to be freed. */
static char *text_of(const uint8_t *bytes, size_t size, size_t *length)
{
    char head[TSR__HEAD_SIZE] = "";
    char *text;

    if (size > 0 && bytes[0] == '\n')
        tsr__about(&desktop_cpu, head);
    *length = strlen(head) + size;
    text = malloc(*length + 1);
    FUZZ_CHECK(text);
    memcpy(text, head, strlen(head));
    memcpy(text + strlen(head), bytes, size);
    return text;
}

/* What is exported; to be freed. */
static char *exported(tsr_device *device, size_t *length)
{
    char *text;

    FUZZ_CHECK(!tsr_tune_export(device, NULL, 0, length));
    text = malloc(*length + 1);
    FUZZ_CHECK(text && !tsr_tune_export(device, text, *length + 1, length));
    return text;
}

/* Kept for this process only, as there is no cache directory. */
static bool import(tsr_device *device, const char *text, size_t length)
{
    size_t count = 1;
    tsr_status status = tsr_tune_import(device, "fuzz", text, length, &count);

    FUZZ_CHECK(status == TSR_ERROR_UNSUPPORTED || status == TSR_ERROR_ARGUMENT);
    FUZZ_CHECK(count == 0);
    return status == TSR_ERROR_UNSUPPORTED;
}

static size_t real_size(size_t n)
{
    return n == 0 ? 1 : n < SIZE_MOST ? n : SIZE_MOST;
}

/* What the router asks, of a CPU and of a GPU, for a product that can exist. */
static void judge(const tsr__known_record *record)
{
    const tsr_device_info *const devices[] = {&desktop_cpu, &large_gpu};
    const tsr__winner *w = &record->winner;
    const tsr__strategy *s = w->strategy;
    tsr__problem p = dense(real_size(w->m), real_size(w->n), real_size(w->k));

    p.batch = real_size(w->batch);
    for (size_t i = 0; w->has_set && i < 2; i++)
        if (!s->cannot_run(&p, devices[i]) && s->space->fits(&p, devices[i], &w->set))
            FUZZ_CHECK(s->space->estimate(&p, devices[i], &w->set) > 0.0);
}

static void write_and_read_again(tsr_device *device)
{
    tsr_device other = {.info = desktop_cpu};
    size_t length, length_again;
    char *text = exported(device, &length), *again;

    pthread_mutex_init(&other.lock, NULL);
    FUZZ_CHECK(import(&other, text, length));
    again = exported(&other, &length_again);
    FUZZ_CHECK(length == length_again && memcmp(text, again, length) == 0);
    free(again);
    free(text);
    forget(&other);
    pthread_mutex_destroy(&other.lock);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    tsr_device device = {.info = desktop_cpu};
    size_t length;
    char *text = text_of(bytes, size, &length);

    pthread_mutex_init(&device.lock, NULL);
    if (import(&device, text, length)) {
        tsr__known_record record;

        for (size_t i = 0; tsr__known_at(&device, i, &record); i++)
            judge(&record);
        write_and_read_again(&device);
    }
    forget(&device);
    pthread_mutex_destroy(&device.lock);
    free(text);
    return 0;
}
