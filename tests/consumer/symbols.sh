#!/bin/sh
# What the library shows and what it must not do.
#
#   symbols.sh LIBTESSERA.SO LIBTESSERA.A LIBTESSERA_BLAS.SO INCLUDE
#
# The shared library shows the functions that the public headers declare, all of them and
# nothing else; the BLAS shows its ten routines, what blas.h declares, and the exit() that
# lib/blas/exit.c says why it has. The objects of the library call nothing that ends the
# program or prints to stdout, and leave nothing to run when it ends; the BLAS, which owns
# its device, waits for it at exit.
set -eu

shared=$1 static=$2 blas=$3 include=$4
export LC_ALL=C
status=0

fail() {
    echo "FAILED: $*"
    status=1
}

declared_in() {
    cat "$@" | tr '\n' ' ' | grep -o 'TSR_EXPORT [^;(]*(' |
        grep -o 'tsr_[a-z0-9_]*(' | tr -d '(' | sort
}

shown_by() { nm -D --defined-only "$1" | sed 's/.* //' | sort; }

# The headers ask for no newer language than they need.
for language in "c -std=c89" "c++ -std=c++98"; do
    for header in tessera blas; do
        # shellcheck disable=SC2086 # a language and its option
        echo "#include <tessera/$header.h>" | "${CC:-cc}" -x $language -pedantic-errors \
            -fsyntax-only -I "$include" - || fail "$header.h is not $language"
    done
done

# shows LIBRARY NAMES: those and nothing else.
shows() {
    shown=$(shown_by "$1")
    [ -n "$2" ] || fail "no declaration found in $include"
    for name in $2; do
        echo "$shown" | grep -qx "$name" || fail "$name is declared but not in $1"
    done
    for name in $shown; do
        echo "$2" | grep -qx "$name" || fail "$1 shows $name, which is in no public header"
    done
    echo "$(echo "$shown" | wc -l) names shown by $1, all declared"
}

headers=''
for header in "$include"/tessera/*.h; do
    [ "$(basename "$header")" = blas.h ] || headers="$headers $header"
done
# shellcheck disable=SC2086 # a list
shows "$shared" "$(declared_in $headers)"
routines=$(for type in s d; do
    printf '%s\n' ${type}gemm_ ${type}gemv_ cblas_${type}gemm cblas_${type}gemv \
        cblas_${type}gemm_batch_strided
done)
shows "$blas" "$routines
exit
$(declared_in "$include/tessera/blas.h")"

# crt1's own constructors are in the shared library, so look at the objects.
called=$(nm -u "$static" | sed -n 's/.* U //p' | sort -u)
for name in atexit __cxa_atexit on_exit at_quick_exit exit _exit _Exit abort \
    __assert_fail printf __printf_chk puts putchar perror fork vfork; do
    if echo "$called" | grep -qx "$name"; then fail "the library calls $name"; fi
done
if readelf -SW "$static" | grep -E '\.(init_array|fini_array|ctors|dtors|init|fini)\b'; then
    fail "the library has constructors or destructors"
fi

exit $status
