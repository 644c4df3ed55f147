/* Classes of problems: what is one, what is not, and that texts come back. */
#include "matmul/class.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "problem_fixture.h"

static const char *text_of(tsr__problem problem)
{
    static char text[TSR__CLASS_SIZE];

    tsr__class_text(tsr__class_of(&problem), text);
    return text;
}

static bool same(tsr__problem a, tsr__problem b)
{
    return tsr__class_of(&a).code == tsr__class_of(&b).code;
}

static void a_class_can_be_read(void **state)
{
    tsr__problem p = dense(64, 64, 64);

    (void)state;
    assert_string_equal(text_of(dense(1, 5000, 6400)),
                        "f32 1x~4871x~6889/16 rows rows rows");
    assert_string_equal(text_of(dense(16, 17, 1)), "f32 16x~19x1 rows rows rows");
    p.dtype = TSR_F64;
    p.batch = 256;
    p.b = (tsr__layout){0, 1, 64, 4096};
    p.activation = TSR_ACTIVATION_RELU;
    p.a_prepared = p.b_prepared = true;
    assert_string_equal(text_of(p),
                        "f64 ~64/16x~64/16x~64/16 rows columns rows times ~256/16 "
                        "epilogue A prepared B prepared");
}

static void few_rows_are_classes_of_their_own(void **state)
{
    (void)state;
    for (size_t m = 1; m < 17; m++)
        assert_false(same(dense(m, 500, 500), dense(m + 1, 500, 500)));
}

/* Each of the three by columns, and with gaps. */
static void how_each_matrix_is_stored_counts(void **state)
{
    const tsr__layout others[] = {{0, 1, 64, 0}, {0, 128, 2, 0}};
    const tsr__problem by_rows = dense(64, 64, 64);

    (void)state;
    for (int i = 0; i < 6; i++) {
        tsr__problem p = by_rows;
        tsr__layout *const layouts[] = {&p.a, &p.b, &p.c};

        *layouts[i / 2] = others[i % 2];
        assert_false(same(p, by_rows));
    }
}

static void large_sizes_share_a_class_within_nine_percent(void **state)
{
    (void)state;
    for (size_t n = 17; n < 4000; n++)
        for (size_t more = n; more < 2 * n && more < n + 200; more++) {
            tsr__problem p = dense(1, n, 1), q = dense(1, more, 1);

            if (same(p, q))
                assert_true((double)more < 1.19 * (double)n);
        }
    assert_true(same(dense(1, 1001, 1), dense(1, 1023, 1)));
}

static void what_sixteen_divides_is_apart(void **state)
{
    (void)state;
    assert_false(same(dense(1024, 64, 64), dense(1023, 64, 64)));
    assert_true(same(dense(1024, 64, 64), dense(1008, 64, 64)));
}

static void storage_epilogue_dtype_and_preparation_are_apart(void **state)
{
    const tsr__problem p = dense(100, 200, 300);
    tsr__problem q[7];

    (void)state;
    for (size_t i = 0; i < 7; i++)
        q[i] = p;
    q[0].dtype = TSR_F64;
    q[1].a = (tsr__layout){0, 1, 100, 0};
    q[2].b = (tsr__layout){0, 400, 2, 0};
    q[3].has_bias = true;
    q[4].a_prepared = true;
    q[5].b_prepared = true;
    q[6].batch = 2;
    for (size_t i = 0; i < 7; i++) {
        assert_false(same(p, q[i]));
        for (size_t j = 0; j < i; j++)
            assert_false(same(q[i], q[j]));
    }
}

static void offsets_scalars_and_leading_dimensions_do_not_matter(void **state)
{
    const tsr__problem p = dense(100, 200, 300);
    tsr__problem q = p;

    (void)state;
    q.alpha = 2;
    q.beta = 1;
    q.a = (tsr__layout){7, 512, 1, 0};
    assert_true(same(p, q));
}

static void a_row_is_stored_by_rows_whatever_its_strides(void **state)
{
    tsr__problem p = dense(1, 100, 200), q = p;

    (void)state;
    q.c.row = 4000;
    assert_true(same(p, q));
    p = q = dense(100, 1, 200);
    q.c = (tsr__layout){0, 1, 100, 0};
    assert_true(same(p, q));
}

static void every_text_is_read_back_and_every_class_has_a_problem(void **state)
{
    size_t sizes[] = {1,  2,   15,   16,   17,    31,
                      32, 100, 1000, 4096, 99999, (size_t)1 << 40};

    (void)state;
    for (size_t i = 0; i < 12; i++)
        for (unsigned bits = 0; bits < 64; bits++) {
            tsr__problem p = dense(sizes[i], sizes[11 - i], sizes[(i + 5) % 12]);
            tsr__problem again;
            tsr__class back;

            p.dtype = bits & 1 ? TSR_F64 : TSR_F32;
            p.batch = bits & 2 ? sizes[i] : 1;
            p.has_bias = bits & 4;
            p.a_prepared = bits & 8;
            p.b_prepared = bits & 16;
            if (bits & 32)
                p.a = (tsr__layout){0, 3, 5, 0};
            assert_true(tsr__class_parse(text_of(p), &back));
            assert_true(back.code == tsr__class_of(&p).code);
            again = tsr__class_problem(back, p.m, p.n, p.k, p.batch);
            assert_true(tsr__class_of(&again).code == back.code);
        }
}

static void other_texts_are_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "f32",
        "f16 1x1x1 rows rows rows",
        "f32 1x1x1 rows rows",
        "f32 1x1x1 rows rows rows ",
        "f32 1x1x1 rows rows rows more",
        "f32 1x1x1  rows rows rows",
        "f32 0x1x1 rows rows rows",
        "f32 1x1x0 rows rows rows",
        "f32 1x1x1 rows rows rows times 0",
        "f32 01x1x1 rows rows rows",
        "f32 -1x1x1 rows rows rows",
        "f32 1e1x1x1 rows rows rows",
        "f32 17x1x1 rows rows rows",
        "f32 ~5000x1x1 rows rows rows",
        "f32 ~1e300x1x1 rows rows rows",
        "f32 1x1x1 rows rows rows times 1",
        "f32 1x1x1 rows rows rows B prepared A prepared",
        "f32 ~64/8x1x1 rows rows rows",
    };
    tsr__class out;

    (void)state;
    assert_true(tsr__class_parse("f32 1x1x1 rows rows rows", &out));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (tsr__class_parse(bad[i], &out))
            fail_msg("\"%s\" is taken for a class", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_class_can_be_read),
        cmocka_unit_test(few_rows_are_classes_of_their_own),
        cmocka_unit_test(how_each_matrix_is_stored_counts),
        cmocka_unit_test(large_sizes_share_a_class_within_nine_percent),
        cmocka_unit_test(what_sixteen_divides_is_apart),
        cmocka_unit_test(storage_epilogue_dtype_and_preparation_are_apart),
        cmocka_unit_test(offsets_scalars_and_leading_dimensions_do_not_matter),
        cmocka_unit_test(a_row_is_stored_by_rows_whatever_its_strides),
        cmocka_unit_test(every_text_is_read_back_and_every_class_has_a_problem),
        cmocka_unit_test(other_texts_are_refused),
    };

    return cmocka_run_group_tests_name("class", tests, NULL, NULL);
}
