/* charts.h: the pictures there are, and what they have in common. */
#ifndef COMPARE_CHARTS_H
#define COMPARE_CHARTS_H

#include "axis.h"
#include "canvas.h"
#include "frame.h"
#include "results.h"

typedef struct chart {
    double (*height)(const results *all);
    void (*draw)(canvas *c, const results *all);
} chart;

/* One case: how near each runner comes to the roof. */
extern const chart chart_bars;

/* Several: the same, a row for each case. */
extern const chart chart_dots;

/* A series: GFLOP/s over the size. */
extern const chart chart_curves;

/* ---- In common ---------------------------------------------------------------------- */

/* A title, a line below it, and at the foot device, date and version. */
void chart_frame(canvas *c, const results *all, double height, const char *title,
                 const char *subtitle);

/* An axis of parts of the roof, from left to right, and the roof itself at 100%. */
void chart_percents(canvas *c, const axis *a, size_t ticks, double top, double bottom);
void chart_roof(canvas *c, const axis *a, double top, double bottom);

#endif /* COMPARE_CHARTS_H */
