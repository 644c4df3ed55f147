/* What may stand in the cache's place: links, strangers' files, folders anybody can write,
 * full and read-only disks, no home at all. None of it is trusted, followed or written
 * to, and the product is right.
 */
#define _GNU_SOURCE /* unshare */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "healthy.h"
#include "life.h"

enum { STRANGER = 65534 };

static bool may_mount; /* in a namespace of our own */

/* What a full disk refuses is tried by tests/faults too, without a mount. */
static bool cannot_mount(void)
{
    if (!may_mount)
        print_message(
            "nothing may be mounted here, not even in a namespace: left out\n");
    return !may_mount;
}

/* A path in the test's folder, outside the cache; lent until the next call. */
static const char *aside(const char *name)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* ---- In a file's place ------------------------------------------------------------ */

static void a_link_to_the_very_file_is_not_followed(void **state)
{
    (void)state;
    for (size_t i = 0; i < healthy.count; i++) {
        const char *name = healthy.files[i].name;
        struct stat before, after;

        snapshot_restore(&healthy);
        assert_int_equal(rename(path_of(name), aside("real")), 0);
        assert_int_equal(stat(aside("real"), &before), 0);
        assert_int_equal(symlink(aside("real"), path_of(name)), 0);
        expect_recovery();
        assert_int_equal(stat(aside("real"), &after), 0);
        assert_int_equal(before.st_ino, after.st_ino);
        assert_int_equal(before.st_mtim.tv_nsec, after.st_mtim.tv_nsec);
        unlink(aside("real"));
    }
}

static void links_to_nowhere_themselves_and_devices_are_replaced(void **state)
{
    static const char *const targets[] = {"/nonexistent/file", "/dev/zero", "self"};

    (void)state;
    for (size_t i = 0; i < healthy.count; i++)
        for (size_t t = 0; t < sizeof targets / sizeof targets[0]; t++) {
            const char *name = healthy.files[i].name;
            const char *target = strcmp(targets[t], "self") == 0 ? name : targets[t];

            snapshot_restore(&healthy);
            assert_int_equal(unlink(path_of(name)), 0);
            assert_int_equal(symlink(target, path_of(name)), 0);
            expect_recovery();
        }
}

static void a_fifo_is_not_waited_for(void **state)
{
    (void)state;
    for (size_t i = 0; i < healthy.count; i++) {
        snapshot_restore(&healthy);
        assert_int_equal(unlink(path_of(healthy.files[i].name)), 0);
        assert_int_equal(mkfifo(path_of(healthy.files[i].name), 0600), 0);
        expect_recovery();
    }
}

/* A folder cannot be replaced; nothing half-written stays beside it. */
static void a_folder_in_a_files_place_is_lived_with(void **state)
{
    (void)state;
    for (size_t i = 0; i < healthy.count; i++) {
        const char *name = healthy.files[i].name;

        snapshot_restore(&healthy);
        assert_int_equal(unlink(path_of(name)), 0);
        assert_int_equal(mkdir(path_of(name), 0700), 0);
        victim_run(NULL);
        assert_int_equal(rmdir(path_of(name)), 0);
        expect_recovery();
    }
}

static void a_strangers_file_is_replaced(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    for (size_t i = 0; i < healthy.count; i++) {
        snapshot_restore(&healthy);
        assert_int_equal(chown(path_of(healthy.files[i].name), STRANGER, STRANGER), 0);
        expect_recovery();
    }
}

static void a_file_that_others_can_write_is_replaced(void **state)
{
    static const mode_t modes[] = {0602, 0620, 0666};

    (void)state;
    for (size_t i = 0; i < healthy.count; i++)
        for (size_t m = 0; m < sizeof modes / sizeof modes[0]; m++) {
            snapshot_restore(&healthy);
            assert_int_equal(chmod(path_of(healthy.files[i].name), modes[m]), 0);
            expect_recovery();
        }
}

/* ---- In the directory's place ----------------------------------------------------- */

/* The victim is right and says that it does not use the directory. */
static void expect_unused(void)
{
    const char *said = victim_run(NULL);

    if (!strstr(said, "tessera cache: not used: "))
        fail_msg("it does not say that the directory is not safe: %s", said);
    if (strstr(said, "stored: ") || strstr(said, "hit: "))
        fail_msg("the directory is used: %s", said);
}

static void a_directory_that_others_can_enter_is_not_used(void **state)
{
    static const mode_t modes[] = {0777, 01777, 0770, 0707, 0755, 0702};

    (void)state;
    for (size_t m = 0; m < sizeof modes / sizeof modes[0]; m++) {
        snapshot_restore(&healthy);
        assert_int_equal(chmod(cache, modes[m]), 0);
        expect_unused();
        assert_int_equal(chmod(cache, 0700), 0);
        expect_files(&healthy, false);
    }
}

static void a_strangers_directory_is_not_used(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    snapshot_restore(&healthy);
    assert_int_equal(chown(cache, STRANGER, STRANGER), 0);
    expect_unused();
    assert_int_equal(chown(cache, 0, 0), 0);
    expect_files(&healthy, false);
}

static void a_link_to_the_directory_is_not_used(void **state)
{
    (void)state;
    snapshot_restore(&healthy);
    assert_int_equal(rename(cache, aside("real")), 0);
    assert_int_equal(symlink(aside("real"), cache), 0);
    expect_unused();
    assert_int_equal(unlink(cache), 0);
    assert_int_equal(rename(aside("real"), cache), 0);
    expect_files(&healthy, false);
}

static void a_file_in_the_directorys_place_is_not_used(void **state)
{
    int fd;

    (void)state;
    cache_clear();
    assert_int_equal(rmdir(cache), 0);
    fd = open(cache, O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    close(fd);
    expect_unused();
    assert_int_equal(unlink(cache), 0);
    expect_recovery();
}

/* ---- Disks ------------------------------------------------------------------------ */

/* What is there of the healthy files is whole, and nothing else is there. */
static void expect_whole_files(void)
{
    snapshot now = {.count = 0};

    snapshot_take(&now);
    for (size_t i = 0; i < now.count; i++) {
        const file *is = &now.files[i], *f = NULL;

        for (size_t j = 0; j < healthy.count && !f; j++)
            if (strcmp(healthy.files[j].name, is->name) == 0)
                f = &healthy.files[j];
        if (strchr(is->name, '.') ||
            (f && (f->size != is->size || memcmp(f->bytes, is->bytes, is->size) != 0)))
            fail_msg("%s, of %zu bytes, is not whole", is->name, is->size);
    }
    snapshot_free(&now);
}

static void on_a_full_disk(const char *options)
{
    cache_clear();
    if (mount("none", cache, "tmpfs", 0, options) != 0)
        fail_msg("tmpfs with %s: %s", options, strerror(errno));
    victim_run(NULL);
    expect_whole_files();
    victim_run(NULL);
    expect_whole_files();
    assert_int_equal(
        mount("none", cache, "tmpfs", MS_REMOUNT, "size=8m,nr_inodes=100,mode=700"), 0);
    expect_recovery();
    assert_int_equal(umount(cache), 0);
}

static void a_full_disk_holds_whole_files_or_none(void **state)
{
    static const char *const disks[] = {"size=4k,mode=700",     "size=8k,mode=700",
                                        "size=64k,mode=700",    "size=192k,mode=700",
                                        "nr_inodes=1,mode=700", "nr_inodes=2,mode=700",
                                        "nr_inodes=3,mode=700"};

    (void)state;
    if (cannot_mount())
        return;
    for (size_t i = 0; i < sizeof disks / sizeof disks[0]; i++)
        on_a_full_disk(disks[i]);
}

static void a_read_only_cache_is_read(void **state)
{
    (void)state;
    if (cannot_mount())
        return;
    snapshot_restore(&healthy);
    assert_int_equal(mount(cache, cache, NULL, MS_BIND, NULL), 0);
    assert_int_equal(mount(NULL, cache, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL),
                     0);
    assert_non_null(strstr(victim_run(NULL), "stream (record"));
    expect_files(&healthy, false);
    assert_int_equal(umount(cache), 0);
}

/* ---- Homes ------------------------------------------------------------------------ */

/* The victim is right with HOME so (NULL: not set) and nothing else to say where; it says
 * `why` it has no cache. */
static void expect_homeless(const char *home, const char *why)
{
    const char *said;

    unsetenv("TESSERA_CACHE_DIR");
    unsetenv("XDG_CACHE_HOME");
    if (home)
        setenv("HOME", home, 1);
    else
        unsetenv("HOME");
    said = victim_run(NULL);
    if (!strstr(said, why))
        fail_msg("HOME is %s, but it does not say \"%s\": %s", home ? home : "not set",
                 why, said);
    setenv("TESSERA_CACHE_DIR", cache, 1);
    setenv("XDG_CACHE_HOME", aside("xdg"), 1);
    setenv("HOME", aside("home"), 1);
}

static void without_a_home_there_is_no_cache(void **state)
{
    (void)state;
    expect_homeless(NULL, "not used: neither");
    expect_homeless("", "not used: neither");
    expect_homeless("relative/home", "not used: neither");
    expect_homeless("/dev/null", "/dev/null/.cache/tessera cannot be made");
    expect_homeless("/proc/nonexistent",
                    "/proc/nonexistent/.cache/tessera cannot be made");
}

static void a_read_only_home_has_no_cache(void **state)
{
    char home[128];

    (void)state;
    if (cannot_mount())
        return;
    snprintf(home, sizeof home, "%s", aside("home"));
    assert_int_equal(mount("none", home, "tmpfs", MS_RDONLY, "size=64k"), 0);
    expect_homeless(home, "Read-only file system");
    assert_int_equal(umount(home), 0);
}

/* ---- All -------------------------------------------------------------------------- */

static void write_text(const char *path, const char *text)
{
    int fd = open(path, O_WRONLY);

    if (fd >= 0) {
        if (write(fd, text, strlen(text)) < 0)
            print_error("%s: %s\n", path, strerror(errno));
        close(fd);
    }
}

/* Mounts that nobody else sees and that go when this process does: as root, or where
 * anybody may have a user namespace. */
static bool unshare_mounts(void)
{
    char map[64];

    if (unshare(CLONE_NEWNS) != 0) {
        snprintf(map, sizeof map, "0 %d 1", (int)geteuid());
        if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0)
            return false;
        write_text("/proc/self/uid_map", map);
    }
    return mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0;
}

static int make(void **state)
{
    may_mount = unshare_mounts();
    return healthy_make(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_link_to_the_very_file_is_not_followed),
        cmocka_unit_test(links_to_nowhere_themselves_and_devices_are_replaced),
        cmocka_unit_test(a_fifo_is_not_waited_for),
        cmocka_unit_test(a_folder_in_a_files_place_is_lived_with),
        cmocka_unit_test(a_strangers_file_is_replaced),
        cmocka_unit_test(a_file_that_others_can_write_is_replaced),
        cmocka_unit_test(a_directory_that_others_can_enter_is_not_used),
        cmocka_unit_test(a_strangers_directory_is_not_used),
        cmocka_unit_test(a_link_to_the_directory_is_not_used),
        cmocka_unit_test(a_file_in_the_directorys_place_is_not_used),
        cmocka_unit_test(a_full_disk_holds_whole_files_or_none),
        cmocka_unit_test(a_read_only_cache_is_read),
        cmocka_unit_test(without_a_home_there_is_no_cache),
        cmocka_unit_test(a_read_only_home_has_no_cache),
    };

    return cmocka_run_group_tests_name("attack_places", tests, make, healthy_remove);
}
