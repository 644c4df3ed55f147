#include "operand.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void put(operand *o, size_t index, double value)
{
    if (o->dtype == TSR_F32)
        ((float *)o->flat)[index] = (float)value;
    else
        ((double *)o->flat)[index] = value;
}

/* A quiet NaN that carries `index`. */
static void put_canary(operand *o, size_t index)
{
    uint32_t bits32 = UINT32_C(0x7fc00000) | (uint32_t)(index & 0x3fffff);
    uint64_t bits64 = UINT64_C(0x7ff8000000000000) | index;

    if (o->dtype == TSR_F32)
        memcpy((char *)o->flat + index * 4, &bits32, 4);
    else
        memcpy((char *)o->flat + index * 8, &bits64, 8);
}

static double element(const test_case *c, uint64_t key, content_kind content, size_t i)
{
    static const double special[] = {NAN, INFINITY, -INFINITY};
    uint64_t random = draw(c->number, key + 1000000 + i);

    if (content == CONTENT_NAN)
        return NAN;
    if (content == CONTENT_POISON)
        return special[random % 3];
    if (c->data == DATA_INTEGERS)
        return (double)(random % 9) - 4;
    if (c->data == DATA_SPECIAL && random % 97 == 0)
        return special[random / 97 % 3];
    return (double)(random >> 40) / 8388608.0 - 1;
}

/* Fills the elements in order; a place met again (a stride of 0) keeps its first. */
static void fill(operand *o, const test_case *c, const placement *p, uint64_t key,
                 content_kind content)
{
    size_t shape[3] = {1, 1, 1}, strides[3] = {0, 0, 0}, i = 0;

    for (int axis = 0; axis < p->rank; axis++) {
        shape[3 - p->rank + axis] = p->shape[axis];
        strides[3 - p->rank + axis] = p->strides[axis];
    }
    for (size_t t = 0; t < shape[0]; t++) {
        for (size_t r = 0; r < shape[1]; r++) {
            for (size_t s = 0; s < shape[2]; s++) {
                size_t index =
                    p->offset + t * strides[0] + r * strides[1] + s * strides[2];

                if (!o->is_element[index])
                    put(o, index, element(c, key, content, i++));
                o->is_element[index] = true;
            }
        }
    }
}

static bool make_view(const test_case *c, operand *out)
{
    const placement *p = out->place;
    tsr_status status = tsr_tensor_view(out->base, p->rank, p->shape, p->strides,
                                        p->offset, &out->view);

    if (status)
        printf("case %lu: viewing an operand: %s: %s\n", c->number,
               tsr_status_string(status), tsr_error_detail());
    return !status;
}

bool make_operand(tsr_device *device, const test_case *c, const placement *place,
                  const placement *other, uint64_t key, content_kind content,
                  operand *out)
{
    size_t size = tsr_dtype_size(c->dtype), bytes = place->length * size;
    operand o = {.place = place, .dtype = c->dtype, .bytes = bytes};
    tsr_status status;

    o.flat = malloc(bytes + 1);
    o.now = malloc(bytes + 1);
    o.is_element = calloc(place->length + 1, sizeof *o.is_element);
    *out = o;
    if (!o.flat || !o.now || !o.is_element) {
        printf("case %lu: no memory\n", c->number);
        return false;
    }
    for (size_t index = 0; index < place->length; index++)
        put_canary(&o, index);
    fill(&o, c, place, key, content);
    if (other)
        fill(&o, c, other, key + 500000000, content);
    memcpy(o.now, o.flat, bytes);
    status = (c->lent ? tsr_tensor_borrow_host(device, c->dtype, 1, &place->length,
                                               o.now, &out->base)
                      : tsr_tensor_from_host(device, c->dtype, 1, &place->length,
                                             o.flat, &out->base));
    if (status)
        printf("case %lu: making an operand: %s: %s\n", c->number,
               tsr_status_string(status), tsr_error_detail());
    return !status && make_view(c, out);
}

bool share_operand(const test_case *c, const operand *of, const placement *other,
                   operand *out)
{
    *out = *of;
    out->place = other;
    out->is_shared = true;
    out->view = NULL;
    return make_view(c, out);
}

void drop_operand(operand *o)
{
    tsr_tensor_destroy(o->view);
    if (o->is_shared)
        return;
    tsr_tensor_destroy(o->base);
    free(o->is_element);
    free(o->now);
    free(o->flat);
    *o = (operand){0};
}

bool read_operand(operand *o)
{
    tsr_status status = tsr_tensor_read(o->base, o->now);

    if (status)
        printf("reading back: %s: %s\n", tsr_status_string(status), tsr_error_detail());
    return !status;
}

size_t first_change(const operand *o, bool elements)
{
    size_t size = tsr_dtype_size(o->dtype);

    if (memcmp(o->flat, o->now, o->bytes) == 0)
        return SIZE_MAX;
    for (size_t i = 0; i < o->place->length; i++) {
        if (memcmp((char *)o->flat + i * size, (char *)o->now + i * size, size) != 0 &&
            (elements || !o->is_element[i]))
            return i;
    }
    return SIZE_MAX;
}
