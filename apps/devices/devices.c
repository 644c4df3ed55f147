/* devices: lists the OpenCL devices, best first. */
#include <stdio.h>

#include <tessera/tessera.h>

int main(void)
{
    tsr_device *device;
    tsr_status status = tsr_device_open(NULL, &device);

    if (status) {
        fprintf(stderr, "devices: %s: %s\n", tsr_status_string(status),
                tsr_error_detail());
        return 3;
    }
    printf("%s\n", tsr_device_get_info(device)->spec);
    tsr_device_close(device);
    return 0;
}
