#!/bin/sh
# settings.sh PROGRAM: PROGRAM with an environment that cannot be followed. It must succeed
# each time, by whoever computes then, and one line on stderr says so.
set -eu

program=$1

# expect LINE VARIABLE=VALUE...: LINE is a pattern.
expect() {
    line=$1
    shift
    if ! said=$(env TESSERA_BLAS_MIN_FLOPS=0 "$@" "$program" 2>&1); then
        echo "FAILED with $*: $said"
        exit 1
    fi
    # shellcheck disable=SC2254 # a pattern
    case $said in
    *"
"*) ;;
    "tessera-blas: "$line) return ;;
    esac
    printf 'FAILED with %s. Expected:\n%s\nSaid:\n%s\n' "$*" "$line" "$said"
    exit 1
}

expect "TESSERA_STRATEGY is \"quick\", *; plain C computes from now on" \
    TESSERA_STRATEGY=quick
expect "TESSERA_MAX_ALLOC is \"much\"; *; plain C computes from now on" \
    TESSERA_MAX_ALLOC=much
expect "*(TESSERA_MAX_ALLOC is \"1\"); plain C computes from now on" TESSERA_MAX_ALLOC=1

expect "TESSERA_BLAS_MIN_FLOPS is \"nan\"; *; ignored" TESSERA_BLAS_MIN_FLOPS=nan
expect "TESSERA_BLAS_MIN_FLOPS is \"1e9 \"; *; ignored" TESSERA_BLAS_MIN_FLOPS="1e9 "

# The driver's name once, not in each part of the sentence.
expect "/no/driver: OCL_ICD_VENDORS names *library: cannot *; plain C computes from now on" \
    OCL_ICD_VENDORS=/no/driver

set -- TESSERA_BLAS_MIN_FLOPS=1e30 # nothing for the device
expect "TESSERA_BLAS_FALLBACK *none.so*; plain C computes instead" "$@" \
    TESSERA_BLAS_FALLBACK=/none.so
expect "TESSERA_BLAS_FALLBACK is libm.so.6, which lacks *; plain C computes instead" "$@" \
    TESSERA_BLAS_FALLBACK=libm.so.6
expect "TESSERA_BLAS_FALLBACK is *, whose sgemm_ is that of tessera-blas itself; *" "$@" \
    TESSERA_BLAS_FALLBACK="$TESSERA_BLAS"
echo "one line each"
