#include "healthy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "life.h"

snapshot healthy;

int healthy_make(void **state)
{
    places_make(state);
    victim_run(NULL); /* PoCL has the other program from now on */
    cache_clear();
    victim_run("record");
    snapshot_take(&healthy);
    file_with_key(&healthy, "drivers");
    file_with_key(&healthy, "device");
    file_with_key(&healthy, "records\n");
    assert_int_equal(healthy.count, 4);
    assert_non_null(strstr(victim_run(NULL), "stream (record"));
    expect_files(&healthy, false);
    return 0;
}

int healthy_remove(void **state)
{
    snapshot_free(&healthy);
    return places_remove(state);
}

unsigned attack_every(void)
{
    const char *text = getenv("ATTACK_EVERY");
    int number = text ? atoi(text) : 1;

    return number > 1 ? (unsigned)number : 1;
}

void expect_recovery(void)
{
    victim_run(NULL);
    victim_run("record");
    expect_files(&healthy, true);
}
