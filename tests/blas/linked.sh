#!/bin/sh
# linked.sh LIBTESSERA_BLAS.SO MANPAGE: a program that calls nothing but gemm, linked as the
# page's synopsis says, has a next BLAS, also where the compiler drops what is not needed.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

flags=$(sed -n 's/^\.Fl \(.*ltessera_blas.*\)/\1/p' "$2" |
    sed 's/[^ ]*/-&/g; s/-lblas$/-l:libblas.so.3/')
echo 'void sgemm_(void); int main(void) { sgemm_(); }' >"$work/program.c"
# shellcheck disable=SC2086 # flags
cc -Wl,--as-needed "$work/program.c" -o "$work/program" -L"$(dirname "$1")" $flags
LD_LIBRARY_PATH=$(dirname "$1") ldd "$work/program" >"$work/libraries"
for name in libtessera_blas.so libblas.so.3; do
    grep "$name.* => /" "$work/libraries" || {
        echo "FAILED: linked with $flags, it has no $name"
        exit 1
    }
done
