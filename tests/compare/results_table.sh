#!/bin/sh
# results_table.sh COMPARE BLAS: what tools/measure writes, tools/results-table can show.
# BLAS is wrong in one element of gemm.
# shellcheck disable=SC2016 # backquotes are Markdown
compare=$1
blas=$2
tools=$(cd "$(dirname "$0")/../../tools" && pwd) || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failures=0

complain() {
    echo "FAILED: $*"
    cat "$dir/table" "$dir/err"
    failures=$((failures + 1))
}

# has PATTERN: a line of the table
has() {
    grep -q -- "$1" "$dir/table" || complain "no line like $1"
}

mkdir "$dir/results"
"$tools/results-table" "$dir/results" >"$dir/table" 2>"$dir/err" || complain "no results"
has '^None yet'

printf '30 20 10\n2 300 40 f32 n t 3\n' >"$dir/shapes"
COMPARE=$compare "$tools/measure" -s "$dir/shapes" -b "$blas" -o "$dir/results/x.json" \
    -- --repeat 1 --quiet >"$dir/table" 2>"$dir/err"
[ $? -eq 1 ] || complain "measure: a wrong result is exit status 1"
"$tools/results-table" "$dir/results" >"$dir/table" 2>"$dir/err" || complain "results-table"
has '^| product | tessera | by | of the roof | / blas | / clblast |$'
# A wrong result has no ratio.
has '^| `A\[30,10\] @ B\[10,20\] f32` | [0-9.]* [um]s | [a-z]* | [0-9.]*%.* | - | [-0-9.]* |$'
has '^| `A\[2,40\] @ B\[40,300\]^T f32 x3` | '
has '^- over blas: nothing to compare$'
has 'fake kernels, 1 threads'
has "$(date -u +%Y)-..-..\.\$"
[ "$(grep -c '^|' "$dir/table")" -eq 4 ] || complain "not two rows"
# Both are made by the calling thread, which launches nothing.
[ "$(grep -c '| host | ' "$dir/table")" -eq 2 ] || complain "who made them?"
grep -q 'launching' "$dir/table" && complain "nothing was launched"

# The overview: a line for each file, and the newest table of a device's own file.
sed 's/"date":\([^,]*\),/"date": "2001-02-03",/' "$dir/results/x.json" \
    >"$dir/results/older.json"
cp "$dir/results/x.json" "$dir/results/x-libother.json"
"$tools/results-table" --overview "$dir/results" >"$dir/table" 2>"$dir/err" ||
    complain "results-table --overview"
[ "$(grep -c '^| \[.*](results/[-a-z]*.json) | 2 | ' "$dir/table")" -eq 3 ] ||
    complain "not three lines"
[ "$(grep -c '^| product ' "$dir/table")" -eq 1 ] || complain "not one table"
has "$(date -u +%Y)-..-..\.\$"

# What is no result is refused, by name.
echo '{"cases": []}' >"$dir/results/y.json"
"$tools/results-table" "$dir/results" >"$dir/table" 2>"$dir/err" && complain "taken: y.json"
grep -q 'y.json is no result' "$dir/err" || complain "which file is it?"
[ $failures -eq 0 ]
