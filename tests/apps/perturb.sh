#!/bin/sh
# The program `perturb`: what it learns, what it refuses, how it stops, and that every
# OpenCL implementation at hand learns the same.
#
#     perturb.sh PART PERTURB DIGITS [LAYER]
#
#   input      what is refused, with which words
#   run        learning, JSON, Ctrl-C
#   files      plots; files are whole or not there
#   memory     what products in many directions take, as LAYER (most_memory.c) counts it
#   devices    one seed, one training run, whatever the device
#   thin       every weight's slope on few digits: for Oclgrind, which interprets
part=$1
perturb=$2
digits=$3
layer=$4
here=$(dirname "$0")
failed=0
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
unset TESSERA_STRATEGY TESSERA_TRACE TESSERA_DEVICE

fail() {
    echo "$*" >&2
    failed=1
}

# expect STATUS TEXT ARGS...: exits so, and prints a text with this in it.
expect() {
    status=$1 text=$2
    shift 2
    output=$("$perturb" "$@" 2>&1)
    got=$?
    [ $got -eq "$status" ] || fail "perturb $*: exit status $got, not $status: $output"
    case $(echo "$output" | tr -s ' \n' '  ') in
    *"$text"*) ;;
    *) fail "perturb $*: \"$text\" is not in: $output" ;;
    esac
}

# some N: a file of the first N digits.
some() {
    echo "images $1"
    grep -v '^[#i]' "$digits" | head -n "$1"
}

# number KEY FILE: its first number of that key.
number() {
    sed -n "s/^.*\"$1\":[^0-9-]*\([-0-9.e+]*\).*/\1/p" "$2" | head -n 1
}

# holds EXPRESSION: of numbers, as awk sees it.
holds() {
    awk "BEGIN { exit !($1) }" || fail "not so: $1"
}

# Whether this build draws.
draws() {
    ! "$perturb" --plot x.svg --products 2>&1 | grep -q "without cairo"
}

input() {
    for bad in 0 nan inf -1 1e999 "" 0.1x; do
        expect 2 "--sigma is \"$bad\"; it must be a number above 0" --sigma "$bad"
    done
    expect 2 "--directions is 0; it must be 1 to" --directions 0
    expect 2 "--directions" --directions -5
    expect 2 "--steps is 0" --steps 0
    expect 2 "must be coordinate or directions" --method newton
    expect 2 "must be rademacher or gaussian" --noise white
    expect 2 "--seed" --seed x
    expect 2 "is not an option" --unknown
    expect 2 "Try perturb --help" extra
    expect 2 "needs a value" --steps
    expect 2 "it must be even" --products --directions 3
    for extra in "--method directions" "--steps 3" "--data $digits"; do
        # shellcheck disable=SC2086 # two words
        expect 2 "${extra%% *} is for training, and --products trains nothing" --products $extra
    done
    expect 2 "--products measures both kinds" --products --noise gaussian
    expect 2 "--noise needs --method directions" --noise gaussian
    expect 2 "--directions needs --method directions" --method coordinate --directions 8
    expect 2 "cannot write" --json "$folder/none/x"
    expect 2 "--json needs a file name" --json ""
    expect 2 "--data needs a file name" --data ""
    expect 2 "takes no value" --quiet=yes
    expect 2 "--plot is \"x.pdf\"; it must end in .svg or .png" --plot x.pdf
    if draws; then
        expect 2 "cannot write" --plot "$folder/none/x.svg"
        expect 2 "--products trains nothing" --products --plot x.svg
        expect 2 "--json and --plot are the same file" --json "$folder/x.svg" \
            --plot "$folder/./x.svg"
    fi
    expect 2 "--data and --json are the same file" --data "$digits" --json "$digits"
    expect 3 "no device matches" --device voodoo
    expect 0 "perturb --plot loss.svg" --help
    expect 0 "perturb --plot loss.svg" -h
    [ -z "$("$perturb" --help | awk 'length > 80')" ] || fail "--help is wider than 80 columns"
    expect 0 "perturb (tessera) " --version

    expect 2 "cannot read /nonexistent" --data /nonexistent
    some 20 | head -n 11 >"$folder/bad"
    expect 2 "is cut short: it has 10 of its 20 images" --data "$folder/bad"
    some 20 | head -c 2000 >"$folder/bad"
    expect 2 "an image is 64 pixels of 0 to 16" --data "$folder/bad"
    some 20 | sed '8s/,[0-9]*$//' >"$folder/bad"
    expect 2 "line 8: " --data "$folder/bad"
    some 20 | sed '8s/[0-9]*$/10/' >"$folder/bad"
    expect 2 "line 8: the label is out of range" --data "$folder/bad"
    some 20 | sed '8s/[0-9]*$/-1/' >"$folder/bad"
    expect 2 "line 8: a digit of 0 to 9 is to follow" --data "$folder/bad"
    some 20 | sed '8s/^[0-9]*/17/' >"$folder/bad"
    expect 2 "line 8: an image is" --data "$folder/bad"
    { some 20; echo; } >"$folder/bad"
    expect 2 "more follows" --data "$folder/bad"
    some 20 | sed 1d >"$folder/bad"
    expect 2 "\"images N\" is expected" --data "$folder/bad"
    : >"$folder/bad"
    expect 2 "line 1: \"images N\" is expected" --data "$folder/bad"
}

run() {
    expect 0 "steps by coordinate" --steps 60 --json "$folder/json"
    holds "$(number test_accuracy "$folder/json") >= 0.9"
    holds "$(number gradient_error_ratio "$folder/json") <= 1"
    holds "$(number gradient_error "$folder/json") < 1e-6"
    holds "$(number plain_c_difference "$folder/json") < 1e-6"
    for key in gradient_ms plain_c_ms plain_c_full_forward_ms steps_per_second; do
        holds "$(number $key "$folder/json") > 0"
    done

    python3 "$here/../compare/keys.py" "$here/../../man/perturb.1" "$folder/json" ||
        fail "keys of the JSON"

    some 200 >"$folder/few"
    for noise in rademacher gaussian; do
        "$perturb" --data "$folder/few" --method directions --noise $noise --steps 40 \
            --json - >"$folder/out" 2>"$folder/err" || fail "$noise: $(cat "$folder/err")"
        first=$(sed -n '/history/,$p' "$folder/out" >"$folder/rest" &&
            number loss "$folder/rest")
        holds "$(number loss "$folder/out") < $first - 0.1"
    done
    [ -z "$("$perturb" --data "$folder/few" --steps 1 --quiet 2>&1)" ] ||
        fail "--quiet is not"

    "$perturb" --data "$folder/few" --steps 1000000 --json "$folder/json2" \
        >"$folder/out" 2>"$folder/err" &
    pid=$!
    tries=0
    while ! grep -q "^ *0  " "$folder/out" && [ $tries -lt 600 ] && kill -0 $pid; do
        sleep 0.1
        tries=$((tries + 1))
    done
    sleep 1
    kill -INT $pid
    wait $pid
    got=$?
    [ $got -eq 130 ] || fail "interrupted: exit status $got: $(cat "$folder/err")"
    grep -q "interrupted after [0-9]* steps by coordinate: loss" "$folder/out" ||
        fail "it did not say how far it came: $(cat "$folder/out")"
    grep -q '"interrupted":.*true' "$folder/json2" || fail "no JSON of what there is"
}

files() {
    some 100 >"$folder/few"
    mkdir "$folder/kept"
    set -- --data "$folder/few" --steps 3
    if draws; then
        for plot in x.svg x.png; do
            expect 0 "3 steps by coordinate" "$@" --plot "$folder/$plot" --json "$folder/x.json"
            python3 "$here/../compare/pictures.py" "$folder/$plot" || fail "$plot"
        done
        expect 0 "" "$@" --method directions --noise gaussian --directions 4 --quiet \
            --plot "$folder/x.svg"
        python3 "$here/../compare/pictures.py" "$folder/x.svg" || fail "directions: x.svg"
        # A loss that is no number any more has no place.
        expect 1 "the gradient is wrong" "$@" --sigma 1e38 --quiet --plot "$folder/x.svg"
        python3 "$here/../compare/pictures.py" "$folder/x.svg" || fail "astray: x.svg"
        # All or none.
        echo old >"$folder/kept/x.svg"
        expect 2 "cannot write /dev/full" "$@" --json /dev/full --plot "$folder/kept/x.svg"
        [ "$(cat "$folder/kept/x.svg")" = old ] || fail "--json failed, --plot was written"
        expect 2 "cannot write /dev/full" "$@" --plot /dev/full --json "$folder/kept/x.json"
        [ "$(ls -A "$folder/kept")" = x.svg ] || fail "left: $(ls -A "$folder/kept")"
    else
        expect 2 "without cairo" --plot x.svg
    fi

    # A reader that goes away is a failure with a word; the file is written all the same.
    { "$perturb" "$@" --json "$folder/closed.json" 2>"$folder/err"
      echo $? >"$folder/status"; } | head -n 1 >"$folder/out"
    [ "$(cat "$folder/status")" = 2 ] || fail "closed pipe: exit status $(cat "$folder/status")"
    grep -q "cannot write to standard output: Broken pipe" "$folder/err" ||
        fail "closed pipe: $(cat "$folder/err")"
    holds "$(number steps "$folder/closed.json") == 3"
    "$perturb" "$@" --json - >/dev/full 2>"$folder/err"
    [ $? -eq 2 ] || fail "a full standard output went unseen"
    # Nor is a wrong gradient right for it.
    "$perturb" "$@" --sigma 1e38 >/dev/full 2>"$folder/err"
    [ $? -eq 1 ] || fail "a full standard output hid a wrong gradient"
    grep -q "No space left" "$folder/err" || fail "full: $(cat "$folder/err")"
    # Without one nothing more is done.
    { "$perturb" --data "$folder/few" --steps 2000 2>"$folder/err"
      echo $? >"$folder/status"; } | head -n 1 >"$folder/out"
    [ "$(cat "$folder/status")" = 2 ] || fail "nobody reads: exit status $(cat "$folder/status")"
}

# most P: the most bytes of buffers that were there at once, by products of P directions.
most() {
    OPENCL_LAYERS=$layer MOST_MEMORY="$folder/most" "$perturb" --products --directions "$1" \
        --quiet --json "$folder/json" || fail "--products --directions $1"
    cat "$folder/most"
}

# W is 6400 x 5000 in f32, 128 MB, and is there twice. One call takes what the program says
# beside x, y and these two; 6 more directions take 6 rows of y and of sums.
memory() {
    few=$(most 2)
    many=$(most 8)
    extra=$(number extra_bytes "$folder/json")
    weights=$((6400 * 5000 * 4))
    python3 "$here/../compare/keys.py" "$here/../../man/perturb.1" "$folder/json" ||
        fail "keys of the JSON"
    holds "$many < 2 * $weights + 4 * (6400 + 8 * 5000) + $extra + 1000000"
    holds "$many >= 2 * $weights + 4 * 8 * 5000"
    holds "$many - $few <= 6 * 2 * 4 * 5000 * 1.1"
}

# losses ICD TYPE FILE ARGS...: the loss after each step there.
losses() {
    icd=$1 type=$2 file=$3
    shift 3
    OCL_ICD_VENDORS=$icd RUSTICL_ENABLE=llvmpipe RUSTICL_DEVICE_TYPE=$type \
        "$perturb" "$@" --json "$folder/one" --quiet >"$folder/out" 2>&1 ||
        fail "$icd $type: $(cat "$folder/out")"
    sed -n '/history/,$s/.*"loss":[^0-9]*\([-0-9.e+]*\).*/\1/p' "$folder/one" >"$file"
}

# Rounding differs, and each step's difference is carried on; a run does not amplify it.
devices() {
    if [ ! -e /etc/OpenCL/vendors/rusticl.icd ]; then
        echo "rusticl.icd is not installed" >&2
        [ -n "$TESSERA_REQUIRE_DEVICE" ] && exit 1
        exit 77
    fi
    for how in coordinate "directions gaussian"; do
        set -- --method "${how% *}" --steps 3
        [ "$how" = coordinate ] || set -- "$@" --noise "${how#* }" --directions 16
        losses pocl.icd cpu "$folder/here" "$@"
        [ "$(wc -l <"$folder/here")" -eq 4 ] || fail "$how: no losses"
        for type in cpu gpu; do
            losses rusticl.icd $type "$folder/there" "$@"
            paste "$folder/here" "$folder/there" | awk -v how="$how on a $type" '
                { d = $1 - $2; if (d < 0) d = -d; if (d > 1e-4 * $1) bad = $0 }
                END { if (bad) print how ": " bad; exit bad != "" || NR != 4 }' >&2 ||
                fail "another training run: $how, $type"
        done
    done
}

thin() {
    some 5 >"$folder/few"
    expect 0 "1 step by coordinate" --data "$folder/few" --steps 1
}

case $part in
input) input ;;
run) run ;;
files) files ;;
memory) memory ;;
devices) devices ;;
thin) thin ;;
*) fail "there is no part $part" ;;
esac
exit $failed
