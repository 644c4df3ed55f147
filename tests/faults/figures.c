#include "figures.h"

#include <string.h>
#include <time.h>

static const char *const kind_names[FAULT_KINDS] = {"calls",  "events", "at_once",
                                                    "delays", "memory", "files"};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void figures_begin(figures *f, const scenario *s)
{
    if (f->count == 0) {
        printf("%-16s", "scenario");
        for (int kind = 0; kind < FAULT_KINDS; kind++)
            printf(" %7s", kind_names[kind]);
        printf("   named absorbed violated seconds\n");
    }
    f->rows[f->count] = (figures_row){.scenario = s->name, .seconds = seconds()};
}

void figures_add(figures *f, const child_walk *walk, const child_found *found)
{
    figures_row *row = &f->rows[f->count];
    size_t said = found->violations < MOST_SAID ? found->violations : MOST_SAID;

    row->points[walk->kind] += found->points;
    row->named += found->named;
    row->absorbed += found->absorbed;
    row->violations += found->violations;
    f->points += found->points;
    f->violations += found->violations;
    for (size_t i = 0; i < said; i++)
        printf("VIOLATED: %s\n", found->said[i]);
    if (found->violations > said)
        printf("VIOLATED: and %lu more\n", found->violations - said);
    for (size_t i = 0; i < MOST_CALLS && found->names[i][0]; i++) {
        memcpy(f->names[i], found->names[i], sizeof f->names[i]);
        f->calls[i].calls += found->counts[i].calls;
        f->calls[i].failed += found->counts[i].failed;
        for (size_t code = 0; code < found->codes[i].count; code++)
            child_codes_add(&f->codes[i][walk->once], found->codes[i].code[code]);
    }
}

void figures_end(figures *f)
{
    figures_row *row = &f->rows[f->count++];

    row->seconds = seconds() - row->seconds;
    printf("%-16s", row->scenario);
    for (int kind = 0; kind < FAULT_KINDS; kind++)
        printf(" %7lu", row->points[kind]);
    printf(" %7lu %8lu %8lu %7.1f\n", row->named, row->absorbed, row->violations,
           row->seconds);
    fflush(stdout);
}

void figures_print(const figures *f)
{
    printf("\n%-30s %10s %10s\n", "entry point", "called", "failed");
    for (size_t i = 0; i < MOST_CALLS && f->names[i][0]; i++)
        if (f->calls[i].calls)
            printf("%-30s %10lu %10lu\n", f->names[i], f->calls[i].calls,
                   f->calls[i].failed);
    printf("\n%lu faults, %lu violations\n", f->points, f->violations);
}

static void write_codes(FILE *file, const child_codes *codes)
{
    fputc('\t', file);
    for (size_t i = 0; i < codes->count; i++)
        fprintf(file, "%s%d", i ? "," : "", codes->code[i]);
}

bool figures_write(const figures *f, const char *path)
{
    FILE *file = fopen(path, "w");

    if (!file)
        return false;
    for (size_t i = 0; i < f->count; i++) {
        const figures_row *row = &f->rows[i];

        fprintf(file, "scenario\t%s\t%.1f", row->scenario, row->seconds);
        for (int kind = 0; kind < FAULT_KINDS; kind++)
            fprintf(file, "\t%lu", row->points[kind]);
        fprintf(file, "\t%lu\t%lu\t%lu\n", row->named, row->absorbed, row->violations);
    }
    for (size_t i = 0; i < MOST_CALLS && f->names[i][0]; i++) {
        if (!f->calls[i].calls)
            continue;
        fprintf(file, "entry\t%s\t%lu\t%lu", f->names[i], f->calls[i].calls,
                f->calls[i].failed);
        write_codes(file, &f->codes[i][true]);
        write_codes(file, &f->codes[i][false]);
        fputc('\n', file);
    }
    return fclose(file) == 0;
}
