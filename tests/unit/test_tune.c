/* tsr_tune and the records, through the public header. */
#include <tessera/tune.h>

#include <string.h>

#include <tessera/matmul.h>

#include "cache_fixture.h"
#include "device_fixture.h"

static const tsr_tune_problem small = {.m = 40, .n = 50, .k = 60};
static const tsr_tune_problem row = {.m = 1, .n = 200, .k = 300};

static tsr_tune_options budget(double seconds)
{
    tsr_tune_options options = TSR_TUNE_OPTIONS_DEFAULT;

    options.budget_seconds = seconds;
    return options;
}

/* tsr_tune until all is decided: on a busy machine with cold caches a budget may end before
 * the first product is built. */
static tsr_status tune(tsr_device *device, const tsr_tune_problem *problems,
                       size_t count, const tsr_tune_options *options,
                       tsr_tune_result *results)
{
    for (int attempt = 0; attempt < 10; attempt++) {
        tsr_status status = tsr_tune(device, problems, count, options, results);
        size_t decided = 0;

        while (decided < count && results[decided].state != TSR_TUNE_UNDECIDED)
            decided++;
        if (status || decided == count)
            return status;
    }
    return TSR_OK;
}

/* Fails unless the call gives this error with these words in its detail. */
static void is_error(tsr_status got, tsr_status wanted, const char *words)
{
    assert_int_equal(got, wanted);
    if (!strstr(tsr_error_detail(), words))
        fail_msg("\"%s\" is not in \"%s\"", words, tsr_error_detail());
}

static void every_class_gets_a_record(void **state)
{
    const tsr_tune_problem problems[] = {small, row, {.m = 40, .n = 50, .k = 61}};
    tsr_tune_options options = budget(5.0);
    tsr_tune_result results[3];
    tsr_tune_record record;

    assert_int_equal(tsr_tune_record_count(*state), 0);
    assert_ok(tune(*state, problems, 3, &options, results));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(results[i].state, TSR_TUNE_RECORDED);
        assert_true(results[i].record.seconds > 0.0);
        assert_true(results[i].record.seconds <= results[i].record.stock_seconds);
        assert_string_equal(results[i].record.scope, "any");
    }
    assert_int_equal(results[2].record.k, 60); /* one class: one measurement */
    assert_int_equal(tsr_tune_record_count(*state), 2);
    assert_ok(tsr_tune_record_get(*state, 1, &record));
    assert_true(strncmp(record.problems, "f32 ", 4) == 0);
    is_error(tsr_tune_record_get(*state, 2, &record), TSR_ERROR_ARGUMENT, "record 2");
}

/* Tunes for the small product until there is a record. */
static tsr_tune_result tune_small(tsr_device *device)
{
    tsr_tune_options options = budget(0.5);
    tsr_tune_result result;

    assert_ok(tune(device, &small, 1, &options, &result));
    assert_int_equal(result.state, TSR_TUNE_RECORDED);
    return result;
}

static void a_fresh_device_has_the_records(void **state)
{
    tsr_device *again;

    tune_small(*state);
    assert_ok(tsr_device_open(NULL, &again));
    assert_int_equal(tsr_tune_record_count(again), 1);
    assert_ok(tsr_tune_clear(again));
    tsr_device_close(again);
    assert_ok(tsr_device_open(NULL, &again));
    assert_int_equal(tsr_tune_record_count(again), 0);
    tsr_device_close(again);
}

static void only_new_leaves_out_what_is_known(void **state)
{
    tsr_tune_options options = budget(0.5);
    tsr_tune_result result;

    tune_small(*state);
    options.only_new = true;
    assert_ok(tsr_tune(*state, &small, 1, &options, &result));
    assert_int_equal(result.state, TSR_TUNE_UNDECIDED);
    assert_string_equal(result.reason, "there is a record");
    assert_non_null(result.record.strategy);
}

static void without_time_a_record_stays(void **state)
{
    tsr_tune_options options = budget(1e-9);
    tsr_tune_result before = tune_small(*state), result;
    tsr_tune_record record;

    assert_ok(tsr_tune(*state, &small, 1, &options, &result));
    assert_int_equal(result.state, TSR_TUNE_UNDECIDED);
    assert_string_equal(result.reason, "no time was left");
    assert_string_equal(result.record.strategy, before.record.strategy);
    assert_true(result.record.seconds == before.record.seconds);
    assert_ok(tsr_tune_record_get(*state, 0, &record));
    assert_true(record.seconds == before.record.seconds);
}

static void without_time_there_is_no_record(void **state)
{
    const tsr_tune_problem problems[] = {small, row};
    tsr_tune_options options = budget(1e-9);
    tsr_tune_result results[2];

    assert_ok(tsr_tune(*state, problems, 2, &options, results));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(results[i].state, TSR_TUNE_UNDECIDED);
        assert_int_equal(results[i].candidates, 0);
        assert_null(results[i].record.strategy);
    }
    assert_int_equal(tsr_tune_record_count(*state), 0);
}

static void what_was_tried_is_counted(void **state)
{
    tsr_tune_result result = tune_small(*state);

    assert_true(result.tried >= 2);
    assert_true(result.candidates >= result.tried);
}

static void one_strategy_is_tuned_for_where_it_is_forced(void **state)
{
    tsr_tune_options options = budget(0.5);
    tsr_tune_result result;

    options.strategy = "tile";
    assert_ok(tune(*state, &small, 1, &options, &result));
    assert_int_equal(result.state, TSR_TUNE_RECORDED);
    assert_string_equal(result.record.scope, "tile");
    assert_string_equal(result.record.stock, "tile");
    assert_string_equal(result.record.strategy, "tile");
}

static void what_cannot_be_run_failed_and_says_why(void **state)
{
    tsr_tune_options options = budget(0.5);
    tsr_tune_result result;

    options.strategy = "stream"; /* for few rows */
    assert_ok(tsr_tune(*state, &small, 1, &options, &result));
    assert_int_equal(result.state, TSR_TUNE_FAILED);
    assert_non_null(strstr(result.reason, "32 rows"));
}

static void whether_records_can_be_kept_is_known_before(void **state)
{
    (void)state;
    assert_ok(tsr_tune_check_cache(true));
    chmod(cache_folder, 0755);
    is_error(tsr_tune_check_cache(false), TSR_ERROR_UNSUPPORTED, "chmod 700");
    chmod(cache_folder, 0700);
}

static void nonsense_is_refused(void **state)
{
    const tsr_tune_problem empty = {.m = 1, .n = 0, .k = 1};
    const tsr_tune_problem huge = {.m = SIZE_MAX, .n = 2, .k = 1};
    tsr_tune_options options = budget(1.0);
    tsr_tune_record record;
    size_t length;

    is_error(tsr_tune(NULL, &small, 1, NULL, NULL), TSR_ERROR_ARGUMENT, "device");
    is_error(tsr_tune(*state, NULL, 1, NULL, NULL), TSR_ERROR_ARGUMENT, "problems");
    is_error(tsr_tune(*state, &empty, 1, NULL, NULL), TSR_ERROR_ARGUMENT, "1x0x1");
    is_error(tsr_tune(*state, &huge, 1, NULL, NULL), TSR_ERROR_OVERFLOW, "too large");
    options.strategy = "magic";
    is_error(tsr_tune(*state, &small, 1, &options, NULL), TSR_ERROR_ARGUMENT, "magic");
    options = budget(0.0);
    is_error(tsr_tune(*state, &small, 1, &options, NULL), TSR_ERROR_ARGUMENT, "budget");
    is_error(tsr_tune_record_get(NULL, 0, &record), TSR_ERROR_ARGUMENT, "device");
    is_error(tsr_tune_clear(NULL), TSR_ERROR_ARGUMENT, "device");
    is_error(tsr_tune_export(*state, NULL, 1, &length), TSR_ERROR_ARGUMENT, "text");
    is_error(tsr_tune_import(*state, NULL, NULL, 0, NULL), TSR_ERROR_ARGUMENT, "text");
    is_error(tsr_tune_warm_up(NULL, NULL, 0, 0.0), TSR_ERROR_ARGUMENT, "device");
    assert_ok(tsr_tune(*state, NULL, 0, NULL, NULL));
}

/* The records as text; the caller's to free. */
static char *exported(tsr_device *device)
{
    size_t length, again;
    char *text;

    assert_ok(tsr_tune_export(device, NULL, 0, &length));
    assert_non_null(text = malloc(length + 1));
    assert_ok(tsr_tune_export(device, text, length + 1, &again));
    assert_int_equal(length, again);
    assert_int_equal(strlen(text), length);
    return text;
}

static void what_is_exported_can_be_imported(void **state)
{
    char *text, *again;
    size_t count;

    tune_small(*state);
    text = exported(*state);
    assert_ok(tsr_tune_clear(*state));
    assert_ok(tsr_tune_import(*state, NULL, text, strlen(text), &count));
    assert_int_equal(count, 1);
    again = exported(*state);
    assert_string_equal(text, again);
    free(text);
    free(again);
}

static void a_foreign_text_is_refused_with_what_differs(void **state)
{
    static const char words[] = "\ndriver ";
    char *text;

    tune_small(*state);
    text = exported(*state);
    assert_ok(tsr_tune_clear(*state));
    strstr(text, words)[sizeof words - 1] ^= 1;
    is_error(tsr_tune_import(*state, NULL, text, strlen(text), NULL),
             TSR_ERROR_ARGUMENT, "their driver is");
    is_error(tsr_tune_import(*state, NULL, "what?", 5, NULL), TSR_ERROR_ARGUMENT,
             "no empty line ends its head");
    is_error(tsr_tune_import(*state, "some.txt", "what?", 5, NULL), TSR_ERROR_ARGUMENT,
             "some.txt: no empty line ends its head");
    assert_int_equal(tsr_tune_record_count(*state), 0);
    free(text);
}

static void a_text_with_one_bad_record_adds_none(void **state)
{
    static const char bad[] = "any f32 1x1x1 rows rows rows = magic | 1 s | more\n";
    char *text, *worse;

    tune_small(*state);
    text = exported(*state);
    assert_ok(tsr_tune_clear(*state));
    assert_non_null(worse = malloc(strlen(text) + sizeof bad));
    sprintf(worse, "%s%s", text, bad);
    is_error(tsr_tune_import(*state, "worse.txt", worse, strlen(worse), NULL),
             TSR_ERROR_ARGUMENT, "worse.txt:15: ");
    assert_int_equal(tsr_tune_record_count(*state), 0);
    free(text);
    free(worse);
}

/* Of the second product: 0 if all was there. */
static double build_seconds(tsr_device *device, const tsr_tune_problem *p)
{
    const size_t a[] = {p->m, p->k}, b[] = {p->k, p->n}, c[] = {p->m, p->n};
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_matmul_report report;
    tsr_tensor *ta, *tb, *tc;

    options.report = &report;
    assert_ok(tsr_tensor_create(device, p->dtype, 2, a, &ta));
    assert_ok(tsr_tensor_create(device, p->dtype, 2, b, &tb));
    assert_ok(tsr_tensor_create(device, p->dtype, 2, c, &tc));
    assert_ok(tsr_matmul(ta, tb, tc, &options));
    assert_ok(tsr_device_finish(device));
    tsr_tensor_destroy(ta);
    tsr_tensor_destroy(tb);
    tsr_tensor_destroy(tc);
    return report.build_seconds;
}

static void after_a_warm_up_nothing_is_built(void **state)
{
    tsr_device *device;

    (void)state;
    assert_ok(tsr_device_open(NULL, &device));
    assert_true(build_seconds(device, &row) > 0.0);
    assert_ok(tsr_tune_warm_up(device, &small, 1, 0.0));
    assert_true(build_seconds(device, &small) == 0.0);
    assert_int_equal(tsr_tune_record_count(device), 0);
    for (int i = 0; i < 10 && tsr_tune_record_count(device) == 0; i++)
        assert_ok(tsr_tune_warm_up(device, &small, 1, 0.5));
    assert_int_equal(tsr_tune_record_count(device), 1);
    tsr_device_close(device);
}

static tsr_device *open_for_first_use(void)
{
    tsr_device *device;

    setenv("TESSERA_TUNE", "first-use", 1);
    assert_ok(tsr_device_open(NULL, &device));
    unsetenv("TESSERA_TUNE");
    return device;
}

/* Uses it in a process after another, as far as the device knows, until there is a record: a
 * busy machine with cold caches may not decide in one. */
static void use_first(const tsr_tune_problem *problem, size_t records)
{
    for (int i = 0; i < 10; i++) {
        tsr_device *device = open_for_first_use();
        size_t count;

        build_seconds(device, problem);
        count = tsr_tune_record_count(device);
        tsr_device_close(device);
        if (count == records)
            return;
    }
    fail_msg("there are no %zu records", records);
}

static void first_use_tunes_a_class_once_and_only_when_asked(void **state)
{
    tsr_device *device;

    (void)state;
    use_first(&small, 1);
    use_first(&row, 2);
    assert_ok(tsr_device_open(NULL, &device));
    assert_ok(tsr_tune_clear(device));
    build_seconds(device, &small);
    assert_int_equal(tsr_tune_record_count(device), 0);
    tsr_device_close(device);
    setenv("TESSERA_TUNE", "always", 1);
    is_error(tsr_device_open(NULL, &device), TSR_ERROR_ARGUMENT, "first-use");
    unsetenv("TESSERA_TUNE");
}

/* Of arrays that the device has in place; where it has none, it is a product like others. */
static void what_the_host_multiplies_is_not_tuned(void **state)
{
    static float a[64 * 64], b[64 * 64], c[64 * 64];
    float *const arrays[] = {a, b, c};
    const size_t shape[] = {64, 64};
    tsr_device *device = open_for_first_use();
    tsr_matmul_report report;
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    tsr_tensor *t[3];

    (void)state;
    options.report = &report;
    for (int i = 0; i < 3; i++)
        assert_ok(tsr_tensor_borrow_host(device, TSR_F32, 2, shape, arrays[i], &t[i]));
    assert_ok(tsr_matmul(t[0], t[1], t[2], &options));
    assert_ok(tsr_device_finish(device));
    if (strcmp(report.strategy, "host") == 0)
        assert_int_equal(tsr_tune_record_count(device), 0);
    for (int i = 0; i < 3; i++)
        tsr_tensor_destroy(t[i]);
    tsr_device_close(device);
}

#ifdef HAVE_CLBLAST

/* What has been tried of three classes. */
typedef struct race {
    tsr_device *device;
    size_t tried[3];
    bool is_fair; /* none had a third candidate before all had two */
} race;

static bool watch(void *user, const tsr_tune_progress *progress)
{
    race *r = user;
    size_t most = 0, least = SIZE_MAX;

    r->tried[progress->index] = progress->tried;
    for (int i = 0; i < 3; i++) {
        most = r->tried[i] > most ? r->tried[i] : most;
        least = r->tried[i] < least ? r->tried[i] : least;
    }
    r->is_fair = r->is_fair && (most <= 2 || least >= 2);
    return r->is_fair && tsr_tune_record_count(r->device) < 3;
}

static void every_class_is_decided_before_one_has_more(void **state)
{
    const tsr_tune_problem problems[] = {small, row, {.m = 64, .n = 64, .k = 64}};
    tsr_tune_options options = budget(300.0);
    tsr_tune_result results[3];
    race r = {.device = *state, .is_fair = true};

    options.strategy = "clblast"; /* each set but its own costs seconds */
    options.progress = watch;
    options.user = &r;
    assert_ok(tsr_tune(*state, problems, 3, &options, results));
    assert_true(r.is_fair);
    assert_int_equal(tsr_tune_record_count(*state), 3);
}

#endif

static bool stop_after_first_record(void *user, const tsr_tune_progress *progress)
{
    assert_int_equal(progress->count, 2);
    return tsr_tune_record_count(user) == 0;
}

static void what_was_found_before_a_stop_is_kept(void **state)
{
    const tsr_tune_problem problems[] = {small, row};
    tsr_tune_options options = budget(60.0);
    tsr_tune_result results[2];

    options.progress = stop_after_first_record;
    options.user = *state;
    assert_ok(tsr_tune(*state, problems, 2, &options, results));
    assert_int_equal(tsr_tune_record_count(*state), 1);
    assert_int_equal(results[0].state + results[1].state,
                     TSR_TUNE_RECORDED + TSR_TUNE_UNDECIDED);
}

static int forget_all(void **state)
{
    return (int)tsr_tune_clear(*state);
}

static int start(void **state)
{
    return make_cache(state) || open_device(state);
}

static int end(void **state)
{
    return close_device(state) || remove_cache(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(every_class_gets_a_record, forget_all),
        cmocka_unit_test_teardown(a_fresh_device_has_the_records, forget_all),
        cmocka_unit_test_teardown(only_new_leaves_out_what_is_known, forget_all),
        cmocka_unit_test_teardown(without_time_a_record_stays, forget_all),
        cmocka_unit_test_teardown(without_time_there_is_no_record, forget_all),
        cmocka_unit_test_teardown(what_was_tried_is_counted, forget_all),
        cmocka_unit_test_teardown(one_strategy_is_tuned_for_where_it_is_forced,
                                  forget_all),
        cmocka_unit_test_teardown(what_cannot_be_run_failed_and_says_why, forget_all),
        cmocka_unit_test_teardown(what_was_found_before_a_stop_is_kept, forget_all),
#ifdef HAVE_CLBLAST
        cmocka_unit_test_teardown(every_class_is_decided_before_one_has_more,
                                  forget_all),
#endif
        cmocka_unit_test(whether_records_can_be_kept_is_known_before),
        cmocka_unit_test_teardown(nonsense_is_refused, forget_all),
        cmocka_unit_test_teardown(what_is_exported_can_be_imported, forget_all),
        cmocka_unit_test_teardown(a_foreign_text_is_refused_with_what_differs,
                                  forget_all),
        cmocka_unit_test_teardown(a_text_with_one_bad_record_adds_none, forget_all),
        cmocka_unit_test_teardown(after_a_warm_up_nothing_is_built, forget_all),
        cmocka_unit_test_teardown(first_use_tunes_a_class_once_and_only_when_asked,
                                  forget_all),
        cmocka_unit_test_teardown(what_the_host_multiplies_is_not_tuned, forget_all),
    };

    return cmocka_run_group_tests_name("tune", tests, start, end);
}
