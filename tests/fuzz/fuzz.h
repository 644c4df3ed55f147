/* fuzz.h: what the fuzzers share. Each is LLVMFuzzerTestOneInput over one reader of the
 * tree: whatever it is given, it answers as its header says, and what it took can be
 * written down and read again.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* Puts the bytes into a file in memory. Its path, lent until the next call. */
const char *fuzz_file(const void *bytes, size_t size);

/* The bytes as a text of their own, terminated; to be freed. */
char *fuzz_text(const uint8_t *bytes, size_t size);

/* What must hold for every input: a finding if not. */
#define FUZZ_CHECK(condition)                                                          \
    do {                                                                               \
        if (!(condition)) {                                                            \
            fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);    \
            abort();                                                                   \
        }                                                                              \
    } while (0)

#endif /* FUZZ_FUZZ_H */
