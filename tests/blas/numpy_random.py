"""numpy_random.py LIBRARY [CASES]: NumPy with LIBRARY preloaded against NumPy without.

Random products (@, dot, matmul, einsum; all layouts, strides, dtypes, zero sizes, NaN)
are computed here and, with everything sent to the device, in a process of its own; the
two may differ by twice the bound of tessera/oracle.h. That process says how many the
device computed.
"""
import ctypes
import os
import pickle
import subprocess
import sys

import numpy as np

DTYPES = ["f4", "f4", "f4", "f8", "f8", "f2", "i4", "c8"]


def laid_out(rng, shape, dtype):
    """A random array of that shape, in memory in some way or other."""
    way = rng.integers(6)
    larger = tuple(2 * n + 1 for n in shape)
    values = rng.standard_normal(larger) * 4
    if way == 0:  # every other element, backwards or not
        step = rng.choice([-2, 2])
        values = values[tuple(slice(None, None, step) for _ in shape)]
    values = values[tuple(slice(0, n) for n in shape)]
    values = values.astype(dtype)
    if values.size and np.dtype(dtype).kind == "f" and rng.integers(10) == 0:
        values[tuple(int(rng.integers(n)) for n in shape)] = np.nan
    if way == 1:
        return np.asfortranarray(values)
    if way == 2:  # columns of a wider matrix
        wide = np.zeros(shape[:-1] + (shape[-1] + 3,), dtype)
        wide[..., : shape[-1]] = values
        return wide[..., : shape[-1]]
    if way == 3:  # rows backwards
        return np.ascontiguousarray(values[::-1])[::-1]
    if way == 4:  # its address is no multiple of its elements' size
        raw = np.zeros(values.nbytes + 1, "u1")[1:]
        odd = raw.view(dtype).reshape(shape)
        odd[...] = values
        return odd
    return values if way == 0 else np.ascontiguousarray(values)


def length(rng):
    return int(rng.choice([0, 1, 2, 3, 7, 16, 33, 64, 100], p=[0.04] + [0.12] * 8))


def case(rng):
    """(name, function of the operands, operands, K)"""
    dtype = DTYPES[rng.integers(len(DTYPES))]
    other = dtype if rng.integers(8) else DTYPES[rng.integers(len(DTYPES))]
    m, n, k, t = (length(rng) for _ in range(4))
    kind = rng.integers(8)
    if kind == 0:
        a, b = laid_out(rng, (m, k), dtype), laid_out(rng, (k,), other)
        return "dot, a vector", np.dot, (a, b), k
    if kind == 1:
        a, b = laid_out(rng, (k,), dtype), laid_out(rng, (k, n), other)
        return "vector @", np.matmul, (a, b), k
    if kind == 2:
        t %= 5
        a, b = laid_out(rng, (t, m, k), dtype), laid_out(rng, (k, n), other)
        return "matmul, stacked", np.matmul, (a, b), k
    if kind == 3:
        a, b = laid_out(rng, (m, k), dtype), laid_out(rng, (n, k), other)

        def contract(a, b):
            return np.einsum("ik,jk->ij", a, b, optimize=True)

        return "einsum", contract, (a, b), k
    if kind == 4:
        a = laid_out(rng, (m, k), dtype)
        return "@ its transpose", lambda a: a @ a.T, (a,), k
    a, b = laid_out(rng, (m, k), dtype), laid_out(rng, (k, n), other)
    if kind == 5:
        return "dot", np.dot, (a, b), k
    if kind == 6:
        a = laid_out(rng, (k, m), dtype)
        return "transpose @", lambda a, b: a.T @ b, (a, b), k
    return "@", lambda a, b: a @ b, (a, b), k


def seed_product():
    rng = np.random.default_rng(2)
    x = rng.standard_normal((1, 6400), dtype=np.float32)
    y = rng.standard_normal((6400, 5000), dtype=np.float32)
    return "the seed product", lambda a, b: a @ b, (x, y), 6400


def cases(count):
    rng = np.random.default_rng(1)
    yield seed_product()
    for _ in range(count):
        yield case(rng)


def results(count):
    with np.errstate(all="ignore"):
        return [f(*operands) for _, f, operands, _ in cases(count)]


def bound(f, operands, k, dtype):
    """Twice gamma(k + 2) times |A| |B|: both results may be off."""
    if dtype.kind not in "fc":
        return 0.0
    u = np.finfo(dtype).eps / 2 * (4 if dtype.kind == "c" else 1)
    sums = f(*(np.nan_to_num(np.abs(x)).astype("f8") for x in operands))
    return 2 * (k + 2) * u / (1 - (k + 2) * u) * sums + (k + 2) * np.finfo(dtype).tiny


def check(number, name, f, operands, k, want, got):
    what = f"case {number}, {name}, {[(x.shape, x.strides, x.dtype.str) for x in operands]}"
    assert got.dtype == want.dtype and got.shape == want.shape, what
    assert (np.isnan(got) == np.isnan(want)).all(), what + ": NaN differs"
    off = np.abs(np.nan_to_num(got).astype("c16") - np.nan_to_num(want).astype("c16"))
    assert (off <= bound(f, operands, k, want.dtype)).all(), f"{what}: off by {off.max()}"


def child(library, count):
    environment = {**os.environ, "LD_PRELOAD": library, "TESSERA_BLAS_MIN_FLOPS": "0"}
    command = [sys.executable, __file__, "--results", str(count)]
    return pickle.loads(subprocess.run(command, env=environment, check=True,
                                       stdout=subprocess.PIPE).stdout)


def main():
    if sys.argv[1] == "--results":
        there = results(int(sys.argv[2]))
        products = ctypes.CDLL(None).tsr_blas_products()
        sys.stdout.buffer.write(pickle.dumps((there, products)))
        return
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    got, products = child(sys.argv[1], count)
    assert len(got) == count + 1
    assert products > count / 3, f"the device computed {products} only"
    for number, (c, want, have) in enumerate(zip(cases(count), results(count), got)):
        check(number, *c, want, have)
    print(f"{count + 1} products agree, {products} of them the device's")


main()
