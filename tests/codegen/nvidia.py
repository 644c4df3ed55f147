"""NVIDIA: PTX by clang, and what ptxas makes of it where there is one.

ptxas comes with the CUDA toolkit, and so does nvdisasm; neither is in Debian. Without them
loops are those of the PTX, and registers are not known.
"""

import os
import re

from compiled import Compiled, clang, find, run
from loops import Instruction, Listing, main_loop

TOOLKIT = "/usr/local/cuda/bin"
PTXAS = find("ptxas", TOOLKIT)
NVDISASM = find("nvdisasm", TOOLKIT)
ARCHITECTURE = "sm_90"

# Of a multiprocessor with compute capability 9.0 (CUDA C++ Programming Guide, "Technical
# Specifications per Compute Capability"): 1 KiB of each group's shared memory is the
# system's, and registers go to a warp by 256.
UNIT = {"registers": 65536, "local": 228 << 10, "reserved": 1 << 10, "items": 2048, "groups": 32}


def bits(number, of):
    return int(number or 1) * int(of)


def ptx(line):
    """One line of PTX as an Instruction."""
    named = frozenset(re.findall(r"%[a-z]+\d+", line))
    into = re.findall(r"%[a-z]+\d+", line.partition("[")[0])
    load = re.search(r"\bld\.(global|shared)(?:\.nc)?(?:\.v(\d))?\.[a-z](\d+)", line)
    jump = re.search(r"\bbra(?:\.uni)?\s+(\S+);", line)
    width = bits(load[2], load[3]) if load else 0
    return Instruction(
        fma=re.search(r"\bfma\.rn\.f", line) is not None,
        barrier="bar.sync" in line,
        load_bits=width if load and load[1] == "global" else 0,
        local_bits=width if load and load[1] == "shared" else 0,
        jump=jump[1] if jump else "",
        loaded=frozenset(into),
        named=named,
    )


def sass(line):
    """One line of nvdisasm's as an Instruction."""
    load = re.search(r"\b(LDG|LDS)((?:\.\w+)*)", line)
    jump = re.search(r"\bBRA\b.*`\((\S+)\)", line)
    width = 0
    if load:
        width = next((int(w) for w in load[2].split(".") if w in ("64", "128")), 32)
    named = [int(register) for register in re.findall(r"\bR(\d+)", line)]
    return Instruction(
        fma=re.search(r"\b[FD]FMA\b", line) is not None,
        barrier=re.search(r"\bBAR\b", line) is not None,
        load_bits=width if load and load[1] == "LDG" else 0,
        local_bits=width if load and load[1] == "LDS" else 0,
        jump=jump[1] if jump else "",
        loaded=frozenset(range(named[0], named[0] + width // 32) if load else ()),
        named=frozenset(named),
    )


def read(text, begin, end, label, code, instruction):
    """The listing between two lines: labels and instructions by these patterns."""
    listing = Listing()
    inside = False
    for line in text.splitlines():
        if re.match(begin, line):
            inside = True
        elif inside and re.match(end, line):
            break
        elif inside and re.match(label, line):
            listing.labels[re.match(label, line)[1]] = len(listing.instructions)
        elif inside and re.match(code, line):
            listing.instructions.append(instruction(line))
    return listing


def groups_of(registers, local, items):
    """How many groups fit a multiprocessor."""
    warps = (items + 31) // 32
    per_warp = (registers * 32 + 255) // 256 * 256
    return min(
        UNIT["registers"] // (per_warp * warps),
        UNIT["local"] // (local + UNIT["reserved"]),
        UNIT["items"] // (warps * 32),
        UNIT["groups"],
    )


def compile_kernel(wanted, folder):
    assembly, binary = os.path.join(folder, "kernel.ptx"), os.path.join(folder, "kernel.cubin")
    entry = wanted["entry"]

    clang(wanted, ["-target", "nvptx64--nvidiacl"], "nvptx64--nvidiacl.bc", assembly)
    with open(assembly, encoding="utf-8") as file:
        text = file.read()
    listing = read(text, rf"\.entry {entry}\(|.*\.entry {entry}\(", r"\}", r"(\$\S+):", r"\s+.*;", ptx)
    compiled = Compiled(main_loop(listing, wanted["products"], wanted["staged"]))
    compiled.spilled = sum(
        int(size) for size in re.findall(r"\.local \.align \d+ \.b8 \S+\[(\d+)\]", text)
    )
    if not PTXAS:
        return compiled
    limit = re.search(r"-cl-nv-maxrregcount=(\d+)", wanted["options"])
    said = run(
        [PTXAS, "-v", f"-arch={ARCHITECTURE}", assembly, "-o", binary]
        + (["-maxrregcount", limit[1]] if limit else [])
    )
    said = said[said.index(f"Compiling entry function '{entry}'") :]
    used = re.search(r"Used (\d+) registers", said)
    shared = re.search(r"(\d+) bytes smem", said[: said.index("Compile time")])
    compiled.registers = int(used[1])
    compiled.spilled = sum(
        int(size) for size in re.search(
            r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads", said
        ).groups()
    )
    compiled.local_bytes = int(shared[1]) if shared else 0
    compiled.groups = groups_of(compiled.registers, compiled.local_bytes, wanted["items"])
    if NVDISASM:
        listing = read(
            run([NVDISASM, "-c", binary]),
            rf"\.text\.{entry}:", r"\.section|\.text\.", r"(\.L_x_\d+):", r".*/\*[0-9a-f]{4,}\*/", sass,
        )
        compiled.main = main_loop(listing, wanted["products"], wanted["staged"])
    return compiled


def tools():
    """What looked at it, in words."""
    if not PTXAS:
        return "clang-15, PTX only: there is no ptxas here"
    version = re.search(r"V(\d[\d.]*)", run([PTXAS, "--version"]))[1]
    seen = "SASS" if NVDISASM else "PTX, as there is no nvdisasm here"
    return f"clang-15 and ptxas {version}; loops are those of the {seen}"
