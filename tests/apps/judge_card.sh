#!/bin/sh
# judge_card.sh BUILD: tools/judge-card on a small table, without the vendor's library (no
# GPU is seen: CUDA_VISIBLE_DEVICES).
build=$1
root=$(cd "$(dirname "$0")/../.." && pwd) || exit 1
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
export CUDA_VISIBLE_DEVICES='' HIP_VISIBLE_DEVICES=''
failures=0

complain() {
    echo "FAILED: $*"
    cat "$dir/out" "$dir/err"
    failures=$((failures + 1))
}

printf '30 20 10\n2 300 40 f32 n t 3\n' >"$dir/shapes"
mkdir "$dir/results"
"$root/tools/judge-card" -d cpu -s "$dir/shapes" -c 50 -f "$dir/results" "$build" \
    >"$dir/out" 2>"$dir/err" || complain "exit status $?"
grep -q "^not compared with the vendor's library: .*PyTorch" "$dir/out" ||
    complain "it does not say what was not there"
set -- "$dir"/results/*-card.json
python3 - "$1" >>"$dir/out" 2>>"$dir/err" <<'END' || complain "the file"
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    result = json.load(file)
judged = result["judged"]
assert len(result["cases"]) == 2
assert judged["conformance"]["right"] is True
assert any("stream" in line for line in judged["conformance"]["lines"])
assert judged["vendor"]["library"] is None and judged["vendor"]["why_not"]
assert judged["vendor"]["best_ms"] == [None, None]
names = {row["name"] for row in result["cases"][0]["runners"]}
assert {"tessera", "panel", "tile"} <= names, names
END
"$root/tools/results-table" "$dir/results" >"$dir/out" 2>"$dir/err" ||
    complain "results-table does not know the file"

"$root/tools/judge-card" -d voodoo "$build" >"$dir/out" 2>"$dir/err"
[ $? -eq 3 ] || complain "no device is exit status 3"
"$root/tools/judge-card" "$dir" >"$dir/out" 2>"$dir/err"
[ $? -eq 2 ] || complain "no programs is exit status 2"
[ $failures -eq 0 ]
