#include "targets.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "output.h"

bool target_is_stdout(const char *path)
{
    return path && strcmp(path, "-") == 0;
}

static bool is_file(const target *t)
{
    return t->path && !target_is_stdout(t->path);
}

bool targets_probe(const target *targets, size_t count, failure *why)
{
    for (size_t i = 0; i < count; i++)
        if (is_file(&targets[i]) && !output_probe(targets[i].path, why))
            return false;
    return true;
}

bool targets_any(const target *targets, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_file(&targets[i]))
            return true;
    return false;
}

int stdout_set_aside(void)
{
    const int kept = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);

    if (kept >= 0 && dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        close(kept);
        return -1;
    }
    return kept;
}

void stdout_give_back(int kept)
{
    if (kept < 0)
        return;
    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
}

bool stdout_flush(failure *why)
{
    static int reason; /* of the first loss: later ones may have none */

    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return true;
    if (!reason)
        reason = errno;
    return fail_with(why, EXIT_INPUT, "cannot write to standard output%s%s",
                     reason ? ": " : "", reason ? strerror(reason) : "");
}

static bool begin(output *out, const target *t, const void *data, failure *why)
{
    return output_open(out, t->path, why) && t->write(out->file, data, why) &&
           output_finish(out, why);
}

static bool write_files(const target *targets, size_t count, const void *data,
                        failure *why)
{
    output outputs[TARGETS_MOST] = {{0}};
    size_t begun = 0;
    bool fine = true;

    for (size_t i = 0; fine && i < count; i++)
        if (is_file(&targets[i]))
            fine = begin(&outputs[begun++], &targets[i], data, why);
    for (size_t i = 0; i < begun; i++) {
        if (fine)
            fine = output_commit(&outputs[i], why);
        else
            output_abandon(&outputs[i]);
    }
    return fine;
}

bool targets_write(const target *targets, size_t count, const void *data, failure *why)
{
    if (!write_files(targets, count, data, why))
        return false;
    for (size_t i = 0; i < count; i++)
        if (target_is_stdout(targets[i].path) && !targets[i].write(stdout, data, why))
            return false;
    return stdout_flush(why);
}
