/* status.h: how every call in tessera reports success or failure.
 *
 * A call that can fail returns a tsr_status; 0 is success, so `if (status)` reads as
 * "if it failed". A failed call leaves nothing behind: out-parameters are NULL, and
 * whatever it had begun is undone.
 *
 * tsr_error_detail() says in words what the last failure on this thread was: the call,
 * OpenCL's or CLBlast's own code by name, the sizes involved, the first error of a
 * build log, and what to do about it.
 */
#ifndef TESSERA_STATUS_H
#define TESSERA_STATUS_H

#include <tessera/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every status once: name, value, text. Values never change meaning. */
#define TSR_STATUS_MAP(XX)                                                             \
    XX(TSR_OK, 0, "success")                                                           \
    TSR_ERROR_MAP(XX)

/* The same without TSR_OK. */
#define TSR_ERROR_MAP(XX)                                                              \
    XX(TSR_ERROR_ARGUMENT, 1, "an argument is not valid")                              \
    XX(TSR_ERROR_SHAPE, 2, "the shapes do not fit together")                           \
    XX(TSR_ERROR_OVERFLOW, 3, "a size is too large to be counted")                     \
    XX(TSR_ERROR_ALLOC_LIMIT, 4, "larger than the device's largest allocation")        \
    XX(TSR_ERROR_ALIAS, 5, "the result shares memory with an operand")                 \
    XX(TSR_ERROR_HOST_MEMORY, 6, "out of host memory")                                 \
    XX(TSR_ERROR_DEVICE_MEMORY, 7, "out of device memory")                             \
    XX(TSR_ERROR_NO_DEVICE, 8, "no usable OpenCL device")                              \
    XX(TSR_ERROR_NO_MATCH, 9, "no device matches the spec")                            \
    XX(TSR_ERROR_UNSUPPORTED, 10, "not supported here")                                \
    XX(TSR_ERROR_BUILD, 11, "a kernel did not build")                                  \
    XX(TSR_ERROR_OPENCL, 12, "an OpenCL call failed")                                  \
    XX(TSR_ERROR_CLBLAST, 13, "a CLBlast call failed")                                 \
    XX(TSR_ERROR_DEVICE_LOST, 14, "the device failed; its context is lost")            \
    XX(TSR_ERROR_WRONG_RESULT, 15, "a self-test gave a wrong result")

/* No comma after the last: C89 and C++98 know none there. */
typedef enum tsr_status {
#define TSR_STATUS_VALUE(name, value, text) , name = value
    TSR_OK = 0 TSR_ERROR_MAP(TSR_STATUS_VALUE)
#undef TSR_STATUS_VALUE
} tsr_status;

/* The text of a status, or "unknown status" for any other number. Never NULL. */
TSR_EXPORT const char *tsr_status_string(tsr_status status);

/* The name of a status as it is written in C ("TSR_ERROR_SHAPE"). Never NULL. */
TSR_EXPORT const char *tsr_status_name(tsr_status status);

/* This thread's last failure in words, "" if there was none. The text is lent until
 * the thread's next failing call. A success does not clear it. */
TSR_EXPORT const char *tsr_error_detail(void);

#ifdef __cplusplus
}
#endif

#endif /* TESSERA_STATUS_H */
