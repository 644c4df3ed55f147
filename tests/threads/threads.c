/* threads: many threads, one device, small products of every strategy, exact.
 *
 *     threads [THREADS [PRODUCTS]]        16 threads, 1,000 products each
 *
 * All threads start at once on a device that has built nothing yet, so that first builds
 * collide. Each has tensors of its own and shares one operand with all. Numbers are small
 * integers, and a plain C loop says what the result is.
 *
 * Exit status: 0 all right; 1 a result is wrong or a call failed; 3 no device.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tessera/tessera.h>

enum { MOST = 24, SHARED = 40 };

typedef struct common {
    tsr_device *device;
    tsr_tensor *shared;             /* SHARED x SHARED, read by all */
    float numbers[SHARED * SHARED]; /* what is in it */
    int products;                   /* per thread */
    pthread_barrier_t start;
    atomic_int failures;
    atomic_int done;
    atomic_int skipped; /* a strategy that cannot do the shape */
} common;

typedef struct worker {
    pthread_t thread;
    common *all;
    unsigned number;
} worker;

/* Sizes and layout of one product of one thread. */
typedef struct shape {
    size_t m, n, k;
    bool transposed_a, use_shared;
    bool lent; /* the arrays are borrowed; the shared matrix is in any case */
    const char *strategy; /* NULL for the router */
    unsigned seed;
} shape;

static int small_integer(unsigned seed, size_t i)
{
    unsigned x = (seed + 1) * 2654435761u + (unsigned)i * 40503u;

    return (int)((x >> 16) % 9) - 4;
}

static shape shape_of(unsigned thread, int i)
{
    unsigned x = (thread * 7919u + (unsigned)i) * 2654435761u;
    size_t strategies = tsr_strategy_count();
    size_t choice = (thread + (unsigned)i) % (strategies + 1);

    return (shape){.m = 1 + (x >> 4) % MOST,
                   .n = 1 + (x >> 12) % MOST,
                   .k = 1 + (x >> 20) % MOST,
                   .transposed_a = (x >> 28) & 1,
                   .use_shared = (x >> 29) & 1,
                   .lent = (x >> 30) & 1,
                   .strategy = choice < strategies ? tsr_strategy_name(choice) : NULL,
                   .seed = x};
}

static void complain(common *all, const shape *s, const char *what)
{
    if (atomic_fetch_add(&all->failures, 1) < 10)
        printf("%zux%zux%zu by %s: %s\n", s->m, s->n, s->k,
               s->strategy ? s->strategy : "the router", what);
}

static tsr_status make(common *all, const shape *s, const size_t dims[2], float *data,
                       tsr_tensor **out)
{
    return s->lent ? tsr_tensor_borrow_host(all->device, TSR_F32, 2, dims, data, out)
                   : tsr_tensor_from_host(all->device, TSR_F32, 2, dims, data, out);
}

/* A of the product: [m, k], from data that is [k, m] if transposed. */
static tsr_status make_a(common *all, const shape *s, float *data, tsr_tensor **a)
{
    const size_t dims[2] = {s->transposed_a ? s->k : s->m,
                            s->transposed_a ? s->m : s->k};
    tsr_tensor *stored;
    tsr_status status;

    for (size_t i = 0; i < dims[0] * dims[1]; i++)
        data[i] = (float)small_integer(s->seed, i);
    status = make(all, s, dims, data, &stored);
    if (status || !s->transposed_a) {
        *a = status ? NULL : stored;
        return status;
    }
    status = tsr_tensor_transpose(stored, a);
    tsr_tensor_destroy(stored);
    return status;
}

/* B: [k, n], a corner of the shared matrix or a matrix of its own. */
static tsr_status make_b(common *all, const shape *s, float *data, tsr_tensor **b)
{
    const size_t dims[2] = {s->k, s->n}, strides[2] = {SHARED, 1};

    if (s->use_shared)
        return tsr_tensor_view(all->shared, 2, dims, strides, 0, b);
    for (size_t k = 0; k < s->k; k++)
        for (size_t j = 0; j < s->n; j++)
            data[k * s->n + j] = all->numbers[k * SHARED + j];
    return make(all, s, dims, data, b);
}

static void compare(common *all, const shape *s, const float *c)
{
    for (size_t i = 0; i < s->m; i++) {
        for (size_t j = 0; j < s->n; j++) {
            int sum = 0;

            for (size_t k = 0; k < s->k; k++) {
                size_t a = s->transposed_a ? k * s->m + i : i * s->k + k;

                sum += small_integer(s->seed, a) * (int)all->numbers[k * SHARED + j];
            }
            if (c[i * s->n + j] != (float)sum) {
                complain(all, s, "a wrong result");
                return;
            }
        }
    }
    atomic_fetch_add(&all->done, 1);
}

static void one_product(common *all, const shape *s)
{
    const size_t dims[2] = {s->m, s->n};
    tsr_tensor *a = NULL, *b = NULL, *c = NULL;
    tsr_matmul_options options = TSR_MATMUL_OPTIONS_DEFAULT;
    float of_a[MOST * MOST], of_b[MOST * MOST], got[MOST * MOST];
    tsr_status status;

    options.strategy = s->strategy;
    memset(got, 0xff, sizeof got); /* NaN */
    if (!(status = make_a(all, s, of_a, &a)) && !(status = make_b(all, s, of_b, &b)) &&
        !(status = make(all, s, dims, got, &c)) &&
        !(status = tsr_matmul(a, b, c, &options)))
        status = tsr_tensor_read(c, got);
    if (status == TSR_ERROR_UNSUPPORTED && s->strategy)
        atomic_fetch_add(&all->skipped, 1);
    else if (status)
        complain(all, s, tsr_error_detail());
    else
        compare(all, s, got);
    tsr_tensor_destroy(c);
    tsr_tensor_destroy(b);
    tsr_tensor_destroy(a);
}

static void *work(void *argument)
{
    worker *w = argument;

    pthread_barrier_wait(&w->all->start);
    for (int i = 0; i < w->all->products; i++) {
        shape s = shape_of(w->number, i);

        one_product(w->all, &s);
    }
    return NULL;
}

static int run(common *all, unsigned threads)
{
    worker *workers = calloc(threads, sizeof *workers);
    unsigned started = 0;
    int failures;

    if (!workers || pthread_barrier_init(&all->start, NULL, threads)) {
        free(workers);
        return 1;
    }
    for (; started < threads; started++) {
        workers[started] = (worker){.all = all, .number = started};
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started])) {
            printf("thread %u of %u does not start\n", started, threads);
            exit(1); /* the others wait for it at the barrier */
        }
    }
    for (unsigned i = 0; i < threads; i++)
        pthread_join(workers[i].thread, NULL);
    pthread_barrier_destroy(&all->start);
    free(workers);
    failures = atomic_load(&all->failures);
    printf("%u threads: %d products right, %d skipped, %d failed\n", threads,
           atomic_load(&all->done), atomic_load(&all->skipped), failures);
    return failures || atomic_load(&all->done) == 0;
}

int main(int argc, char **argv)
{
    static common all;
    unsigned threads = argc > 1 ? (unsigned)atoi(argv[1]) : 16;
    const size_t dims[2] = {SHARED, SHARED};
    int result = 1;

    all.products = argc > 2 ? atoi(argv[2]) : 1000;
    for (size_t i = 0; i < SHARED * SHARED; i++)
        all.numbers[i] = (float)small_integer(12345, i);
    unsetenv("TESSERA_STRATEGY");
    if (tsr_device_open(NULL, &all.device)) {
        fprintf(stderr, "threads: %s\n", tsr_error_detail());
        return 3;
    }
    if (!tsr_tensor_borrow_host(all.device, TSR_F32, 2, dims, all.numbers, &all.shared))
        result = run(&all, threads);
    tsr_tensor_destroy(all.shared);
    tsr_device_close(all.device);
    return result;
}
