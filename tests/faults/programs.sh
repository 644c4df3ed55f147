#!/bin/sh
# programs.sh BUILD [STEP]: whole programs, in a new process for each fault: the n-th OpenCL
# call of the process fails, once and from then on, for n = 1, 1 + STEP, ... until none is
# left to fail. The code is another one each time. The program must exit with 0, or with 2
# (CL_INVALID_BUFFER_SIZE: what was asked for is too large), 3 or 4 and the name of the call;
# print nothing; and give back every object.
set -u
build=$(realpath "$1")
step=${2:-1}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
codes="-5 -6 -4 -2 -59 -11 -61 -14"
violations=0
export TESSERA_CACHE_DIR="$work/cache" OPENCL_LAYERS="$build/fail_nth.so:$build/ledger.so" \
    LEDGER_REPORT="$work/left" FAIL_REPORT="$work/calls"

violated() {
    violations=$((violations + 1))
    echo "VIOLATED: $name, call $n fails with $code${once:+, once}: $*"
    tail -n 3 "$work/said"
}

# run PROGRAM ARGS...: one run with what is set; false if nothing failed in it.
run() {
    rm -f "$work/left" "$work/calls"
    env FAIL_NTH=$n FAIL_CODE="$code" ${once:+FAIL_ONCE=1} timeout 600 "$@" \
        >"$work/printed" 2>"$work/said"
    status=$?
    case $status in
    0) absorbed=$((absorbed + 1)) ;;
    2 | 3 | 4)
        named=$((named + 1))
        grep -q 'cl[A-Z][A-Za-z]*\|CLBlast' "$work/said" || violated "no call is named"
        ;;
    1) violated "a result is wrong" ;;
    124) violated "it hangs" ;;
    *) violated "it exits with $status" ;;
    esac
    [ ! -s "$work/printed" ] || violated "it prints something"
    if grep -q '^left: \|^over-released: ' "$work/left" 2>/dev/null; then
        violated "$(grep '^left: \|^over-released: ' "$work/left" | head -n 2)"
    fi
    awk '$3 > 0 { failed = 1 } END { exit !failed }' "$work/calls" 2>/dev/null
}

# walk NAME PROGRAM ARGS...
walk() {
    name=$1 named=0 absorbed=0 n=1 more=1
    shift
    n=0 code=-5 once=1
    run "$@" # nothing fails; kernels are built from here on
    [ $status -eq 0 ] || violated "it fails before anything does"
    n=1
    while [ $more = 1 ]; do
        more=0
        # shellcheck disable=SC2086 # a list
        set -- $codes -- "$@"
        eval "code=\${$((n / step % 8 + 1))}"
        while [ "$1" != -- ]; do shift; done
        shift
        for once in 1 ""; do
            run "$@" && more=1
        done
        # Beyond a few hundred calls it is the same loop again.
        if [ $n -lt 250 ]; then n=$((n + step)); else n=$((n * 5 / 4)); fi
    done
    echo "$name: $named named errors, $absorbed right results, up to call $n"
}

# walk_host KIND ONCE CODES...: what a process does first of all (asks the drivers in a
# child, keeps what they said), with the n-th allocation or call on a file failing. A cache
# that cannot be used is no error; a process without memory has one.
walk_host() {
    kind=$1 once=$2 name="first, $1" n=1 fired=1 named=0 absorbed=0
    shift 2
    while [ $fired = 1 ]; do
        fired=0
        for code in "$@"; do
            rm -rf "$work/host"
            env HOST_KIND="$kind" HOST_NTH=$n HOST_CODE="$code" ${once:+HOST_ONCE=1} \
                TESSERA_CACHE_DIR="$work/host" timeout 600 "$build/walk" "$build" \
                --once open >"$work/printed" 2>"$work/said"
            case $?,$kind in
            5,*) ;;
            0,*) fired=1 absorbed=$((absorbed + 1)) ;;
            4,memory)
                fired=1 named=$((named + 1))
                grep -q HOST_MEMORY "$work/said" || violated "the error is not HOST_MEMORY"
                ;;
            *) fired=1 && violated "it exits with another status" ;;
            esac
            [ ! -s "$work/printed" ] || violated "it prints something"
        done
        n=$((n + step))
    done
    echo "$name: $named named errors, $absorbed right results, up to call $n"
}

walk_host memory 1 12
walk_host memory "" 12
walk_host files 1 5 28 13 4 0
walk_host files "" 5 28 13 0
walk first "$build/walk" "$build" --once open
walk batch "$build/walk" "$build" --once batch
[ ! -x "$build/compare" ] ||
    walk compare "$build/compare" -m 40 -n 30 -k 20 --repeat 1 --quiet
[ $violations -eq 0 ]
