#!/bin/sh
# full.sh BUILD [TABLE]: every attack on caches and records at each of its places, some 20
# minutes, on the implementation that $OCL_ICD_VENDORS names (pocl.icd). What came of each
# program is a line of TABLE (BUILD/attacks.tsv), which is made anew; what it says goes to
# BUILD/attack_*.log. $ATTACK_EVERY thins them out, as the tests do.
set -u
build=$(realpath "${1:?usage: full.sh BUILD [TABLE]}")
table=${2:-$build/attacks.tsv}
every=${ATTACK_EVERY:-1}
bad=0
export OCL_ICD_VENDORS="${OCL_ICD_VENDORS:-pocl.icd}"
unset TESSERA_DEVICE TESSERA_STRATEGY

printf 'name\tkinds\tfailed\tevery\tdate\n' >"$table"
for name in damage places deaths; do
    log="$build/attack_$name.log"
    "$build/attack_$name" >"$log" 2>&1
    status=$?
    kinds=$(grep -c '^\[ RUN ' "$log")
    failed=$((kinds - $(grep -c '^\[       OK \]' "$log"))) # of those that were begun
    [ $status -eq 0 ] || [ $failed -gt 0 ] || failed=1 # before the first, or after the last
    echo "attack_$name: $kinds kinds, $failed failed"
    if [ $failed -gt 0 ] || [ "$kinds" -eq 0 ]; then
        bad=1
        tail -n 20 "$log"
    fi
    printf 'attack_%s\t%d\t%d\t%d\t%s\n' $name "$kinds" $failed "$every" "$(date +%F)" \
        >>"$table"
done
exit $bad
