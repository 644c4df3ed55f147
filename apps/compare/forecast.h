/* forecast.h: how a run's time is spread over its products, roughly, for the time left. */
#ifndef COMPARE_FORECAST_H
#define COMPARE_FORECAST_H

#include "shapes.h"

/* The part of it, 0 to 1, that lies before product number `index`. */
double forecast_before(const problem_list *problems, size_t index);

#endif /* COMPARE_FORECAST_H */
