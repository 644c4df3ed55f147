#include "device/ask.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/checked.h"
#include "base/trace.h"
#include "device/child.h"
#include "device/message.h"
#include "device/where.h"

#define PATH_SIZE 4096

atomic_int tsr__ask_milliseconds = 30000;

/* ---- The helper ------------------------------------------------------------------ */

static bool is_program(const char *path)
{
    return access(path, X_OK) == 0;
}

/* Beside what this code is in (a build tree, a bundle); where an installation, perhaps
 * moved, has it; where it was to be installed. *found says whether it is at one of them. */
static tsr_status find_helper(char *path, size_t size, bool *found)
{
    static const char *const from_own_folder[] = {"tessera-ask", TSR__ASK_FROM_LIB};
    char own[PATH_SIZE];
    char *slash = NULL;

    *found = false;
    if (tsr__own_path(own, sizeof own))
        slash = strrchr(own, '/');
    else if (errno == ENOMEM)
        return tsr__fail(TSR_ERROR_HOST_MEMORY, "no host memory to find tessera-ask");
    for (size_t i = 0; slash && !*found && i < 2; i++) {
        int length = snprintf(path, size, "%.*s%s", (int)(slash + 1 - own), own,
                              from_own_folder[i]);

        *found = tsr__is_whole(length, size) && is_program(path);
    }
    if (!*found) {
        snprintf(path, size, "%s", TSR__ASK_INSTALLED);
        *found = is_program(path);
    }
    return TSR_OK;
}

/* ---- The conversation ------------------------------------------------------------ */

/* Gets the next message; false if there is none, or it is of another build. */
static bool get_message(tsr__child *child, tsr__message *message)
{
    if (!tsr__child_read(child, message, sizeof *message) ||
        message->magic != TSR__MESSAGE_MAGIC || message->size != sizeof *message ||
        strncmp(message->version, tsr_version(), sizeof message->version) != 0)
        return false;
    message->detail[sizeof message->detail - 1] = '\0';
    return true;
}

/* Reads up to the last message. *finished says whether it came. */
static tsr_status listen(tsr__child *child, tsr__answer *answer, bool *hello,
                         bool *finished)
{
    tsr__message message;
    tsr_status status = TSR_OK;

    *finished = false;
    *hello = get_message(child, &message) && message.kind == TSR__MESSAGE_HELLO;
    while (*hello && !*finished && !status && get_message(child, &message)) {
        switch (message.kind) {
        case TSR__MESSAGE_ENTRY:
            status = tsr__entries_add(&answer->entries, &message.entry);
            break;
        case TSR__MESSAGE_FAILED:
            status = tsr__fail((tsr_status)message.status, "%s", message.detail);
            *finished = true;
            break;
        default:
            *finished = true;
        }
    }
    return status;
}

static tsr_status ask(const char *const *arguments, const char *vendors,
                      tsr__answer *answer)
{
    char path[PATH_SIZE];
    tsr__child child;
    tsr_status status;
    bool found, hello, finished;

    *answer = (tsr__answer){.outcome = TSR__NO_HELPER};
    if ((status = find_helper(path, sizeof path, &found)))
        return status;
    if (!found) {
        tsr__trace(TSR__TRACE_DEVICE, "no tessera-ask beside the library or at %s",
                   TSR__ASK_INSTALLED);
        return TSR_OK;
    }
    if (!tsr__child_start(&child, path, arguments, vendors,
                          atomic_load(&tsr__ask_milliseconds))) {
        if (errno == ENOMEM)
            return tsr__fail(TSR_ERROR_HOST_MEMORY, "no host memory to start %s", path);
        tsr__trace(TSR__TRACE_DEVICE, "%s cannot be started: %s", path,
                   strerror(errno));
        return TSR_OK;
    }
    status = listen(&child, answer, &hello, &finished);
    tsr__child_end(&child, answer->how, sizeof answer->how);
    if (finished)
        answer->outcome = TSR__ANSWERED;
    else if (hello || child.late)
        answer->outcome = TSR__DRIVER_FAILED;
    else
        tsr__trace(TSR__TRACE_DEVICE, "%s is of another build or does not run: it %s",
                   path, answer->how);
    if (answer->outcome == TSR__DRIVER_FAILED)
        tsr__trace(TSR__TRACE_DEVICE, "tessera-ask %s, OCL_ICD_VENDORS=%s: it %s",
                   arguments[1], vendors ? vendors : "(as it is)", answer->how);
    return status;
}

tsr_status tsr__ask_devices(const char *vendors, tsr__answer *answer)
{
    const char *const arguments[] = {"tessera-ask", "devices", NULL};

    return ask(arguments, vendors, answer);
}

tsr_status tsr__ask_selftest(const char *vendors, const char *spec, tsr__answer *answer)
{
    const char *const arguments[] = {"tessera-ask", "selftest", spec, NULL};

    return ask(arguments, vendors, answer);
}

void tsr__answer_free(tsr__answer *answer)
{
    tsr__entries_free(&answer->entries);
}
