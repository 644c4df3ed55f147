/* healthy.h: a cache as it should be, and the part of an attack that a run does. */
#ifndef ATTACKS_HEALTHY_H
#define ATTACKS_HEALTHY_H

#include "places.h"

/* Drivers, device, record and program, made by a victim that keeps a record. */
extern snapshot healthy;

/* Makes the places and `healthy`; removes both. For cmocka. */
int healthy_make(void **state);
int healthy_remove(void **state);

/* Of attacks that come in thousands each so-many-th is made: $ATTACK_EVERY, or 1. */
unsigned attack_every(void);

/* A victim in the cache as it is now is right, and then the record is kept again, after
 * which all is as it was. Where a record does not count, another program is built. */
void expect_recovery(void);

#endif /* ATTACKS_HEALTHY_H */
