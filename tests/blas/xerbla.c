/* A program that replaces xerbla_() and has no cblas_xerbla(): wrong lengths in every
 * spelling come to it with the reference's numbers, and the program goes on. (The handler
 * of Debian's OpenBLAS ends it.) Exits 0 if all is right. */
#include "libraries.h"
#include "routine.h"

static int reported; /* the number; 0: nothing yet */

void xerbla_(const char *routine, const int *info, size_t length);

void xerbla_(const char *routine, const int *info, size_t length)
{
    (void)routine;
    (void)length;
    if (!reported)
        reported = *info;
}

static int report_of(void *library, const call *wrong)
{
    reported = 0;
    return call_do(library, wrong) ? reported : -1;
}

/* The call with one length spoilt. */
static call spoilt(call c, int way)
{
    int *const lengths[] = {&c.m, &c.n, &c.k, &c.lda, &c.ldb, &c.ldc};

    *lengths[way] = way < 3 ? -1 : 0;
    return c;
}

int main(void)
{
    static double in_a[16], in_b[16], out[16];
    void *tessera = load_library("TESSERA_BLAS");
    void *reference = load_library("REFERENCE_BLAS");
    int wrong = 0;

    for (int i = 0; i < 6 * 2 * 2 * 3; i++) {
        int way = i % 6, kind = i / 24;
        call c = call_of_product(i / 6 % 2, 4, 4, 4, in_a, in_b, out);
        int here, there;

        c.gemv = i / 12 % 2;
        c.spelling = kind == 0 ? FORTRAN : CBLAS;
        c.layout = kind == 1 ? ROW_MAJOR : COLUMN_MAJOR;
        c = spoilt(c, way);
        here = report_of(tessera, &c);
        there = report_of(reference, &c);
        if (here != there)
            wrong += fprintf(stderr, "%s, layout %d, length %d: %d, reference %d\n",
                             call_name(&c), c.layout, way, here, there) > 0;
    }
    return wrong != 0;
}
