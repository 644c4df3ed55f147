/* plain.h: the product in plain C on one thread, what a reader would write first.
 *
 * Two honest loop orders. "rows" adds multiples of B's rows to a row of C and suits a B
 * whose rows are contiguous; "dots" makes one element after another and suits a B whose
 * columns are. The sums are in the dtype itself.
 */
#ifndef COMPARE_PLAIN_H
#define COMPARE_PLAIN_H

#include <stdbool.h>

#include <tessera/oracle.h>

/* Whether "rows" is the order for this product. */
bool plain_by_rows(const tsr_host_product *product);

/* C = A @ B into `c`, dense and row-major. alpha, beta, bias and activation are not
 * looked at. `stop`, unless NULL, is asked a few times a second, between rows of C; if it
 * says yes, the rest of C stays as it was and so does the answer: false. */
bool plain_matmul(const tsr_host_product *product, void *c, bool (*stop)(void));

#endif /* COMPARE_PLAIN_H */
