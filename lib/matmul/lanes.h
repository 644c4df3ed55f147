/* lanes.h: how wide the CPU kernels' vectors are, -DLANES in kernels/common.cl. */
#ifndef TSR_MATMUL_LANES_H
#define TSR_MATMUL_LANES_H

#include <tessera/tensor.h>

/* What the device has, in elements, within what common.cl spells out: 4, 8 or 16. */
static inline size_t tsr__lanes(tsr_dtype dtype, const tsr_device_info *info)
{
    unsigned native = dtype == TSR_F64 ? info->double_lanes : info->float_lanes;

    return native >= 16 ? 16 : native >= 8 ? 8 : 4;
}

#endif /* TSR_MATMUL_LANES_H */
