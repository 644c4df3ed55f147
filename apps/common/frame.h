/* frame.h: what every picture has around it: what it is about, and where and when that
 * was. */
#ifndef COMMON_FRAME_H
#define COMMON_FRAME_H

#include <tessera/device.h>

#include "canvas.h"

#define FRAME_MARGIN 28.0

/* What the head and the foot take. */
#define FRAME_HEAD 76.0
#define FRAME_FOOT 52.0

typedef struct frame {
    const char *title, *subtitle;
    const tsr_device_info *device;
    const char *about; /* the last line: date and the like */
} frame;

/* Texts that are too long are cut. */
void frame_draw(canvas *c, double height, const frame *f);

/* Text of the size that axes and rows have, and a smaller, paler one. */
type frame_type(const canvas *c, align a);
type frame_quiet(const canvas *c, align a);

#endif /* COMMON_FRAME_H */
