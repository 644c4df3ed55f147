#!/bin/sh
# under_oclgrind.sh SHIM LOG PROGRAM ARGS...: runs PROGRAM under Oclgrind with its checks
# on. SHIM is oclgrind_shim.so.
#
# Fails if the program does, or if Oclgrind reported anything: it has no exit status of
# its own for that. Exits 77 (skipped) if there is no Oclgrind; with
# TESSERA_REQUIRE_DEVICE set that is a failure.
#
# Kernels are built without optimisation, and not taken from tessera's cache: Oclgrind
# 21.10 stops at the "freeze" instruction that LLVM's optimiser puts in.
shim=$1
log=$2
shift 2
if ! command -v oclgrind >/dev/null; then
    echo "oclgrind is not installed" >&2
    [ -n "$TESSERA_REQUIRE_DEVICE" ] && exit 1
    exit 77
fi
rm -f "$log"
# shellcheck disable=SC2016 # expanded by the inner shell, after Oclgrind set it
TESSERA_CACHE_DIR=off OCLGRIND_SHIM=$shim oclgrind --data-races --uninitialized \
    --check-api --build-options -cl-opt-disable --log "$log" \
    sh -c 'LD_PRELOAD=$OCLGRIND_SHIM:$LD_PRELOAD exec "$@"' sh "$@"
status=$?
if [ ! -f "$log" ]; then
    echo "Oclgrind wrote no log: it did not run" >&2
    exit 1
fi
if [ -s "$log" ]; then
    echo "Oclgrind reports (first lines of $log):" >&2
    head -n 40 "$log" >&2
    exit 1
fi
exit $status
