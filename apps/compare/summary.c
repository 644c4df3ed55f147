#include "summary.h"

#include <math.h>
#include <string.h>

#include "text.h"

size_t summary_count(const results *all)
{
    const case_result *first = all->cases;
    size_t count = 0;

    for (size_t i = 0; all->case_count && i < first->row_count; i++)
        count += strcmp(first->rows[i].runner, "tessera") != 0;
    return count;
}

const char *summary_runner(const results *all, size_t index)
{
    const case_result *first = all->cases;

    for (size_t i = 0; all->case_count && i < first->row_count; i++)
        if (strcmp(first->rows[i].runner, "tessera") != 0 && index-- == 0)
            return first->rows[i].runner;
    return "";
}

double summary_ratio(const case_result *c, const char *runner)
{
    const table_row *mine = results_row(c, "tessera"), *its = results_row(c, runner);

    if (!mine || !its || !mine->verdict.ok || !its->verdict.ok)
        return NAN;
    return mine->time.best / its->time.best;
}

summary summary_of(const results *all, size_t index)
{
    summary out = {.runner = summary_runner(all, index), .geomean = NAN, .worst = NAN};
    double logs = 0;

    for (size_t i = 0; i < all->case_count; i++) {
        const double ratio = summary_ratio(&all->cases[i], out.runner);

        if (isnan(ratio))
            continue;
        logs += log(ratio);
        out.cases++;
        if (isnan(out.worst) || ratio > out.worst) {
            out.worst = ratio;
            out.worst_case = i;
        }
    }
    if (out.cases)
        out.geomean = exp(logs / (double)out.cases);
    return out;
}

void summary_print(FILE *file, const results *all)
{
    const size_t count = summary_count(all);

    if (!count)
        return;
    fprintf(file, "\n%-12s %8s %6s %7s  %s\n", "tessera over", "geomean", "cases",
            "worst", "of");
    for (size_t i = 0; i < count; i++) {
        const summary s = summary_of(all, i);
        char what[160] = "-";

        if (s.cases)
            problem_describe(&all->cases[s.worst_case].problem, what, sizeof what);
        fprintf(file, "%-12s %8s %6zu %7s  %.42s\n", results_shown_name(s.runner),
                text_number(s.geomean).s, s.cases, text_number(s.worst).s, what);
    }
    text_say(file, "",
             "Best times, tessera's over the runner's: below 1 tessera is faster.");
}
