#!/bin/sh
# under_oclgrind.sh LOG PROGRAM ARGS...: runs PROGRAM under Oclgrind with its checks on.
#
# Fails if the program does, or if Oclgrind reported anything: it has no exit status of
# its own for that. Exits 77 (skipped) if there is no Oclgrind; with
# TESSERA_REQUIRE_DEVICE set that is a failure.
log=$1
shift
if ! command -v oclgrind >/dev/null; then
    echo "oclgrind is not installed" >&2
    [ -n "$TESSERA_REQUIRE_DEVICE" ] && exit 1
    exit 77
fi
rm -f "$log"
oclgrind --data-races --uninitialized --check-api --log "$log" "$@"
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
