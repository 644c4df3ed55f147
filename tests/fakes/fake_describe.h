/* fake_describe.h: what a fake driver is, in words.
 *
 * Pieces between semicolons, each a word and then facts:
 *
 *     platform name=Alpha              devices after it are its own; without one, all are of
 *                                      the platform "Fake MODE"
 *     gpu | cpu | accelerator          a device, with
 *         name=Big                     "Fake GPU 1", "Fake CPU 2", ... if not said
 *         units=64 clock=64 memory=1024 (MiB) local=1048576 (KiB) group=256
 *         unified=0 fp64=0 compiler=1
 *         vendor=nvidia | amd | intel | khronos | foreign     with its extensions
 *         product=wrong                every product is off by one
 *         build=abort | hang | fails   what its compiler does
 *         oom=N                        its N-th command finds no memory, and only that
 *         lost=N                       it is lost at its N-th command: whatever its context
 *                                      is asked fails; a new context is healthy
 *     crash | hang                     what the driver does when asked for its platforms
 *     jealous                          it crashes where PoCL is loaded too
 *
 * An underscore in a name stands for a space. Commands of a device are counted from its
 * first, over all its contexts.
 */
#ifndef FAKES_DESCRIBE_H
#define FAKES_DESCRIBE_H

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>
#include <CL/cl_icd.h>

#include <stdbool.h>

#define MOST_PLATFORMS 64
#define MOST_DEVICES   1024

typedef enum fake_build { BUILD_WELL, BUILD_ABORT, BUILD_HANG, BUILD_FAILS } fake_build;

struct _cl_platform_id {
    const cl_icd_dispatch *dispatch;
    char name[64];
    cl_uint first, count; /* its devices */
};

struct _cl_device_id {
    const cl_icd_dispatch *dispatch;
    cl_platform_id platform;
    char name[64], vendor[16];
    cl_device_type type;
    cl_uint units, clock;
    cl_ulong memory, local; /* bytes */
    size_t group;
    cl_bool unified, fp64, compiler;
    bool wrong;
    fake_build build;
    unsigned oom, lost; /* 0: never */
    unsigned commands;  /* so far */
};

typedef struct fake {
    struct _cl_platform_id platforms[MOST_PLATFORMS];
    struct _cl_device_id devices[MOST_DEVICES];
    cl_uint num_platforms, num_devices;
    bool crashes, hangs, jealous;
} fake;

/* Of a mode of fake_icd.c; "described" is what $FAKE_ICD says. Aborts on a word that it
 * does not know. */
void fake_describe(const char *mode, const cl_icd_dispatch *dispatch, fake *out);

#endif /* FAKES_DESCRIBE_H */
