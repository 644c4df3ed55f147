"""pictures.py: whether a file is a whole picture; to be imported, or run as

    pictures.py FILE.svg|FILE.png...
"""

import struct
import sys
import xml.etree.ElementTree
import zlib


def check_svg(text, name):
    root = xml.etree.ElementTree.fromstring(text)
    assert root.tag == "{http://www.w3.org/2000/svg}svg", name
    width, height = (float(root.get(key).rstrip("pt")) for key in ("width", "height"))
    assert width == 900 and 150 < height < 100000, (name, width, height)
    shapes = list(root.iter("{http://www.w3.org/2000/svg}path"))
    assert len(shapes) > 20, f"{name} is nearly empty"
    for element in root.iter():
        for key, value in element.attrib.items():
            if key.endswith("href"):
                assert value.startswith("#"), f"{name} needs {value}"
            assert "nan" not in value.lower() and "inf" not in value.lower(), (name, value)
    return width, height


def parts(data):
    """The chunks of a PNG, whose checksums must be right."""
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    place = 8
    while place < len(data):
        (length,) = struct.unpack(">I", data[place : place + 4])
        kind = data[place + 4 : place + 8]
        body = data[place + 8 : place + 8 + length]
        (check,) = struct.unpack(">I", data[place + 8 + length : place + 12 + length])
        assert zlib.crc32(kind + body) == check, kind
        yield kind, body
        place += 12 + length


def pixels(data):
    """Rows of grey values of an 8-bit RGB or RGBA PNG."""
    packed = b""
    for kind, body in parts(data):
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", body[:10])
            assert depth == 8 and colour in (2, 6)
        elif kind == b"IDAT":
            packed += body
    assert kind == b"IEND"
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


def check_png(data, name):
    """Whole, and ink on white paper from edge to edge."""
    rows = pixels(data)
    assert len(rows[0]) == 1800 and len(rows) > 300, (name, len(rows[0]), len(rows))
    edges = rows[0] + rows[-1] + [row[x] for row in rows for x in (0, -1)]
    assert set(edges) == {255}, f"{name} has an edge that is not white: {set(edges)}"
    values = [value for row in rows for value in row]
    assert sum(value == 255 for value in values) > 0.7 * len(values), f"{name} is dark"
    assert sum(value < 155 for value in values) > 0.003 * len(values), f"{name} is empty"


def check(name):
    with open(name, "rb") as file:
        data = file.read()
    if name.endswith(".png"):
        check_png(data, name)
    else:
        check_svg(data.decode(), name)


if __name__ == "__main__":
    for path in sys.argv[1:]:
        check(path)
