/* device.h: finding, choosing and opening OpenCL devices.
 *
 * A device is a context, an in-order command queue, what was asked of the driver once
 * (its facts), and the programs built for it. It may be used from many threads at once.
 *
 * Candidates are all devices of all platforms. A device without a compiler, or that
 * gets a small integer product wrong, is never used; tsr_device_list keeps the reason.
 * The best is first by type (GPU, accelerator, CPU), then by compute units x clock,
 * then by memory.
 *
 * Platforms are asked in a child process (the program tessera-ask, installed beside the
 * library), so that a driver that crashes or hangs while it is enumerated becomes a
 * sentence instead of taking the caller down. When one does, its ICD is left out for
 * this process: OCL_ICD_VENDORS is set while the loader is first used, and put back.
 * A device to be opened is self-tested in a child, too; so is PoCL's, unless ld is in PATH:
 * without that its compiler calls abort(), and with it a child would cost 0.4 s.
 *
 * That all drivers survived, and which devices passed their test, is kept in the cache
 * directory ($TESSERA_CACHE_DIR), so that the next process starts quickly: it asks the
 * drivers directly and does not test. This holds until the machine boots, a driver, the
 * library or the drivers' environment changes, or a process dies while it loads them.
 *
 * Drivers do not survive fork(): a child that goes on without exec must not use a device
 * of its parent, nor, once the parent has opened one, open its own.
 *
 * Spec: which device. NULL or "" is $TESSERA_DEVICE, or the best if that is unset. Else
 *     TYPE                 gpu, cpu or accelerator
 *     PLATFORM[:DEVICE]    each an index, or any part of the name in any case
 *     DEVICE               a part of a device's name, if no platform has it in its own
 * PoCL, whose platform is "Portable Computing Language", is also found as pocl.
 * A spec that matches several devices means the best of them. One that matches nothing
 * is an error that lists what is there. The field `spec` of tsr_device_info chooses the
 * same device again.
 */
#ifndef TESSERA_DEVICE_H
#define TESSERA_DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tessera/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct tsr_device tsr_device;
typedef struct tsr_device_list tsr_device_list;

typedef enum tsr_device_type {
    TSR_DEVICE_CPU = 0,
    TSR_DEVICE_GPU = 1,
    TSR_DEVICE_ACCELERATOR = 2,
    TSR_DEVICE_OTHER = 3
} tsr_device_type;

/* Whose hardware and, with it, whose compiler: a card under another's driver (Mesa, PoCL)
 * is OTHER. */
typedef enum tsr_device_family {
    TSR_FAMILY_OTHER = 0,
    TSR_FAMILY_NVIDIA = 1,
    TSR_FAMILY_AMD = 2,
    TSR_FAMILY_INTEL = 3
} tsr_device_family;

/* What the driver said, asked once. Texts are cut to fit and always terminated. */
typedef struct tsr_device_info {
    char platform[128]; /* the platform's name */
    char name[128];     /* the device's name */
    char vendor[128];
    char driver[128];  /* driver version */
    char version[128]; /* OpenCL version, as the driver writes it */
    char spec[264];    /* "platform:device", chooses this device again */
    tsr_device_type type;
    tsr_device_family family;
    unsigned
        generation; /* NVIDIA: compute capability, AMD: gfx; 90 is 9.0. 0: unknown */
    unsigned platform_index;  /* in the loader's order, which may change between runs */
    unsigned device_index;    /* within the platform */
    unsigned compute_units;   /* at least 1, also if the driver does not say */
    unsigned clock_mhz;       /* 0 if the driver does not say */
    unsigned float_lanes;     /* native vector width for float, in elements, >= 1 */
    unsigned double_lanes;    /* the same for double; 0 without fp64 */
    uint64_t memory_bytes;    /* global memory */
    uint64_t max_alloc_bytes; /* largest allocation, $TESSERA_MAX_ALLOC applied */
    uint64_t local_memory_bytes; /* per work-group */
    uint64_t cache_bytes;        /* global memory cache, 0 if unknown */
    size_t max_group_size;       /* work-items per work-group */
    size_t max_item_sizes[3];    /* work-items per work-group, per dimension */
    unsigned wave_items;     /* that run in step, a warp, wave or the widest sub-group:
                                    groups should be multiples of it; 0 if unknown */
    unsigned unit_registers; /* of 32 bits, per compute unit; 0 if unknown */
    unsigned base_align_bytes;   /* alignment of a buffer's first byte */
    bool local_memory_dedicated; /* false: local memory is plain memory (a CPU) */
    bool zero_copy;              /* host and device share their memory */
    bool fp64;                   /* f64 tensors are possible */
    bool fp16;                   /* cl_khr_fp16 */
    bool has_compiler;           /* OpenCL C can be built */
} tsr_device_info;

/* ---- Open and close ------------------------------------------------------------- */

/* Opens the device that `spec` names (see above). On success *out is the caller's,
 * until tsr_device_close.
 *
 * Errors: NO_DEVICE (none found, or none passed its self-test: the detail says which
 * package to install or why each was skipped), NO_MATCH (the detail lists what is
 * there), ARGUMENT (`out` is NULL, or a malformed spec), HOST_MEMORY, OPENCL. */
TSR_EXPORT tsr_status tsr_device_open(const char *spec, tsr_device **out);

/* Gives the device back. Work already enqueued is completed first. Tensors that are
 * still alive keep what they need of it; it goes when the last of them goes. On PoCL,
 * programs that were built for it are then put into the cache directory, which may take
 * some half a second the first time. NULL is allowed. */
TSR_EXPORT void tsr_device_close(tsr_device *device);

/* The device's facts, lent until it is closed. */
TSR_EXPORT const tsr_device_info *tsr_device_get_info(const tsr_device *device);

/* Waits until everything enqueued on the device so far is done.
 * Errors: DEVICE_LOST, DEVICE_MEMORY, OPENCL. */
TSR_EXPORT tsr_status tsr_device_finish(tsr_device *device);

/* "gpu", "cpu", "accelerator" or "other". Never NULL. */
TSR_EXPORT const char *tsr_device_type_name(tsr_device_type type);

/* ---- List ----------------------------------------------------------------------- */

/* One candidate, or one platform that could not be asked. */
typedef struct tsr_device_entry {
    tsr_device_info info;
    bool usable;      /* passed the self-test */
    char reason[512]; /* why not, "" if usable */
} tsr_device_entry;

/* Asks every platform for its devices and self-tests each, all in child processes. The
 * entries are in order of choice: the first usable one is the default. A platform
 * without devices is an entry too, with an empty `name` and UINT_MAX for device_index;
 * so is a driver that crashed, hung or cannot be loaded, with its library for
 * `platform`, its ICD file for `driver`, and UINT_MAX for both indices.
 * An empty list is a success.
 *
 * Errors: ARGUMENT, HOST_MEMORY. */
TSR_EXPORT tsr_status tsr_device_list_create(tsr_device_list **out);

TSR_EXPORT void tsr_device_list_destroy(tsr_device_list *list);

TSR_EXPORT size_t tsr_device_list_count(const tsr_device_list *list);

/* Entry `index`, lent until the list is destroyed; NULL if out of range. */
TSR_EXPORT const tsr_device_entry *tsr_device_list_get(const tsr_device_list *list,
                                                       size_t index);

/* Which entry `spec` chooses (NULL: $TESSERA_DEVICE, else the best).
 * Errors: NO_DEVICE, NO_MATCH, ARGUMENT, as tsr_device_open. */
TSR_EXPORT tsr_status tsr_device_list_find(const tsr_device_list *list,
                                           const char *spec, size_t *index);

#ifdef __cplusplus
}
#endif

#endif /* TESSERA_DEVICE_H */
