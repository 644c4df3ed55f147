/* looks.h: a runner has the same colour and mark in every picture. */
#ifndef COMPARE_LOOKS_H
#define COMPARE_LOOKS_H

#include "palette.h"

look runner_look(const char *runner, paper p);

#endif /* COMPARE_LOOKS_H */
