#include "device/native.h"

bool tsr__runs_native(const tsr_device *device)
{
    cl_device_exec_capabilities can = 0;

    return device->info.type == TSR_DEVICE_CPU &&
           clGetDeviceInfo(device->id, CL_DEVICE_EXECUTION_CAPABILITIES, sizeof can,
                           &can, NULL) == CL_SUCCESS &&
           can & CL_EXEC_NATIVE_KERNEL;
}
