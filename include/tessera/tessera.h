/* tessera.h: matrix products on whatever OpenCL device a machine has.
 *
 *     tsr_device *dev = NULL;
 *     tsr_tensor *x = NULL, *y = NULL, *z = NULL;
 *     tsr_status  s;
 *
 *     if ((s = tsr_device_open(NULL, &dev)) ||
 *         (s = tsr_tensor_from_host(dev, TSR_F32, 2, (size_t[]){1, 6400}, hx, &x)) ||
 *         (s = tsr_tensor_from_host(dev, TSR_F32, 2, (size_t[]){6400, 5000}, hy, &y)) ||
 *         (s = tsr_tensor_create(dev, TSR_F32, 2, (size_t[]){1, 5000}, &z)) ||
 *         (s = tsr_matmul(x, y, z, NULL)) ||
 *         (s = tsr_tensor_read(z, hz)))
 *         fprintf(stderr, "%s: %s\n", tsr_status_string(s), tsr_error_detail());
 *     tsr_tensor_destroy(z); tsr_tensor_destroy(y); tsr_tensor_destroy(x);
 *     tsr_device_close(dev);
 *
 * status.h   how calls report failure             matmul.h   the product
 * device.h   finding and opening a device         oracle.h   is a result right?
 * tensor.h   matrices in device memory            roof.h     what the hardware could do
 * tune.h     measuring what is fastest        perturb.h  changes of the weights
 * interop.h  beside your own OpenCL code (not included here: it includes <CL/cl.h>)
 *
 * Rules that hold everywhere. Each create, open or from_ has its destroy or close, which
 * takes NULL; what a getter returns is lent until its owner goes. Calls that return a
 * status answer NULL with ARGUMENT; getters must not be given NULL. Out-parameters are
 * NULL after a failure. The library never prints (unless $TESSERA_TRACE is set), exits,
 * aborts, or leaves anything to run at exit. Drivers and CLBlast have manners of their own.
 *
 * Environment, read when a device is opened: TESSERA_DEVICE, TESSERA_STRATEGY,
 * TESSERA_TUNE, TESSERA_MAX_ALLOC; read once per process: TESSERA_TRACE (a
 * comma-separated list of router, build, cache, memory, device, or all; to stderr); read
 * when a device is opened or goes, and when a kernel is built: TESSERA_CACHE_DIR.
 */
#ifndef TESSERA_H
#define TESSERA_H

#include <tessera/device.h>
#include <tessera/matmul.h>
#include <tessera/oracle.h>
#include <tessera/perturb.h>
#include <tessera/roof.h>
#include <tessera/status.h>
#include <tessera/tensor.h>
#include <tessera/tune.h>
#include <tessera/version.h>

#endif /* TESSERA_H */
