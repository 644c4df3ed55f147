/* device.h: the one device of a process.
 *
 * Opened when a call first wants it, as tsr_device_open chooses it, and kept until the
 * process exits. Once it has failed, or could not be opened, there is none any more.
 * Drivers do not survive fork(): a child has none of its own once its parent has opened
 * one.
 */
#ifndef TSR_BLAS_DEVICE_H
#define TSR_BLAS_DEVICE_H

#include <stdbool.h>

#include <tessera/device.h>

/* The device, or NULL when the next BLAS is to compute. It will not be closed before
 * tsr__device_leave, which must follow if it is not NULL. */
tsr_device *tsr__device_enter(void);
void tsr__device_leave(void);

/* Something has failed on it: says so, the first time, and from now on there is none. */
void tsr__device_failed(const char *why);

/* What an exit does before anything is torn down (exit.c): first, and more than once,
 * waits for the device to be opened, if it just is being; then ends its use. */
void tsr__device_wait_until_open(void);
void tsr__device_wait_at_exit(void);

/* Whether the process is exiting: libraries may have been torn down by now, and what other
 * threads still call is theirs to survive. */
bool tsr__device_exiting(void);

#endif /* TSR_BLAS_DEVICE_H */
