/* What records say, and that the router does it: on devices of which only the facts
 * exist. */
#include "matmul/known.h"

#include <string.h>
#include <sys/wait.h>

#include "base/error.h"
#include "cache_fixture.h"
#include "matmul/router.h"
#include "problem_fixture.h"

#include <tessera/tune.h>

/* A winner that the cost model would not take for this problem. */
static tsr__winner winner_of(const tsr__strategy *strategy, const tsr__problem *p)
{
    tsr__winner w = {.strategy = strategy,
                     .seconds = 0.001,
                     .stock = &tsr__panel,
                     .stock_seconds = 0.002,
                     .m = p->m,
                     .n = p->n,
                     .k = p->k,
                     .batch = p->batch};
    return w;
}

static void keep(tsr_device *device, const tsr__problem *p, const tsr__strategy *scope,
                 const tsr__winner *w)
{
    if (tsr__known_keep(device, tsr__class_of(p), scope, w))
        fail_msg("%s", tsr_error_detail());
}

/* The name of the router's choice in a fresh process with these facts. */
static const char *routed(const tsr_device_info *info, const tsr__problem *p,
                          const char *forced, tsr__strategies except,
                          tsr__choice *choice)
{
    struct tsr_device device = {.info = *info};
    tsr_status status = tsr__route(&device, p, forced, except, choice);

    forget(&device);
    return status ? tsr_status_name(status) : choice->strategy->name;
}

/* Keeps a record that `strategy` wins for 100x100x100 on a desktop's CPU. */
static tsr__problem record(const tsr__strategy *strategy, const tsr__parameters *set)
{
    struct tsr_device device = {.info = desktop_cpu};
    tsr__problem p = dense(100, 100, 100);
    tsr__winner w = winner_of(strategy, &p);

    if ((w.has_set = set != NULL))
        w.set = *set;
    keep(&device, &p, NULL, &w);
    forget(&device);
    return p;
}

/* A set that the tile would not take by itself. */
static tsr__parameters second_tile(const tsr__problem *p)
{
    tsr__parameters sets[2];

    assert_int_equal(tsr__tile.space->sets(p, &desktop_cpu, sets, 2), 2);
    return sets[1];
}

static void the_router_takes_a_record_in_the_next_process(void **state)
{
    tsr__problem p = dense(100, 100, 100);
    tsr__parameters set = second_tile(&p);
    tsr__choice choice;

    (void)state;
    assert_string_equal(routed(&desktop_cpu, &p, NULL, 0, &choice), "panel");
    record(&tsr__tile, &set);
    assert_string_equal(routed(&desktop_cpu, &p, NULL, 0, &choice), "tile");
    assert_true(choice.has_set && choice.seconds == 0.001 && !choice.forced);
    assert_memory_equal(&choice.set, &set, sizeof set);
}

static void a_record_speaks_for_its_class_and_no_other(void **state)
{
    tsr__problem p = record(&tsr__reference, NULL), near = dense(103, 101, 99);
    tsr__problem other = dense(150, 100, 100);
    tsr__choice choice;

    (void)state;
    assert_string_equal(routed(&desktop_cpu, &near, NULL, 0, &choice), "reference");
    assert_string_equal(routed(&desktop_cpu, &other, NULL, 0, &choice), "panel");
    p.has_bias = true;
    assert_string_equal(routed(&desktop_cpu, &p, NULL, 0, &choice), "panel");
}

static void a_record_of_launches_gives_way_to_the_host(void **state)
{
    tsr__problem p = record(&tsr__tile, NULL);
    tsr__choice choice;

    (void)state;
    p.on_host = true; /* some 20 us there; the record says 1 ms */
    assert_string_equal(routed(&desktop_cpu, &p, NULL, 0, &choice), "host");
    assert_string_equal(
        routed(&desktop_cpu, &p, NULL, tsr__strategies_of(&tsr__host), &choice),
        "tile");
    assert_string_equal(routed(&desktop_cpu, &p, "panel", 0, &choice), "panel");
}

static void another_driver_or_device_goes_by_cost(void **state)
{
    tsr__problem p = record(&tsr__reference, NULL);
    tsr_device_info other = desktop_cpu;
    tsr__choice choice;

    (void)state;
    strcpy(other.driver, "2");
    assert_string_equal(routed(&other, &p, NULL, 0, &choice), "panel");
    other = desktop_cpu;
    other.compute_units = 4;
    assert_string_equal(routed(&other, &p, NULL, 0, &choice), "panel");
}

static void a_lost_file_goes_by_cost(void **state)
{
    tsr__problem p = record(&tsr__reference, NULL);
    tsr__choice choice;

    (void)state;
    assert_int_equal(truncate(only_cache_file(), 100), 0);
    assert_string_equal(routed(&desktop_cpu, &p, NULL, 0, &choice), "panel");
    assert_int_equal(unlink(only_cache_file()), 0);
    assert_string_equal(routed(&desktop_cpu, &p, NULL, 0, &choice), "panel");
}

static void a_set_that_does_not_fit_is_no_record(void **state)
{
    tsr__parameters zeros = {{0}};
    tsr__problem p = record(&tsr__tile, &zeros);
    tsr__choice choice;

    (void)state;
    assert_string_equal(routed(&desktop_cpu, &p, NULL, 0, &choice), "panel");
}

static void a_strategy_that_cannot_run_is_no_record(void **state)
{
    tsr__problem p = record(&tsr__stream, NULL); /* for 32 rows at most */
    tsr__choice choice;

    (void)state;
    assert_string_equal(routed(&desktop_cpu, &p, NULL, 0, &choice), "panel");
}

static void a_recorded_strategy_that_failed_is_left_for_the_cheapest(void **state)
{
    tsr__problem p = record(&tsr__tile, NULL);
    tsr__choice choice;

    (void)state;
    assert_string_equal(
        routed(&desktop_cpu, &p, NULL, tsr__strategies_of(&tsr__tile), &choice),
        "panel");
}

static void what_is_forced_has_records_of_its_own(void **state)
{
    struct tsr_device device = {.info = desktop_cpu};
    tsr__problem p = dense(100, 100, 100);
    tsr__winner w = winner_of(&tsr__tile, &p);
    tsr__choice choice;

    (void)state;
    w.has_set = true;
    w.set = second_tile(&p);
    record(&tsr__tile, &w.set);
    assert_string_equal(routed(&desktop_cpu, &p, "tile", 0, &choice), "tile");
    assert_true(choice.forced && !choice.has_set && choice.seconds == 0.0);
    keep(&device, &p, &tsr__tile, &w);
    forget(&device);
    assert_string_equal(routed(&desktop_cpu, &p, "tile", 0, &choice), "tile");
    assert_true(choice.forced && choice.has_set && choice.seconds == 0.001);
    assert_string_equal(routed(&desktop_cpu, &p, "panel", 0, &choice), "panel");
    assert_false(choice.has_set);
}

static void two_processes_do_not_lose_each_others_records(void **state)
{
    struct tsr_device one = {.info = desktop_cpu}, two = {.info = desktop_cpu};
    tsr__problem p = dense(100, 100, 100), q = dense(200, 200, 200);
    tsr__winner w = winner_of(&tsr__reference, &p);
    tsr__known_record record;
    tsr__choice choice;

    (void)state;
    assert_false(tsr__known_at(&one, 0, &record)); /* both have looked */
    assert_false(tsr__known_at(&two, 0, &record));
    keep(&one, &p, NULL, &w);
    keep(&two, &q, NULL, &w);
    forget(&one);
    forget(&two);
    assert_string_equal(routed(&desktop_cpu, &p, NULL, 0, &choice), "reference");
    assert_string_equal(routed(&desktop_cpu, &q, NULL, 0, &choice), "reference");
}

static void without_a_place_records_hold_for_the_process(void **state)
{
    struct tsr_device device = {.info = desktop_cpu};
    tsr__problem p = dense(100, 100, 100);
    tsr__winner w = winner_of(&tsr__reference, &p), found;
    bool shipped;

    (void)state;
    setenv("TESSERA_CACHE_DIR", "off", 1);
    assert_int_equal(tsr__known_keep(&device, tsr__class_of(&p), NULL, &w),
                     TSR_ERROR_UNSUPPORTED);
    assert_non_null(strstr(tsr_error_detail(), "TESSERA_CACHE_DIR"));
    assert_true(tsr__known_find(&device, &p, NULL, &found, &shipped));
    forget(&device);
    setenv("TESSERA_CACHE_DIR", cache_folder, 1);
}

static void what_is_given_up_is_known_but_says_nothing(void **state)
{
    struct tsr_device device = {.info = desktop_cpu};
    tsr__problem p = dense(100, 100, 100);
    tsr__known_record record;
    tsr__winner found;
    bool shipped;

    (void)state;
    assert_false(tsr__known_has(&device, &p, NULL));
    tsr__known_give_up(&device, tsr__class_of(&p));
    assert_true(tsr__known_has(&device, &p, NULL));
    assert_false(tsr__known_find(&device, &p, NULL, &found, &shipped));
    assert_false(tsr__known_at(&device, 0, &record));
    forget(&device);
}

static void clearing_forgets_here_and_on_disk(void **state)
{
    struct tsr_device device = {.info = desktop_cpu};
    tsr__problem p = record(&tsr__reference, NULL);
    tsr__known_record known;
    tsr__choice choice;

    (void)state;
    assert_true(tsr__known_at(&device, 0, &known));
    assert_int_equal(tsr__known_clear(&device), TSR_OK);
    assert_false(tsr__known_at(&device, 0, &known));
    forget(&device);
    assert_string_equal(routed(&desktop_cpu, &p, NULL, 0, &choice), "panel");
}

enum { PROCESSES = 6, EACH = 8 };

/* Each keeps records of its own classes, as one that tunes does. */
static void keep_many(int process)
{
    struct tsr_device device = {.info = desktop_cpu};

    for (int i = 0; i < EACH; i++) {
        tsr__problem p = dense((size_t)1 << i, (size_t)1 << 2 * process, 100);
        tsr__winner w = winner_of(&tsr__tile, &p);

        if (tsr__known_keep(&device, tsr__class_of(&p), NULL, &w))
            _exit(1);
    }
    _exit(0);
}

static void processes_that_tune_at_once_lose_no_record(void **state)
{
    struct tsr_device device = {.info = desktop_cpu};
    pid_t processes[PROCESSES];
    int ended;

    (void)state;
    for (int i = 0; i < PROCESSES; i++)
        if (!(processes[i] = fork()))
            keep_many(i);
    for (int i = 0; i < PROCESSES; i++) {
        assert_int_equal(waitpid(processes[i], &ended, 0), processes[i]);
        assert_int_equal(ended, 0);
    }
    assert_int_equal(tsr_tune_record_count(&device), PROCESSES * EACH);
    forget(&device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(processes_that_tune_at_once_lose_no_record,
                                  empty_cache),
        cmocka_unit_test_teardown(the_router_takes_a_record_in_the_next_process,
                                  empty_cache),
        cmocka_unit_test_teardown(a_record_speaks_for_its_class_and_no_other,
                                  empty_cache),
        cmocka_unit_test_teardown(a_record_of_launches_gives_way_to_the_host,
                                  empty_cache),
        cmocka_unit_test_teardown(another_driver_or_device_goes_by_cost, empty_cache),
        cmocka_unit_test_teardown(a_lost_file_goes_by_cost, empty_cache),
        cmocka_unit_test_teardown(a_set_that_does_not_fit_is_no_record, empty_cache),
        cmocka_unit_test_teardown(a_strategy_that_cannot_run_is_no_record, empty_cache),
        cmocka_unit_test_teardown(
            a_recorded_strategy_that_failed_is_left_for_the_cheapest, empty_cache),
        cmocka_unit_test_teardown(what_is_forced_has_records_of_its_own, empty_cache),
        cmocka_unit_test_teardown(two_processes_do_not_lose_each_others_records,
                                  empty_cache),
        cmocka_unit_test_teardown(without_a_place_records_hold_for_the_process,
                                  empty_cache),
        cmocka_unit_test_teardown(what_is_given_up_is_known_but_says_nothing,
                                  empty_cache),
        cmocka_unit_test_teardown(clearing_forgets_here_and_on_disk, empty_cache),
    };

    return cmocka_run_group_tests_name("known", tests, make_cache, remove_cache);
}
