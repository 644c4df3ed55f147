#include "judge.h"

#include <stdio.h>

#include "failure.h"

/* Under --fail-above, where nothing is wrong otherwise. */
static int judge_regressions(const results *all)
{
    const double percent = all->earlier.fail_above * 100;

    if (!all->earlier.path || !(percent >= 0) || all->interrupted)
        return results_count_regressed(all) ? EXIT_WRONG : EXIT_RIGHT;
    if (!results_count_judged(all)) {
        fprintf(
            stderr,
            "compare: --fail-above: %s has no time for any runner of the device, so "
            "nothing was judged\n",
            all->earlier.path);
        return EXIT_INPUT;
    }
    if (results_count_noisy(all))
        fprintf(stderr,
                "compare: %zu of %zu rows have more noise than %g%%, and are judged by "
                "their noise\n",
                results_count_noisy(all), results_count_judged(all), percent);
    return results_count_regressed(all) ? EXIT_WRONG : EXIT_RIGHT;
}

int judge_results(const results *all)
{
    for (size_t i = 0; i < all->case_count; i++)
        for (size_t j = 0; j < all->cases[i].row_count; j++) {
            const table_row *row = &all->cases[i].rows[j];
            char what[160];

            problem_describe(&all->cases[i].problem, what, sizeof what);
            if (row->state == ROW_FAILED)
                fprintf(stderr, "compare: %s: %s failed: %s\n", what, row->runner,
                        row->reason);
            else if (row->state == ROW_DONE && !row->verdict.ok)
                fprintf(stderr, "compare: %s: the result of %s is wrong\n", what,
                        row->runner);
            else if (results_regressed(all, row))
                fprintf(stderr, "compare: %s: %s %s in %s\n", what, row->runner,
                        row->state == ROW_DONE ? "is slower than"
                                               : "has no number now; it has one",
                        all->earlier.path);
        }
    if (results_count_wrong(all))
        return EXIT_WRONG;
    if (results_count(all, ROW_FAILED))
        return EXIT_DEVICE;
    return judge_regressions(all);
}
