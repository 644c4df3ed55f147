#!/bin/sh
# every_failure.sh LAYERS PROGRAM: PROGRAM with a device that dies at its n-th call, for
# n = 1, 2, ... until no call fails any more. It must succeed each time, with one line on
# stderr; so too, or without a line, when only that call fails. Of those every fourth is
# tried, or every $FAIL_ONCE_EVERY-th. No line is needed when what fails only gives
# back (releases, and the wait before them), nor for want of the host's memory (-6), which
# says nothing of the device.
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
    rm -f "$work/report"
    FAIL_REPORT="$work/report" "$@" "$program" >"$work/said" 2>&1 || fail "$* $program"
    lines=$(wc -l <"$work/said")
}

n=0
run env # kernels are built and drivers known from here on
[ "$lines" -eq 0 ] || fail "something was said"
failed=1
while [ "$failed" -gt 0 ]; do
    n=$((n + 1))
    if [ $((n % ${FAIL_ONCE_EVERY:-4})) -eq 0 ]; then
        run env FAIL_NTH=$n FAIL_ONCE=1
        [ "$lines" -le 1 ] || fail "$lines lines"
    fi
    run env FAIL_NTH=$n
    [ "$lines" -le 1 ] || fail "$lines lines"
    failed=$(awk '{ n += $3 } END { print n + 0 }' "$work/report")
    telling=$(awk '$1 !~ /^cl(Release|Finish|Flush|GetEventInfo)/ { n += $3 }
        END { print n + 0 }' "$work/report")
    case $lines,$(cat "$work/said") in
    0,*) [ "$telling" -eq 0 ] || [ "${FAIL_CODE:-}" = -6 ] || fail "nobody noticed" ;;
    1,"tessera-blas: "*" from now on") ;;
    *) fail "said something else" ;;
    esac
done
[ $n -gt 21 ] || fail "there were no calls"
echo "right, and at most one line, for each of $((n - 1)) calls"
