/* test_compare_options.c: the command line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "options.h"

#define MAX_ARGS 16

/* Parses words separated by single spaces. */
static bool parse(const char *line, options *out, failure *why)
{
    static char copy[512];
    char *argv[MAX_ARGS + 2] = {(char *)"compare"};
    char *rest = NULL;
    int argc = 1;

    strcpy(copy, line);
    for (char *word = strtok_r(copy, " ", &rest); word && argc <= MAX_ARGS;
         word = strtok_r(NULL, " ", &rest))
        argv[argc++] = word;
    return options_parse(argc, argv, out, why);
}

static void nothing_asks_for_the_seed_product(void **state)
{
    options o;
    failure why;

    (void)state;
    assert_true(parse("", &o, &why));
    assert_int_equal(o.action, ACTION_COMPARE);
    assert_int_equal(o.problem.m, 1);
    assert_int_equal(o.problem.n, 5000);
    assert_int_equal(o.problem.k, 6400);
    assert_int_equal(o.repeat, 5);
    assert_false(o.all || o.prepared || o.quiet || o.dtype_given);
}

static void every_option_is_taken(void **state)
{
    options o;
    failure why;

    (void)state;
    assert_true(
        parse("-m 2 -n3 -k 4 --dtype f64 --trans-a --trans-b --batch=5 --seed 6 "
              "--repeat 7",
              &o, &why));
    assert_int_equal(o.problem.m, 2);
    assert_int_equal(o.problem.n, 3);
    assert_int_equal(o.problem.k, 4);
    assert_int_equal(o.problem.dtype, TSR_F64);
    assert_true(o.problem.trans_a && o.problem.trans_b);
    assert_int_equal(o.problem.batch, 5);
    assert_int_equal(o.seed, 6);
    assert_int_equal(o.repeat, 7);
    assert_true(o.m_given && o.n_given && o.k_given && o.batch_given && o.dtype_given);

    assert_true(
        parse("--a A --b B --out C --json - --device gpu --blas L --all --prepared "
              "--quiet",
              &o, &why));
    assert_string_equal(o.a, "A");
    assert_string_equal(o.b, "B");
    assert_string_equal(o.out, "C");
    assert_string_equal(o.json, "-");
    assert_string_equal(o.device, "gpu");
    assert_string_equal(o.blas, "L");
    assert_true(o.all && o.prepared && o.quiet);

    assert_true(parse("--shapes S --dtype f64", &o, &why));
    assert_string_equal(o.shapes, "S");
    assert_true(parse("--list --device cpu", &o, &why));
    assert_int_equal(o.action, ACTION_LIST);
    assert_true(parse("--help", &o, &why));
    assert_int_equal(o.action, ACTION_HELP);
    assert_true(parse("--version", &o, &why));
    assert_int_equal(o.action, ACTION_VERSION);
}

static void what_is_wrong_is_named(void **state)
{
    static const char *const bad[][2] = {
        {"--nonsense", "--nonsense"},
        {"-x", "-x"},
        {"--tran", "--tran"}, /* could be two options */
        {"stray", "stray"},
        {"-m", "-m"},
        {"--json", "--json"},
        {"--all=yes", "--all=yes"},
        {"-m -1", "negative"},
        {"-n 1.5", "-n"},
        {"-k ten", "-k"},
        {"-k 99999999999999999999", "too large"},
        {"--batch -2", "--batch"},
        {"--dtype f16", "f16"},
        {"--repeat 0", "--repeat"},
        {"--repeat 1000000", "--repeat"},
        {"--seed -1", "--seed"},
        {"--plot x.pdf", "must end in"},
        {"--shapes S -m 3", "--shapes"},
        {"--shapes S --a A", "--shapes"},
        {"--shapes S --out C", "--shapes"},
        {"--json F --out F", "same file"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        options o;
        failure why;

        assert_false(parse(bad[i][0], &o, &why));
        assert_int_equal(why.exit_status, EXIT_INPUT);
        if (!strstr(why.text, bad[i][1]))
            fail_msg("%s: %s", bad[i][0], why.text);
    }
}

static void help_names_every_option(void **state)
{
    static const char *const names[] = {
        "-m ",        "-n ",          "-k ",      "--dtype",       "--trans-a",
        "--trans-b",  "--batch",      "--seed",   "--a ",          "--b ",
        "--out",      "--shapes",     "--device", "--all",         "--blas",
        "--repeat",   "--json",       "--plot",   "--quiet",       "--list",
        "--help",     "--version",    "--sweep ", "--sweep-rows ", "--report",
        "--compare ", "--fail-above", "--cold",   "--prepared"};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_non_null(strstr(options_help, names[i]));
    for (const char *line = options_help; *line; line = strchr(line, '\n') + 1)
        assert_true(strcspn(line, "\n") <= 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_asks_for_the_seed_product),
        cmocka_unit_test(every_option_is_taken),
        cmocka_unit_test(what_is_wrong_is_named),
        cmocka_unit_test(help_names_every_option),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
