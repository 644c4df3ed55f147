/* Overlap is judged against the truth: the set of bytes of every element, written down. */
#include "device_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "memory/tensor.h"

#define ROOM 4096 /* bytes of the pretended memory */

/* A tensor that has numbers but no device: all that is asked of it here. */
typedef struct pretended {
    tsr__storage storage;
    tsr_tensor tensor;
} pretended;

static void pretend(pretended *p, tsr_dtype dtype, int rank, const size_t *shape,
                    const size_t *strides, size_t offset)
{
    static const char memory;

    memset(p, 0, sizeof *p);
    p->storage.space = &memory;
    p->storage.bytes = ROOM;
    p->tensor.storage = &p->storage;
    p->tensor.dtype = dtype;
    p->tensor.rank = rank;
    p->tensor.offset = offset;
    p->tensor.count = 1;
    for (int i = 0; i < rank; i++) {
        p->tensor.shape[i] = shape[i];
        p->tensor.strides[i] = strides[i];
        p->tensor.count *= shape[i];
    }
}

/* Counts for every byte how often an element covers it; gives the largest count. */
static int cover(const tsr_tensor *t, unsigned char *bytes)
{
    size_t size = tsr_dtype_size(t->dtype), shape[3] = {1, 1, 1}, stride[3] = {0};
    int most = 0;

    for (int i = 0; i < t->rank; i++) {
        shape[i] = t->shape[i];
        stride[i] = t->strides[i];
    }
    memset(bytes, 0, ROOM);
    for (size_t x = 0; x < shape[0]; x++)
        for (size_t y = 0; y < shape[1]; y++)
            for (size_t z = 0; z < shape[2]; z++) {
                size_t at = t->offset + x * stride[0] + y * stride[1] + z * stride[2];

                for (size_t b = 0; b < size; b++)
                    if (++bytes[at * size + b] > most)
                        most = bytes[at * size + b];
            }
    return most;
}

static size_t below(size_t n)
{
    return (size_t)rand() % n;
}

static void random_tensor(pretended *p)
{
    size_t shape[3], strides[3];
    int rank = 1 + (int)below(3);

    for (int i = 0; i < rank; i++) {
        shape[i] = below(5);
        strides[i] = below(3) ? below(24) : below(4);
    }
    pretend(p, below(4) ? TSR_F32 : TSR_F64, rank, shape, strides, below(100));
}

static void overlap_is_never_missed(void **state)
{
    static unsigned char a[ROOM], b[ROOM];
    int met = 0, itself = 0, said = 0;

    (void)state;
    srand(1);
    for (int round = 0; round < 20000; round++) {
        bool meet = false;
        pretended p, q;

        random_tensor(&p);
        random_tensor(&q);
        if (cover(&p.tensor, a) > 1) {
            itself++;
            assert_true(tsr__tensor_overlaps_itself(&p.tensor));
        }
        cover(&q.tensor, b);
        for (int i = 0; i < ROOM; i++)
            meet = meet || (a[i] && b[i]);
        met += meet;
        said += tsr__tensors_overlap(&p.tensor, &q.tensor);
        if (meet) {
            assert_true(tsr__tensors_overlap(&p.tensor, &q.tensor));
            assert_true(tsr__tensors_overlap(&q.tensor, &p.tensor));
        }
    }
    assert_true(met > 1000 && itself > 1000 && said < 20000);
}

static void blocks_of_one_matrix_are_told_apart_exactly(void **state)
{
    static unsigned char a[ROOM], b[ROOM];
    size_t strides[] = {16, 1};

    (void)state;
    srand(2);
    for (int round = 0; round < 20000; round++) {
        bool meet = false;
        pretended p, q;
        size_t column[2], shape[2][2], row[2];

        for (int i = 0; i < 2; i++) {
            column[i] = below(16);
            shape[i][0] = 1 + below(6);
            shape[i][1] = 1 + below(16 - column[i]);
            row[i] = below(10);
        }
        pretend(&p, TSR_F32, 2, shape[0], strides, row[0] * 16 + column[0]);
        pretend(&q, TSR_F32, 2, shape[1], strides, row[1] * 16 + column[1]);
        cover(&p.tensor, a);
        cover(&q.tensor, b);
        for (int i = 0; i < ROOM; i++)
            meet = meet || (a[i] && b[i]);
        assert_int_equal(tsr__tensors_overlap(&p.tensor, &q.tensor), meet);
    }
}

static void heads_and_interleaved_columns_do_not_meet(void **state)
{
    pretended p, q;

    (void)state;
    /* [heads, rows, columns] inside [rows, heads * columns] */
    pretend(&p, TSR_F32, 3, (size_t[]){2, 5, 4}, (size_t[]){4, 24, 1}, 0);
    pretend(&q, TSR_F32, 3, (size_t[]){4, 5, 4}, (size_t[]){4, 24, 1}, 8);
    assert_false(tsr__tensor_overlaps_itself(&p.tensor));
    assert_false(tsr__tensors_overlap(&p.tensor, &q.tensor));
    /* even and odd columns */
    pretend(&p, TSR_F32, 2, (size_t[]){5, 4}, (size_t[]){8, 2}, 0);
    pretend(&q, TSR_F32, 2, (size_t[]){5, 4}, (size_t[]){8, 2}, 1);
    assert_false(tsr__tensors_overlap(&p.tensor, &q.tensor));
}

static void a_transpose_does_not_overlap_itself_but_a_repeat_does(void **state)
{
    pretended p;

    (void)state;
    pretend(&p, TSR_F32, 2, (size_t[]){5, 7}, (size_t[]){1, 5}, 0);
    assert_false(tsr__tensor_overlaps_itself(&p.tensor));
    pretend(&p, TSR_F32, 2, (size_t[]){1, 7}, (size_t[]){0, 1}, 0);
    assert_false(tsr__tensor_overlaps_itself(&p.tensor));
    pretend(&p, TSR_F32, 2, (size_t[]){2, 7}, (size_t[]){0, 1}, 0);
    assert_true(tsr__tensor_overlaps_itself(&p.tensor));
    pretend(&p, TSR_F32, 2, (size_t[]){2, 7}, (size_t[]){6, 1}, 0);
    assert_true(tsr__tensor_overlaps_itself(&p.tensor));
}

static void other_memory_and_empty_tensors_never_meet(void **state)
{
    pretended p, q;

    (void)state;
    pretend(&p, TSR_F32, 1, (size_t[]){8}, (size_t[]){1}, 0);
    pretend(&q, TSR_F32, 1, (size_t[]){0}, (size_t[]){1}, 0);
    assert_false(tsr__tensors_overlap(&p.tensor, &q.tensor));
    q = p;
    q.tensor.storage = &q.storage;
    q.storage.space = &q;
    assert_false(tsr__tensors_overlap(&p.tensor, &q.tensor));
    q.storage.space = p.storage.space;
    assert_true(tsr__tensors_overlap(&p.tensor, &q.tensor));
    q.storage.start = 32;
    assert_false(tsr__tensors_overlap(&p.tensor, &q.tensor));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(overlap_is_never_missed),
        cmocka_unit_test(blocks_of_one_matrix_are_told_apart_exactly),
        cmocka_unit_test(heads_and_interleaved_columns_do_not_meet),
        cmocka_unit_test(a_transpose_does_not_overlap_itself_but_a_repeat_does),
        cmocka_unit_test(other_memory_and_empty_tensors_never_meet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
