/* ScaLAPACK's pdgemm and psgemm over a grid of processes, against plain C.
 *
 *     mpirun -n 2 -x LD_PRELOAD=libtessera_blas.so blas_scalapack [M K N]
 *
 * It is linked neither with that library nor with MPI, which ScaLAPACK starts itself. Data
 * are small integers, so every element is exact. Each process checks its own blocks of C,
 * and that the device has computed for it. With M, K and N, who computes does not matter,
 * and the best of some times is said. */
#define _GNU_SOURCE /* RTLD_DEFAULT */
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BLOCK = 32, DESCRIPTOR = 9 };

/* BLACS from C, the rest as Fortran has it. */
void Cblacs_pinfo(int *self, int *count);
void Cblacs_get(int context, int what, int *value);
void Cblacs_gridinit(int *context, const char *order, int rows, int columns);
void Cblacs_gridinfo(int context, int *rows, int *columns, int *row, int *column);
void Cblacs_barrier(int context, const char *scope);
void Cblacs_gridexit(int context);
void Cblacs_exit(int go_on);
int numroc_(const int *n, const int *block, const int *self, const int *first,
            const int *count);
void descinit_(int *descriptor, const int *m, const int *n, const int *mb,
               const int *nb, const int *first_row, const int *first_column,
               const int *context, const int *leading, int *info);
void pdgemm_(const char *ta, const char *tb, const int *m, const int *n, const int *k,
             const double *alpha, const double *a, const int *ia, const int *ja,
             const int *da, const double *b, const int *ib, const int *jb,
             const int *db, const double *beta, double *c, const int *ic, const int *jc,
             const int *dc);
void psgemm_(const char *ta, const char *tb, const int *m, const int *n, const int *k,
             const float *alpha, const float *a, const int *ia, const int *ja,
             const int *da, const float *b, const int *ib, const int *jb, const int *db,
             const float *beta, float *c, const int *ic, const int *jc, const int *dc);

static int m = 210, n = 170, k = 190;
static int context, rows, columns, row, column; /* the grid, and the place in it */

/* A block-cyclic matrix: what this process has of it, column-major. */
typedef struct matrix {
    int local_m, local_n, leading;
    int descriptor[DESCRIPTOR];
    double *f64;
    float *f32;
} matrix;

/* The element of A, B or C before the product. */
static double element(int which, int i, int j)
{
    return (double)((i * 7 + j * 3 + which * 5) % 11 - 5);
}

/* Where local index `l` is in the whole. */
static int global(int l, int self, int count)
{
    return (l / BLOCK * count + self) * BLOCK + l % BLOCK;
}

static void fill(matrix *x, int which)
{
    for (int j = 0; j < x->local_n; j++) {
        for (int i = 0; i < x->local_m; i++) {
            double value =
                element(which, global(i, row, rows), global(j, column, columns));

            x->f64[i + j * x->leading] = value;
            x->f32[i + j * x->leading] = (float)value;
        }
    }
}

static bool make(matrix *x, int which, int all_rows, int all_columns)
{
    const int zero = 0, block = BLOCK;
    size_t elements;
    int info;

    x->local_m = numroc_(&all_rows, &block, &row, &zero, &rows);
    x->local_n = numroc_(&all_columns, &block, &column, &zero, &columns);
    x->leading = x->local_m + 3;
    descinit_(x->descriptor, &all_rows, &all_columns, &block, &block, &zero, &zero,
              &context, &x->leading, &info);
    elements = (size_t)x->leading * (size_t)(x->local_n + 1);
    x->f64 = calloc(elements, sizeof *x->f64);
    x->f32 = calloc(elements, sizeof *x->f32);
    if (info || !x->f64 || !x->f32)
        return false;
    fill(x, which);
    return true;
}

/* 2 A B^T - C, one element in plain C; B is stored N x K. */
static double expected(int i, int j)
{
    double sum = 0.0;

    for (int l = 0; l < k; l++)
        sum += element(0, i, l) * element(1, j, l);
    return 2.0 * sum - element(2, i, j);
}

static int wrong_elements(const matrix *c)
{
    int wrong = 0;

    for (int j = 0; j < c->local_n; j++) {
        for (int i = 0; i < c->local_m; i++) {
            double want = expected(global(i, row, rows), global(j, column, columns));

            wrong += c->f64[i + j * c->leading] != want;
            wrong += c->f32[i + j * c->leading] != (float)want;
        }
    }
    return wrong;
}

static size_t products(void)
{
    void *address = dlsym(RTLD_DEFAULT, "tsr_blas_products");
    size_t (*count)(void);

    memcpy(&count, &address, sizeof address);
    return address ? count() : 0;
}

/* C = 2 A B^T - C, by all processes together; seconds. */
static double multiply(const matrix *a, const matrix *b, matrix *c, bool f64)
{
    const int one = 1;
    const double alpha = 2.0, beta = -1.0;
    const float alpha32 = 2.0f, beta32 = -1.0f;
    struct timespec start, end;

    Cblacs_barrier(context, "All");
    clock_gettime(CLOCK_MONOTONIC, &start);
    if (f64)
        pdgemm_("N", "T", &m, &n, &k, &alpha, a->f64, &one, &one, a->descriptor, b->f64,
                &one, &one, b->descriptor, &beta, c->f64, &one, &one, c->descriptor);
    else
        psgemm_("N", "T", &m, &n, &k, &alpha32, a->f32, &one, &one, a->descriptor,
                b->f32, &one, &one, b->descriptor, &beta32, c->f32, &one, &one,
                c->descriptor);
    Cblacs_barrier(context, "All");
    clock_gettime(CLOCK_MONOTONIC, &end);
    return (double)(end.tv_sec - start.tv_sec) +
           1e-9 * (double)(end.tv_nsec - start.tv_nsec);
}

/* The best of several, C filled before each. */
static double best_time(const matrix *a, const matrix *b, matrix *c, bool f64)
{
    double best = 1e9;

    for (int i = 0; i < 4; i++) {
        double seconds;

        fill(c, 2);
        seconds = multiply(a, b, c, f64);
        best = seconds < best ? seconds : best;
    }
    return best;
}

int main(int argc, char **argv)
{
    bool timed = argc == 4;
    int self, count, wrong;
    size_t f64, f32;
    matrix a, b, c;

    if (timed) {
        m = atoi(argv[1]);
        k = atoi(argv[2]);
        n = atoi(argv[3]);
    }
    Cblacs_pinfo(&self, &count);
    Cblacs_get(-1, 0, &context);
    Cblacs_gridinit(&context, "Row", count / 2, 2);
    Cblacs_gridinfo(context, &rows, &columns, &row, &column);
    if (!make(&a, 0, m, k) || !make(&b, 1, n, k) || !make(&c, 2, m, n))
        return 1;
    if (timed) {
        double pdgemm = best_time(&a, &b, &c, true);
        double psgemm = best_time(&a, &b, &c, false);

        if (self == 0)
            printf("pdgemm %.9f psgemm %.9f\n", pdgemm, psgemm);
        fill(&c, 2);
    }
    f64 = products();
    multiply(&a, &b, &c, true);
    f32 = products();
    multiply(&a, &b, &c, false);
    f64 = f32 - f64;
    f32 = products() - f32;
    wrong = wrong_elements(&c);
    printf(
        "process %d of %d, %d x %d of C: %d wrong; the device did %zu products in f64, "
        "%zu in f32\n",
        self, count, c.local_m, c.local_n, wrong, f64, f32);
    fflush(stdout);
    Cblacs_gridexit(context);
    Cblacs_exit(0);
    return wrong > 0 || (!timed && (f64 == 0 || f32 == 0));
}
