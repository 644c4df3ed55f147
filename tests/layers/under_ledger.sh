#!/bin/sh
# under_ledger.sh LAYER REPORT PROGRAM ARGS...: runs PROGRAM with the ledger below it.
#
# Fails if the program does, if it or a program it ran left an OpenCL object behind or
# released one too often, or if no object was created at all: then nothing was shown.
layer=$1
report=$2
shift 2
rm -f "$report"
OPENCL_LAYERS=$layer LEDGER_REPORT=$report "$@"
status=$?
if [ $status -ne 0 ]; then
    echo "$* exited with $status" >&2
    exit $status
fi
if ! grep -q ' [1-9][0-9]* .* created' "$report"; then
    echo "the ledger saw no object: was the layer loaded?" >&2
    exit 1
fi
grep -h ' created, ' "$report" | grep -v ': 0 '
if grep -q '^left: \|^over-released: ' "$report"; then
    grep -h '^left: \|^over-released: ' "$report" >&2
    exit 1
fi
