# expect.sh: what the shell tests of compare have in common; to be sourced, with $compare
# set. Makes $dir, which goes when the test ends, and $failures.
# shellcheck shell=sh disable=SC2154 # $compare

dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
failures=0

complain() {
    echo "FAILED: $*"
    echo "--- stdout"; head -c 2000 "$dir/out"
    echo "--- stderr"; head -c 2000 "$dir/err"
    failures=$((failures + 1))
}

# expect STATUS WORDS ARGS...: runs compare; stderr must hold WORDS ("" for silence).
expect() {
    status=$1
    words=$2
    shift 2
    "$compare" "$@" >"$dir/out" 2>"$dir/err" </dev/null
    got=$?
    # LeakSanitizer itself crashes, rarely, when a driver's thread ends while it looks.
    if grep -qF "LeakSanitizer has encountered a fatal error" "$dir/err"; then
        "$compare" "$@" >"$dir/out" 2>"$dir/err" </dev/null
        got=$?
    fi
    if [ $got -ne "$status" ]; then
        complain "compare $*: exit status $got, not $status"
    elif [ -z "$words" ] && [ -s "$dir/err" ]; then
        complain "compare $*: not silent on stderr"
    elif [ -n "$words" ] && ! grep -qF -- "$words" "$dir/err"; then
        complain "compare $*: stderr lacks \"$words\""
    elif [ "$status" -eq 2 ] && [ -s "$dir/out" ]; then
        complain "compare $*: refused, but wrote to stdout"
    fi
}
