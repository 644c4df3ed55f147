#!/bin/sh
# The program `tune`: that it makes records which a fresh process uses, and what becomes
# of them when anything is odd.
#
#     tune.sh TUNE COMPARE      the programs
tune=$1
compare=$2
failed=0
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
export TESSERA_CACHE_DIR="$folder/cache"
unset TESSERA_STRATEGY TESSERA_TRACE TESSERA_TUNE
small="$folder/small.txt"
# More than the calling thread makes itself, whatever a record says.
printf '288 290 300\n1 300 400 # a row\n' >"$small"

fail() {
    echo "$*" >&2
    failed=1
}

# expect STATUS TEXT COMMAND...: exits so, and prints a text with this in it.
expect() {
    status=$1 text=$2
    shift 2
    output=$("$@" 2>&1)
    got=$?
    [ $got -eq "$status" ] || fail "$*: exit status $got, not $status: $output"
    case $(echo "$output" | tr -s ' \n' '  ') in
    *"$text"*) ;;
    *) fail "$*: \"$text\" is not in: $output" ;;
    esac
}

# routes WORD: how a fresh process chooses for 288x290x300: by "record" or "cost model".
routes() {
    TESSERA_TRACE=router "$compare" -m 288 -n 290 -k 300 --repeat 1 --quiet \
        2>"$folder/trace" >"$folder/out" || fail "compare: $(cat "$folder/out" "$folder/trace")"
    grep -q "^tessera router: 288x290x300 f32 -> [a-z]* ($1" "$folder/trace" ||
        fail "not by $1: $(grep 288x290x300 "$folder/trace" | head -3)"
}

# records_file: the one file of the cache that holds records.
records_file() {
    grep -l 'tessera records' "$TESSERA_CACHE_DIR"/* | head -1
}

# ---- Records are made and used ---------------------------------------------------------

routes "cost model"
expect 0 "no records" "$tune" --show
expect 0 "geometric mean of 2 products" "$tune" --budget 15 --shapes "$small"
expect 0 "f32 ~304/16x~304x~304 rows rows rows" "$tune" --show
routes "record"
expect 0 "" "$tune" --export "$folder/exported"

# ---- Odd ones are none -----------------------------------------------------------------

cp "$(records_file)" "$folder/kept"
place=$(records_file)
rm "$place"
routes "cost model"
head -c 300 "$folder/kept" >"$place"
routes "cost model"
sed 's/panel/p4nel/g' "$folder/kept" >"$place"
routes "cost model"
rm "$place"
ln -s "$folder/kept" "$place"
routes "cost model"
rm "$place"

# A driver of another version has another key, and records of it do not come in by hand.
sed 's/^driver .*/driver 99/' "$folder/exported" >"$folder/foreign"
expect 2 "their driver is \"99\"" "$tune" --import "$folder/foreign"
expect 0 "no records" "$tune" --show
echo "what?" >"$folder/nonsense"
expect 2 "$folder/nonsense: no empty line ends its head" "$tune" --import "$folder/nonsense"
expect 2 "No such file" "$tune" --import "$folder/absent"
expect 0 "2 records of" "$tune" --import "$folder/exported"
routes "record"
expect 0 "tessera records 1" "$tune" --export -
expect 0 "2 records of" "$tune" --clear
routes "cost model"
"$tune" --import - <"$folder/exported" >"$folder/out" || fail "not from standard input"
grep -q "2 records of .* added" "$folder/out" || fail "$(cat "$folder/out")"
"$tune" --clear --quiet

# What cannot be true is refused with its line, here the last one; only the panel's
# parameters have an MR.
edited() {
    sed "\$ $1" "$folder/exported" >"$folder/edited"
    expect 2 "$2" "$tune" --import "$folder/edited"
}
edited 's/| [^ ]* s | stock/| 1e-30 s | stock/' "edited:15: no product takes 1e-30 s"
edited 's/times 1$/times 0/' "edited:15: 288x290x300 times 0 is no product of"
edited 's/= .* | \([^|]*\) | stock/= panel MR=0 NV=2 KC=160 SLABS=1 A_WAY=1 B_WAY=2 | \1 | stock/' \
    "edited:15: panel cannot run 288x290x300 f32 with MR=0"
expect 0 "no records" "$tune" --show

# ---- A short run spoils nothing ----------------------------------------------------------

"$tune" --import "$folder/exported" --quiet
expect 0 "no time was left; its record stays" "$tune" --budget 0.001 --shapes "$small"
"$tune" --export "$folder/again"
cmp -s "$folder/exported" "$folder/again" || fail "records changed: $(diff "$folder/exported" "$folder/again")"
"$tune" --clear --quiet

# ---- One strategy holds where it is forced ---------------------------------------------

echo "288 290 300" >"$folder/one.txt"
expect 0 "tile" "$tune" --budget 4 --shapes "$folder/one.txt" --strategy tile
routes "cost model"
TESSERA_STRATEGY=tile routes "forced, record"
expect 0 "tile: f32" "$tune" --show
"$tune" --clear --quiet

# ---- First use ---------------------------------------------------------------------------

TESSERA_TUNE=first-use routes "record"
routes "record"
"$tune" --clear --quiet

# ---- What stops it keeps what was found ----------------------------------------------------

# Far more than can be done in the time until the first record: a tenth of the budget.
printf '288 290 300\n' >"$folder/many.txt"
for n in 1500 1800 2100 2500 3000; do echo "$n $n $n" >>"$folder/many.txt"; done

# stops SIGNAL STATUS: after the first record.
stops() {
    "$tune" --budget 60 --shapes "$folder/many.txt" >"$folder/out" 2>"$folder/err" &
    pid=$!
    tries=0
    while [ -z "$(records_file 2>/dev/null)" ] && [ $tries -lt 1200 ] && kill -0 $pid; do
        sleep 0.1
        tries=$((tries + 1))
    done
    kill -"$1" $pid
    wait $pid
    got=$?
    [ $got -eq "$2" ] || fail "SIG$1: exit status $got: $(cat "$folder/err")"
    grep -q "interrupted; what was found for [1-5] products* is kept" "$folder/err" ||
        fail "SIG$1: $(cat "$folder/err")"
    grep -q "it was stopped" "$folder/out" || fail "all was done: $(cat "$folder/out")"
    expect 0 "f32 ~" "$tune" --show
    "$tune" --clear --quiet
}
stops INT 130
stops TERM 143
stops HUP 129

"$tune" --budget 60 --shapes "$folder/many.txt" >"$folder/out" 2>"$folder/err" &
pid=$!
sleep 0.05
kill -INT $pid
wait $pid
got=$?
# 0.05 s may also be before the program asks to be told, or after a record.
[ $got -eq 130 ] || fail "interrupted at once: exit status $got: $(cat "$folder/err")"
if [ -z "$(records_file 2>/dev/null)" ] && [ -s "$folder/err" ]; then
    grep -q "nothing was found yet" "$folder/err" || fail "$(cat "$folder/err")"
fi
"$tune" --clear --quiet

# ---- No place, no device, no sense ---------------------------------------------------------

for action in "--budget 60" --show --clear "--export -" "--import $folder/exported"; do
    # shellcheck disable=SC2086 # an option and its value
    expect 2 "TESSERA_CACHE_DIR is off" env TESSERA_CACHE_DIR=off "$tune" $action
done
mkdir -m 755 "$folder/open"
expect 2 "chmod 700 '$folder/open'" env TESSERA_CACHE_DIR="$folder/open" "$tune" --show
expect 3 "no device matches" "$tune" --device voodoo --show
said=$({ { sleep 0.3; "$tune" --show 2>&3; echo "status $?" >&3; } | true; } 3>&1)
[ "$said" = "tune: cannot write to standard output: Broken pipe
status 2" ] || fail "tune --show | true: $said"
expect 2 ":1:1: M is" "$tune" --shapes "$folder/nonsense"
printf '288 290 300\n288 290 300 f32 n n 0\n' >"$folder/empty.txt"
expect 2 "empty.txt:2:1: A[288,300] @ B[300,290] f32 x0: there is nothing to multiply" \
    "$tune" --shapes "$folder/empty.txt"
printf '0 4 4\n' | "$tune" --shapes - 2>"$folder/err"
grep -q "standard input:1:1:" "$folder/err" || fail "$(cat "$folder/err")"
echo "64 100 100" >"$folder/tall.txt"
expect 4 "no product could be tuned: stream cannot run it" \
    "$tune" --budget 2 --shapes "$folder/tall.txt" --strategy stream
expect 2 "there is no strategy" "$tune" --strategy magic --shapes "$small"
expect 2 "it must be seconds" "$tune" --budget none
expect 2 "it must be seconds" "$tune" --budget 0
expect 2 "exclude each other" "$tune" --show --clear
expect 2 "--budget is for tuning" "$tune" --show --budget 5
expect 2 "--strategy is for tuning" "$tune" --strategy tile --clear
expect 2 "needs a value" "$tune" --export
expect 2 "not an option" "$tune" --unknown
expect 2 "Try tune --help" "$tune" extra
expect 0 "Usage: tune" "$tune" --help
expect 0 "Usage: tune" "$tune" -h
expect 0 "tune (tessera) " "$tune" --version
[ -z "$("$tune" --quiet --budget 1 --shapes "$small" 2>&1)" ] || fail "--quiet is not"
exit $failed
