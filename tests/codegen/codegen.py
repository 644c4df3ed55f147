#!/usr/bin/env python3
"""codegen: what compilers make of the library's kernels for GPUs, without a GPU.

    codegen.py PROGRAM [--space STEP] [--results FOLDER]

PROGRAM is codegen_kernels, which lists the kernels and what is expected of each. They are
compiled for the cards of the table below, and what makes or breaks their speed is looked
at: nothing in memory that should be in registers, registers and local memory that leave
room for as many work-groups as the cost model counts on, wide loads, as many of them under
way at once as the kernel means to, and few instructions beside the multiply-adds. --space also looks at every STEP-th set of the search spaces, of
which this is not demanded: it says how many are so. --results writes codegen.json and
codegen.md there.

Exit status: 0 all shipped kernels are as they should be; 1 one is not; 77 no clang-15.
"""

import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import amd
import nvidia
from compiled import CLC, find

# What a row of the list says it is for, its name, and the module that compiles for it.
CARDS = {
    "sm_90": ("NVIDIA sm_90 (H100)", nvidia),
    "gfx906": ("AMD gfx906 (MI50)", amd),
}


@dataclass
class Row:
    wanted: dict
    compiled: object
    faults: list


def faults_of(wanted, compiled):
    """What is not as it should be, in words."""
    main, faults = compiled.main, []

    if compiled.spilled:
        faults.append(f"{compiled.spilled} bytes of memory instead of registers")
    if compiled.registers and compiled.groups < wanted["groups"]:
        faults.append(f"room for {compiled.groups} groups, not {wanted['groups']}")
    if not main:
        return faults + ["no main loop was found"]
    for name, widths, least in (
        ("global", main.load_bits, wanted["load_bits"]),
        ("local", main.local_bits, wanted["local_bits"]),
    ):
        if least and (not widths or min(widths) < least):
            faults.append(f"{name} loads of {sorted(set(widths))} bits, not {least}")
    if main.under_way < wanted["under_way"]:
        faults.append(f"{main.under_way} loads under way at once, not {wanted['under_way']}")
    if main.inner_share < wanted["fma_share"]:
        faults.append(
            f"{main.inner_share:.1%} of the inner loop are FMAs, not {wanted['fma_share']:.1%}"
        )
    return faults


def look(wanted):
    module = CARDS[wanted["target"]][1]
    with tempfile.TemporaryDirectory() as folder:
        compiled = module.compile_kernel(wanted, folder)
    return Row(wanted, compiled, faults_of(wanted, compiled))


def record(row):
    """A row as it goes into codegen.json."""
    main = row.compiled.main
    return row.wanted | {
        "registers": row.compiled.registers or None,
        "spilled_bytes": row.compiled.spilled,
        "local_bytes": row.compiled.local_bytes or None,
        "groups_possible": row.compiled.groups or None,
        "inner_fma_share": round(main.inner_share, 4) if main else None,
        "step_fma_share": round(main.share, 4) if main else None,
        "narrowest_load_bits": min(main.load_bits) if main and main.load_bits else None,
        "loads_under_way": main.under_way if main else None,
        "narrowest_local_bits": min(main.local_bits) if main and main.local_bits else None,
        "faults": row.faults,
    }


def line(row):
    compiled, main = row.compiled, row.compiled.main
    cells = [
        row.wanted["family"],
        row.wanted["dtype"],
        row.wanted["label"],
        compiled.registers or "-",
        compiled.spilled,
        compiled.local_bytes or "-",
        f"{compiled.groups or '-'} / {row.wanted['groups']}",
        f"{main.inner_share:.1%}" if main else "-",
        f"{main.share:.1%}" if main else "-",
        main.under_way if main else "-",
        min(main.load_bits, default="-") if main else "-",
        min(main.local_bits, default="-") if main else "-",
        "; ".join(row.faults) or "yes",
    ]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def table(rows):
    """codegen.md."""
    yield "# What compilers make of the kernels"
    yield ""
    yield (
        "Written by `tests/codegen/codegen.py`; no GPU was there. Groups: how many a compute "
        "unit has room for / how many the cost model counts on. FMA: their share of what the "
        "innermost loop issues, and of a whole step of K with its loads and barriers. Loads: "
        "how many the main loop asks for before it waits for one, and the narrowest, in bits."
    )
    for target, (name, module) in CARDS.items():
        mine = [row for row in rows if row.wanted["target"] == target]
        shipped = [row for row in mine if row.wanted["kind"] == "shipped"]
        space = [row for row in mine if row.wanted["kind"] == "space"]
        yield f"\n## {name}\n\n{module.tools()}.\n"
        yield (
            "| family | dtype | tile, per item | registers | spilled | local | groups | FMA, "
            "inner | FMA, step | under way | global | local | as it should be |"
        )
        yield "|---|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|---|"
        yield from (line(row) for row in shipped)
        if space:
            good = sum(not row.faults for row in space)
            spills = sum(row.compiled.spilled > 0 for row in space)
            yield (
                f"\nOf {len(space)} sets of the search space {good} are as they should be, "
                f"{spills} spill."
            )


def parse(arguments):
    """(program, arguments for it, folder for the results or None), or a usage error."""
    program, step, folder = None, [], None
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--space" and rest:
            step = ["--space", rest.pop(0)]
        elif word == "--results" and rest:
            folder = rest.pop(0)
        elif program is None and not word.startswith("-"):
            program = word
        else:
            program = None
            break
    if program is None:
        sys.exit(__doc__.split("\n\n", 2)[1].strip())
    return program, step, folder


def main():
    program, step, folder = parse(sys.argv[1:])
    if not find("clang-15") or not os.path.isdir(CLC):
        print("codegen needs clang-15 and libclc-15 with libclc-15-dev", file=sys.stderr)
        sys.exit(1 if os.environ.get("TESSERA_REQUIRE_DEVICE") else 77)
    listed = subprocess.run([program] + step, capture_output=True, text=True, check=True)
    wanted = [json.loads(text) for text in listed.stdout.splitlines()]
    with ThreadPoolExecutor(2) as pool:
        rows = list(pool.map(look, wanted))
    for row in rows:
        if row.faults and row.wanted["kind"] == "shipped":
            print(
                f"{row.wanted['target']} {row.wanted['family']} {row.wanted['dtype']} "
                f"{row.wanted['label']}: {'; '.join(row.faults)}\n    {row.wanted['options']}"
            )
    if folder:
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "codegen.json"), "w", encoding="utf-8") as file:
            lines = (json.dumps(record(row)) for row in rows)
            file.write("[\n" + ",\n".join(lines) + "\n]\n")
        with open(os.path.join(folder, "codegen.md"), "w", encoding="utf-8") as file:
            file.write("\n".join(table(rows)) + "\n")
    shipped = [row for row in rows if row.wanted["kind"] == "shipped"]
    failed = sum(bool(row.faults) for row in shipped)
    for target, (name, module) in CARDS.items():
        print(f"{name}: {module.tools()}")
    print(f"{len(shipped) - failed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
