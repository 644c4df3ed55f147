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
python3 - "$dir" <<'END'
import struct
import sys
import zlib

def pixels(name):
    """Rows of grey values of an 8-bit RGB or RGBA picture."""
    with open(name, "rb") as file:
        data = file.read()
    place, packed = 8, b""
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind, body = data[place + 4 : place + 8], data[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            assert depth == 8 and colour in (2, 6)
        elif kind == b"IDAT":
            packed += body
        place += 12 + length
    raw, size = zlib.decompress(packed), 3 if colour == 2 else 4
    before, rows = bytearray(width * size), []
    for y in range(height):
        start = y * (width * size + 1)
        kind, line = raw[start], bytearray(raw[start + 1 : start + 1 + width * size])
        for i, value in enumerate(line):
            left = line[i - size] if i >= size else 0
            up, corner = before[i], before[i - size] if i >= size else 0
            if kind == 1:
                line[i] = value + left & 255
            elif kind == 2:
                line[i] = value + up & 255
            elif kind == 3:
                line[i] = value + (left + up) // 2 & 255
            elif kind == 4:
                guess = left + up - corner
                _, _, best = min(
                    (abs(guess - left), 0, left), (abs(guess - up), 1, up),
                    (abs(guess - corner), 2, corner),
                )
                line[i] = value + best & 255
        rows.append([sum(line[x : x + 3]) // 3 for x in range(0, len(line), size)])
        before = line
    return rows

for name, paper in (("light", 255), ("dark", 22)):
    rows = pixels(f"{sys.argv[1]}/{name}.png")
    everything = [value for row in rows for value in row]
    picture = [value for row in rows[100:500] for value in row[150:950]]
    for part, values in (("page", everything), ("picture", picture)):
        same = sum(abs(value - paper) < 6 for value in values) / len(values)
        ink = sum(abs(value - paper) > 100 for value in values) / len(values)
        assert same > 0.8, f"{name}: {same:.0%} of the {part} is paper"
        assert ink > 0.003, f"{name}: {ink:.2%} of the {part} is ink"
END
