#include "base/cache_file.h"

#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cache_sweep.h"
#include "base/clock.h"

static const char key[] = "the key";
static const unsigned char bytes[] = "some binary";
static char directory[] = "/tmp/tessera-test-XXXXXX";

/* The path of the only file in the directory; "" unless there is exactly one. */
static const char *only_file(void)
{
    static char path[512];
    DIR *d = opendir(directory);
    struct dirent *entry;
    int files = 0;

    assert_non_null(d);
    path[0] = '\0';
    while ((entry = readdir(d)))
        if (entry->d_name[0] != '.') {
            snprintf(path, sizeof path, "%s/%s", directory, entry->d_name);
            files++;
        }
    closedir(d);
    if (files != 1)
        path[0] = '\0';
    return path;
}

static bool reads_back(void)
{
    unsigned char *found = NULL;
    size_t length = 0;
    bool ok = tsr__cache_file_read(directory, key, sizeof key, &found, &length);

    if (ok)
        ok = length == sizeof bytes && memcmp(found, bytes, length) == 0;
    else
        assert_null(found);
    free(found);
    return ok;
}

static int store(void **state)
{
    (void)state;
    unlink(only_file());
    return !tsr__cache_file_write(directory, key, sizeof key, bytes, sizeof bytes);
}

static void what_was_stored_reads_back(void **state)
{
    (void)state;
    assert_true(reads_back());
}

static void another_key_is_not_found(void **state)
{
    unsigned char *found = NULL;
    size_t length = 0;

    (void)state;
    assert_false(tsr__cache_file_read(directory, "other", 5, &found, &length));
    assert_null(found);
}

static void storing_leaves_no_temporary_file(void **state)
{
    (void)state;
    assert_string_not_equal(only_file(), "");
}

static void a_file_cut_short_anywhere_is_ignored(void **state)
{
    struct stat st;

    assert_int_equal(stat(only_file(), &st), 0);
    for (off_t size = 0; size < st.st_size; size++) {
        assert_int_equal(store(state), 0);
        assert_int_equal(truncate(only_file(), size), 0);
        assert_false(reads_back());
    }
}

static void a_flipped_bit_anywhere_is_noticed(void **state)
{
    struct stat st;

    assert_int_equal(stat(only_file(), &st), 0);
    for (off_t at = 0; at < st.st_size * 8; at++) {
        unsigned char byte;
        int fd;

        assert_int_equal(store(state), 0);
        fd = open(only_file(), O_RDWR);
        assert_int_equal(pread(fd, &byte, 1, at / 8), 1);
        byte = (unsigned char)(byte ^ 1u << at % 8);
        assert_int_equal(pwrite(fd, &byte, 1, at / 8), 1);
        close(fd);
        assert_false(reads_back());
    }
}

static void a_link_in_the_files_place_is_ignored(void **state)
{
    char path[512], elsewhere[600];

    (void)state;
    strcpy(path, only_file());
    snprintf(elsewhere, sizeof elsewhere, "%s/.elsewhere", directory);
    assert_int_equal(rename(path, elsewhere), 0);
    assert_int_equal(symlink(elsewhere, path), 0);
    assert_false(reads_back());
    unlink(elsewhere);
}

/* Nobody writes to it: who waits for that waits until the alarm. */
static void a_fifo_in_the_files_place_is_ignored(void **state)
{
    char path[512];

    (void)state;
    strcpy(path, only_file());
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkfifo(path, 0600), 0);
    alarm(10);
    assert_false(reads_back());
    alarm(0);
}

static void what_cannot_be_put_in_place_leaves_nothing(void **state)
{
    char path[512];

    strcpy(path, only_file());
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_false(
        tsr__cache_file_write(directory, key, sizeof key, bytes, sizeof bytes));
    assert_string_equal(only_file(), path);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(store(state), 0);
}

/* The lowest number that is free. */
static int next_descriptor(void)
{
    int fd = open("/dev/null", O_RDONLY);

    assert_true(fd >= 0);
    close(fd);
    return fd;
}

static void no_descriptor_is_left_open(void **state)
{
    int before = next_descriptor();

    assert_true(reads_back());
    assert_int_equal(truncate(only_file(), 3), 0);
    assert_false(reads_back());
    assert_int_equal(store(state), 0);
    assert_int_equal(next_descriptor(), before);
}

static void a_file_others_can_write_is_ignored(void **state)
{
    (void)state;
    assert_int_equal(chmod(only_file(), 0622), 0);
    assert_false(reads_back());
}

static void the_directory_is_made_for_the_user_alone(void **state)
{
    char path[TSR__PATH_SIZE], wanted[600];
    struct stat st;

    (void)state;
    snprintf(wanted, sizeof wanted, "%s/.a/b", directory);
    setenv("TESSERA_CACHE_DIR", wanted, 1);
    assert_true(tsr__cache_directory(path));
    assert_string_equal(path, wanted);
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);

    chmod(path, 0755);
    assert_false(tsr__cache_directory(path));
    rmdir(wanted);

    assert_int_equal(symlink("/tmp", wanted), 0);
    assert_false(tsr__cache_directory(path));
    unlink(wanted);
    *strrchr(wanted, '/') = '\0';
    rmdir(wanted);
}

/* $TESSERA_CACHE_DIR, else $XDG_CACHE_HOME, else $HOME. */
static void the_environment_says_where_the_directory_is(void **state)
{
    char path[TSR__PATH_SIZE], wanted[600], too_long[TSR__PATH_SIZE + 8];

    (void)state;
    unsetenv("TESSERA_CACHE_DIR");
    setenv("XDG_CACHE_HOME", directory, 1);
    setenv("HOME", "/nonexistent", 1);
    snprintf(wanted, sizeof wanted, "%s/tessera", directory);
    assert_true(tsr__cache_directory(path));
    assert_string_equal(path, wanted);
    assert_int_equal(rmdir(wanted), 0);

    setenv("XDG_CACHE_HOME", "relative", 1);
    setenv("HOME", directory, 1);
    snprintf(wanted, sizeof wanted, "%s/.cache/tessera", directory);
    assert_true(tsr__cache_directory(path));
    assert_string_equal(path, wanted);
    assert_int_equal(rmdir(wanted), 0);
    *strrchr(wanted, '/') = '\0';
    assert_int_equal(rmdir(wanted), 0);

    memset(too_long, 'a', sizeof too_long - 1);
    too_long[0] = '/';
    too_long[sizeof too_long - 1] = '\0';
    setenv("HOME", too_long, 1);
    assert_false(tsr__cache_directory(path));
}

static void a_name_that_is_too_long_is_no_file(void **state)
{
    char deep[TSR__PATH_SIZE];
    unsigned char *found;
    size_t length;

    (void)state;
    memset(deep, 'a', sizeof deep - 1);
    deep[sizeof deep - 1] = '\0';
    assert_false(tsr__cache_file_write(deep, key, sizeof key, bytes, sizeof bytes));
    assert_false(tsr__cache_file_read(deep, key, sizeof key, &found, &length));
    assert_null(found);
}

static void off_means_no_directory(void **state)
{
    char path[TSR__PATH_SIZE];

    (void)state;
    setenv("TESSERA_CACHE_DIR", "off", 1);
    assert_false(tsr__cache_directory(path));
}

/* A file of this name in the directory, last written to so long ago. */
static void leave_file(const char *name, time_t age)
{
    const struct timespec then = {time(NULL) - age, 0}, times[2] = {then, then};
    char path[512];
    int fd;

    snprintf(path, sizeof path, "%s/%s", directory, name);
    assert_true((fd = open(path, O_WRONLY | O_CREAT, 0600)) >= 0);
    assert_int_equal(futimens(fd, times), 0);
    close(fd);
}

/* Whether it was there; it is not any more. */
static bool take_away(const char *name)
{
    char path[512];

    snprintf(path, sizeof path, "%s/%s", directory, name);
    return unlink(path) == 0;
}

#define NAME "0123456789abcdef0123456789abcdef"

static void what_a_killed_writer_has_left_goes_and_nothing_else(void **state)
{
    leave_file(NAME ".Qw3rTy", TSR__CACHE_ABANDONED + 60);
    leave_file(NAME ".aaaaaa", TSR__CACHE_ABANDONED - 60); /* may be at work */
    leave_file(NAME ".bbbbbb", -60);                       /* of another clock */
    leave_file(NAME, 1000000);
    leave_file(NAME ".aside", 1000000);
    leave_file(NAME ".Qw3rTyu", 1000000);
    leave_file("notes.Qw3rTy", 1000000);
    leave_file("X123456789abcdef0123456789abcdef.Qw3rTy", 1000000);
    assert_true(tsr__cache_file_write(directory, key, sizeof key, bytes, sizeof bytes));
    assert_false(take_away(NAME ".Qw3rTy"));
    assert_true(take_away(NAME ".aaaaaa"));
    assert_true(take_away(NAME ".bbbbbb"));
    assert_true(take_away(NAME));
    assert_true(take_away(NAME ".aside"));
    assert_true(take_away(NAME ".Qw3rTyu"));
    assert_true(take_away("notes.Qw3rTy"));
    assert_true(take_away("X123456789abcdef0123456789abcdef.Qw3rTy"));
    assert_true(reads_back());
    tsr__cache_sweep("/dev/null");
    (void)state;
}

static void a_lock_that_is_not_let_go_is_done_without(void **state)
{
    int lock = tsr__cache_lock(directory), second;
    double start = tsr__seconds();

    (void)state;
    assert_true(lock >= 0);
    assert_int_equal(tsr__cache_lock(directory), -1);
    assert_true(tsr__seconds() - start >= 1.9);
    tsr__cache_unlock(-1);
    tsr__cache_unlock(lock);
    assert_true((second = tsr__cache_lock(directory)) >= 0);
    tsr__cache_unlock(second);
    assert_int_equal(tsr__cache_lock("/dev/null"), -1);
}

/* Why there is none, with these words in it. */
static void is_none(bool write, const char *words)
{
    char path[TSR__PATH_SIZE], why[TSR__CACHE_WHY_SIZE];

    assert_false(tsr__cache_directory_or_why(path, write, why));
    if (!strstr(why, words))
        fail_msg("\"%s\" is not in \"%s\"", words, why);
}

static void why_there_is_none_names_it_and_what_mends_it(void **state)
{
    char path[TSR__PATH_SIZE], why[TSR__CACHE_WHY_SIZE], place[600], mend[1300];

    (void)state;
    snprintf(place, sizeof place, "%s/.c", directory);
    setenv("TESSERA_CACHE_DIR", place, 1);
    assert_true(tsr__cache_directory_or_why(path, true, why));
    chmod(place, 0750);
    snprintf(mend, sizeof mend,
             "%s is open to other users (mode 0750, and 0700 is "
             "wanted): chmod 700 '%s'",
             place, place);
    is_none(false, mend);
    chmod(place, 0500);
    assert_true(tsr__cache_directory_or_why(path, false, why));
    if (geteuid() != 0) { /* who may write everywhere */
        snprintf(mend, sizeof mend, "%s cannot be written: chmod 700 '%s'", place,
                 place);
        is_none(true, mend);
    }
    rmdir(place);
    assert_int_equal(symlink("/tmp", place), 0);
    is_none(false, "is a link, which is not followed: set TESSERA_CACHE_DIR");
    unlink(place);
    setenv("TESSERA_CACHE_DIR", "/dev/null", 1);
    is_none(false, "/dev/null is no directory");
    setenv("TESSERA_CACHE_DIR", "/dev/null/x", 1);
    is_none(false, "/dev/null/x cannot be made: Not a directory");
    setenv("TESSERA_CACHE_DIR", "off", 1);
    is_none(false, "TESSERA_CACHE_DIR is off");
}

static int make_directory(void **state)
{
    (void)state;
    return mkdtemp(directory) == NULL;
}

static int remove_directory(void **state)
{
    (void)state;
    unlink(only_file());
    return rmdir(directory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_was_stored_reads_back, store),
        cmocka_unit_test_setup(another_key_is_not_found, store),
        cmocka_unit_test_setup(storing_leaves_no_temporary_file, store),
        cmocka_unit_test_setup(a_file_cut_short_anywhere_is_ignored, store),
        cmocka_unit_test_setup(a_flipped_bit_anywhere_is_noticed, store),
        cmocka_unit_test_setup(a_link_in_the_files_place_is_ignored, store),
        cmocka_unit_test_setup(a_fifo_in_the_files_place_is_ignored, store),
        cmocka_unit_test_setup(what_cannot_be_put_in_place_leaves_nothing, store),
        cmocka_unit_test_setup(no_descriptor_is_left_open, store),
        cmocka_unit_test_setup(a_file_others_can_write_is_ignored, store),
        cmocka_unit_test(the_directory_is_made_for_the_user_alone),
        cmocka_unit_test(the_environment_says_where_the_directory_is),
        cmocka_unit_test(a_name_that_is_too_long_is_no_file),
        cmocka_unit_test_setup(what_a_killed_writer_has_left_goes_and_nothing_else,
                               store),
        cmocka_unit_test(a_lock_that_is_not_let_go_is_done_without),
        cmocka_unit_test(off_means_no_directory),
        cmocka_unit_test(why_there_is_none_names_it_and_what_mends_it),
    };

    return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
