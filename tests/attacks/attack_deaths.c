/* Processes that die at every step of what they do to the disk, and many that start at
 * once: no file is ever seen half-written, and the next process is right and leaves the
 * cache as it should be.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "healthy.h"
#include "life.h"

/* ---- Deaths ----------------------------------------------------------------------- */

static void start_without_a_directory(void)
{
    cache_clear();
    assert_int_equal(rmdir(cache), 0);
}

static void start_healthy(void)
{
    snapshot_restore(&healthy);
}

/* All but the program: what a victim that keeps a record has to replace and to add. */
static void start_without_a_program(void)
{
    snapshot some = {.count = 0};

    for (size_t i = 0; i < healthy.count; i++)
        if (healthy.files[i].size < 1 << 12)
            some.files[some.count++] = healthy.files[i];
    snapshot_restore(&some);
}

/* Removes what a process that died was writing; there is one such file at most. */
static void remove_unfinished(void)
{
    snapshot now = {.count = 0};
    int unfinished = 0;

    snapshot_take(&now);
    for (size_t i = 0; i < now.count; i++)
        if (strchr(now.files[i].name, '.')) {
            unfinished += !strstr(now.files[i].name, ".aside");
            assert_int_equal(unlink(path_of(now.files[i].name)), 0);
        }
    snapshot_free(&now);
    assert_true(unfinished <= 1);
}

/* Every file under a final name is the whole one. */
static void expect_only_whole_files(void)
{
    snapshot now = {.count = 0};
    struct stat st;

    if (lstat(cache, &st) != 0) /* died before there was a directory */
        return;
    snapshot_take(&now);
    for (size_t i = 0; i < now.count; i++)
        for (size_t j = 0; j < healthy.count; j++)
            if (strcmp(now.files[i].name, healthy.files[j].name) == 0 &&
                (now.files[i].size != healthy.files[j].size ||
                 memcmp(now.files[i].bytes, healthy.files[j].bytes,
                        now.files[i].size) != 0))
                fail_msg("%s is there, and not whole", now.files[i].name);
    snapshot_free(&now);
}

/* Victims die at the first, second, ... until one comes to its end. */
static void die_everywhere(void (*start)(void), const char *argument, const char *way,
                           int least)
{
    bool done = false;
    int n = 0;

    while (!done) {
        char when[32];

        snprintf(when, sizeof when, "%s %d", way, ++n);
        start();
        setenv("DIE_AT", when, 1);
        done = victim_end(victim_start(argument), true);
        unsetenv("DIE_AT");
        expect_only_whole_files();
        if (!done) {
            victim_run(NULL);
            remove_unfinished();
        }
        victim_run("record");
        expect_files(&healthy, true);
    }
    print_message("%s: died %d times\n", way, n - 1);
    assert_true(n > least);
}

static void a_first_process_may_die_anywhere(void **state)
{
    (void)state;
    die_everywhere(start_without_a_directory, NULL, "any", 19);
    die_everywhere(start_without_a_directory, NULL, "half", 9);
}

static void one_that_keeps_a_record_may_die_anywhere(void **state)
{
    (void)state;
    die_everywhere(start_without_a_program, "record", "any", 14);
    die_everywhere(start_without_a_program, "record", "half", 6);
}

/* It only puts the drivers' record aside, and back. */
static void one_that_finds_all_may_die_anywhere(void **state)
{
    (void)state;
    die_everywhere(start_healthy, NULL, "any", 2);
}

/* ---- Crowds ----------------------------------------------------------------------- */

enum { CROWD = 8, ROUNDS = 25 };

static void crowd(const char *argument)
{
    pid_t victims[CROWD];

    for (int i = 0; i < CROWD; i++)
        victims[i] = victim_start(argument);
    for (int i = 0; i < CROWD; i++)
        victim_end(victims[i], false);
}

static void eight_processes_share_one_empty_cache(void **state)
{
    (void)state;
    for (int round = 0; round < (attack_every() == 1 ? ROUNDS : 1); round++) {
        start_without_a_directory();
        crowd("record");
        expect_files(&healthy, false);
        crowd(NULL);
        expect_files(&healthy, false);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_process_may_die_anywhere),
        cmocka_unit_test(one_that_keeps_a_record_may_die_anywhere),
        cmocka_unit_test(one_that_finds_all_may_die_anywhere),
        cmocka_unit_test(eight_processes_share_one_empty_cache),
    };

    return cmocka_run_group_tests_name("attack_deaths", tests, healthy_make,
                                       healthy_remove);
}
