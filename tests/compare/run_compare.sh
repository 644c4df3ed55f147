#!/bin/sh
# run_compare.sh PART COMPARE CHECK_JSON WRONG_BLAS LAYER: compare as people and
# programs run it.
#
#   input     what is refused, with which status and words
#   files     what is written is whole or not there
#   json      the contract
#   device    choosing, not finding, Ctrl-C
#   wrong     a result that is wrong
#   failing   a device that fails
#   separate  a device with memory of its own
# shellcheck disable=SC2086,SC1091,SC2154 # $small and $args are several words; expect.sh sets the rest
part=$1
compare=$2
check_json=$3
wrong_blas=$4
layer=$5

. "$(dirname "$0")/expect.sh"
small="-m 7 -n 9 -k 11 --repeat 1"

# npy FILE DESCR FORTRAN SHAPE BYTES: a .npy file of version 1 with zeros for data.
npy() {
    text="{'descr': '$2', 'fortran_order': $3, 'shape': $4, }"
    octal=$(printf '%03o' ${#text})
    { printf '\223NUMPY\001\000'"\\$octal"'\000%s' "$text"; head -c "$5" /dev/zero; } >"$1"
}

test_input() {
    expect 2 "--nonsense is not an option" --nonsense
    expect 2 "-x is not an option" -x
    expect 2 "-m needs a value" -m
    expect 2 "--rep=5 begins several options" --rep=5
    expect 2 "--quiet=5 takes no value" --quiet=5
    expect 2 "is not an option" stray
    expect 2 "cannot be negative" -m -1
    expect 2 "whole number" -n 1.5
    expect 2 "whole number" -k ""
    expect 2 "too large to be counted" -k 18446744073709551616
    expect 2 "too large to be counted" -m 4294967296 -n 4294967296 -k 2
    expect 2 "more bytes than can be counted" -m 4294967296 -n 0 -k 4294967296
    expect 2 "f32 or f64" --dtype f16
    expect 2 "must end in .svg or .png" --plot p.pdf
    for option in shapes a b out json plot report compare blas; do
        expect 2 "--$option needs a file name" --$option ""
    done
    expect 2 "must end in .html or .htm" --report r.pdf
    expect 2 "--report needs a file name" --report -
    expect 2 "--out needs a file name" --out -
    expect 2 "LO:HI" --sweep 64
    expect 2 "LO:HI" --sweep 1:2:3:4
    expect 2 "--sweep HI is \"x\"" --sweep 64:x
    expect 2 "go up from 1" --sweep 64:32
    expect 2 "go up from 1" --sweep-rows 0:4
    expect 2 "must be 2 to" --sweep 1:64:1
    expect 2 "do not go together" --sweep 1:2 --sweep-rows 1:2
    expect 2 "--sweep says already what" --sweep 1:2 -m 3
    expect 2 "--sweep-rows says already what -m is" --sweep-rows 1:2 -m 3
    expect 2 "about one product" --sweep 1:2 --out c.npy
    expect 2 "it counts in MB" --cold=0
    expect 2 "whole number" --cold=much
    expect 2 "a smaller MB needs less" --cold=999999999
    expect 2 "needs --compare" --fail-above 5
    expect 2 "must be a percentage" --fail-above 5% --compare "$dir/none"
    expect 2 "No such file" --compare "$dir/none" $small
    echo '{"cases": []}' >"$dir/old.json"
    expect 2 "is no result of compare" --compare "$dir/old.json" $small
    : >"$dir/old.json"
    expect 2 "it is empty" --compare "$dir/old.json" $small
    expect 2 "--repeat" --repeat 0
    expect 2 "--list goes with" --list --json x.json
    expect 2 "is not an option" --version stray
    for action in --help --version --list; do
        "$compare" $action >/dev/full 2>"$dir/err"
        [ $? -eq 2 ] || complain "$action: a full standard output went unseen"
    done
    TESSERA_STRATEGY=nonesuch
    export TESSERA_STRATEGY
    expect 2 "tile" $small
    unset TESSERA_STRATEGY
    expect 2 "allocates at most" -m 1000000 -n 1 -k 1000000

    expect 2 "No such file" --shapes "$dir/none"
    printf '1 2 3\n\n# fine\n4 5 six\n' >"$dir/shapes"
    expect 2 "shapes:4:5: K is \"six\"" --shapes "$dir/shapes"
    printf '1 2 3\n  1000000 1 1000000 # is fine, but not for this device\n' >"$dir/shapes"
    expect 2 "shapes:2:3: A[1000000,1000000] @ B[1000000,1] f32: A[1000000,1000000] f32" \
        --shapes "$dir/shapes"
    grep -q "allocates at most" "$dir/err" || complain "not said: what is too large"
    printf '# nothing\n' >"$dir/shapes"
    expect 2 "no product in it" --shapes "$dir/shapes"
    head -c 5000 /dev/zero >"$dir/shapes"
    expect 2 "shapes" --shapes "$dir/shapes"
    expect 2 "--shapes" --shapes "$dir/shapes" --a a.npy

    expect 2 "No such file" --a "$dir/none.npy"
    printf 'PK\003\004 this is no npy' >"$dir/a.npy"
    expect 2 "not a .npy file" --a "$dir/a.npy"
    npy "$dir/a.npy" '<f4' False '(2, 3)' 23
    expect 2 "truncated" --a "$dir/a.npy"
    npy "$dir/a.npy" '<f4' False '(4294967296, 4294967297)' 64
    expect 2 "truncated" --a "$dir/a.npy"
    npy "$dir/a.npy" '<f4' False '(6,)' 24
    expect 2 "rank is 1" --a "$dir/a.npy"
    npy "$dir/a.npy" '<i8' False '(2, 3)' 48
    expect 2 "'<i8'" --a "$dir/a.npy"
    npy "$dir/a.npy" "$(printf '\033[2J')" False '(2, 3)' 48
    expect 2 "'\\x1b[2J'" --a "$dir/a.npy"
    npy "$dir/a.npy" '<f4' False '(2, 3)' 24
    npy "$dir/b.npy" '<f8' False '(3, 4)' 96
    expect 2 "holds f64" --a "$dir/a.npy" --b "$dir/b.npy"
    expect 2 "holds f32" --a "$dir/a.npy" --dtype f64
    npy "$dir/b.npy" '<f4' False '(4, 3)' 48
    expect 2 "do not fit together" --a "$dir/a.npy" --b "$dir/b.npy"
    expect 2 "-m is 5" --a "$dir/a.npy" -m 5
    npy "$dir/b.npy" '<f4' False '(5, 3, 4)' 240
    expect 2 "--batch is 2" --b "$dir/b.npy" --batch 2

    expect 2 "--blas" --blas "$dir/none.so" $small
    expect 2 "no CBLAS library" --blas libm.so.6 $small
}

test_files() {
    expect 2 "cannot write" --json "$dir/none/x.json"
    expect 2 "cannot write" --out "$dir/none/x.npy"
    expect 2 "cannot write" --json "$dir"

    # A run that is refused or fails leaves an old file as it was, and nothing beside it.
    mkdir "$dir/kept"
    echo old >"$dir/kept/x.json"
    expect 2 "M*N*K" --json "$dir/kept/x.json" -m 4294967296 -n 4294967296 -k 2
    expect 3 "no-such-device" --json "$dir/kept/x.json" --device no-such-device
    [ "$(cat "$dir/kept/x.json")" = old ] || complain "an old file was lost"
    [ "$(ls -A "$dir/kept")" = x.json ] || complain "something was left behind"

    expect 0 "" --json "$dir/kept/x.json" --quiet $small
    [ -s "$dir/out" ] && complain "--quiet wrote to stdout"
    "$check_json" <"$dir/kept/x.json" || complain "the file is not whole"
    [ "$(ls -A "$dir/kept")" = x.json ] || complain "a temporary file was left behind"

    # A link keeps pointing where it did; what is no file is written, not replaced.
    ln -s kept/x.json "$dir/link"
    expect 0 "" --json "$dir/link" --quiet $small
    [ -L "$dir/link" ] || complain "a symbolic link was replaced"
    expect 0 "" --json /dev/null --quiet $small
    [ -c /dev/null ] || complain "/dev/null was replaced"

    # Without tessera's product there is none to write.
    TESSERA_STRATEGY=stream
    export TESSERA_STRATEGY
    expect 2 "no.npy was not written, since tessera was skipped: stream cannot run" \
        -m 40 -n 40 -k 40 --repeat 1 --quiet --out "$dir/no.npy" --json "$dir/no.json"
    ls "$dir"/no.* >/dev/null 2>&1 && complain "one file was written without the other"
    unset TESSERA_STRATEGY

    # What --out writes can be read again.
    expect 0 "" --out "$dir/c.npy" --quiet --batch 3 $small
    expect 0 "" --b "$dir/c.npy" --quiet --repeat 1
    for json in - "$dir/full.json"; do
        "$compare" $small --json "$json" >/dev/full 2>"$dir/err"
        [ $? -eq 2 ] || complain "a full standard output went unseen"
        grep -q "standard output: No space left" "$dir/err" || complain "full: no word why"
    done
    "$check_json" <"$dir/full.json" || complain "a full standard output lost the JSON"

    # All files or none: one that fails leaves the other as it was.
    expect 0 "" --json "$dir/kept/x.json" --quiet $small
    echo old >"$dir/kept/x.json"
    for full in out json; do
        [ $full = out ] && other=json || other=out
        "$compare" $small --$full /dev/full --$other "$dir/kept/x.json" >"$dir/out" 2>"$dir/err"
        [ $? -eq 2 ] || complain "--$full /dev/full went unseen"
        [ "$(cat "$dir/kept/x.json")" = old ] || complain "--$full failed, --$other was written"
        [ "$(ls -A "$dir/kept")" = x.json ] || complain "a temporary file was left behind"
    done

    # One file is one file, however it is spelt.
    mkdir "$dir/sub"
    ln "$dir/kept/x.json" "$dir/hard"
    expect 2 "are the same file" --out "$dir/new" --json "$dir/sub/../new"
    expect 2 "are the same file" --out "$dir/link" --json "$dir/kept/x.json"
    expect 2 "are the same file" --out "$dir/hard" --json "$dir/kept/x.json"
    expect 2 "--a and --out are the same file" --a "$dir/c.npy" --out "$dir/sub/../c.npy"

    # A file that is replaced keeps its permissions.
    for mode in 600 666; do
        chmod $mode "$dir/kept/x.json"
        expect 0 "" --json "$dir/kept/x.json" --quiet $small
        [ "$(stat -c %a "$dir/kept/x.json")" = $mode ] || complain "permissions $mode were lost"
    done
}

test_json() {
    all="--row tessera right --row plain-c right --row plain-c-f64 right"
    expect 0 "" $small --batch 3 --trans-a --json -
    "$check_json" $all <"$dir/out" || complain "one product"
    cat >"$dir/shapes" <<END
0 9 11
7 0 11
7 9 0
7 9 11 f32 n n 0
7 9 11 f32 t t
1 9 11 f32 n t
7 1 11
END
    expect 0 "" --shapes "$dir/shapes" --repeat 1 --json -
    "$check_json" $all <"$dir/out" || complain "empty products, single rows and columns"
    if "$compare" --list | grep -q "f32 and f64"; then
        expect 0 "" $small --dtype f64 --json -
        "$check_json" --row tessera right --row plain-c right --row plain-c-f64 skipped \
            <"$dir/out" || complain "f64"
    else
        expect 2 "fp64" $small --dtype f64
    fi
    printf '3 4 5\n16 17 18 f32 t n\n8 8 8 f32 n t 4\n' >"$dir/shapes"
    expect 0 "" --shapes "$dir/shapes" --repeat 1 --all --prepared --json -
    "$check_json" $all --row tessera-prepared right --row reference right <"$dir/out" ||
        complain "--shapes --all --prepared"

    expect 0 "" --shapes "$dir/shapes" --repeat 1
    grep -q "^plain-c .* 3 .*A\[.*\].* @ B\[.*\]" "$dir/out" || complain "there is no summary"
    grep -q "^roof    at best: reads" "$dir/out" || complain "nor the roof of the run"

    expect 0 "" -m 0 --repeat 1
    grep -q "nothing is to be done" "$dir/out" || complain "an empty product has sentences"
    grep -q "TB\|GB/s .*right\|Uploading\|pays off" "$dir/out" && complain "of an empty product"

    # Above the work that is checked in full, rows and a residual are.
    expect 0 "" -m 1001 -n 1001 -k 1001 --repeat 1 --json "$dir/x.json"
    grep -q "residual" "$dir/out" || complain "the table does not say how it was checked"
    grep -q '"rows and residual"' "$dir/x.json" || complain "nor does the JSON"
    for words in "Bound by" "twice the bytes" "uploaded\|Uploading" "first call of tessera" \
        "pays off" "an empty" "probe\|dominate"; do
        grep -q "$words" "$dir/out" || complain "the table does not say \"$words\""
    done
    [ "$(awk 'length > 80' "$dir/out" | wc -l)" = 0 ] || complain "wider than 80 columns"
}

test_device() {
    expect 3 "no-such-device" --device no-such-device
    expect 3 "no-such-device" --list --device no-such-device
    expect 0 "" --help
    expect 0 "" --version
    expect 0 "" --list
    spec=$(sed -n 's/^\* //p' "$dir/out")
    expect 0 "" --device "$spec" --quiet $small
    OCL_ICD_VENDORS=/nonexistent
    export OCL_ICD_VENDORS
    expect 3 "install" $small
    OCL_ICD_VENDORS=$icd

    # Ctrl-C: soon, with nothing written. Each of 300 batches lasts at least 50 ms, on any
    # machine, and a runner's calls stay below the minute beyond which it is left out.
    "$compare" -m 300 -n 300 -k 300 --repeat 300 --json "$dir/x.json" \
        >"$dir/out" 2>"$dir/err" &
    sleep 2.5
    kill -INT $!
    wait $!
    got=$?
    [ $got -eq 130 ] || complain "Ctrl-C: exit status $got, not 130"
    for file in "$dir"/x.json*; do
        [ -e "$file" ] && complain "Ctrl-C left $file"
    done

    # While kernels are built, and to the whole group, as a terminal does it: the
    # driver's compilers must not die of it, twice at once or not.
    for signals in INT "TERM TERM"; do
        for wait in 0.4 1.2; do
            mkdir "$dir/cache"
            POCL_CACHE_DIR=$dir/cache TESSERA_CACHE_DIR=$dir/cache setsid "$compare" --all \
                -m 300 -n 300 -k 300 --repeat 300 --json "$dir/x.json" \
                >"$dir/out" 2>"$dir/err" &
            sleep $wait
            for signal in $signals; do
                kill -s $signal -- "-$!"
                sleep 0.6
            done
            wait $!
            got=$?
            [ $got -eq 130 ] || complain "$signals after $wait s: exit status $got, not 130"
            ls "$dir"/x.json* >/dev/null 2>&1 && complain "$signals left a file"
            rm -rf "$dir/cache"
        done
    done
}

test_wrong() {
    # One element of gemm is off by a thousandth.
    expect 1 "the result of blas is wrong" $small --blas "$wrong_blas"
    tr -s '\n ' ' ' <"$dir/out" | grep -q "fake kernels, 1 thread " ||
        complain "nor how many threads it has"
    grep -q "blas is WRONG: C\[2,3\] of product 0 is" "$dir/out" || complain "where is it?"
    expect 1 "the result of blas is wrong" $small --blas "$wrong_blas" --json -
    "$check_json" --row tessera right --row blas wrong <"$dir/out" || complain "JSON"
    grep -q '"core":.*"fake"' "$dir/out" || complain "which kernels did BLIS choose?"
    here=$(dirname "$0")
    python3 "$here/keys.py" "$here/../../man/compare.1" "$dir/out" || complain "keys"
    # A library's name that is no text is drawn all the same. Letters are counted (each is
    # a use of a glyph): other times have other digits, but what comes after a name that
    # ended the picture is most of it.
    name=$(printf 'caf\351.so')
    cp "$wrong_blas" "$dir/$name"
    if ! "$compare" --plot /dev/null --list 2>&1 | grep -q "without cairo"; then
        expect 1 "the result of blas is wrong" $small --blas "$dir/$name" --json - \
            --plot "$dir/x.svg"
        python3 -c 'import json, sys; json.load(open(sys.argv[1], encoding="utf-8"))' \
            "$dir/out" || complain "a name that is no text: JSON"
        expect 1 "the result of blas is wrong" $small --blas "$wrong_blas" --plot "$dir/y.svg" --quiet
        [ "$(grep -c "<use" "$dir/x.svg")" -ge $(($(grep -c "<use" "$dir/y.svg") * 3 / 4)) ] ||
            complain "a name that is no text ends the picture"
    fi
    # That outweighs an output that is lost: nobody reads, a disk is full.
    { "$compare" $small --blas "$wrong_blas" 2>"$dir/err"; echo $? >"$dir/status"; } |
        true
    [ "$(cat "$dir/status")" = 1 ] || complain "closed pipe: exit status $(cat "$dir/status")"
    expect 1 "the result of blas is wrong" $small --blas "$wrong_blas" --json /dev/full
    # Its gemv leaves C as it was, after other runners had made it right.
    expect 1 "the result of blas is wrong" $small -m 1 --blas "$wrong_blas"
    grep -q "blas is WRONG: C\[0,0\] of product 0 is nan" "$dir/out" ||
        complain "C that was not written went unseen"
}

test_failing() {
    OPENCL_LAYERS=$layer
    FAIL_KERNEL=tile
    export OPENCL_LAYERS FAIL_KERNEL
    # The others go on.
    expect 4 "tile failed" $small --all --json "$dir/x.json"
    grep -q "^tile  *FAILED: .*" "$dir/out" || complain "the table does not say so"
    "$check_json" --row tile skipped --row plain-c right --row reference right \
        <"$dir/x.json" || complain "JSON"
    grep -q '"failed":.*true' "$dir/x.json" || complain "the JSON does not say so"
    # Without tessera's own product there is none to write.
    TESSERA_STRATEGY=tile
    export TESSERA_STRATEGY
    expect 4 "was not written" $small --out "$dir/x.npy"
    [ -e "$dir/x.npy" ] && complain "it was written all the same"
    unset FAIL_KERNEL TESSERA_STRATEGY

    # A driver that talks does not spoil the JSON.
    TALK=1
    export TALK
    expect 0 "a driver talks" $small --json -
    "$check_json" --row tessera right <"$dir/out" || complain "it spoils the JSON"
    unset TALK

    # One that hangs: a second signal ends the program at once, but for one that comes with
    # the first, as timeout(1) sends it.
    HANG_KERNEL=read_all "$compare" $small --json "$dir/x.json" >"$dir/out" 2>"$dir/err" &
    for _ in $(seq 300); do
        grep -q "it hangs" "$dir/err" && break
        sleep 0.1
    done
    kill -INT $!
    kill -TERM $!
    sleep 0.7
    kill -0 $! || complain "one signal, sent twice, ended it"
    kill -INT $!
    wait $!
    got=$?
    [ $got -eq 130 ] || complain "a second signal: exit status $got, not 130"
    grep -q "compare: quit at once" "$dir/err" || complain "a second signal: no word"
}

test_separate() {
    OPENCL_LAYERS=$layer
    SEPARATE_MEMORY=1
    export OPENCL_LAYERS SEPARATE_MEMORY
    expect 0 "" $small --trans-b --json "$dir/x.json"
    grep -q "Uploading A and B took" "$dir/out" || complain "no word of the upload"
    "$check_json" --row tessera right <"$dir/x.json" || complain "JSON"
    grep -q '"zero_copy":.*false' "$dir/x.json" || complain "the JSON says zero-copy"
    expect 0 "" $small --batch 3 --trans-a --all --quiet
    # Nor has it doubles.
    NO_FP64=1
    export NO_FP64
    printf '8 8 8 f64\n3 4 5\n9 9 9 f64 t\n' >"$dir/shapes"
    expect 0 "" --shapes "$dir/shapes" --repeat 1 --json "$dir/x.json" --report "$dir/x.html"
    "$check_json" <"$dir/x.json" || complain "JSON without f64"
    [ "$(grep -c '"skipped":.*no fp64"' "$dir/x.json")" -eq 8 ] || complain "which rows say why?"
    grep -q "^3 products: 4 rows right, 0 wrong, 8 skipped" "$dir/out" || complain "of 3 products"
    grep -q "nan\|inf\|empty:" "$dir/out" "$dir/x.html" && complain "words about nothing"
    printf '8 8 8 f64\n' >"$dir/shapes"
    expect 2 "f32 in the file's lines" --shapes "$dir/shapes"
    npy "$dir/a.npy" '<f8' False '(2, 3)' 48
    expect 2 "or files of f32" --a "$dir/a.npy"
    expect 2 "or --dtype f32" --dtype f64
}

icd=$OCL_ICD_VENDORS
test_"$part"
[ $failures -eq 0 ]
