/* The records that come with the library: that they can be read, and whom they speak to. */
#include "tune/shipped.h"

#include <stdlib.h>
#include <string.h>

#include "cache_fixture.h"
#include "matmul/known.h"
#include "problem_fixture.h"

extern const tsr__source tsr__shipped[];
extern const size_t tsr__shipped_count;

/* The value of a line "field value" of a shipped head. */
static void field(const tsr__source *text, const char *name, char *out, size_t size)
{
    char line[64];
    const char *at;

    snprintf(line, sizeof line, "\n%s ", name);
    assert_non_null(at = strstr(text->text, line));
    at += strlen(line);
    snprintf(out, size, "%.*s", (int)strcspn(at, "\n"), at);
}

/* The first file about a GPU. */
static const tsr__source *of_a_gpu(void)
{
    for (size_t i = 0; i < tsr__shipped_count; i++)
        if (strstr(tsr__shipped[i].text, "\ntype gpu\n"))
            return &tsr__shipped[i];
    fail_msg("no records of a GPU are shipped");
    return NULL;
}

/* The facts of the device that such a file is about, as far as kinship looks. */
static tsr_device_info device_of(const tsr__source *text)
{
    tsr_device_info info = large_gpu;
    char number[16];

    field(text, "platform", info.platform, sizeof info.platform);
    field(text, "vendor", info.vendor, sizeof info.vendor);
    field(text, "device", info.name, sizeof info.name);
    field(text, "family", number, sizeof number);
    info.family = (tsr_device_family)atoi(number);
    field(text, "generation", number, sizeof number);
    info.generation = (unsigned)atoi(number);
    return info;
}

static void each_record_can_be_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < tsr__shipped_count; i++) {
        size_t head_length, bad_line;
        tsr__records records;

        assert_true(tsr__records_read(tsr__shipped[i].text, tsr__shipped[i].length,
                                      &records, &head_length, &bad_line));
        assert_true(records.count > 0);
        for (size_t r = 0; r < records.count; r++) {
            tsr__class of;
            tsr__winner winner;

            assert_memory_equal(records.items[r].key, "any ", 4);
            assert_true(tsr__class_parse(records.items[r].key + 4, &of));
            assert_true(tsr__winner_parse(records.items[r].value, &winner));
        }
        tsr__records_free(&records);
    }
}

static void the_nearest_is_found_and_none_of_another_type(void **state)
{
    tsr_device_info info;
    tsr__kinship kinship;
    size_t length;

    (void)state;
    assert_true(tsr__shipped_count > 0);
    info = device_of(of_a_gpu());
    assert_ptr_equal(tsr__shipped_nearest(&info, &length, &kinship), of_a_gpu()->text);
    assert_int_equal(kinship, TSR__KIN_DEVICE);
    info.type = TSR_DEVICE_OTHER;
    assert_null(tsr__shipped_nearest(&info, &length, &kinship));
    assert_int_equal(kinship, TSR__KIN_NONE);
}

/* Heads of relatives, from the most distant to the nearest: in whatever order they come,
 * it is the nearest that is found, and of the same kinship the first. */
static void the_nearest_is_found_wherever_it_is(void **state)
{
    enum { RELATIVES = 5 };
    static const tsr__kinship kinships[RELATIVES] = {
        TSR__KIN_NONE, TSR__KIN_TYPE, TSR__KIN_VENDOR, TSR__KIN_GENERATION,
        TSR__KIN_DEVICE};
    tsr_device_info info = large_gpu, of[RELATIVES];
    char heads[RELATIVES][TSR__HEAD_SIZE];
    tsr__source all[RELATIVES], two[2];
    tsr__kinship kinship;

    (void)state;
    snprintf(info.platform, sizeof info.platform, "platform");
    snprintf(info.vendor, sizeof info.vendor, "vendor");
    snprintf(info.name, sizeof info.name, "device");
    info.family = TSR_FAMILY_NVIDIA;
    info.generation = 90;
    for (size_t i = 0; i < RELATIVES; i++)
        of[i] = info;
    of[0].type = TSR_DEVICE_CPU;
    of[1].vendor[0] = 'V';
    of[1].generation = of[2].generation = 80;
    of[1].name[0] = of[2].name[0] = of[3].name[0] = 'D';
    for (size_t i = 0; i < RELATIVES; i++) {
        tsr__about(&of[i], heads[i]);
        all[i] = (tsr__source){"", heads[i], strlen(heads[i])};
    }
    for (size_t i = 0; i < RELATIVES; i++)
        for (size_t j = 0; j < RELATIVES; j++) {
            const size_t nearest = j > i ? j : i;

            two[0] = all[i], two[1] = all[j];
            if (nearest == 0)
                assert_null(tsr__nearest_of(two, 2, &info, &kinship));
            else
                assert_ptr_equal(tsr__nearest_of(two, 2, &info, &kinship),
                                 &two[i < nearest]);
            assert_int_equal(kinship, kinships[nearest]);
        }
    assert_ptr_equal(tsr__nearest_of(all, RELATIVES, &info, &kinship), &all[4]);
    assert_null(tsr__nearest_of(all, 0, &info, &kinship));
}

/* The problem of the first record of a GPU that is of dense rows, and no batch. */
static tsr__problem recorded(tsr__winner *winner)
{
    size_t head_length, bad_line;
    tsr__records records;
    tsr__problem p;

    assert_true(tsr__records_read(of_a_gpu()->text, of_a_gpu()->length, &records,
                                  &head_length, &bad_line));
    for (size_t i = 0;; i++) {
        assert_true(i < records.count);
        assert_true(tsr__winner_parse(records.items[i].value, winner));
        if (strstr(records.items[i].key, " rows rows rows") && winner->batch == 1)
            break;
    }
    tsr__records_free(&records);
    p = dense(winner->m, winner->n, winner->k);
    return p;
}

static void a_device_without_records_is_routed_by_its_own_kind(void **state)
{
    struct tsr_device device = {.info = device_of(of_a_gpu())};
    tsr__winner wanted, found;
    tsr__problem p = recorded(&wanted);
    bool shipped;

    (void)state;
    assert_true(tsr__known_find(&device, &p, NULL, &found, &shipped));
    assert_true(shipped);
    assert_memory_equal(&found.set, &wanted.set, sizeof found.set);
    assert_false(tsr__known_has(&device, &p, NULL));
    /* what is measured here comes first */
    found.strategy = &tsr__reference;
    found.has_set = false;
    assert_int_equal(tsr__known_keep(&device, tsr__class_of(&p), NULL, &found), TSR_OK);
    assert_true(tsr__known_find(&device, &p, NULL, &found, &shipped));
    assert_false(shipped);
    assert_ptr_equal(found.strategy, &tsr__reference);
    forget(&device);
}

static void a_distant_relative_only_starts_a_search(void **state)
{
    struct tsr_device device = {.info = device_of(of_a_gpu())};
    tsr__winner wanted, found;
    tsr__problem p = recorded(&wanted);
    bool shipped;

    (void)state;
    snprintf(device.info.name, sizeof device.info.name, "another");
    device.info.generation--;
    assert_false(tsr__known_find(&device, &p, NULL, &found, &shipped));
    assert_false(shipped);
    assert_true(tsr__known_start(&device, &p, &found));
    assert_memory_equal(&found.set, &wanted.set, sizeof found.set);
    forget(&device);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_record_can_be_read),
        cmocka_unit_test(the_nearest_is_found_and_none_of_another_type),
        cmocka_unit_test(the_nearest_is_found_wherever_it_is),
        cmocka_unit_test_teardown(a_device_without_records_is_routed_by_its_own_kind,
                                  empty_cache),
        cmocka_unit_test(a_distant_relative_only_starts_a_search),
    };

    return cmocka_run_group_tests_name("shipped", tests, make_cache, remove_cache);
}
