"""keys.py MANUAL JSON...: is every key of the JSON files in the manual page?"""

import json
import re
import sys


def keys(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from keys(inner)


def main(manual, *names):
    with open(manual, encoding="utf-8") as file:
        section = file.read().partition(".Sh JSON\n")[2].partition("\n.Sh ")[0]
    said = set(re.findall(r"\w+", section))
    for name in names:
        with open(name, encoding="utf-8") as file:
            missing = set(keys(json.load(file))) - said
        assert not missing, f"{name} has keys that {manual} does not name: {missing}"


main(*sys.argv[1:])
