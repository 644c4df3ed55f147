/* The search: the fastest right candidate wins, and nothing else. Strategies here are
 * fakes over `reference`, slowed down or made wrong on purpose. */
#include "matmul/search.h"

#include <string.h>
#include <time.h>

#include "base/error.h"
#include "device_fixture.h"
#include "matmul/class.h"
#include "matmul/stage.h"
#include "problem_fixture.h"

/* A way that takes so long, and whether it does its work. */
typedef struct fake {
    double seconds;
    bool right;
    size_t runs;  /* of this search */
    size_t lucky; /* of them, the first so many take half as long */
    size_t held;  /* unless it is 0: from this one on they take five times as long */
} fake;

static fake stock_fake, other_fake, set_fakes[3];
static bool stock_builds;
static size_t plans_made;
static bool is_overridden;

/* Runs in which what loses in the end takes half as long there. */
static size_t lucky_end;

/* What the searches of a test share. */
static tsr__pace pace;

static const char *can_run(const tsr__problem *problem, const tsr_device_info *info)
{
    (void)problem, (void)info;
    return NULL;
}

static double cost(const tsr__problem *problem, const tsr_device_info *info)
{
    (void)problem, (void)info;
    return 1e-3;
}

static tsr_status plan(tsr_device *device, tsr__plan *plan)
{
    (void)device, (void)plan;
    plans_made++;
    return TSR_OK;
}

static tsr_status stock_plan(tsr_device *device, tsr__plan *plan)
{
    (void)device, (void)plan;
    return stock_builds ? TSR_OK : tsr__fail(TSR_ERROR_BUILD, "it does not build");
}

static void wait(double seconds)
{
    struct timespec time = {0, (long)(1e9 * seconds)};

    nanosleep(&time, NULL);
}

/* The first run, which is judged, computes if `right`; else C stays as it is. The others are
 * timed and only wait: what computing takes depends on what else runs. */
static tsr_status run(const tsr__plan *plan, const tsr__operands *operands,
                      tsr__sequence *sequence, fake *f)
{
    wait(f->runs < f->lucky              ? f->seconds / 2.0
         : f->held && f->runs >= f->held ? f->seconds * 5.0
                                         : f->seconds);
    return f->runs++ == 0 && f->right ? tsr__reference.enqueue(plan, operands, sequence)
                                      : TSR_OK;
}

static tsr_status stock_enqueue(const tsr__plan *plan, const tsr__operands *operands,
                                tsr__sequence *sequence)
{
    return run(plan, operands, sequence, &stock_fake);
}

static tsr_status other_enqueue(const tsr__plan *plan, const tsr__operands *operands,
                                tsr__sequence *sequence)
{
    return run(plan, operands, sequence, &other_fake);
}

static tsr_status space_enqueue(const tsr__plan *plan, const tsr__operands *operands,
                                tsr__sequence *sequence)
{
    return run(plan, operands, sequence,
               &set_fakes[plan->parameters ? plan->parameters->values[0] : 0]);
}

static const char *const names[] = {"SET", NULL};

static size_t sets(const tsr__problem *problem, const tsr_device_info *info,
                   tsr__parameters *out, size_t room)
{
    (void)problem, (void)info;
    for (unsigned i = 0; i < 3 && i < room; i++)
        out[i] = (tsr__parameters){{i}};
    return room < 3 ? room : 3;
}

static double estimate(const tsr__problem *problem, const tsr_device_info *info,
                       const tsr__parameters *set)
{
    (void)problem, (void)info;
    return 1e-3 * (1.0 + 0.1 * (double)set->values[0]);
}

static bool fits(const tsr__problem *problem, const tsr_device_info *info,
                 const tsr__parameters *set)
{
    (void)problem, (void)info;
    return set->values[0] < 3;
}

static const tsr__space space = {names, sets, estimate, fits, NULL};
static const tsr__strategy stock = {"stock",    can_run,       cost,
                                    stock_plan, stock_enqueue, NULL};
static const tsr__strategy other = {"other", can_run, cost, plan, other_enqueue, NULL};
static const tsr__strategy spacious = {"spacious", can_run,       cost,
                                       plan,       space_enqueue, &space};

static int reset(void **state)
{
    (void)state;
    stock_fake = other_fake = (fake){9e-3, true, 0, 0, 0};
    for (int i = 0; i < 3; i++)
        set_fakes[i] = stock_fake;
    stock_builds = true;
    plans_made = 0;
    is_overridden = false;
    lucky_end = 0;
    return 0;
}

typedef struct outcome {
    tsr_status status;
    bool found;
    tsr__winner winner;
} outcome;

static const tsr__search_time enough = {.share = 60, .most = 60, .may_override = true};

static tsr__search *search_of(tsr_device *device, const tsr__problem *problem,
                              tsr__search_goal goal)
{
    tsr__search *search;

    pace = (tsr__pace){{NULL}, {0.0}};
    stock_fake.runs = other_fake.runs = 0;
    for (int i = 0; i < 3; i++)
        set_fakes[i].runs = 0;
    goal.pace = &pace;
    assert_ok(tsr__search_create(device, problem, &goal, &search));
    return search;
}

static outcome go(tsr__search *search, const tsr__search_time *time)
{
    outcome o = {.status = tsr__search_go(search, time)};

    o.found = tsr__search_winner(search, &o.winner);
    return o;
}

/* With a second strategy and what a record says of this problem. */
static outcome search_knowing(tsr_device *device, const tsr__strategy *second,
                              const tsr__winner *known, const tsr__search_time *time)
{
    const tsr__strategy *strategies[] = {second, &stock};
    const tsr__search_goal goal = {
        .strategies = strategies, .count = 2, .stock = &stock, .known = known};
    tsr__problem p = dense(5, 7, 9);
    tsr__search *search = search_of(device, &p, goal);
    outcome o = go(search, time);

    tsr__search_destroy(search);
    return o;
}

static outcome search_with(tsr_device *device, const tsr__strategy *second)
{
    return search_knowing(device, second, NULL, &enough);
}

static void the_faster_wins(void **state)
{
    outcome o;

    other_fake.seconds = 1e-3;
    o = search_with(*state, &other);
    assert_int_equal(o.status, TSR_OK);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &other);
    assert_ptr_equal(o.winner.stock, &stock);
    assert_true(o.winner.seconds >= 1e-3);
    assert_true(o.winner.stock_seconds > 2 * o.winner.seconds);
    assert_int_equal(o.winner.m, 5);
    assert_int_equal(o.winner.batch, 1);
}

static void a_fast_wrong_one_never_wins(void **state)
{
    outcome o;

    other_fake.seconds = 0.0;
    other_fake.right = false;
    o = search_with(*state, &other);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &stock);
}

static void a_gain_within_noise_is_none(void **state)
{
    outcome o;

    stock_fake.seconds = 30e-3;
    other_fake.seconds = 29.7e-3; /* 1% */
    o = search_with(*state, &other);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &stock);
    assert_false(o.winner.has_set);
    assert_true(o.winner.seconds == o.winner.stock_seconds);
}

/* Judged, warmed up, timed twice, and in two rounds of the first three. */
static void two_lucky_rounds_make_no_winner(void **state)
{
    const tsr__search_time little = {.share = 0, .most = 60};
    outcome o;

    other_fake.seconds = 12e-3;
    other_fake.lucky = 1 + 1 + 2 + 2;
    o = search_knowing(*state, &other, NULL, &little);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &stock);
}

/* Judged, warmed up, timed twice; then faster in most rounds, but by 1%. */
static void a_lucky_time_when_it_was_tried_makes_no_winner(void **state)
{
    outcome o;

    stock_fake.seconds = 30e-3;
    other_fake.seconds = 29.7e-3;
    other_fake.lucky = 1 + 1 + 2;
    o = search_with(*state, &other);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &stock);
}

/* Judged, warmed up, timed twice; then something else has the processor in all its turns. */
static void a_machine_that_holds_up_stock_makes_no_winner(void **state)
{
    outcome o;

    stock_fake.seconds = 9e-3;
    stock_fake.held = 1 + 1 + 2;
    other_fake.seconds = 12e-3;
    o = search_with(*state, &other);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &stock);
}

/* What stays of a winner among `second`'s candidates that has to win again when `loser`, if
 * not NULL, has become slow. */
static outcome confirm(tsr_device *device, const tsr__strategy *second,
                       const tsr__winner *known, fake *loser,
                       const tsr__search_time *time)
{
    const tsr__strategy *strategies[] = {second, &stock};
    const tsr__search_goal goal = {
        .strategies = strategies, .count = 2, .stock = &stock, .known = known};
    tsr__problem p = dense(5, 7, 9);
    tsr__search *search = search_of(device, &p, goal);
    outcome o = go(search, &enough);

    assert_ptr_equal(o.winner.strategy, second);
    assert_true(tsr__search_can_confirm(search));
    if (loser) {
        loser->seconds = 12e-3;
        loser->lucky = loser->runs + lucky_end;
    }
    o.status = tsr__search_confirm(search, time);
    o.found = tsr__search_winner(search, &o.winner);
    tsr__search_destroy(search);
    return o;
}

static void a_winner_stays_if_it_wins_again(void **state)
{
    outcome o;

    other_fake.seconds = 5e-3;
    o = confirm(*state, &other, NULL, NULL, &enough);
    assert_int_equal(o.status, TSR_OK);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &other);
    o = confirm(*state, &other, NULL, &other_fake, &enough);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &stock);
    assert_true(o.winner.seconds < 12e-3);
}

/* Lucky for all of sixteen rounds, and slow for the rest of the time. */
static void a_lucky_moment_is_not_the_last_word(void **state)
{
    outcome o;

    other_fake.seconds = 8e-3;
    stock_fake.seconds = 9e-3;
    lucky_end = 16;
    o = confirm(*state, &other, NULL, &other_fake, &enough);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &stock);
}

static bool never(void *user, const tsr__search_news *news)
{
    (void)user, (void)news;
    return false;
}

static void a_winner_stays_if_the_end_is_stopped(void **state)
{
    tsr__search_time time = enough;
    outcome o;

    time.go_on = never;
    other_fake.seconds = 5e-3;
    o = confirm(*state, &other, NULL, &other_fake, &time);
    assert_int_equal(o.status, TSR_OK);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &other);
}

static void stock_has_nothing_to_win_again(void **state)
{
    const tsr__strategy *strategies[] = {&other, &stock};
    tsr__problem p = dense(5, 7, 9);
    tsr__search *search = search_of(
        *state, &p,
        (tsr__search_goal){.strategies = strategies, .count = 2, .stock = &stock});

    other_fake.seconds = 12e-3;
    assert_false(tsr__search_can_confirm(search));
    assert_ptr_equal(go(search, &enough).winner.strategy, &stock);
    assert_false(tsr__search_can_confirm(search));
    tsr__search_destroy(search);
}

static void a_slower_one_does_not_win(void **state)
{
    outcome o;

    other_fake.seconds = 12e-3;
    o = search_with(*state, &other);
    assert_ptr_equal(o.winner.strategy, &stock);
}

static void the_best_set_wins(void **state)
{
    outcome o;

    set_fakes[2].seconds = 1e-3;
    set_fakes[1].seconds = 4e-3;
    o = search_with(*state, &spacious);
    assert_ptr_equal(o.winner.strategy, &spacious);
    assert_true(o.winner.has_set);
    assert_int_equal(o.winner.set.values[0], 2);
    assert_int_equal(plans_made, 3); /* the first set is the best guess */
}

static void
where_stock_is_wrong_or_does_not_build_the_best_that_is_right_wins(void **state)
{
    outcome o;

    stock_fake.right = false;
    stock_fake.seconds = 0.0;
    o = search_with(*state, &other);
    assert_ptr_equal(o.winner.strategy, &other);
    assert_true(o.winner.stock_seconds == o.winner.seconds);
    stock_builds = false;
    o = search_with(*state, &other);
    assert_ptr_equal(o.winner.strategy, &other);
}

static void where_nothing_is_right_nothing_is_found(void **state)
{
    outcome o;

    stock_fake.right = other_fake.right = false;
    o = search_with(*state, &other);
    assert_int_equal(o.status, TSR_ERROR_UNSUPPORTED);
    assert_false(o.found);
    assert_non_null(strstr(tsr_error_detail(), "right results"));
}

/* Goes on until the given number of candidates has been tried. */
static bool until(void *user, const tsr__search_news *news)
{
    return news->tried < *(size_t *)user;
}

static void a_search_that_is_stopped_says_nothing(void **state)
{
    for (size_t stop = 0; stop <= 2; stop++) {
        tsr__search_time time = enough;
        outcome o;

        time.go_on = until;
        time.user = &stop;
        o = search_knowing(*state, &other, NULL, &time);
        assert_int_equal(o.status, TSR_OK);
        assert_false(o.found);
    }
}

static bool note(void *user, const tsr__search_news *news)
{
    *(tsr__search_news *)user = *news;
    return true;
}

static void news_say_how_far_it_is(void **state)
{
    tsr__search_news last = {0};
    tsr__search_time time = enough;

    other_fake.seconds = 1e-3;
    time.go_on = note;
    time.user = &last;
    search_knowing(*state, &other, NULL, &time);
    assert_int_equal(last.tried, 2);
    assert_int_equal(last.candidates, 2);
    assert_true(last.best_seconds > 0.0 && last.stock_seconds >= last.best_seconds);
}

/* ---- Records --------------------------------------------------------------------- */

static tsr__winner recorded(const tsr__strategy *strategy, unsigned set)
{
    return (tsr__winner){.strategy = strategy,
                         .has_set = strategy->space != NULL,
                         .set = {{set}},
                         .seconds = 1e-3,
                         .stock = &stock,
                         .stock_seconds = 2e-3};
}

static void what_a_record_says_keeps_its_place_within_noise(void **state)
{
    tsr__winner known = recorded(&spacious, 2);
    outcome o;

    stock_fake.seconds = 60e-3;
    set_fakes[0].seconds = set_fakes[1].seconds = 29.7e-3; /* 1% */
    set_fakes[2].seconds = 30e-3;
    o = search_knowing(*state, &spacious, &known, &enough);
    assert_true(o.found && o.winner.has_set);
    assert_int_equal(o.winner.set.values[0], 2);
    assert_true(o.winner.seconds >= 30e-3 && o.winner.stock_seconds >= 60e-3);
}

static void what_a_record_says_gives_way_to_the_faster_and_to_stock(void **state)
{
    tsr__winner known = recorded(&spacious, 2);
    outcome o;

    set_fakes[1].seconds = 1e-3;
    set_fakes[2].seconds = 5e-3;
    o = search_knowing(*state, &spacious, &known, &enough);
    assert_int_equal(o.winner.set.values[0], 1);
    set_fakes[0].seconds = set_fakes[1].seconds = set_fakes[2].seconds = 20e-3;
    o = search_knowing(*state, &spacious, &known, &enough);
    assert_ptr_equal(o.winner.strategy, &stock);
}

static void what_a_record_says_is_tried_first_and_decides_with_stock(void **state)
{
    const tsr__search_time little = {.share = 0, .most = 60};
    tsr__winner known = recorded(&spacious, 1);
    outcome o;

    set_fakes[1].seconds = 1e-3;
    o = search_knowing(*state, &spacious, &known, &little);
    assert_true(o.found);
    assert_int_equal(o.winner.set.values[0], 1);
    assert_int_equal(plans_made, 1);
}

static void a_record_that_cannot_run_is_left_out(void **state)
{
    tsr__winner known = recorded(&spacious, 7);
    outcome o = search_knowing(*state, &spacious, &known, &enough);

    assert_true(o.found);
    assert_int_equal(plans_made, 3);
}

static void the_place_of_a_winner_that_loses_goes_back(void **state)
{
    tsr__winner known = recorded(&spacious, 2);
    outcome o;

    set_fakes[1].seconds = 2e-3;
    set_fakes[2].seconds = 5e-3;
    o = confirm(*state, &spacious, &known, &set_fakes[1], &enough);
    assert_true(o.found && o.winner.has_set);
    assert_int_equal(o.winner.set.values[0], 2);
}

/* ---- Time ------------------------------------------------------------------------ */

static void without_time_for_two_nothing_is_said(void **state)
{
    const tsr__search_time none = {.share = 0, .most = 0};
    outcome o = search_knowing(*state, &other, NULL, &none);

    assert_int_equal(o.status, TSR_OK);
    assert_false(o.found);
}

static void a_search_goes_on_where_it_was(void **state)
{
    const tsr__search_time little = {.share = 0, .most = 60};
    const tsr__strategy *strategies[] = {&spacious, &stock};
    tsr__problem p = dense(5, 7, 9);
    tsr__search *search = search_of(
        *state, &p,
        (tsr__search_goal){.strategies = strategies, .count = 2, .stock = &stock});
    outcome o;

    set_fakes[0].seconds = 18e-3;
    set_fakes[2].seconds = 1e-3;
    o = go(search, &little);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &stock);
    assert_int_equal(tsr__search_so_far(search).tried, 2);
    assert_true(tsr__search_needs(search) > 0.0);
    o = go(search, &enough);
    assert_int_equal(o.winner.set.values[0], 2);
    assert_int_equal(plans_made, 3);
    assert_true(tsr__search_needs(search) == 0.0);
    tsr__search_destroy(search);
}

static void what_takes_too_long_by_its_pace_is_not_begun(void **state)
{
    const tsr__strategy *strategies[] = {&spacious, &stock};
    tsr__problem p = dense(5, 7, 9);
    tsr__search *search = search_of(
        *state, &p,
        (tsr__search_goal){.strategies = strategies, .count = 2, .stock = &stock});
    outcome o;

    tsr__pace_note(&pace, &spacious, 1e6);
    o = go(search, &enough);
    assert_false(o.found);
    assert_int_equal(plans_made, 0);
    assert_true(tsr__search_needs(search) > 1e6);
    tsr__search_destroy(search);
}

/* ---- What overrides ---------------------------------------------------------------- */

static tsr_status override(tsr_device *device, tsr__plan *plan)
{
    (void)device;
    is_overridden = is_overridden || plan->parameters;
    return TSR_OK;
}

static bool overridden(tsr_device *device, const tsr__problem *problem)
{
    (void)device, (void)problem;
    return is_overridden;
}

static void sets_that_override_wait_until_they_may(void **state)
{
    const tsr__space space_that_overrides = {names, sets, estimate, fits, overridden};
    const tsr__strategy jealous = {"jealous", can_run,       cost,
                                   override,  space_enqueue, &space_that_overrides};
    const tsr__strategy *strategies[] = {&jealous};
    const tsr__search_time careful = {.share = 60, .most = 60};
    tsr__problem p = dense(5, 7, 9);
    tsr__search *search = search_of(
        *state, &p,
        (tsr__search_goal){.strategies = strategies, .count = 1, .stock = &jealous});
    outcome o;

    set_fakes[1].seconds = 1e-3;
    o = go(search, &careful);
    assert_false(o.found || is_overridden);
    assert_int_equal(tsr__search_so_far(search).tried, 1);
    o = go(search, &enough);
    assert_true(o.found && is_overridden);
    assert_int_equal(o.winner.set.values[0], 1);
    assert_true(o.winner.stock_seconds > 8e-3);
    tsr__search_destroy(search);
}

/* Judged, warmed up, timed five times; then as slow as it is. */
static void a_guess_that_is_not_overridden_takes_turns(void **state)
{
    const tsr__space space_that_overrides = {names, sets, estimate, fits, overridden};
    const tsr__strategy jealous = {"jealous", can_run,       cost,
                                   override,  space_enqueue, &space_that_overrides};
    const tsr__search_time careful = {.share = 60, .most = 60};
    outcome o;

    set_fakes[0].seconds = 12e-3;
    set_fakes[0].lucky = 1 + 1 + 5;
    o = search_knowing(*state, &jealous, NULL, &careful);
    assert_true(o.found);
    assert_ptr_equal(o.winner.strategy, &stock);
}

static void operands_are_laid_out_like_the_problem(void **state)
{
    const tsr__strategy *strategies[] = {&stock};
    const tsr__search_goal goal = {
        .strategies = strategies, .count = 1, .stock = &stock};
    tsr__problem p[5];

    for (int i = 0; i < 5; i++)
        p[i] = dense(5, 7, 9);
    p[0].a = (tsr__layout){0, 1, 5, 0};
    p[0].c = (tsr__layout){0, 1, 5, 0};
    p[1].b = (tsr__layout){0, 30, 3, 0};
    p[2].has_bias = true;
    p[2].activation = TSR_ACTIVATION_TANH;
    p[2].b_prepared = true;
    p[3].batch = 3;
    p[3].a.batch = 45;
    p[3].c.batch = 35;
    p[4] = dense(1, 7, 9);
    p[4].a = (tsr__layout){0, 27, 3, 0}; /* a row with gaps */
    for (int i = 0; i < 5; i++) {
        tsr__search *search = search_of(*state, &p[i], goal);
        tsr__stage stage;

        assert_true(go(search, &enough).found);
        tsr__search_destroy(search);
        assert_ok(tsr__stage_set(*state, &p[i], &stage));
        assert_true(tsr__class_of(&stage.problem).code == tsr__class_of(&p[i]).code);
        assert_int_equal(stage.problem.b.batch, 0);
        tsr__stage_clear(&stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_faster_wins, reset),
        cmocka_unit_test_setup(a_fast_wrong_one_never_wins, reset),
        cmocka_unit_test_setup(a_gain_within_noise_is_none, reset),
        cmocka_unit_test_setup(two_lucky_rounds_make_no_winner, reset),
        cmocka_unit_test_setup(a_lucky_time_when_it_was_tried_makes_no_winner, reset),
        cmocka_unit_test_setup(a_machine_that_holds_up_stock_makes_no_winner, reset),
        cmocka_unit_test_setup(a_winner_stays_if_it_wins_again, reset),
        cmocka_unit_test_setup(a_lucky_moment_is_not_the_last_word, reset),
        cmocka_unit_test_setup(a_winner_stays_if_the_end_is_stopped, reset),
        cmocka_unit_test_setup(stock_has_nothing_to_win_again, reset),
        cmocka_unit_test_setup(a_slower_one_does_not_win, reset),
        cmocka_unit_test_setup(the_best_set_wins, reset),
        cmocka_unit_test_setup(
            where_stock_is_wrong_or_does_not_build_the_best_that_is_right_wins, reset),
        cmocka_unit_test_setup(where_nothing_is_right_nothing_is_found, reset),
        cmocka_unit_test_setup(a_search_that_is_stopped_says_nothing, reset),
        cmocka_unit_test_setup(news_say_how_far_it_is, reset),
        cmocka_unit_test_setup(what_a_record_says_keeps_its_place_within_noise, reset),
        cmocka_unit_test_setup(what_a_record_says_gives_way_to_the_faster_and_to_stock,
                               reset),
        cmocka_unit_test_setup(what_a_record_says_is_tried_first_and_decides_with_stock,
                               reset),
        cmocka_unit_test_setup(a_record_that_cannot_run_is_left_out, reset),
        cmocka_unit_test_setup(the_place_of_a_winner_that_loses_goes_back, reset),
        cmocka_unit_test_setup(without_time_for_two_nothing_is_said, reset),
        cmocka_unit_test_setup(a_search_goes_on_where_it_was, reset),
        cmocka_unit_test_setup(what_takes_too_long_by_its_pace_is_not_begun, reset),
        cmocka_unit_test_setup(sets_that_override_wait_until_they_may, reset),
        cmocka_unit_test_setup(a_guess_that_is_not_overridden_takes_turns, reset),
        cmocka_unit_test_setup(operands_are_laid_out_like_the_problem, reset),
    };

    return cmocka_run_group_tests_name("search", tests, open_device, close_device);
}
