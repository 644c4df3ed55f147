#!/bin/sh
# browser.sh COMPARE CHROMIUM [FOLDER]: the report as Chromium shows it, light and dark,
# without a network. The screenshots stay in FOLDER if one is given; look at them.
compare=$1
chromium=$2
dir=${3:-$(mktemp -d)} || exit 1
mkdir -p "$dir"
[ -n "${3:-}" ] || trap 'rm -rf "$dir"' EXIT

"$compare" --sweep 8:32 --repeat 1 --quiet --report "$dir/report.html" || exit 1

# shot NAME ARGS...
shot() {
    name=$1
    shift
    HOME=$dir timeout 120 "$chromium" --headless --no-sandbox --disable-gpu --hide-scrollbars \
        --user-data-dir="$dir/profile" --host-resolver-rules="MAP * ~NOTFOUND" \
        --window-size=1100,2400 --screenshot="$dir/$name.png" "$@" \
        "file://$dir/report.html" >"$dir/$name.log" 2>&1
    [ -s "$dir/$name.png" ] || { cat "$dir/$name.log"; echo "no $name screenshot"; exit 1; }
}

shot light --blink-settings=preferredColorScheme=1
shot dark --blink-settings=preferredColorScheme=0

# The page is mostly paper, which is white or nearly black; the picture's paper is the
# same, and ink is on both.
PYTHONPATH=$(dirname "$0") python3 - "$dir" <<'END'
import sys

from pictures import pixels

for name, paper in (("light", 255), ("dark", 22)):
    rows = pixels(open(f"{sys.argv[1]}/{name}.png", "rb").read())
    everything = [value for row in rows for value in row]
    picture = [value for row in rows[100:500] for value in row[150:950]]
    for part, values in (("page", everything), ("picture", picture)):
        same = sum(abs(value - paper) < 6 for value in values) / len(values)
        ink = sum(abs(value - paper) > 100 for value in values) / len(values)
        assert same > 0.8, f"{name}: {same:.0%} of the {part} is paper"
        assert ink > 0.003, f"{name}: {ink:.2%} of the {part} is ink"
END
