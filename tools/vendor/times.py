#!/usr/bin/env python3
"""times.py FILE: the products of a result of compare --json by the vendor's library.

Prints JSON: "library" (null: none was there, and "why_not" says what was missed) and
"best_ms", one number or null for each case. Best of 5 batches of at least 20 ms, operands
on the card, f32 without TF32. PyTorch is asked first, then nvcc for tools/vendor/cublas.cu.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time


def with_torch(cases):
    try:
        import torch
    except ImportError:
        return None, "there is no PyTorch"
    if not torch.cuda.is_available():
        return None, "PyTorch sees no GPU"
    torch.backends.cuda.matmul.allow_tf32 = False
    name = "rocBLAS" if torch.version.hip else "cuBLAS"
    times = []
    for case in cases:
        kind = torch.float64 if case["dtype"] == "f64" else torch.float32

        def operand(rows, columns, transposed):
            shape = (columns, rows) if transposed else (rows, columns)
            if case["batch"] != 1:
                shape = (case["batch"],) + shape
            x = torch.rand(shape, dtype=kind, device="cuda")
            return x.transpose(-1, -2) if transposed else x

        a = operand(case["m"], case["k"], case["trans_a"])
        b = operand(case["k"], case["n"], case["trans_b"])
        c = torch.matmul(a, b)

        def seconds(loops):
            torch.cuda.synchronize()
            start = time.perf_counter()
            for _ in range(loops):
                torch.matmul(a, b, out=c)
            torch.cuda.synchronize()
            return (time.perf_counter() - start) / loops

        loops = max(1, int(0.02 / seconds(3)))
        times.append(1000 * min(seconds(loops) for _ in range(5)))
    return times, f"{name} through PyTorch {torch.__version__}"


def with_nvcc(cases):
    compiler = shutil.which("nvcc") or "/usr/local/cuda/bin/nvcc"
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cublas.cu")
    if not os.path.exists(compiler):
        return None, "there is no nvcc"
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "time-cublas")
        built = subprocess.run(
            [compiler, "-O2", "-o", program, source, "-lcublas"],
            capture_output=True,
            text=True,
            check=False,
        )
        if built.returncode:
            return None, "nvcc builds no program with cuBLAS"
        lines = "".join(
            f"{c['m']} {c['n']} {c['k']} {c['dtype']} {int(c['trans_a'])} "
            f"{int(c['trans_b'])} {c['batch']}\n"
            for c in cases
        )
        ran = subprocess.run(
            [program], input=lines, capture_output=True, text=True, check=False
        )
    if ran.returncode:
        return None, f"cuBLAS does not run: {ran.stderr.strip()}"
    return [float(word) for word in ran.stdout.split()], "cuBLAS"


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        cases = json.load(file)["cases"]
    missed = []
    for way in (with_torch, with_nvcc):
        times, text = way(cases)
        if times:
            break
        missed.append(text)
    json.dump(
        {
            "library": text if times else None,
            "why_not": None if times else "; ".join(missed),
            "best_ms": times or [None] * len(cases),
        },
        sys.stdout,
    )


main()
