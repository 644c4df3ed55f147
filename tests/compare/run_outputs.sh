#!/bin/sh
# run_outputs.sh PART COMPARE CHECK_JSON: what compare shows and writes.
#
#   pages     screen, JSON, plot and report say the same; each can be parsed
#   stop      Ctrl-C and closed pipes: what is finished stays, nothing is left behind
#   disk      full disks and folders that cannot be written
#   earlier   beside an earlier run
#   cold      operands in turns
#   terminal  colour and progress
# shellcheck disable=SC2086,SC1091,SC2154 # $small and $args are several words; expect.sh sets the rest
part=$1
compare=$2
check_json=$3
here=$(dirname "$0")
. "$here/expect.sh"
small="-m 7 -n 9 -k 11 --repeat 1"

# Whether this build draws.
draws() {
    ! "$compare" --plot /dev/null --list 2>&1 | grep -q "without cairo"
}

# pages ARGS...: one run, all outputs.
pages() {
    expect 0 "" "$@" --json "$dir/x.json" --plot "$dir/x.svg" --report "$dir/x.html"
    cp "$dir/out" "$dir/screen"
    "$check_json" <"$dir/x.json" || complain "compare $*: JSON"
    python3 "$here/check_page.py" "$dir/x.json" "$dir/screen" "$dir/x.svg" "$dir/x.html" ||
        complain "compare $*: the outputs do not agree"
}

test_pages() {
    if ! draws; then
        expect 2 "built without cairo" --plot "$dir/x.svg"
        expect 0 "" $small --quiet --report "$dir/x.html"
        return
    fi
    pages -m 0 -n 9 --repeat 1 --batch 3
    pages --sweep 8:64:3 --repeat 1 --prepared
    pages --sweep-rows 1:4 -n 30 -k 20 --repeat 1 --all
    printf '30 20 10\n2 300 40 f32 n t 3\n' >"$dir/a <b> & \"c\".txt"
    pages --shapes "$dir/a <b> & \"c\".txt" --repeat 1
    # A name that is no text in any language.
    name=$(printf 'caf\351.txt')
    cp "$dir/a <b> & \"c\".txt" "$dir/$name"
    expect 0 "" --shapes "$dir/$name" --repeat 1 --json "$dir/x.json" --report "$dir/x.html"
    cp "$dir/out" "$dir/screen"
    python3 "$here/check_page.py" "$dir/x.json" "$dir/screen" "$dir/x.html" ||
        complain "bytes that are no text"
    expect 0 "" $small --json "$dir/x.json" --plot "$dir/x.png"
    python3 "$here/check_page.py" "$dir/x.json" "$dir/out" "$dir/x.png" || complain "PNG"
    expect 0 "" $small --quiet --plot /dev/stdout --json /dev/null
    python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.stdin)' <"$dir/out" ||
        complain "--plot /dev/stdout is no SVG"
}

test_stop() {
    mkdir "$dir/kept"
    echo old >"$dir/kept/x.svg"
    args="--json $dir/kept/x.json --report $dir/kept/x.html"
    draws && args="$args --plot $dir/kept/x.svg"
    # Long enough to be stopped on any machine, once two cases are on the screen.
    "$compare" --sweep 16:600:200 $args >"$dir/out" 2>"$dir/err" &
    pid=$!
    for _ in $(seq 300); do
        [ "$(grep -c '^plain-c-f64 ' "$dir/out")" -ge 2 ] && break
        sleep 0.1
    done
    kill -INT $pid # twice at once, as timeout(1) does
    kill -TERM $pid
    wait $pid
    got=$?
    [ $got -eq 130 ] || complain "Ctrl-C: exit status $got, not 130"
    grep -q "interrupted after [2-9] of" "$dir/err" || complain "after how many?"
    "$check_json" --row tessera right <"$dir/kept/x.json" || complain "the JSON is not whole"
    grep -q '"interrupted":.*true' "$dir/kept/x.json" || complain "it does not say so"
    if draws; then
        python3 "$here/check_page.py" "$dir/kept/x.json" "$dir/out" "$dir/kept/x.svg" \
            "$dir/kept/x.html" || complain "the outputs do not agree"
    fi
    rm -f "$dir/kept/x.json" "$dir/kept/x.html" "$dir/kept/x.svg"
    [ -z "$(ls -A "$dir/kept")" ] || complain "Ctrl-C left $(ls -A "$dir/kept")"

    # In the first of many, the JSON has none, and there is no picture.
    python3 "$here/interrupt.py" "first call: tessera" "$compare" --sweep 2048:2049:2 $args \
        >"$dir/out" 2>"$dir/err" || complain "Ctrl-C in the first product of a sweep"
    python3 - "$dir/kept/x.json" <<'END' || complain "the JSON without a case"
import json, sys

run = json.load(open(sys.argv[1], encoding="utf-8"))
assert run["interrupted"] and run["cases"] == [] and run["summary"] == [], run
assert run["device"]["name"] and run["roof"]["read_gbs"] > 0, run
END
    [ "$(ls -A "$dir/kept")" = x.json ] || complain "Ctrl-C left $(ls -A "$dir/kept")"
    rm -f "$dir/kept/x.json"

    # In the middle of a product that plain C takes seconds for.
    for runner in plain-c plain-c-f64; do
        python3 "$here/interrupt.py" "first call: $runner" "$compare" -m 2048 -n 2048 -k 2048 \
            --repeat 1 --json "$dir/kept/x.json" >"$dir/out" 2>"$dir/err" ||
            complain "Ctrl-C while $runner runs"
    done
    [ -z "$(ls -A "$dir/kept")" ] || complain "Ctrl-C left $(ls -A "$dir/kept")"

    # A reader that goes away is a failure with a word; the files are written all the same.
    { "$compare" --sweep 8:16 --repeat 1 --json "$dir/kept/x.json" 2>"$dir/err"
      echo $? >"$dir/status"; } | head -n 3 >"$dir/out"
    [ "$(cat "$dir/status")" = 2 ] || complain "closed pipe: exit status $(cat "$dir/status")"
    grep -q "cannot write to standard output: Broken pipe" "$dir/err" ||
        complain "closed pipe: no word"
    "$check_json" --row tessera right <"$dir/kept/x.json" || complain "a closed pipe lost the JSON"
    [ "$(ls -A "$dir/kept")" = x.json ] || complain "a closed pipe left $(ls -A "$dir/kept")"
}

# On a file system of 4 kB, in a mount namespace of its own; where that is not allowed, with
# files cut at 2 kB.
on_small_disk() {
    mkdir -p "$dir/full"
    if unshare -rm true 2>/dev/null; then
        # shellcheck disable=SC2016 # the inner shell's
        unshare -rm sh -c 'mount -t tmpfs -o size=4k none "$1" && shift && "$@"; got=$?
            ls -A "$dir/full" >"$dir/left"; exit $got' sh "$dir/full" "$@"
    else
        (trap '' XFSZ; ulimit -f 2; "$@")
        got=$?
        ls -A "$dir/full" >"$dir/left"
        return $got
    fi
}

test_disk() {
    export dir
    outputs="json report out"
    draws && outputs="$outputs plot"
    for output in $outputs; do
        case $output in
        plot) end=svg ;;
        report) end=html ;;
        *) end=$output ;;
        esac
        on_small_disk "$compare" -m 70 -n 90 -k 11 --repeat 1 --quiet --prepared \
            --$output "$dir/full/x.$end" >"$dir/out" 2>"$dir/err"
        got=$?
        [ $got -eq 2 ] || complain "--$output on a full disk: exit status $got, not 2"
        grep -q "cannot write $dir/full/x.$end: " "$dir/err" || complain "--$output: which file?"
        [ -s "$dir/left" ] && complain "--$output left $(cat "$dir/left")"
        expect 2 "cannot write $dir/none/x.$end: No such file" --$output "$dir/none/x.$end"
        case $output in # run_compare.sh has the others
        plot | report)
            expect 2 "cannot write /dev/full: No space left" $small --quiet --$output /dev/full
            ;;
        esac
        # root may write anywhere.
        mkdir -p "$dir/closed"
        chmod 500 "$dir/closed"
        [ -w "$dir/closed" ] ||
            expect 2 "cannot write" --$output "$dir/closed/x.$end"
    done
    # A file that gets larger than is allowed is no death by a signal.
    mkdir "$dir/limited"
    (ulimit -f 1; exec "$compare" -m 70 -n 90 -k 11 --repeat 1 --quiet --prepared \
        --out "$dir/limited/x.npy" --json "$dir/limited/x.json") >"$dir/out" 2>"$dir/err"
    got=$?
    [ $got -eq 2 ] || complain "a limited file: exit status $got, not 2"
    grep -q "cannot write .*: File too large" "$dir/err" || complain "a limited file: no word"
    [ -z "$(ls -A "$dir/limited")" ] || complain "a limited file left $(ls -A "$dir/limited")"
}

# edit FILE STATEMENT: the run with each of its rows changed so, in Python.
edit() {
    python3 -c 'import json, sys
run = json.load(open(sys.argv[1]))
for case in run["cases"]:
    for row in case["runners"]:
        exec(sys.argv[3])
json.dump(run, open(sys.argv[2], "w"))' "$dir/x.json" "$dir/$1" "$2"
}

# An earlier run in which each time is $1 times as long.
scale() {
    edit old.json "for key in ('best_ms', 'median_ms'):
            row[key] = row[key] and row[key] * $1"
}

test_earlier() {
    printf '30 20 10\n2 300 40 f32 n t 3\n' >"$dir/shapes"
    expect 0 "" --shapes "$dir/shapes" --repeat 1 --json "$dir/x.json" --quiet
    # A million times faster and slower is beyond anything a busy machine does.
    scale 1000000
    expect 0 "" --shapes "$dir/shapes" --repeat 1 --compare "$dir/old.json" --fail-above 10
    [ "$(grep -c '^  tessera .* faster$' "$dir/out")" = 2 ] || complain "not faster"
    [ "$(awk 'length > 80' "$dir/out" | wc -l)" = 0 ] || complain "wider than 80 columns"
    head -n 1 "$dir/shapes" >"$dir/fewer"
    expect 0 "2 x 300 x 40 of $dir/old.json is not in this run" --shapes "$dir/fewer" \
        --repeat 1 --quiet --compare "$dir/old.json" --fail-above 10
    scale 0.000001
    expect 0 "" --shapes "$dir/shapes" --repeat 1 --compare "$dir/old.json" --quiet
    expect 1 "tessera is slower than in $dir/old.json" --shapes "$dir/shapes" --repeat 1 \
        --compare "$dir/old.json" --fail-above 10 --json "$dir/new.json"
    grep -q '^  tessera .* slower: FAILED$' "$dir/out" || complain "not slower"
    grep -q '^  plain-c .* slower$' "$dir/out" || complain "the host's runners are judged"
    "$check_json" <"$dir/new.json" || complain "JSON"
    grep -q '"change":.*"slower"' "$dir/new.json" || complain "the JSON does not say so"
    python3 "$here/keys.py" "$here/../../man/compare.1" "$dir/new.json" || complain "keys"
    # What cannot be judged is named; if that is all, it is no success.
    edit old.json 'row["best_ms"] = None if row["name"] == "clblast" else 1e9'
    expect 0 "clblast has no time in $dir/old.json" --shapes "$dir/shapes" --repeat 1 \
        --compare "$dir/old.json" --fail-above 10
    edit old.json 'row["median_ms"] = 1e9'
    expect 0 "of 4 rows have more noise than 10%" --shapes "$dir/shapes" --repeat 1 \
        --compare "$dir/old.json" --fail-above 10
    grep -q '^  tessera .* within noise$' "$dir/out" || complain "the screen calls it the same"
    edit renamed.json 'row["name"] = "old " + row["name"]'
    expect 2 "old tessera of $dir/renamed.json is not in this run" --shapes "$dir/shapes" \
        --repeat 1 --quiet --compare "$dir/renamed.json" --fail-above 10
    grep -q "so nothing was judged" "$dir/err" || complain "nothing was judged, not said"
    sed 's/"platform": "[^"]*"/"platform": "another"/' "$dir/old.json" >"$dir/other.json"
    expect 2 "judges runs of one device" --shapes "$dir/shapes" --compare "$dir/other.json" \
        --fail-above 10
    for bad in '"fast"' -1 0 true; do
        sed "s/\"best_ms\": [^,]*/\"best_ms\": $bad/" "$dir/old.json" >"$dir/bad.json"
        expect 2 "$dir/bad.json: 30 x 20 x 10: the best_ms of" --shapes "$dir/shapes" \
            --compare "$dir/bad.json"
    done
    expect 2 "has none of the products" $small --compare "$dir/old.json"
    expect 2 "was measured without --cold" --shapes "$dir/shapes" --cold --compare "$dir/old.json"
}

test_cold() {
    # 2 MB of 1,000 bytes or so, and of more than that.
    for args in "-m 7 -n 9 -k 11 --all" "-m 3 -n 700 -k 900 --trans-b" \
        "-m 16 -n 16 -k 16 --batch 3 --trans-a"; do
        expect 0 "" $args --repeat 1 --cold=2 --prepared --json "$dir/x.json"
        "$check_json" --row tessera right --row tessera-prepared right --row plain-c right \
            --row plain-c-f64 right <"$dir/x.json" || complain "$args --cold: JSON"
        grep -q '"cold":.*true' "$dir/x.json" || complain "the JSON does not say cold"
        python3 -c 'import json, sys
case, = json.load(sys.stdin)["cases"]
assert case["operand_sets"] >= 1 and case["operand_sets_bytes"] >= 2e6, case' <"$dir/x.json" ||
            complain "$args --cold=2: too few sets"
    done
    grep -q "^- Cold: calls take turns with .* sets" "$dir/out" || complain "not said: cold"
    expect 0 "" $small
    grep -q "^- Hot: every call" "$dir/out" || complain "not said: hot"
}

# terminal ARGS...: runs compare with a terminal for both outputs; what that saw is in out.
terminal() {
    python3 -c 'import os, pty, sys
status = pty.spawn(sys.argv[1:])
sys.exit(os.waitstatus_to_exitcode(status))' "$compare" "$@" >"$dir/out" 2>"$dir/err" </dev/null ||
        complain "compare $* on a terminal: exit status $?"
}

test_terminal() {
    escape=$(printf '\033')
    TERM=xterm
    export TERM
    unset NO_COLOR
    terminal $small
    grep -q "$escape\[32mright" "$dir/out" || complain "no colour"
    grep -q "batch 1 of 1" "$dir/out" || complain "no progress"
    tail -n 5 "$dir/out" | grep -q "batch" && complain "progress stays"
    terminal --sweep 16:64 --repeat 3
    grep -q ", about [0-9]* s left" "$dir/out" || complain "no word of the time left"
    # Progress is cut where the terminal ends; of one that does not say, $COLUMNS counts.
    for columns in 30 12; do
        COLUMNS=$columns terminal --sweep 16:64 --repeat 3
        tr '\r' '\n' <"$dir/out" | sed -n "s|^$escape\[K\([0-9]/3 .*\)|\1|p" >"$dir/progress"
        grep -q "^1/3 " "$dir/progress" || complain "no progress in $columns columns"
        awk -v most=$columns 'length >= most { print; wide = 1 } END { exit wide }' \
            "$dir/progress" >>"$dir/err" || complain "progress wider than $columns columns"
    done
    for setting in NO_COLOR=1 TERM=dumb; do
        (export "${setting?}"; terminal $small --quiet; terminal $small
         ! grep -q "$escape\[[0-9]" "$dir/out") || complain "colour with $setting"
    done
    # A dumb terminal: the line is there, is written over, and nothing of it stays.
    for setting in TERM=dumb TERM=; do
        (export "${setting?}"; terminal --sweep 16:64 --repeat 3)
        grep -q "$escape" "$dir/out" && complain "escape sequences with $setting"
        grep -q "batch 1 of 3" "$dir/out" || complain "no progress with $setting"
        python3 -c 'import sys
for line in sys.stdin.buffer.read().replace(b"\r\n", b"\n").split(b"\n"):
    shown = b""
    for part in line.split(b"\r"):
        shown = part + shown[len(part):]
    print(shown.decode().rstrip())' <"$dir/out" >"$dir/shown"
        grep -q "batch [0-9]" "$dir/shown" && complain "progress stays with $setting"
        grep -q " right$" "$dir/shown" || complain "no table with $setting"
    done
    expect 0 "" $small
    grep -q "$escape" "$dir/out" && complain "colour in a pipe"
}

test_"$part"
[ $failures -eq 0 ]
