/* signals.h: drivers set signal handlers; a program must find its own.
 *
 * Not only when they are loaded: LLVM, in PoCL and others, does it when it first compiles.
 * A handler is a driver's if its code is in a library that came while the device was
 * opened; any other is the program's, also one that it sets meanwhile.
 */
#ifndef TSR_BLAS_SIGNALS_H
#define TSR_BLAS_SIGNALS_H

/* Before and after the device is opened, once. */
void tsr__signals_before_drivers(void);
void tsr__signals_after_drivers(void);

/* Notes the program's handlers, before a driver may change them. Any thread. */
void tsr__signals_note(void);

/* Puts them back where there are a driver's now. Any thread. */
void tsr__signals_restore(void);

#endif /* TSR_BLAS_SIGNALS_H */
