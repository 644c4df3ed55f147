#!/bin/sh
# Uses the library as another project would.
#
#   run.sh CMAKE BUILD SOURCE
#
# Installs BUILD into a fresh prefix, then builds and runs examples/embed.c and options.c
# against it: by find_package and by pkg-config, shared and static, as C and as C++; blas.c
# too, with tessera::blas. Then moves the prefix and does all of it again. Last, takes the source tree into its own.
set -eu

cmake=$1 build=$2 source=$3
here=$source/tests/consumer
cc=${CC:-cc} cxx=${CXX:-c++}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ran=0

fail() {
    echo "FAILED: $*"
    exit 1
}

quietly() { "$@" >"$work/log" 2>&1 || { cat "$work/log"; fail "$*"; }; }

# check PROGRAM KIND: right output, linked as it says, and the shared library found the
# tessera-ask that it was installed with.
check() {
    out=$(TESSERA_TRACE=device "$1" 2>"$work/trace") || {
        cat "$work/trace"
        fail "$1 did not succeed"
    }
    if [ "$2" = shared ] && grep "no tessera-ask" "$work/trace"; then
        fail "$1 did not find tessera-ask"
    fi
    case $out in
    "58 64
139 154" | *": right" | "1 product: 2") ;;
    *) fail "$1 printed: $out" ;;
    esac
    case $2,$(readelf -d "$1") in
    blas,*NEEDED*libtessera_blas.so.*) ;;
    shared,*NEEDED*libtessera.so.*) ;;
    static,*NEEDED*libtessera.so.*) fail "$1 is linked with the shared library" ;;
    static,*) ;;
    *) fail "$1 is not linked with the shared library" ;;
    esac
    ran=$((ran + 1))
}

# by_cmake WHERE -DVARIABLE=VALUE
by_cmake() {
    quietly "$cmake" -S "$here" -B "$1" "$2" -DEMBED="$source/examples/embed.c" \
        -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx"
    quietly "$cmake" --build "$1" --parallel 2
    for program in embed options; do
        for language in c cxx; do
            check "$1/${program}_${language}_shared" shared
            check "$1/${program}_${language}_static" static
        done
    done
    check "$1/blas" blas
}

by_pkg_config() {
    mkdir "$1"
    libdir=$(dirname "$(find "$prefix" -name libtessera.a)")
    export PKG_CONFIG_PATH="$libdir/pkgconfig"
    cflags=$(pkg-config --cflags tessera)
    shared=$(pkg-config --libs tessera)
    static=$(pkg-config --static --libs tessera | sed 's/-ltessera/-l:libtessera.a/')
    warnings="-Wall -Wextra -Wpedantic -Wconversion -Werror"
    for file in "$source/examples/embed.c" "$here/options.c"; do
        program=$1/$(basename "$file" .c)
        # The event calls in options.c are its own use of OpenCL.
        own=''
        [ "$file" = "$source/examples/embed.c" ] || own=$(pkg-config --libs OpenCL)
        for kind in shared static; do
            if [ $kind = shared ]; then libs=$shared; else libs=$static; fi
            # shellcheck disable=SC2086 # lists of flags
            quietly "$cc" -std=c11 $warnings $cflags "$file" -o "${program}_c_$kind" \
                $libs $own
            # shellcheck disable=SC2086
            quietly "$cxx" -x c++ -std=c++11 $warnings $cflags "$file" -x none \
                -o "${program}_cxx_$kind" $libs $own
            for language in c cxx; do
                LD_LIBRARY_PATH=$libdir check "${program}_${language}_$kind" $kind
            done
        done
    done
    # shellcheck disable=SC2046,SC2086 # lists of flags
    quietly "$cc" -std=c11 $warnings "$here/blas.c" -o "$1/blas" \
        $(pkg-config --cflags --libs tessera-blas)
    LD_LIBRARY_PATH=$libdir check "$1/blas" blas
}

prefix=$work/first
quietly "$cmake" --install "$build" --prefix "$prefix"
if grep -rIlF -e "$build" -e "$source" "$prefix"; then
    fail "the files above name the tree they were built in"
fi
by_cmake "$work/find_package" -DCMAKE_PREFIX_PATH="$prefix"
by_pkg_config "$work/pkg_config"

mkdir "$work/elsewhere"
mv "$prefix" "$work/elsewhere/second"
prefix=$work/elsewhere/second
for program in "$prefix"/bin/*; do # none in a build without them
    [ ! -e "$program" ] || quietly "$program" --version
done
by_cmake "$work/find_package_moved" -DCMAKE_PREFIX_PATH="$prefix"
by_pkg_config "$work/pkg_config_moved"
by_cmake "$work/subdirectory" -DTESSERA_SOURCE="$source"

[ "$ran" -eq 45 ] || fail "ran $ran programs, not 45"
echo "$ran programs that use the library, all right"
