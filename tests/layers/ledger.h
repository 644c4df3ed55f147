/* ledger.h: which OpenCL objects a program still holds.
 *
 * The ledger is an OpenCL layer (OPENCL_LAYERS, <CL/cl_layer.h>): it sees every call the
 * program and its libraries make through the loader. It counts references: what a create
 * call gave, plus retains, minus releases. When the process exits it appends to the file
 * that $LEDGER_REPORT names, for each kind, how many objects were created and how many are
 * left, and a line for each one that is:
 *
 *     process 4711: 12 event created, 1 left
 *     left: event 0x55d0c8, 1 reference, from clEnqueueNDRangeKernel
 *     over-released: buffer 0x55d0f0
 *
 * A program may also ask while it runs: it finds ledger_mark and ledger_left with dlsym.
 */
#ifndef LAYERS_LEDGER_H
#define LAYERS_LEDGER_H

/* CL_TARGET_OPENCL_VERSION is 300 here, so that newer create calls are seen as well. */
#include <CL/cl.h>
#include <CL/cl_icd.h>

#include <stddef.h>

typedef enum ledger_kind {
    LEDGER_CONTEXT,
    LEDGER_QUEUE,
    LEDGER_BUFFER, /* any memory object */
    LEDGER_PROGRAM,
    LEDGER_KERNEL,
    LEDGER_EVENT,
    LEDGER_KINDS
} ledger_kind;

/* This moment, and how much is left of what was created since it: objects that live, and
 * releases of what did not. Lines as above go to `text`, cut to `size`. For programs. */
unsigned long ledger_mark(void);
size_t ledger_left(unsigned long mark, char *text, size_t size);

/* What the calls below this layer are. */
extern const cl_icd_dispatch *ledger_next;

/* One more reference to `handle`; `call` made it if it is new. NULL is not counted.
 * Releases are booked before the driver is called: after it the same address may already
 * be another thread's new object. */
void ledger_add(ledger_kind kind, const void *handle, const char *call);
void ledger_remove(ledger_kind kind, const void *handle);

/* Put this layer's calls into the table the loader will use. */
void ledger_wrap_objects(cl_icd_dispatch *table);
void ledger_wrap_enqueues(cl_icd_dispatch *table);

#endif /* LAYERS_LEDGER_H */
