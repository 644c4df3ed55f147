#!/bin/sh
# every_failure.sh LAYERS PROGRAM: PROGRAM with a device that dies at its n-th call, for
# n = 1, 2, ... until it is done before that. It must succeed each time, with one line on
# stderr; so too, or without a line, when only that call fails. Of those every fourth is
# tried, or every $FAIL_ONCE_EVERY-th.
set -eu

layers=$1 program=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OPENCL_LAYERS="$layers" TESSERA_CACHE_DIR="$work/cache" TESSERA_BLAS_MIN_FLOPS=0

fail() {
    echo "FAILED at call $n: $*"
    cat "$work/said"
    exit 1
}

run() {
    "$@" "$program" >"$work/said" 2>&1 || fail "$* $program"
    lines=$(wc -l <"$work/said")
}

n=0
run env # kernels are built and drivers known from here on
[ "$lines" -eq 0 ] || fail "something was said"
silent=0
while [ $silent -lt 3 ]; do
    n=$((n + 1))
    if [ $((n % ${FAIL_ONCE_EVERY:-4})) -eq 0 ]; then
        run env FAIL_NTH=$n FAIL_ONCE=1
        [ "$lines" -le 1 ] || fail "$lines lines"
    fi
    run env FAIL_NTH=$n
    if [ "$lines" -eq 0 ]; then silent=$((silent + 1)); else silent=0; fi
    [ "$lines" -le 1 ] || fail "$lines lines"
    case $lines,$(cat "$work/said") in
    0,*) [ "$n" -gt 20 ] || fail "nobody noticed" ;;
    1,"tessera-blas: "*" from now on") ;;
    *) fail "said something else" ;;
    esac
done
echo "right, and one line, for each of $((n - 3)) calls"
