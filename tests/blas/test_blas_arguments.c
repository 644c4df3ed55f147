/* Wrong arguments: reported as the reference reports them, and nothing else done. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "libraries.h"
#include "routine.h"

static void *tessera, *reference;

/* ---- The program's own handlers -------------------------------------------------- */

static int reported;       /* how many times */
static int number;         /* the argument's, as the routine that was called counts, in
                            * the first report: the reference may go on after it */
static char name[48];      /* the routine's */
static const call *called; /* what is being called */

void xerbla_(const char *routine, const int *info, size_t length);
void cblas_xerbla(int info, const char *routine, const char *format, ...);

/* The reference's CBLAS calls its Fortran. As its own xerbla_ does, the number is turned
 * into that of the call in C, whose layout comes first, and whose A and B are exchanged
 * when it is row-major. */
static int in_c(const call *c, int info)
{
    static const int exchanged[] = {[4] = 5, [5] = 4, [9] = 11, [11] = 9};
    bool rows = c->layout == ROW_MAJOR;

    info++;
    if (rows && c->gemv)
        return info == 3 ? 4 : info == 4 ? 3 : info;
    if (rows && (size_t)info < sizeof exchanged / sizeof *exchanged && exchanged[info])
        return exchanged[info];
    return info;
}

void xerbla_(const char *routine, const int *info, size_t length)
{
    if (reported++)
        return;
    number = called->spelling == FORTRAN ? *info : in_c(called, *info);
    snprintf(name, sizeof name, "%.*s", (int)length, routine);
    if (called->spelling != FORTRAN)
        snprintf(name, sizeof name, "%s", call_name(called));
}

void cblas_xerbla(int info, const char *routine, const char *format, ...)
{
    (void)format;
    if (reported++)
        return;
    number = info;
    snprintf(name, sizeof name, "%s", routine);
}

/* ---- Calls ----------------------------------------------------------------------- */

static double in_a[64], in_b[64], out[64];

/* A call with nothing wrong. */
static call right(spelling how, bool gemv, bool f64, int layout)
{
    call c = call_of_product(f64, 2, gemv ? 2 : 3, 4, in_a, in_b, out);

    c.spelling = how;
    c.gemv = gemv;
    c.layout = layout;
    c.beta = 1.0;
    c.batch = 1;
    if (layout == COLUMN_MAJOR) {
        c.lda = c.ldc = c.m;
        c.ldb = c.k;
    }
    if (gemv)
        c.ldb = c.ldc = 1;
    return c;
}

/* What a library reports of a call, and that ours then leaves everything alone: the
 * reference's CBLAS goes on after a wrong letter, and multiplies by whatever letter its
 * stack holds. */
static int report_of(void *library, const call *wrong)
{
    for (size_t i = 0; i < 64; i++)
        in_a[i] = in_b[i] = out[i] = 7.0;
    reported = number = 0;
    name[0] = '\0';
    called = wrong;
    assert_true(call_do(library, wrong));
    for (size_t i = 0; reported && library == tessera && i < 64; i++)
        assert_true(in_a[i] == 7.0 && in_b[i] == 7.0 && out[i] == 7.0);
    return number;
}

static void expect_as_reference(const call *wrong)
{
    int want = report_of(reference, wrong);
    char of[48];

    strcpy(of, name);
    /* Until 3.11 the reference gave TransB the number of TransA in column-major calls. */
    if (want == 2 && wrong->trans_a != 0 && !wrong->gemv && wrong->spelling == CBLAS)
        want = 3;
    assert_int_equal(report_of(tessera, wrong), want);
    assert_int_equal(reported, want != 0);
    assert_string_equal(name, of);
}

/* ---- Tests ----------------------------------------------------------------------- */

/* Each way in which one argument of a call is wrong; false after the last. */
static bool spoil(call *c, int way)
{
    switch (way) {
    case 0:
        c->layout = c->spelling == FORTRAN ? c->layout : 0;
        return true;
    case 1:
        c->trans_a = 0;
        return true;
    case 2:
        c->trans_b = 114; /* no CBLAS of the reference has "conjugate, no transpose" */
        return true;
    case 3:
        c->m = -1;
        return true;
    case 4:
        c->n = -1;
        return true;
    case 5:
        c->k = -1;
        return true;
    case 6:
        c->lda = 1;
        return true;
    case 7:
        c->ldb = c->gemv ? 0 : 2;
        return true;
    case 8:
        c->ldc = c->gemv ? 0 : 1;
        return true;
    default:
        return false;
    }
}

/* One and two wrong arguments: the reference reports the first that it looks at. */
static void wrong_arguments_are_reported_with_the_references_numbers(void **state)
{
    int seen = 0;

    (void)state;
    for (int kind = 0; kind < 12; kind++) {
        spelling s = kind % 3 == 0 ? FORTRAN : CBLAS;
        int layout = kind % 3 == 1 ? ROW_MAJOR : COLUMN_MAJOR;
        const call fine = right(s, kind / 3 % 2, kind / 6, layout);
        call once, twice;

        assert_int_equal(report_of(tessera, &fine), 0);
        for (int i = 0; once = fine, spoil(&once, i); i++)
            for (int j = i; twice = once, spoil(&twice, j); j++) {
                expect_as_reference(&twice);
                seen += reported;
            }
    }
    assert_true(seen > 400);
}

/* Transposed, the leading lengths are those of other lengths. */
static void leading_lengths_are_those_of_the_stored_matrices(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * 2 * 2 * 7 * 7; i++) {
        call c = right(CBLAS, false, false, i % 2 ? ROW_MAJOR : COLUMN_MAJOR);

        c.trans_a = i / 2 % 2 ? TRANS : NO_TRANS;
        c.trans_b = i / 4 % 2 ? CONJ_TRANS : NO_TRANS;
        c.lda = i / 8 % 7;
        c.ldb = i / 56;
        expect_as_reference(&c);
    }
    for (int i = 0; i < 2 * 2 * 7; i++) {
        call c = right(CBLAS, true, true, i % 2 ? ROW_MAJOR : COLUMN_MAJOR);

        c.n = 5;
        c.trans_a = i / 2 % 2 ? TRANS : NO_TRANS;
        c.lda = i / 4;
        expect_as_reference(&c);
    }
}

/* A matrix without rows has a leading length of at least 1 all the same. */
static void leading_lengths_of_empty_matrices_are_not_0(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * 2 * 8 * 8; i++) {
        call c = right(CBLAS, i / 2 % 2, false, i % 2 ? ROW_MAJOR : COLUMN_MAJOR);

        c.m = i / 4 % 2 ? c.m : 0;
        c.n = i / 8 % 2 ? c.n : 0;
        c.k = i / 16 % 2 ? c.k : 0;
        c.lda = i / 32 % 2 ? 0 : c.lda;
        c.ldb = i / 64 % 2 ? 0 : c.ldb;
        c.ldc = i / 128 % 2 ? 0 : c.ldc;
        expect_as_reference(&c);
    }
}

/* The reference has no batches: numbers are places in the list of arguments. */
static void a_batch_reports_the_places_of_its_own_arguments(void **state)
{
    static const int places[] = {1, 2, 3, 4, 5, 6, 9, 12, 16};

    (void)state;
    for (int f64 = 0; f64 < 2; f64++) {
        for (int layout = ROW_MAJOR; layout <= COLUMN_MAJOR; layout++) {
            call c;

            for (int way = 0; c = right(BATCH, false, f64, layout), spoil(&c, way);
                 way++) {
                assert_int_equal(report_of(tessera, &c), places[way]);
                assert_int_equal(reported, 1);
                assert_string_equal(name, call_name(&c));
            }
            c.batch = -1;
            assert_int_equal(report_of(tessera, &c), 18);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_arguments_are_reported_with_the_references_numbers),
        cmocka_unit_test(leading_lengths_are_those_of_the_stored_matrices),
        cmocka_unit_test(leading_lengths_of_empty_matrices_are_not_0),
        cmocka_unit_test(a_batch_reports_the_places_of_its_own_arguments),
    };

    tessera = load_library("TESSERA_BLAS");
    reference = load_library("REFERENCE_BLAS");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
