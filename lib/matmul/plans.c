#include "matmul/plans.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/error.h"
#include "device/device.h"

#define KEPT 16 /* the layers of a network, forwards and back */

typedef struct plans {
    pthread_mutex_t lock;
    tsr__kept_plan items[KEPT];
    size_t count, latest, oldest;
    unsigned long turn; /* how often all were forgotten */
} plans;

static void *plans_create(tsr_device *device)
{
    plans *p = calloc(1, sizeof *p);

    (void)device;
    if (!p)
        tsr__fail(TSR_ERROR_HOST_MEMORY, "no memory for a device's plans");
    else
        pthread_mutex_init(&p->lock, NULL);
    return p;
}

static void plans_destroy(tsr_device *device, void *state)
{
    plans *p = state;

    (void)device;
    pthread_mutex_destroy(&p->lock);
    free(p);
}

/* NULL without memory for it: then nothing is kept. */
static plans *plans_of(tsr_device *device)
{
    return tsr__device_slot(device, TSR__SLOT_PLANS, plans_create, plans_destroy);
}

static bool is_it(const tsr__kept_plan *kept, const tsr__kept_plan *it)
{
    return kept->scope == it->scope && tsr__problem_same(&kept->problem, &it->problem);
}

/* The lock is held. The place of the one that was used last is the likeliest; NULL: none is
 * kept. */
static tsr__kept_plan *place_of(plans *p, const tsr__kept_plan *it)
{
    for (size_t i = 0; i < p->count; i++) {
        const size_t at = (p->latest + i) % p->count;

        if (is_it(&p->items[at], it)) {
            p->latest = at;
            return &p->items[at];
        }
    }
    return NULL;
}

bool tsr__plans_find(tsr_device *device, tsr__kept_plan *it)
{
    plans *p = plans_of(device);
    const tsr__kept_plan *kept;

    if (!p)
        return false;
    pthread_mutex_lock(&p->lock);
    it->turn = p->turn;
    if ((kept = place_of(p, it))) {
        it->plan = kept->plan;
        it->seconds = kept->seconds;
    }
    pthread_mutex_unlock(&p->lock);
    return kept != NULL;
}

/* The lock is held. */
static void keep(plans *p, const tsr__kept_plan *it)
{
    tsr__kept_plan *place = place_of(p, it);

    if (!place) {
        place = &p->items[p->oldest];
        p->latest = p->oldest;
        p->oldest = (p->oldest + 1) % KEPT;
        if (p->count < KEPT)
            p->count++;
    }
    *place = *it;
    place->plan.parameters = NULL;
    place->plan.build_seconds = 0.0;
}

void tsr__plans_keep(tsr_device *device, const tsr__kept_plan *it)
{
    plans *p = plans_of(device);

    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    if (p->turn == it->turn)
        keep(p, it);
    pthread_mutex_unlock(&p->lock);
}

void tsr__plans_forget(tsr_device *device)
{
    plans *p = plans_of(device);

    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->count = p->latest = p->oldest = 0;
    p->turn++;
    pthread_mutex_unlock(&p->lock);
}
