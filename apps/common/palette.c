#include "palette.h"

const palette *palette_of(paper p)
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

    return p == PAPER_DARK ? &dark : &light;
}

look palette_look(const style *s, paper p)
{
    return (look){p == PAPER_DARK ? s->dark : s->light, s->mark};
}
