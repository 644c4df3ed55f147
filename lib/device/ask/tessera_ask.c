/* tessera-ask: asks the OpenCL drivers for their devices, in a process of its own.
 *
 *     tessera-ask devices           all devices, and drivers without one
 *     tessera-ask selftest SPEC     whether that device works
 *
 * Started by libtessera, which reads the messages (device/message.h) from the pipe on
 * descriptor 3. Whatever a driver does in here (print, crash, hang) stays in here.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "device/child.h"
#include "device/enumerate.h"
#include "device/message.h"
#include "device/pocl.h"
#include "device/select.h"
#include "device/selftest.h"
#include "device/vendors.h"

/* Long after the library has given up: a child must not outlive a parent that died. (Not
 * soon after: this clock runs on while both are stopped.) */
#define LIFETIME_SECONDS 600

/* Where that is possible, it goes with its parent, whatever a driver is doing. A parent that
 * has gone before this no longer reads the hello, which ends the child as well. */
static void end_with_parent(void)
{
#ifdef __linux__
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
}

static void say(tsr__message_kind kind, tsr_status status,
                const tsr_device_entry *entry)
{
    tsr__message message = {.magic = TSR__MESSAGE_MAGIC, .size = sizeof message};
    const char *at = (const char *)&message;
    size_t left = sizeof message;

    message.kind = kind;
    message.status = status;
    snprintf(message.version, sizeof message.version, "%s", tsr_version());
    snprintf(message.detail, sizeof message.detail, "%s",
             status ? tsr_error_detail() : "");
    if (entry)
        message.entry = *entry;
    while (left > 0) {
        ssize_t written = write(TSR__CHILD_FD, at, left);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            _exit(1); /* nobody listens any more */
        at += written;
        left -= (size_t)written;
    }
}

static tsr_status list_devices(void)
{
    tsr__entries entries = {NULL, 0, 0};
    tsr_status status = tsr__enumerate(&entries);

    if (!status)
        status = tsr__icds_check(&entries);
    for (size_t i = 0; i < entries.count && !status; i++)
        say(TSR__MESSAGE_ENTRY, TSR_OK, &entries.items[i]);
    tsr__entries_free(&entries);
    return status;
}

static tsr_status selftest(const char *spec)
{
    tsr__entries entries = {NULL, 0, 0};
    tsr_device_entry *entry = NULL;
    tsr_status status;

    /* A kernel in PoCL's cache needs no linker; the caller's next one will. */
    if (!tsr__pocl_has_linker())
        setenv("POCL_KERNEL_CACHE", "0", 1);
    if ((status = tsr__enumerate(&entries)))
        return status;
    tsr__assign_specs(&entries);
    for (size_t i = 0; i < entries.count && !entry; i++)
        if (entries.items[i].usable && strcmp(entries.items[i].info.spec, spec) == 0)
            entry = &entries.items[i];
    if (!entry) {
        tsr__entries_free(&entries);
        return tsr__fail(TSR_ERROR_NO_DEVICE, "%s is gone since it was listed", spec);
    }
    if (!(status = tsr__selftest_entry(entry)))
        say(TSR__MESSAGE_ENTRY, TSR_OK, entry);
    tsr__entries_free(&entries);
    return status;
}

int main(int argc, char **argv)
{
    const struct rlimit no_core = {0, 0};
    struct stat pipe_end;
    tsr_status status;

    if (fstat(TSR__CHILD_FD, &pipe_end) != 0 || !S_ISFIFO(pipe_end.st_mode) ||
        argc < 2) {
        fprintf(stderr, "tessera-ask is run by libtessera, to ask the OpenCL drivers "
                        "for their devices; try `devices`\n");
        return 2;
    }
    setrlimit(RLIMIT_CORE, &no_core); /* a driver's crash is expected here */
    alarm(LIFETIME_SECONDS);
    end_with_parent();
    say(TSR__MESSAGE_HELLO, TSR_OK, NULL);
    status = argc > 2 ? selftest(argv[2]) : list_devices();
    say(status ? TSR__MESSAGE_FAILED : TSR__MESSAGE_END, status, NULL);
    /* Not exit(): drivers are known to crash in what they do at exit. */
    _exit(0);
}
