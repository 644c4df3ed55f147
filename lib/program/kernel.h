/* kernel.h: what a tsr__kernel is made of. For lib/program only. */
#ifndef TSR_PROGRAM_KERNEL_H
#define TSR_PROGRAM_KERNEL_H

#include <pthread.h>

#include <tessera/interop.h>

#include "program/program.h"

struct tsr__kernel {
    struct tsr__kernel *next; /* of the same program */
    pthread_mutex_t lock;     /* from the first clSetKernelArg to the enqueue */
    cl_kernel handle;
    size_t max_group;
    char entry[64];
};

#endif /* TSR_PROGRAM_KERNEL_H */
