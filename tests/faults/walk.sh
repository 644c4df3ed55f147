#!/bin/sh
# walk.sh BUILD [FIGURES]: all faults at all calls, about an hour; CI runs a sample. The
# figures of the walk go to the file FIGURES (BUILD/faults.json). Then whole programs, and
# the BLAS with each code, where memory is shared and where it is not.
set -eu
build=$(realpath "${1:?usage: walk.sh BUILD [FIGURES]}")
figures=${2:-$build/faults.json}
export OCL_ICD_VENDORS="${OCL_ICD_VENDORS:-pocl.icd}"
unset TESSERA_DEVICE TESSERA_STRATEGY
TESSERA_CACHE_DIR=$(mktemp -d)
export TESSERA_CACHE_DIR
trap 'rm -rf "$TESSERA_CACHE_DIR"' EXIT

here=$(dirname "$0")
"$build/walk" "$build" --figures "$figures"
"$here/programs.sh" "$build"
export TESSERA_BLAS="$build/libtessera_blas.so"
separate="$build/tests/compare/libcompare_layer.so"
for FAIL_CODE in -5 -6 -4 -2 -59 -11; do
    export FAIL_CODE
    "$here/../blas/every_failure.sh" "$build/fail_nth.so" "$build/blas_failing"
    SEPARATE_MEMORY=1 TESSERA_MAX_ALLOC=14K "$here/../blas/every_failure.sh" \
        "$build/fail_nth.so:$separate" "$build/blas_failing"
done
