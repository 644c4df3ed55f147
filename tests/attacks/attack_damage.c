/* Files of the cache cut short, with flipped bits, or in each other's place: a file is
 * what was written or nothing, and what is built anew takes its place.
 *
 * The library's reader meets every attack; a whole process, which takes some thousand
 * times as long, each $ATTACK_EVERY-th.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/cache_file.h"

#include "healthy.h"
#include "life.h"

#define SEED  20251125u
#define FLIPS 2000

/* ---- A file under its key --------------------------------------------------------- */

/* Whether the reader takes what is there now for the file. */
static bool is_read(const file *f)
{
    unsigned char *bytes;
    size_t length;
    bool read = tsr__cache_file_read(cache, (const char *)f->bytes + HEADER_SIZE,
                                     key_length(f), &bytes, &length);

    free(bytes);
    return read;
}

static void flip(const file *f, size_t bit)
{
    int fd = open(path_of(f->name), O_WRONLY);
    unsigned char byte = (unsigned char)(f->bytes[bit / 8] ^ 1u << bit % 8);

    assert_int_equal(pwrite(fd, &byte, 1, (off_t)(bit / 8)), 1);
    close(fd);
}

static void unflip(const file *f, size_t bit)
{
    int fd = open(path_of(f->name), O_WRONLY);

    assert_int_equal(pwrite(fd, f->bytes + bit / 8, 1, (off_t)(bit / 8)), 1);
    close(fd);
}

/* ---- The reader ------------------------------------------------------------------- */

static void the_reader_takes_no_file_cut_short_at_any_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < healthy.count; i++) {
        const file *f = &healthy.files[i];

        snapshot_restore(&healthy);
        assert_true(is_read(f));
        for (size_t size = f->size; size-- > 0;) {
            assert_int_equal(truncate(path_of(f->name), (off_t)size), 0);
            if (is_read(f))
                fail_msg("%s is read when cut to %zu bytes", f->name, size);
        }
    }
}

static void append_byte(const file *f)
{
    int fd = open(path_of(f->name), O_WRONLY | O_APPEND);

    assert_int_equal(write(fd, "", 1), 1);
    close(fd);
}

static void the_reader_takes_no_file_with_more_at_its_end(void **state)
{
    (void)state;
    snapshot_restore(&healthy);
    for (size_t i = 0; i < healthy.count; i++) {
        append_byte(&healthy.files[i]);
        assert_false(is_read(&healthy.files[i]));
    }
    expect_recovery();
}

static void the_reader_takes_no_file_with_a_flipped_bit(const file *f, size_t bit)
{
    flip(f, bit);
    if (is_read(f))
        fail_msg("%s is read with bit %zu flipped", f->name, bit);
    unflip(f, bit);
}

static void the_reader_sees_every_flipped_bit_of_a_header(void **state)
{
    (void)state;
    snapshot_restore(&healthy);
    for (size_t i = 0; i < healthy.count; i++) {
        const file *f = &healthy.files[i];

        for (size_t bit = 0; bit < 8 * (HEADER_SIZE + key_length(f)); bit++)
            the_reader_takes_no_file_with_a_flipped_bit(f, bit);
        assert_true(is_read(f));
    }
}

/* Marsaglia's xorshift: the same bits everywhere. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void the_reader_sees_random_flips(void **state)
{
    uint32_t random = SEED;

    (void)state;
    print_message("seed %u\n", SEED);
    snapshot_restore(&healthy);
    for (int i = 0; i < FLIPS; i++) {
        const file *f = &healthy.files[next_random(&random) % healthy.count];

        the_reader_takes_no_file_with_a_flipped_bit(f, next_random(&random) %
                                                           (8 * f->size));
    }
}

/* ---- Whole processes -------------------------------------------------------------- */

/* Says whether the attack that comes now is one of those that are made. */
static bool is_chosen(unsigned *number)
{
    return ++*number % attack_every() == 0;
}

static void a_process_is_right_after_truncation(void **state)
{
    unsigned number = 0;

    (void)state;
    for (size_t i = 0; i < healthy.count; i++) {
        const file *f = &healthy.files[i];
        /* Of a program, the lengths about its header and then in steps. */
        size_t dense = HEADER_SIZE + key_length(f) + 16;

        for (size_t size = 0; size < f->size; size += size < dense ? 1 : 997)
            if (is_chosen(&number)) {
                snapshot_restore(&healthy);
                assert_int_equal(truncate(path_of(f->name), (off_t)size), 0);
                expect_recovery();
            }
    }
}

static void a_process_is_right_with_a_flipped_bit_in_a_header(void **state)
{
    unsigned number = 0;

    (void)state;
    for (size_t i = 0; i < healthy.count; i++)
        for (size_t bit = 0; bit < 8 * HEADER_SIZE; bit++)
            if (is_chosen(&number)) {
                snapshot_restore(&healthy);
                flip(&healthy.files[i], bit);
                expect_recovery();
            }
}

static void a_process_is_right_with_random_flips(void **state)
{
    uint32_t random = SEED;
    unsigned number = 0;

    (void)state;
    print_message("seed %u\n", SEED);
    for (int i = 0; i < FLIPS; i++) {
        const file *f = &healthy.files[next_random(&random) % healthy.count];
        size_t bit = next_random(&random) % (8 * f->size);

        if (is_chosen(&number)) {
            snapshot_restore(&healthy);
            flip(f, bit);
            expect_recovery();
        }
    }
}

static void a_process_is_right_with_each_file_in_the_place_of_each_other(void **state)
{
    (void)state;
    for (size_t i = 0; i < healthy.count; i++)
        for (size_t j = 0; j < healthy.count; j++)
            if (i != j) {
                snapshot_restore(&healthy);
                put_file(healthy.files[i].name, healthy.files[j].bytes,
                         healthy.files[j].size);
                assert_false(is_read(&healthy.files[i]));
                expect_recovery();
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reader_takes_no_file_cut_short_at_any_length),
        cmocka_unit_test(the_reader_takes_no_file_with_more_at_its_end),
        cmocka_unit_test(the_reader_sees_every_flipped_bit_of_a_header),
        cmocka_unit_test(the_reader_sees_random_flips),
        cmocka_unit_test(a_process_is_right_after_truncation),
        cmocka_unit_test(a_process_is_right_with_a_flipped_bit_in_a_header),
        cmocka_unit_test(a_process_is_right_with_random_flips),
        cmocka_unit_test(a_process_is_right_with_each_file_in_the_place_of_each_other),
    };

    return cmocka_run_group_tests_name("attack_damage", tests, healthy_make,
                                       healthy_remove);
}
