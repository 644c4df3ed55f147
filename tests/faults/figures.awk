# figures.awk: what walks wrote with --figures, each a part, added up, as JSON. -v missing=...
# names the parts that were not done. A part whose commands end negative counts as the codes
# of their ends, not of the calls.

BEGIN {
    FS = "\t"
    split("calls events at_once delays memory files named absorbed violations", keys, " ")
}

# Counts the codes of a list that an entry point has not yet failed with, `how`. A command
# that is late has CL_SUCCESS.
function count_codes(how, entry, list,    i, n, codes) {
    n = split(list, codes, ",")
    for (i = 1; i <= n; i++)
        if (!((how, entry, codes[i]) in seen) && (codes[i] != 0 || entry !~ /^cl[A-Z]/)) {
            seen[how, entry, codes[i]]
            num_codes[how, entry]++
        }
}

$1 == "scenario" {
    if (!($2 in seconds))
        scenarios[++num_scenarios] = $2
    seconds[$2] += $3
    for (i = 1; i <= 9; i++) {
        sums[$2, i] += $(i + 3)
        if (i <= 6)
            faults += $(i + 3)
    }
    violations += $12
    end = $5 + $6 > 0 ? "end " : ""
}

$1 == "entry" {
    if (!($2 in called))
        entries[++num_entries] = $2
    called[$2] += $3
    failed[$2] += $4
    count_codes(end "once", $2, $5)
    count_codes(end "on", $2, $6)
}

END {
    printf "{\"faults\": %d, \"violations\": %d,\n \"scenarios\": [", faults, violations
    for (s = 1; s <= num_scenarios; s++) {
        printf "%s\n  {\"name\": \"%s\"", (s > 1 ? "," : ""), scenarios[s]
        for (i = 1; i <= 9; i++)
            printf ", \"%s\": %d", keys[i], sums[scenarios[s], i]
        printf ", \"seconds\": %d}", seconds[scenarios[s]]
    }
    printf "],\n \"entry_points\": ["
    for (e = 1; e <= num_entries; e++)
        printf "%s\n  {\"name\": \"%s\", \"called\": %d, \"failed\": %d, " \
            "\"codes_once\": %d, \"codes_on\": %d, \"ends_once\": %d, \"ends_on\": %d}",
            (e > 1 ? "," : ""), entries[e], called[entries[e]], failed[entries[e]],
            num_codes["once", entries[e]], num_codes["on", entries[e]],
            num_codes["end once", entries[e]], num_codes["end on", entries[e]]
    print "],"
    num_missing = split(missing, parts, " ")
    printf " \"not_done\": ["
    for (p = 1; p <= num_missing; p++)
        printf "%s\"%s\"", (p > 1 ? ", " : ""), parts[p]
    print "]}"
}
