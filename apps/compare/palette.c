#include "palette.h"

#include <string.h>

const palette *palette_of(plot_paper paper)
{
    static const palette light = {.paper = 0xffffff,
                                  .ink = 0x1a1a1a,
                                  .quiet = 0x5c5c5c,
                                  .grid = 0xdedede,
                                  .roof = 0x1a1a1a,
                                  .bad = 0xc00020};
    static const palette dark = {.paper = 0x14171b,
                                 .ink = 0xececec,
                                 .quiet = 0xa6adb5,
                                 .grid = 0x343a41,
                                 .roof = 0xececec,
                                 .bad = 0xff6b7a};

    return paper == PLOT_DARK ? &dark : &light;
}

/* Okabe and Ito's colours, which those tell apart who see few; lighter for dark pages. */
static const struct {
    const char *runner;
    rgb light, dark;
    mark mark;
} looks[] = {
    {"tessera", 0x0072b2, 0x4db2f0, MARK_DISC},
    {"tessera-prepared", 0x56b4e9, 0xa8dcff, MARK_DIAMOND},
    {"clblast", 0xd55e00, 0xff8a4c, MARK_SQUARE},
    {"blas", 0x009e73, 0x3ed6a4, MARK_UP},
    {"plain-c", 0x6b6b6b, 0xb4b4b4, MARK_DOWN},
    {"plain-c-f64", 0xa3a3a3, 0x7d848c, MARK_CROSS},
    {"stream", 0xcc79a7, 0xe8a3c9, MARK_UP},
    {"panel", 0xe69f00, 0xffc247, MARK_DIAMOND},
    {"tile", 0x7b5ea7, 0xb79be0, MARK_DOWN},
    {"reference", 0x8a6d1f, 0xd8bd68, MARK_CROSS},
};

look palette_look(const char *runner, plot_paper paper)
{
    for (size_t i = 0; i < sizeof looks / sizeof looks[0]; i++)
        if (strcmp(looks[i].runner, runner) == 0)
            return (look){paper == PLOT_DARK ? looks[i].dark : looks[i].light,
                          looks[i].mark};
    return (look){palette_of(paper)->quiet, MARK_DISC};
}
