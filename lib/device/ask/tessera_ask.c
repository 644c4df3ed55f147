/* tessera-ask: asks the OpenCL drivers for their devices, in a process of its own. */
#include <tessera/device.h>

int main(void)
{
    return 0;
}
