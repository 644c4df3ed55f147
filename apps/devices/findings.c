#include "findings.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera/tune.h>

#include "machine.h"

#define POCL_PLATFORM "Portable Computing Language"

static void set_text(char *to, size_t size, const char *format, va_list args)
{
    if (vsnprintf(to, size, format, args) < 0)
        *to = '\0';
}

static void set_problem(finding *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_text(out->problem, sizeof out->problem, format, args);
    va_end(args);
}

static void set_command(finding *out, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    set_text(out->command, sizeof out->command, format, args);
    va_end(args);
}

static bool has_part(const char *text, const char *part)
{
    size_t length = strlen(part);

    for (; strlen(text) >= length; text++) {
        size_t same = 0;

        while (same < length &&
               tolower((unsigned char)text[same]) == tolower((unsigned char)part[same]))
            same++;
        if (same == length)
            return true;
    }
    return false;
}

static bool is_pocl(const tsr_device_entry *entry)
{
    return strcmp(entry->info.platform, POCL_PLATFORM) == 0 ||
           has_part(entry->info.platform, "libpocl");
}

static bool is_set(const char *name)
{
    const char *value = getenv(name);

    return value && *value;
}

/* ---- No driver ------------------------------------------------------------------- */

static void command_install(finding *out)
{
    set_command(out, "%sapt-get install pocl-opencl-icd", sudo());
}

/* Drivers there are, but none with a usable device, and PoCL is not among them. */
bool find_no_usable(const tsr_device_list *list, finding *out)
{
    size_t count = tsr_device_list_count(list);

    for (size_t i = 0; i < count; i++) {
        const tsr_device_entry *entry = tsr_device_list_get(list, i);

        if (entry->usable || is_pocl(entry))
            return false;
    }
    if (count == 0)
        return false;
    out->subject = "no usable device";
    set_problem(out, "None of the drivers here offers one. PoCL runs on any CPU.");
    if (is_set("OCL_ICD_VENDORS"))
        set_command(out, "unset OCL_ICD_VENDORS; %sapt-get install pocl-opencl-icd",
                    sudo());
    else
        command_install(out);
    return true;
}

bool find_no_driver(const tsr_device_list *list, finding *out)
{
    if (tsr_device_list_count(list) > 0)
        return false;
    out->subject = "no OpenCL driver";
    if (is_set("OCL_ICD_VENDORS")) {
        set_problem(
            out,
            "OCL_ICD_VENDORS is \"%s\", and the loader finds no driver there (its "
            "error -1001, CL_PLATFORM_NOT_FOUND_KHR).",
            getenv("OCL_ICD_VENDORS"));
        set_command(out, "unset OCL_ICD_VENDORS");
    } else {
        set_problem(out, "The OpenCL loader finds no driver (its error -1001, "
                         "CL_PLATFORM_NOT_FOUND_KHR). PoCL runs on any CPU; for a GPU, "
                         "install its vendor's driver.");
        command_install(out);
    }
    return true;
}

/* ---- Entries that are not usable ------------------------------------------------- */

/* A driver that crashed, hung or cannot be loaded: its ICD file leads to its
 * package. */
static void command_for_driver(const tsr_device_entry *entry, finding *out)
{
    const char *icd = entry->info.driver;
    char package[128];

    if (!has_proc_and_sys())
        set_command(out, "%smount -t proc proc /proc; %smount -t sysfs sysfs /sys",
                    sudo(), sudo());
    else if (!*icd)
        set_command(out, "unset OCL_ICD_VENDORS");
    else if (strstr(entry->reason, "beside the other drivers"))
        set_command(out, "export OCL_ICD_VENDORS='%s'", icd);
    else if (owning_package(icd, package, sizeof package))
        set_command(out, "%sapt-get install --reinstall %s", sudo(), package);
    else
        set_command(out, "%srm '%s'", sudo(), icd);
}

static void command_for_empty_platform(const tsr_device_entry *entry, finding *out)
{
    char cache[2048];

    pocl_cache(cache, sizeof cache);
    if (has_part(entry->info.platform, "rusticl"))
        set_command(out, "export RUSTICL_ENABLE=llvmpipe");
    else if (is_pocl(entry) && !can_write_folder(cache))
        set_command(out, "export POCL_CACHE_DIR=\"$(mktemp -d)\"");
    else if (gpu_is_forbidden())
        set_command(out, "%susermod -aG render,video \"$USER\"   # then log in again",
                    sudo());
}

/* PoCL's compiler calls abort() where it finds no linker. */
static bool lacks_linker(const tsr_device_entry *entry)
{
    return entry->info.name[0] && is_pocl(entry) && !is_in_path("ld");
}

static void command_for_linker(finding *out)
{
    const char *folder = usual_folder("ld");

    if (folder)
        set_command(out, "export PATH=\"${PATH:+$PATH:}%s\"", folder);
    else
        set_command(out, "%sapt-get install binutils", sudo());
}

bool find_unusable(const tsr_device_entry *entry, finding *out)
{
    if (entry->usable)
        return false;
    out->subject = entry->info.spec;
    set_problem(out, "Not used: %s.", entry->reason);
    if (lacks_linker(entry))
        command_for_linker(out);
    else if (entry->info.name[0])
        set_command(out, "%sapt-get update && %sapt-get upgrade   # a newer driver",
                    sudo(), sudo());
    else if (entry->info.platform_index == UINT_MAX)
        command_for_driver(entry, out);
    else
        command_for_empty_platform(entry, out);
    return true;
}

/* ---- Remarks about what works ---------------------------------------------------- */

bool find_wrong_choice(const tsr_device_list *list, finding *out)
{
    size_t index;

    if (!is_set("TESSERA_DEVICE") ||
        !tsr_device_list_find(list, getenv("TESSERA_DEVICE"), &index))
        return false;
    out->subject = "TESSERA_DEVICE";
    set_problem(out, "It is \"%s\": %s.", getenv("TESSERA_DEVICE"), tsr_error_detail());
    set_command(out, "unset TESSERA_DEVICE");
    return true;
}

bool find_pocl_cache(const tsr_device_list *list, finding *out)
{
    char cache[512];
    bool has_pocl = false;

    for (size_t i = 0; i < tsr_device_list_count(list); i++) {
        const tsr_device_entry *entry = tsr_device_list_get(list, i);

        has_pocl = has_pocl || (entry->usable && is_pocl(entry));
    }
    pocl_cache(cache, sizeof cache);
    if (!has_pocl || can_write_folder(cache))
        return false;
    out->subject = POCL_PLATFORM;
    set_problem(
        out,
        "Its cache, %s, cannot be written; every program will compile its kernels "
        "anew, if it runs at all.",
        cache);
    set_command(out, "export POCL_CACHE_DIR=\"$(mktemp -d)\"");
    return true;
}

bool find_no_cache(finding *out)
{
    const char *folder = getenv("TESSERA_CACHE_DIR");

    if ((folder && strcmp(folder, "off") == 0) || !tsr_tune_check_cache(true))
        return false;
    out->subject = "the cache directory";
    set_problem(
        out,
        "Programs keep no built kernels and nothing of what is known of the drivers: "
        "%s.",
        tsr_error_detail());
    return true;
}

bool find_no_fp64(const tsr_device_list *list, const tsr_device_entry *entry,
                  finding *out)
{
    if (!entry->usable || entry->info.fp64)
        return false;
    out->subject = entry->info.spec;
    set_problem(out,
                "It has no double precision: f32 works, f64 needs another device.");
    for (size_t i = 0; i < tsr_device_list_count(list); i++) {
        const tsr_device_entry *other = tsr_device_list_get(list, i);

        if (other->usable && other->info.fp64) {
            set_command(out, "export TESSERA_DEVICE='%s'   # for f64",
                        other->info.spec);
            return true;
        }
    }
    command_install(out);
    return true;
}

/* Drivers write one name in different lengths ("Quadro T1000", "NVIDIA Quadro
 * T1000"). */
static bool same_hardware(const tsr_device_info *a, const tsr_device_info *b)
{
    return a->platform_index != b->platform_index && a->type == b->type && a->name[0] &&
           b->name[0] && (has_part(a->name, b->name) || has_part(b->name, a->name));
}

bool find_second_driver(const tsr_device_list *list, size_t index, finding *out)
{
    const tsr_device_entry *entry = tsr_device_list_get(list, index);

    for (size_t i = 0; i < index && entry->usable; i++) {
        const tsr_device_entry *better = tsr_device_list_get(list, i);

        if (better->usable && same_hardware(&better->info, &entry->info)) {
            out->subject = entry->info.spec;
            set_problem(out,
                        "This looks like the same hardware as %s, which comes first. "
                        "Compare the two, and choose the faster.",
                        better->info.spec);
            set_command(out, "export TESSERA_DEVICE='%s'", entry->info.spec);
            return true;
        }
    }
    return false;
}
