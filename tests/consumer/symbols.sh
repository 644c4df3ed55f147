#!/bin/sh
# What the library shows and what it must not do.
#
#   symbols.sh LIBTESSERA.SO LIBTESSERA.A INCLUDE
#
# The shared library shows the functions that the public headers declare, all of them and
# nothing else. The objects of the library call nothing that ends the program or prints
# to stdout, and leave nothing to run when it ends.
set -eu

shared=$1 static=$2 include=$3
export LC_ALL=C
status=0

fail() {
    echo "FAILED: $*"
    status=1
}

declared=$(cat "$include"/tessera/*.h | tr '\n' ' ' | grep -o 'TSR_EXPORT [^;(]*(' |
    grep -o 'tsr_[a-z0-9_]*(' | tr -d '(' | sort)
shown=$(nm -D --defined-only "$shared" | sed 's/.* //' | sort)
[ -n "$declared" ] || fail "no declaration found in $include"

for name in $shown; do
    case $name in
    tsr_*) ;;
    *) fail "$shared shows $name" ;;
    esac
done
for name in $declared; do
    echo "$shown" | grep -qx "$name" || fail "$name is declared but not in $shared"
done
for name in $shown; do
    echo "$declared" | grep -qx "$name" || fail "$name is in no public header"
done

# crt1's own constructors are in the shared library, so look at the objects.
called=$(nm -u "$static" | sed -n 's/.* U //p' | sort -u)
for name in atexit __cxa_atexit on_exit at_quick_exit exit _exit _Exit abort \
    __assert_fail printf __printf_chk puts putchar perror fork vfork; do
    if echo "$called" | grep -qx "$name"; then fail "the library calls $name"; fi
done
if readelf -SW "$static" | grep -E '\.(init_array|fini_array|ctors|dtors|init|fini)\b'; then
    fail "the library has constructors or destructors"
fi

[ $status -ne 0 ] || echo "$(echo "$shown" | wc -l) names shown, all declared"
exit $status
