"""check_page.py JSON SCREEN [SVG|PNG|HTML]...: do the outputs of one run say the same?

Every file must be whole: SVG parses as XML, PNG has its parts with their checksums, HTML
has balanced tags and asks for nothing from elsewhere, and its pictures are whole as well.
Each runner's best time stands on the screen and on the page as the JSON has it.
"""

import json
import math
import re
import sys
import urllib.parse
from html.parser import HTMLParser

import pictures


def digits(value):
    """As text_number of text.c: three digits."""
    places = 3 if value < 0.9995 else 2 if value < 9.995 else 1 if value < 99.95 else 0
    return f"{value:.{places}f}"


def seconds(ms):
    """As text_seconds of text.c."""
    if ms == 0:
        return "0"
    value = ms / 1e3
    for size, name in ((1, "s"), (1e-3, "ms"), (1e-6, "us")):
        if value >= 0.9995 * size:
            return f"{digits(value / size)} {name}"
    return f"{digits(value / 1e-9)} ns"


class Page(HTMLParser):
    """Its text, its pictures, and whether each element is closed."""

    EMPTY = {"meta", "img", "source", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.rows, self.pictures, self.text = [], [], [], []

    def handle_starttag(self, tag, attrs):
        for key, value in attrs:
            if key in ("src", "href", "srcset"):
                assert value.startswith("data:"), f"the page needs {value[:80]}"
                kind, content = value.split(",", 1)
                assert kind == "data:image/svg+xml", kind
                self.pictures.append((tag, dict(attrs), urllib.parse.unquote(content)))
        if tag not in self.EMPTY:
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data):
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1][-1] += data
        elif self.open and self.open[-1] == "style":
            assert "url(" not in data and "@import" not in data
        self.text.append(data)


def check_html(text, run, name):
    page = Page()
    page.feed(text)
    page.close()
    assert text.startswith("<!DOCTYPE html>") and not page.open, (name, page.open)
    assert len(page.pictures) == 2, f"{name} has {len(page.pictures)} pictures"
    dark, light = page.pictures
    assert dark[0] == "source" and "prefers-color-scheme: dark" in dark[1]["media"]
    assert light[0] == "img" and light[1]["alt"]
    sizes = {pictures.check_svg(picture[2], name) for picture in page.pictures}
    assert len(sizes) == 1 and dark[2] != light[2]
    for case in run["cases"]:
        for row in case["runners"]:
            if "skipped" in row:
                assert any(r[:1] == [row["name"]] and row["skipped"] in r[1] for r in page.rows)
                continue
            assert any(
                r[0] == row["name"]
                and r[2:5] == [seconds(row[f"{k}_ms"]) for k in ("best", "median", "first")]
                for r in page.rows
                if len(r) > 5
            ), f"{name}: {row['name']} {seconds(row['best_ms'])}"
    said = "".join(page.text)
    for fact in (run["device"]["name"], run["device"]["driver"], run["tessera"], run["date"]):
        assert fact in said, f"{name} does not say {fact}"
    assert run["command"] in said, f"{name} does not say {run['command']}"
    assert "script" not in text and "nan" not in re.findall(r"\w+", said)


def check_screen(text, run):
    for line in text.splitlines():
        assert len(line) <= 80, line
    for case in run["cases"]:
        for row in case["runners"]:
            if "skipped" not in row:
                shown = row["name"].replace("tessera-", "")
                best, median = seconds(row["best_ms"]), seconds(row["median_ms"])
                assert re.search(
                    rf"^{shown} .* {re.escape(best)} +{re.escape(median)} ", text, re.M
                ), f"the screen has no {shown} with {best}"


def main(json_name, screen_name, *names):
    with open(json_name, encoding="utf-8") as file:
        run = json.load(file)
    with open(screen_name, encoding="utf-8") as file:
        check_screen(file.read(), run)
    for name in names:
        if name.endswith(".html"):
            with open(name, encoding="utf-8") as file:
                check_html(file.read(), run, name)
        else:
            pictures.check(name)
    assert all(math.isfinite(row["best_ms"]) for c in run["cases"] for row in c["runners"]
               if "skipped" not in row)


main(*sys.argv[1:])
