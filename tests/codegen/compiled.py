"""What a compiler said of one kernel, and how it is run."""

import os
import shutil
import subprocess
from dataclasses import dataclass

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
KERNELS = os.path.join(ROOT, "kernels")
CLC = "/usr/lib/clc"  # libclc-15: OpenCL C's functions, as LLVM bitcode


@dataclass
class Compiled:
    main: object  # loops.MainLoop, or None
    registers: int = 0  # of an item; 0: not known
    spilled: int = 0  # bytes that registers had no room for, or arrays left in memory
    local_bytes: int = 0
    groups: int = 0  # that a compute unit can hold; 0: not known


def find(tool, *places):
    """Where a program is: on the path, or in one of these folders. None if nowhere."""
    return shutil.which(tool, path=os.pathsep.join((os.environ["PATH"],) + places))


def run(command):
    """What it printed; SystemExit with that if it failed."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def clang(wanted, arguments, library, output):
    """Compiles a kernel file to assembly, as lib/program would put it together."""
    options = [o for o in wanted["options"].split() if not o.startswith("-cl-nv-")]
    if wanted["dtype"] == "f64":
        options.append("-DREAL_IS_DOUBLE")
    run(
        ["clang-15", "-x", "cl", "-cl-std=CL1.2", "-O3", "-w", "-S", "-o", output]
        + arguments
        + ["-Xclang", "-finclude-default-header", "-Xclang", "-mlink-bitcode-file"]
        + ["-Xclang", os.path.join(CLC, library), "-I", KERNELS]
        + ["-include", os.path.join(KERNELS, "common.cl")]
        + options
        + [os.path.join(KERNELS, wanted["family"] + ".cl")]
    )
