#include "doctor.h"

#include <stdio.h>

#include "findings.h"
#include "text.h"

static void print_finding(int number, const finding *found)
{
    printf("%s%d. %s\n", number > 1 ? "\n" : "", number, found->subject);
    print_wrapped(stdout, 3, found->problem);
    if (found->command[0])
        printf("   mend it:  %s\n", found->command);
}

/* Prints the finding if there is one, and counts it. */
static int number_of(int before, bool is_found, const finding *found)
{
    if (is_found)
        print_finding(before + 1, found);
    return before + is_found;
}

/* A fresh finding for each question. */
static const finding nothing = {"", "", ""};

static int look_at_entry(const tsr_device_list *list, size_t index, int count)
{
    const tsr_device_entry *entry = tsr_device_list_get(list, index);
    finding found = nothing;

    count = number_of(count, find_unusable(entry, &found), &found);
    found = nothing;
    count = number_of(count, find_no_fp64(list, entry, &found), &found);
    found = nothing;
    return number_of(count, find_second_driver(list, index, &found), &found);
}

void print_diagnosis(const tsr_device_list *list)
{
    finding found = nothing;
    int count = number_of(0, find_no_driver(list, &found), &found);

    found = nothing;
    count = number_of(count, find_no_usable(list, &found), &found);
    found = nothing;
    count = number_of(count, find_wrong_choice(list, &found), &found);
    for (size_t i = 0; i < tsr_device_list_count(list); i++)
        count = look_at_entry(list, i, count);
    found = nothing;
    count = number_of(count, find_pocl_cache(list, &found), &found);
    found = nothing;
    count = number_of(count, find_no_cache(&found), &found);
    if (count == 0)
        printf("Nothing is wrong.\n");
}
