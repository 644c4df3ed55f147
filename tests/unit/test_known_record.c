/* Records of classes: as texts, and whether they can be true. */
#include "matmul/known_record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/error.h"
#include "problem_fixture.h"

/* What a tune could have kept: the second set of a tile wins over the panel. */
static tsr__known_record some_record(void)
{
    tsr__problem p = dense(100, 100, 100);
    tsr__parameters sets[2];
    tsr__known_record record = {.of = tsr__class_of(&p),
                                .winner = {.strategy = &tsr__tile,
                                           .has_set = true,
                                           .seconds = 0.001,
                                           .stock = &tsr__panel,
                                           .stock_seconds = 0.002,
                                           .m = 100,
                                           .n = 100,
                                           .k = 100,
                                           .batch = 1}};

    assert_int_equal(tsr__tile.space->sets(&p, &desktop_cpu, sets, 2), 2);
    record.winner.set = sets[1];
    return record;
}

static void a_record_is_read_back(void **state)
{
    tsr__known_record record = some_record(), back;
    tsr__records records = {0};

    (void)state;
    for (int scoped = 0; scoped < 2; scoped++) {
        record.scope = scoped ? &tsr__tile : NULL;
        assert_true(tsr__known_record_put(&records, &record));
        assert_true(tsr__known_record_parse(
            &records.items[scoped ? records.count - 1 : 0], &back));
        assert_ptr_equal(back.scope, record.scope);
        assert_true(back.of.code == record.of.code);
        assert_memory_equal(&back.winner.set, &record.winner.set,
                            sizeof back.winner.set);
    }
    tsr__records_free(&records);
}

static void other_texts_are_none(void **state)
{
    static char key[] = "any f32 1x1x1 rows rows rows";
    static char value[] = "reference | 0.1 s | stock reference 0.1 s | 1x1x1 times 1";
    static char bad_keys[][40] = {"f32 1x1x1 rows rows rows", "any", "any f32",
                                  "magic f32 1x1x1 rows rows rows"};
    tsr__record_item item = {key, value, 1};
    tsr__known_record record;

    (void)state;
    assert_true(tsr__known_record_parse(&item, &record));
    for (size_t i = 0; i < sizeof bad_keys / sizeof bad_keys[0]; i++) {
        item.key = bad_keys[i];
        assert_false(tsr__known_record_parse(&item, &record));
    }
    item = (tsr__record_item){key, key, 1};
    assert_false(tsr__known_record_parse(&item, &record));
}

static void what_can_have_been_measured_passes(void **state)
{
    tsr__known_record record = some_record();

    (void)state;
    assert_int_equal(tsr__known_record_check(&record, &desktop_cpu), TSR_OK);
    record.winner.has_set = false;
    assert_int_equal(tsr__known_record_check(&record, &desktop_cpu), TSR_OK);
    record.scope = record.winner.stock = &tsr__tile;
    assert_int_equal(tsr__known_record_check(&record, &desktop_cpu), TSR_OK);
}

/* Fails unless it is refused with these words. */
static void is_refused(tsr__known_record record, const char *words)
{
    assert_int_equal(tsr__known_record_check(&record, &desktop_cpu),
                     TSR_ERROR_ARGUMENT);
    if (!strstr(tsr_error_detail(), words))
        fail_msg("\"%s\" is not in \"%s\"", words, tsr_error_detail());
}

static void parameters_that_do_not_fit_are_refused(void **state)
{
    tsr__known_record record = some_record();

    (void)state;
    record.winner.set.values[0] = 0;
    is_refused(record, "tile cannot run 100x100x100 f32 with TM=0");
    record = some_record();
    record.winner.strategy = &tsr__stream; /* for 32 rows at most */
    record.winner.has_set = false;
    is_refused(record, "stream cannot run");
}

/* Records are of the device's work. */
static void a_stock_choice_that_cannot_be_is_refused(void **state)
{
    tsr__known_record record = some_record();

    (void)state;
    record.winner.stock = &tsr__host;
    is_refused(record, "host cannot run");
}

static void absurd_seconds_are_refused(void **state)
{
    tsr__known_record record = some_record();

    (void)state;
    record.winner.seconds = 1e-30;
    is_refused(record, "no product takes 1e-30 s");
    record.winner.seconds = record.winner.stock_seconds = 1e30;
    is_refused(record, "no product takes 1e+30 s");
    record.winner.stock_seconds = 1.0;
    record.winner.seconds = 2.0;
    is_refused(record, "more than the 1 s of the stock choice");
}

static void sizes_of_another_class_are_refused(void **state)
{
    tsr__known_record record = some_record();

    (void)state;
    record.winner.batch = 0;
    is_refused(record, "100x100x100 times 0 is no product of \"f32");
    record.winner.batch = 1;
    record.winner.m = 200;
    is_refused(record, "200x100x100");
    record.winner.m = SIZE_MAX;
    is_refused(record, "is no product of");
}

static void another_strategy_than_the_scope_is_refused(void **state)
{
    tsr__known_record record = some_record();

    (void)state;
    record.scope = &tsr__tile;
    is_refused(record, "a record of tile names panel");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_record_is_read_back),
        cmocka_unit_test(other_texts_are_none),
        cmocka_unit_test(what_can_have_been_measured_passes),
        cmocka_unit_test(parameters_that_do_not_fit_are_refused),
        cmocka_unit_test(a_stock_choice_that_cannot_be_is_refused),
        cmocka_unit_test(absurd_seconds_are_refused),
        cmocka_unit_test(sizes_of_another_class_are_refused),
        cmocka_unit_test(another_strategy_than_the_scope_is_refused),
    };

    return cmocka_run_group_tests_name("known record", tests, NULL, NULL);
}
