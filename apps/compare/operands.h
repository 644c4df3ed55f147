/* operands.h: what --a and --b say about the problem. */
#ifndef COMPARE_OPERANDS_H
#define COMPARE_OPERANDS_H

#include "options.h"
#include "workload.h"

/* Reads the headers of the files the options name, if any, into `in`, and fits the problem
 * `p` to them: their shapes give M, N, K and the batch, their dtype gives the dtype. A
 * file holds its operand as stored: with --trans-a, A's file is [K, M]. Fails if the
 * files contradict each other or an option. */
bool operands_describe(const options *o, inputs *in, problem *p, failure *why);

/* Reads the data of files that were described, once it is known that the problem fits. */
bool operands_load(const options *o, inputs *in, failure *why);

#endif /* COMPARE_OPERANDS_H */
