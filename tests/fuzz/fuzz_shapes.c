/* A --shapes file: refused at a place in it, or products that can be counted, and that
 * come back when they are written. */
#include <string.h>

#include "shapes.h"

#include "fuzz.h"

static const problem otherwise = {.batch = 1};

static void write_and_read_again(const problem_list *list)
{
    problem_list again;
    char *text = NULL;
    size_t size = 0;
    failure why;
    FILE *file = open_memstream(&text, &size);

    FUZZ_CHECK(file);
    for (size_t i = 0; i < list->count; i++) {
        const problem *p = &list->items[i];

        fprintf(file, "%zu %zu %zu %s %c %c %zu\n", p->m, p->n, p->k,
                tsr_dtype_name(p->dtype), p->trans_a ? 't' : 'n',
                p->trans_b ? 't' : 'n', p->batch);
    }
    FUZZ_CHECK(fclose(file) == 0);
    FUZZ_CHECK(shapes_read(fuzz_file(text, size), &otherwise, &again, &why));
    FUZZ_CHECK(again.count == list->count);
    for (size_t i = 0; i < list->count; i++) {
        const problem *a = &list->items[i], *b = &again.items[i];

        FUZZ_CHECK(a->m == b->m && a->n == b->n && a->k == b->k &&
                   a->batch == b->batch && a->dtype == b->dtype &&
                   a->trans_a == b->trans_a && a->trans_b == b->trans_b);
    }
    problem_list_free(&again);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *path = fuzz_file(bytes, size);
    problem_list list;
    failure why;

    if (!shapes_read(path, &otherwise, &list, &why)) {
        FUZZ_CHECK(why.exit_status == EXIT_INPUT);
        FUZZ_CHECK(strncmp(why.text, path, strlen(path)) == 0);
        FUZZ_CHECK(list.count == 0);
        return 0;
    }
    FUZZ_CHECK(list.count > 0);
    for (size_t i = 0; i < list.count; i++)
        FUZZ_CHECK(problem_check(&list.items[i], &why));
    write_and_read_again(&list);
    problem_list_free(&list);
    return 0;
}
