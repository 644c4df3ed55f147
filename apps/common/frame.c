#include "frame.h"

#include <stdio.h>
#include <string.h>

#include "picture.h"
#include "utf8.h"

type frame_type(const canvas *c, align a)
{
    return (type){.size = 12.5, .colour = c->palette->ink, .align = a};
}

type frame_quiet(const canvas *c, align a)
{
    return (type){.size = 11.5, .colour = c->palette->quiet, .align = a};
}

/* Cut at the end, with dots, where it is wider than the picture. */
static void draw_line(canvas *c, double y, type t, const char *text)
{
    char shown[512];
    size_t length;

    utf8_copy(shown, sizeof shown, text);
    length = strlen(shown);
    while (length > 4 &&
           canvas_text_width(c, t, shown) > PICTURE_WIDTH - 2 * FRAME_MARGIN) {
        do
            length--;
        while (length > 4 && utf8_length(shown + length - 3) == 0);
        memcpy(shown + length - 3, "...", 4);
    }
    canvas_text(c, FRAME_MARGIN, y, t, shown);
}

void frame_draw(canvas *c, double height, const frame *f)
{
    const tsr_device_info *d = f->device;
    const type head = {.size = 19, .colour = c->palette->ink, .bold = true};
    type below = frame_type(c, ALIGN_LEFT);
    char device[512];

    below.colour = c->palette->quiet;
    draw_line(c, 36, head, f->title);
    draw_line(c, 58, below, f->subtitle);
    snprintf(device, sizeof device, "%s: %s, driver %s; %s, %u compute unit%s",
             d->platform, d->name, d->driver, tsr_device_type_name(d->type),
             d->compute_units, d->compute_units == 1 ? "" : "s");
    draw_line(c, height - 31, frame_quiet(c, ALIGN_LEFT), device);
    draw_line(c, height - 15, frame_quiet(c, ALIGN_LEFT), f->about);
}
