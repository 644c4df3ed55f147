#!/bin/sh
# spaces.sh BUILD [TABLE]: every parameter set that a tuner would look through for the
# products of shapes/public.txt, with a case that it fits (spaces.h), on PoCL and on rusticl
# as a GPU; the sets of stream, which are for GPUs, on PoCL taken for one, which has f64; on
# Oclgrind as a GPU every $THIN-th (60), with small cases. Each set is another program to
# build: half an hour to an hour of a core each, minutes for Oclgrind. CLBlast's sets
# are left out: to take over one of them builds CLBlast's kernels again, which takes PoCL
# half a minute, and what CLBlast makes of it is CLBlast's.
#
# A space is walked in $PARTS parts (8), each a line of TABLE (BUILD/spaces.tsv) for each
# strategy; the table is made anew. What a part says goes to BUILD/spaces-*.log.
#
# $FIRST is the number of the first case, the seed (0); $ON the implementations (pocl
# pocl-gpu rusticl oclgrind).
set -u
build=$(realpath "${1:?usage: spaces.sh BUILD [TABLE]}")
table=${2:-$build/spaces.tsv}
here=$(dirname "$0")
root=$(realpath "$here/../..")
all=stream,panel,tile
failed=0
unset TESSERA_DEVICE TESSERA_STRATEGY TESSERA_REQUIRE_DEVICE
export TESSERA_CACHE_DIR=off
rm -f "$table"

# walk STRATEGIES NAME PARTS EACH COMMAND...: parts 0, EACH, 2 EACH ... of so many.
walk() {
    strategies=$1
    name=$2
    parts=$3
    each=$4
    shift 4
    part=0
    while [ "$part" -lt "$parts" ]; do
        log=$build/spaces-$name-$part.log
        "$@" --spaces "$root/shapes/public.txt" --strategy "$strategies" \
            --first "${FIRST:-0}" --part "$part/$parts" --record "$table" \
            >"$log" 2>&1 || failed=1
        grep ' sets, ' "$log" | sed "s/^/$name, $part of $parts: /"
        grep -q ' sets, ' "$log" || cat "$log"
        part=$((part + each))
    done
}

for name in ${ON:-pocl pocl-gpu rusticl oclgrind}; do
    case $name in
    pocl)
        OCL_ICD_VENDORS=pocl.icd walk $all pocl "${PARTS:-8}" 1 "$build/conformance" \
            --require "portable computing language"
        ;;
    pocl-gpu)
        OCL_ICD_VENDORS=pocl.icd walk stream pocl-gpu "${PARTS:-8}" 1 \
            "$build/conformance" --type gpu --require "portable computing language"
        ;;
    rusticl)
        OCL_ICD_VENDORS=rusticl.icd RUSTICL_ENABLE=llvmpipe RUSTICL_DEVICE_TYPE=gpu \
            walk $all rusticl "${PARTS:-8}" 1 "$build/conformance" --require gpu
        ;;
    oclgrind)
        thin=${THIN:-60}
        walk $all oclgrind $((8 * thin)) "$thin" "$here/under_oclgrind.sh" \
            "$build/oclgrind_shim.so" "$build/spaces-oclgrind-found.log" \
            "$build/conformance" --thin --type gpu --require oclgrind
        ;;
    *)
        echo "spaces.sh: there is no implementation named $name" >&2
        exit 2
        ;;
    esac
done
exit $failed
