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
printf '40 50 60\n1 300 400 # a row\n' >"$small"

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

# routes WORD: how a fresh process chooses for 40x50x60: by "record" or "cost model".
routes() {
    TESSERA_TRACE=router "$compare" -m 40 -n 50 -k 60 --repeat 1 --quiet \
        2>"$folder/trace" >"$folder/out" || fail "compare: $(cat "$folder/out" "$folder/trace")"
    grep -q "^tessera router: 40x50x60 f32 -> [a-z]* ($1" "$folder/trace" ||
        fail "not by $1: $(grep 40x50x60 "$folder/trace" | head -3)"
}

# records_file: the one file of the cache that holds records.
records_file() {
    grep -l 'tessera records' "$TESSERA_CACHE_DIR"/* | head -1
}

# ---- Records are made and used ---------------------------------------------------------

routes "cost model"
expect 0 "no records" "$tune" --show
expect 0 "geometric mean of 2 products" "$tune" --budget 8 --shapes "$small"
expect 0 "f32 ~38x~54x~64 rows rows rows" "$tune" --show
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
expect 2 "line 2 is no record" "$tune" --import "$folder/nonsense"
expect 2 "No such file" "$tune" --import "$folder/absent"
expect 0 "2 records of" "$tune" --import "$folder/exported"
routes "record"
expect 0 "tessera records 1" "$tune" --export -
expect 0 "" "$tune" --clear
routes "cost model"

# ---- One strategy holds where it is forced ---------------------------------------------

echo "40 50 60" >"$folder/one.txt"
expect 0 "tile" "$tune" --budget 4 --shapes "$folder/one.txt" --strategy tile
routes "cost model"
TESSERA_STRATEGY=tile routes "forced, record"
expect 0 "tile: f32" "$tune" --show
"$tune" --clear

# ---- First use ---------------------------------------------------------------------------

TESSERA_TUNE=first-use routes "record"
routes "record"
"$tune" --clear

# ---- Ctrl-C keeps what was found -----------------------------------------------------------

# Far more than can be done in the time it gets.
printf '40 50 60\n' >"$folder/many.txt"
for n in 1500 1800 2100 2500 3000; do echo "$n $n $n" >>"$folder/many.txt"; done
"$tune" --budget 600 --shapes "$folder/many.txt" >"$folder/out" 2>"$folder/err" &
pid=$!
tries=0
while [ -z "$(records_file 2>/dev/null)" ] && [ $tries -lt 600 ] && kill -0 $pid; do
    sleep 0.1
    tries=$((tries + 1))
done
kill -INT $pid
wait $pid
got=$?
[ $got -eq 130 ] || fail "interrupted: exit status $got: $(cat "$folder/err")"
grep -q "what was found until then is kept" "$folder/err" || fail "$(cat "$folder/err")"
grep -q "no time was left" "$folder/out" || fail "nothing was left: $(cat "$folder/out")"
expect 0 "f32 ~" "$tune" --show

# ---- No place, no device, no sense ---------------------------------------------------------

expect 2 "for this process only" \
    env TESSERA_CACHE_DIR=off "$tune" --budget 1 --shapes "$small"
expect 3 "no device matches" "$tune" --device voodoo --show
expect 2 ":1:1: M is" "$tune" --shapes "$folder/nonsense"
expect 2 "there is no strategy" "$tune" --strategy magic --shapes "$small"
expect 2 "it must be seconds" "$tune" --budget none
expect 2 "it must be seconds" "$tune" --budget 0
expect 2 "exclude each other" "$tune" --show --clear
expect 2 "needs a value" "$tune" --export
expect 2 "not an option" "$tune" --unknown
expect 2 "Try tune --help" "$tune" extra
expect 0 "Usage: tune" "$tune" --help
expect 0 "Usage: tune" "$tune" -h
expect 0 "tune (tessera) " "$tune" --version
[ -z "$("$tune" --quiet --budget 1 --shapes "$small" 2>&1)" ] || fail "--quiet is not"
exit $failed
