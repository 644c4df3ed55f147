#!/bin/sh
# walk.sh BUILD [FIGURES]: all faults at all calls; CI runs a sample. The figures of the walk
# go to the file FIGURES (BUILD/faults.json). Then whole programs, and the BLAS with each
# code, where memory is shared and where it is not.
#
# The walk is done in parts, $JOBS at a time (one for each core), which are kept in
# BUILD/faults until all are done: a run that was cut short goes on where it was. Its FIGURES
# name what was not done.
set -eu
build=$(realpath "${1:?usage: walk.sh BUILD [FIGURES]}")
figures=${2:-$build/faults.json}
here=$(dirname "$0")
parts=$build/faults
caches=$(mktemp -d)
export build parts caches
export OCL_ICD_VENDORS="${OCL_ICD_VENDORS:-pocl.icd}"
unset TESSERA_DEVICE TESSERA_STRATEGY
list=$("$build/walk" "$build" --list)

# FIGURES, of the parts that are there.
add_up() {
    missing=
    set --
    for name in $list; do
        if [ -e "$parts/$name" ]; then
            set -- "$@" "$parts/$name"
        else
            missing="$missing $name"
        fi
    done
    awk -v missing="$missing" -f "$here/figures.awk" "$@" /dev/null >"$figures"
    rm -rf "$caches"
}
trap add_up EXIT
trap 'exit 130' INT TERM

mkdir -p "$parts"
for made in walk fail_nth.so ledger.so; do # with another one, another walk
    find "$parts" -type f ! -newer "$build/$made" -delete
done
# The last of the list take longest.
# shellcheck disable=SC2016 # for the inner shell
printf '%s\n' "$list" | tac | xargs -n 1 -P "${JOBS:-$(nproc)}" --process-slot-var=SLOT \
    sh -c '[ -e "$parts/$1" ] || TESSERA_CACHE_DIR=$caches/$SLOT "$build/walk" "$build" \
        --figures "$parts/$1" "$1" | sed -n "s/^VIOLATED\|^tried\|^[0-9]* faults/$1: &/p"' \
    walk_part || :
add_up
trap - EXIT
if ! grep -q '^{"faults": [1-9].*"violations": 0,$' "$figures" || ! grep -q '"not_done": \[\]' "$figures"; then
    echo "$figures names violations, no faults, or what was not done" >&2
    exit 1
fi
rm -r "$parts"

TESSERA_CACHE_DIR=$(mktemp -d)
export TESSERA_CACHE_DIR
trap 'rm -rf "$TESSERA_CACHE_DIR"' EXIT
"$here/programs.sh" "$build"
export TESSERA_BLAS="$build/libtessera_blas.so"
separate="$build/tests/compare/libcompare_layer.so"
for FAIL_CODE in -5 -6 -4 -2 -59 -11; do
    export FAIL_CODE
    "$here/../blas/every_failure.sh" "$build/fail_nth.so" "$build/blas_failing"
    SEPARATE_MEMORY=1 TESSERA_MAX_ALLOC=14K "$here/../blas/every_failure.sh" \
        "$build/fail_nth.so:$separate" "$build/blas_failing"
done
