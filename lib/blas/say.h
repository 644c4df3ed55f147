/* say.h: the lines that a program may get on stderr without having asked for them. */
#ifndef TSR_BLAS_SAY_H
#define TSR_BLAS_SAY_H

/* Writes "tessera-blas: ..." and a newline, whole. What calls this calls it once in the
 * life of a process. */
void tsr__say(const char *format, ...)
#if defined(__GNUC__) || defined(__clang__)
    __attribute__((format(printf, 1, 2)))
#endif
    ;

#endif /* TSR_BLAS_SAY_H */
