"""AMD: assembly by clang, which says what it takes of registers and memory."""

import os
import re

from compiled import Compiled, clang
from loops import Instruction, Listing, main_loop

PROCESSOR = "gfx906"

# Of a compute unit of GCN 5 ("Vega" 7nm Instruction Set Architecture, AMD 2020): 4 SIMDs
# with 256 vector registers for each lane of a wave, which get them by 4.
UNIT = {"simds": 4, "registers": 256, "waves": 10, "local": 64 << 10, "wave": 64}

LOCAL_BITS = {
    "ds_read_b128": 128,
    "ds_read2_b64": 128,
    "ds_read2st64_b64": 128,
    "ds_read_b64": 64,
    "ds_read2_b32": 64,
    "ds_read2st64_b32": 64,
    "ds_read_b32": 32,
}
DWORDS = {"dword": 32, "dwordx2": 64, "dwordx3": 96, "dwordx4": 128}


def instruction(line):
    """One line of assembly. Scalar instructions and waits are issued beside those of other
    waves' vector units, so they take nothing from multiply-adds."""
    name, _, rest = line.strip().partition(" ")
    name = re.sub(r"_(e32|e64|dpp|sdwa)$", "", name)
    load = re.match(r"(?:global|flat|buffer)_load_(dword(?:x\d)?)$", name)
    wait = re.search(r"vmcnt\((\d+)\)", rest) if name == "s_waitcnt" else None
    return Instruction(
        fma=re.match(r"v_(fma|fmac|mac|mad)_f(32|64)$", name) is not None,
        barrier=name == "s_barrier",
        load_bits=DWORDS[load[1]] if load else 0,
        local_bits=LOCAL_BITS.get(name, 0),
        jump=rest.split()[0] if name.startswith(("s_cbranch", "s_branch")) else "",
        counted=not name.startswith("s_"),
        leaves=int(wait[1]) if wait else -1,
    )


def number(text, name):
    return int(re.search(rf"; {name}: (\d+)", text)[1])


def compile_kernel(wanted, folder):
    assembly = os.path.join(folder, "kernel.s")
    entry = wanted["entry"]
    listing = Listing()

    clang(
        wanted,
        ["-target", "amdgcn-mesa-mesa3d", f"-mcpu={PROCESSOR}"],
        f"{PROCESSOR}-amdgcn-mesa-mesa3d.bc",
        assembly,
    )
    with open(assembly, encoding="utf-8") as file:
        text = file.read()
    text = text[re.search(rf"^{entry}:", text, re.MULTILINE).start() :]
    for line in text[: text.index(".Lfunc_end")].splitlines():
        label = re.match(r"(\.LBB\d+_\d+):", line)
        if label:
            listing.labels[label[1]] = len(listing.instructions)
        elif re.match(r"\s+[vsdgfb][a-z0-9]*_", line):
            listing.instructions.append(instruction(line))

    registers, local = number(text, "NumVgprs"), number(text, "LDSByteSize")
    waves_of_group = (wanted["items"] + UNIT["wave"] - 1) // UNIT["wave"]
    waves = min(UNIT["registers"] // ((registers + 3) // 4 * 4), UNIT["waves"])
    return Compiled(
        main=main_loop(listing, wanted["products"], wanted["staged"]),
        registers=registers,
        spilled=number(text, "ScratchSize"),
        local_bytes=local,
        groups=min(
            UNIT["simds"] * waves // waves_of_group,
            UNIT["local"] // local if local else 1 << 30,
        ),
    )


def tools():
    return "clang-15"
