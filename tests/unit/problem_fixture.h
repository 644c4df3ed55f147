/* problem_fixture.h: products in numbers, and devices of which only the facts exist. */
#ifndef TSR_TESTS_PROBLEM_FIXTURE_H
#define TSR_TESTS_PROBLEM_FIXTURE_H

#include "device/device.h"
#include "matmul/problem.h"

static const tsr_device_info desktop_cpu = {
    .type = TSR_DEVICE_CPU,
    .compute_units = 8,
    .clock_mhz = 3000,
    .float_lanes = 8,
    .double_lanes = 4,
    .local_memory_bytes = 512 << 10,
    .max_group_size = 4096,
    .max_item_sizes = {4096, 4096, 4096},
    .zero_copy = true,
    .fp64 = true,
};

static const tsr_device_info large_gpu = {
    .type = TSR_DEVICE_GPU,
    .compute_units = 80,
    .clock_mhz = 1500,
    .float_lanes = 1,
    .double_lanes = 1,
    .local_memory_bytes = 48 << 10,
    .max_group_size = 1024,
    .max_item_sizes = {1024, 1024, 64},
    .local_memory_dedicated = true,
    .fp64 = true,
};

/* A dense row-major product. */
static inline tsr__problem dense(size_t m, size_t n, size_t k)
{
    return (tsr__problem){
        .dtype = TSR_F32,
        .m = m,
        .n = n,
        .k = k,
        .batch = 1,
        .a = {0, k, 1, 0},
        .b = {0, n, 1, 0},
        .c = {0, n, 1, 0},
        .alpha = 1,
    };
}

/* What the layers keep with a device that was never opened. */
static inline void forget(tsr_device *device)
{
    for (int slot = 0; slot < TSR__SLOTS; slot++)
        if (device->slots[slot].state)
            device->slots[slot].destroy(device, device->slots[slot].state);
}

#endif /* TSR_TESTS_PROBLEM_FIXTURE_H */
