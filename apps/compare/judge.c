#include "judge.h"

#include <stdio.h>

#include "failure.h"

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
    return results_count_regressed(all) ? EXIT_WRONG : EXIT_RIGHT;
}
