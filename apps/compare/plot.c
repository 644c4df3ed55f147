/* plot.c: which picture. */
#include "plot.h"

#include "charts.h"
#include "series.h"

static const chart *choose(const results *all)
{
    if (all->case_count == 1)
        return &chart_bars;
    return series_of(all) == SERIES_NONE ? &chart_dots : &chart_curves;
}

static void draw(canvas *c, const void *data)
{
    choose(data)->draw(c, data);
}

bool plot_write(FILE *file, const results *all, picture_format format, paper on,
                failure *why)
{
    const picture p = {.height = choose(all)->height(all), .draw = draw, .data = all};

    return picture_write(file, &p, format, on, why);
}
