/* checked.h: size arithmetic that says when it does not fit. True means it fits. */
#ifndef TSR_BASE_CHECKED_H
#define TSR_BASE_CHECKED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline bool tsr__multiply(size_t a, size_t b, size_t *product)
{
    *product = a * b;
    return a == 0 || *product / a == b;
}

static inline bool tsr__add(size_t a, size_t b, size_t *sum)
{
    *sum = a + b;
    return *sum >= a;
}

/* Whether a text that is `written` long, as snprintf says, is whole in an array of `size`;
 * after an error, which is negative, it is not. */
static inline bool tsr__is_whole(int written, size_t size)
{
    return (size_t)written < size;
}

/* a / b, rounded up; b > 0. Cannot overflow. */
static inline size_t tsr__divide_up(size_t a, size_t b)
{
    return a / b + (a % b != 0);
}

/* The smallest multiple of b that is at least a; a must be well below SIZE_MAX. */
static inline size_t tsr__round_up(size_t a, size_t b)
{
    return tsr__divide_up(a, b) * b;
}

#endif /* TSR_BASE_CHECKED_H */
