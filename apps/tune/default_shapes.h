/* default_shapes.h: what is tuned for when no file says. */
#ifndef TUNE_DEFAULT_SHAPES_H
#define TUNE_DEFAULT_SHAPES_H

#include "shapes.h"

/* The products of the public speed table. Without f64 if the device has none. */
bool default_shapes(bool fp64, problem_list *out, failure *why);

#endif /* TUNE_DEFAULT_SHAPES_H */
