#include "looks.h"

#include <string.h>

/* Okabe and Ito's colours, which those tell apart who see few; lighter for dark pages. */
static const struct {
    const char *runner;
    style style;
} styles[] = {
    {"tessera", {0x0072b2, 0x4db2f0, MARK_DISC}},
    {"tessera-prepared", {0x56b4e9, 0xa8dcff, MARK_DIAMOND}},
    {"clblast", {0xd55e00, 0xff8a4c, MARK_SQUARE}},
    {"blas", {0x009e73, 0x3ed6a4, MARK_UP}},
    {"plain-c", {0x6b6b6b, 0xb4b4b4, MARK_DOWN}},
    {"plain-c-f64", {0xa3a3a3, 0x7d848c, MARK_CROSS}},
    {"host", {0x117733, 0x66c28c, MARK_SQUARE}},
    {"stream", {0xcc79a7, 0xe8a3c9, MARK_UP}},
    {"panel", {0xe69f00, 0xffc247, MARK_DIAMOND}},
    {"tile", {0x7b5ea7, 0xb79be0, MARK_DOWN}},
    {"reference", {0x8a6d1f, 0xd8bd68, MARK_CROSS}},
};

look runner_look(const char *runner, paper p)
{
    for (size_t i = 0; i < sizeof styles / sizeof styles[0]; i++)
        if (strcmp(styles[i].runner, runner) == 0)
            return palette_look(&styles[i].style, p);
    return (look){palette_of(p)->quiet, MARK_DISC};
}
