#include "matmul/strategy.h"

#include <string.h>

static const tsr__strategy *const table[] = {
    &tsr__host,      &tsr__stream, &tsr__panel, &tsr__tile,
#ifdef TSR__HAVE_CLBLAST
    &tsr__clblast,
#endif
    &tsr__reference,
};

const tsr__strategy *tsr__strategy_at(size_t index)
{
    return index < sizeof table / sizeof table[0] ? table[index] : NULL;
}

const tsr__strategy *tsr__strategy_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i]->name, name) == 0)
            return table[i];
    return NULL;
}

size_t tsr_strategy_count(void)
{
    return sizeof table / sizeof table[0];
}

const char *tsr_strategy_name(size_t index)
{
    const tsr__strategy *strategy = tsr__strategy_at(index);

    return strategy ? strategy->name : NULL;
}
