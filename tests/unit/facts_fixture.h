/* facts_fixture.h: an open device taken for another one. */
#ifndef TSR_TESTS_FACTS_FIXTURE_H
#define TSR_TESTS_FACTS_FIXTURE_H

#include "device/device.h"
#include "matmul/plans.h"

/* From now on. Facts are asked once, so the library keeps what it planned by them. */
static inline void take_for(tsr_device *device, const tsr_device_info *facts)
{
    device->info = *facts;
    tsr__plans_forget(device);
}

#endif /* TSR_TESTS_FACTS_FIXTURE_H */
