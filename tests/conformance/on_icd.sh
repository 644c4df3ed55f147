#!/bin/sh
# on_icd.sh ICD PROGRAM ARGS...: runs PROGRAM with that ICD and no other.
#
# Exits 77 (skipped) if the ICD is not installed; with TESSERA_REQUIRE_DEVICE set, as CI
# does, that is a failure.
icd=$1
shift
if [ ! -e "/etc/OpenCL/vendors/$icd" ]; then
    echo "/etc/OpenCL/vendors/$icd is not installed" >&2
    [ -n "$TESSERA_REQUIRE_DEVICE" ] && exit 1
    exit 77
fi
OCL_ICD_VENDORS=$icd
export OCL_ICD_VENDORS
exec "$@"
