/* devices: lists the OpenCL devices in the order in which tessera would choose them.
 *
 * Exit status: 0 there is a device to use, 2 usage or a malformed environment, 3 there
 * is none.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include <tessera/tessera.h>

#include "doctor.h"
#include "text.h"

enum { EXIT_FINE = 0, EXIT_USAGE = 2, EXIT_NO_DEVICE = 3 };

static const char *const usage =
    "Usage: devices [--doctor] [--help] [--version]\n"
    "\n"
    "Lists the OpenCL devices of this machine, best first. The one with a * is what\n"
    "tessera uses by default; the last column, given to --device or in "
    "TESSERA_DEVICE,\n"
    "chooses another.\n"
    "\n"
    "  --doctor   say what is wrong, and the command that mends it\n"
    "  --help     print this and exit\n"
    "  --version  print the version and exit\n"
    "\n"
    "Exit status: 0 there is a usable device, 2 wrong usage, 3 there is none.\n";

/* ---- The list -------------------------------------------------------------------- */

/* "79.2 GiB" */
static void format_bytes(uint64_t bytes, char *text, size_t size)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes;
    size_t unit = 0;

    while (value >= 1000 && unit + 1 < sizeof units / sizeof units[0]) {
        value /= 1024;
        unit++;
    }
    snprintf(text, size, "%.*f %s", unit ? 1 : 0, value, units[unit]);
}

/* Columns as wide as the longest type here, so that most lines stay on the screen. */
static int type_width(const tsr_device_list *list)
{
    size_t width = strlen("TYPE");

    for (size_t i = 0; i < tsr_device_list_count(list); i++) {
        const tsr_device_entry *entry = tsr_device_list_get(list, i);
        size_t length = strlen(tsr_device_type_name(entry->info.type));

        if (entry->usable && length > width)
            width = length;
    }
    return (int)width;
}

static void print_device(const tsr_device_info *info, int width, bool is_default)
{
    char memory[32];
    int column;

    format_bytes(info->memory_bytes, memory, sizeof memory);
    column = printf("%c %-*s %5u %9s %-3s", is_default ? '*' : ' ', width,
                    tsr_device_type_name(info->type), info->compute_units, memory,
                    info->fp64 ? "yes" : "no");
    /* The spec is never cut: it is there to be pasted. */
    printf("%s%s\n",
           column + 1 + (int)strlen(info->spec) > SCREEN_WIDTH ? "\n    " : " ",
           info->spec);
}

/* Says whether it printed anything. */
static bool print_usable(const tsr_device_list *list, size_t chosen)
{
    int width = type_width(list);
    bool printed = false;

    for (size_t i = 0; i < tsr_device_list_count(list); i++) {
        const tsr_device_entry *entry = tsr_device_list_get(list, i);

        if (!entry->usable)
            continue;
        if (!printed)
            printf("  %-*s UNITS    MEMORY F64 PLATFORM:DEVICE\n", width, "TYPE");
        printed = true;
        print_device(&entry->info, width, i == chosen);
    }
    return printed;
}

static void print_skipped(const tsr_device_list *list)
{
    bool printed = false;

    for (size_t i = 0; i < tsr_device_list_count(list); i++) {
        const tsr_device_entry *entry = tsr_device_list_get(list, i);

        if (entry->usable)
            continue;
        printf("%s  %s\n", printed ? "" : "Not used:\n", entry->info.spec);
        printed = true;
        print_wrapped(stdout, 6, entry->reason);
    }
}

/* ---- Main ------------------------------------------------------------------------ */

/* Usable entries come first, so the last one tells. */
static bool has_skipped(const tsr_device_list *list)
{
    size_t count = tsr_device_list_count(list);

    return count > 0 && !tsr_device_list_get(list, count - 1)->usable;
}

static int list_devices(const tsr_device_list *list)
{
    size_t chosen = SIZE_MAX;
    tsr_status status = tsr_device_list_find(list, NULL, &chosen);

    if (print_usable(list, chosen) && has_skipped(list))
        printf("\n");
    print_skipped(list);
    if (!status)
        return EXIT_FINE;
    fflush(stdout);
    fprintf(stderr, "devices: %s\nTry `devices --doctor`.\n", tsr_error_detail());
    return status == TSR_ERROR_ARGUMENT ? EXIT_USAGE : EXIT_NO_DEVICE;
}

/* A remark is not a failure: what counts is whether there is a device to use. */
static int diagnose(const tsr_device_list *list)
{
    size_t chosen = SIZE_MAX;
    bool usable;

    tsr_device_list_find(list, NULL, &chosen);
    usable = print_usable(list, chosen);
    if (usable)
        printf("\n");
    print_diagnosis(list);
    return usable ? EXIT_FINE : EXIT_NO_DEVICE;
}

static int show(bool doctor)
{
    tsr_device_list *list;
    tsr_status status = tsr_device_list_create(&list);
    int result;

    if (status) {
        fprintf(stderr, "devices: %s\n", tsr_error_detail());
        return status == TSR_ERROR_ARGUMENT ? EXIT_USAGE : EXIT_NO_DEVICE;
    }
    result = doctor ? diagnose(list) : list_devices(list);
    tsr_device_list_destroy(list);
    return result;
}

/* Gives the exit status back, or that of output which was lost. */
static int end_output(int result)
{
    errno = 0;
    if (fflush(stdout) == 0 && !ferror(stdout))
        return result;
    fprintf(stderr, "devices: cannot write to standard output%s%s\n", errno ? ": " : "",
            errno ? strerror(errno) : "");
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"doctor", no_argument, NULL, 'd'},
                                            {"help", no_argument, NULL, 'h'},
                                            {"version", no_argument, NULL, 'v'},
                                            {NULL, 0, NULL, 0}};
    static char name[] = "devices"; /* how getopt_long's complaints begin */
    bool doctor = false;
    int option;

    signal(SIGPIPE, SIG_IGN); /* a closed pipe is an error like others, with a name */
    if (argc > 0)
        argv[0] = name;

    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        switch (option) {
        case 'd':
            doctor = true;
            break;
        case 'h':
            fputs(usage, stdout);
            return end_output(EXIT_FINE);
        case 'v':
            printf("devices (tessera) %s\n", tsr_version());
            return end_output(EXIT_FINE);
        default: /* getopt_long has said what is wrong */
            fputs("Try `devices --help`.\n", stderr);
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "devices: \"%s\" is not expected\nTry `devices --help`.\n",
                argv[optind]);
        return EXIT_USAGE;
    }
    return end_output(show(doctor));
}
