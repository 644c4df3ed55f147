#!/bin/sh
# full.sh BUILD [TABLE]: conformance at full size, on every implementation that is here;
# half an hour on two cores. Oclgrind, a thousand times slower, has small sizes and few.
# Each run adds a line to TABLE (BUILD/conformance.tsv), which is made anew; what it says
# goes to BUILD/conformance-*.log.
#
# $FIRST is the number of the first case, the seed (0); $PERCENT how many of the cases (100);
# $ON the implementations (pocl rusticl intel oclgrind). Intel's is the one that
# tools/intel installs.
set -u
build=$(realpath "${1:?usage: full.sh BUILD [TABLE]}")
table=${2:-$build/conformance.tsv}
here=$(dirname "$0")
root=$(realpath "$here/../..")
first=${FIRST:-0}
percent=${PERCENT:-100}
failed=0
unset TESSERA_DEVICE TESSERA_STRATEGY TESSERA_REQUIRE_DEVICE
rm -f "$table"

# run NAME CASES COMMAND...: these cases by that command line.
run() {
    name=$1
    cases=$(($2 * percent / 100))
    shift 2
    [ $cases -gt 0 ] || cases=1
    "$@" --first "$first" --cases $cases --record "$table" \
        >"$build/conformance-$name.log" 2>&1
    status=$?
    tail -n 1 "$build/conformance-$name.log" | sed "s/^/$name: /"
    [ $status -eq 0 ] || failed=1
}

# on NAME CASES LARGE REQUIRED: all sizes, then large ones, without the two strategies that
# take long for these.
on() {
    run "$1" "$2" "$build/conformance" --require "$4"
    run "$1-large" "$3" "$build/conformance" --require "$4" --large \
        --strategy stream,panel,clblast,router
}

for name in ${ON:-pocl rusticl intel oclgrind}; do
    unset RUSTICL_DEVICE_TYPE
    export RUSTICL_ENABLE=llvmpipe
    case $name in
    pocl)
        export OCL_ICD_VENDORS=pocl.icd
        on pocl 120000 30 "portable computing language"
        ;;
    rusticl)
        export OCL_ICD_VENDORS=rusticl.icd
        on rusticl-cpu 12000 5 rusticl
        export RUSTICL_DEVICE_TYPE=gpu
        on rusticl-gpu 12000 5 gpu
        ;;
    intel)
        export OCL_ICD_VENDORS="$root/build/intel/vendors/"
        if [ -d "$OCL_ICD_VENDORS" ]; then
            on intel 60000 30 intel
        else
            echo "intel: not installed; tools/intel does it"
        fi
        ;;
    oclgrind)
        unset OCL_ICD_VENDORS
        run oclgrind 500 "$here/under_oclgrind.sh" "$build/oclgrind_shim.so" \
            "$build/conformance-oclgrind-found.log" "$build/conformance" --thin \
            --strategy reference,stream,panel,tile --require oclgrind
        ;;
    *)
        echo "full.sh: there is no implementation named $name" >&2
        exit 2
        ;;
    esac
done
exit $failed
