"""large.py: an operand of 1.6 GB, more than one allocation of PoCL may have.

Run by hand, with the library preloaded; takes 4 GB of memory:

    TESSERA_BLAS_MIN_FLOPS=0 LD_PRELOAD=build/release/libtessera_blas.so \\
        python3 tests/blas/large.py

Data are small integers, so every element must be exact. einsum does not use BLAS."""
import ctypes
import time

import numpy as np

K, N = 40000, 10000


def check(m):
    rng = np.random.default_rng(m)
    a = rng.integers(-4, 5, (m, K)).astype("f4")
    start = time.perf_counter()
    c = a @ b
    seconds = time.perf_counter() - start
    exact = np.zeros((m, N))
    for first in range(0, K, 1000):
        piece = slice(first, first + 1000)
        exact += np.einsum("ik,kj->ij", a[:, piece], b[piece], dtype="f8",
                           optimize=False)
    assert (c == exact).all(), f"{m} rows: {(c != exact).sum()} elements are wrong"
    print(f"{m} x {K} @ {K} x {N}: right, {seconds:.2f} s")


b = np.empty((K, N), "f4")
for row in range(K):
    b[row] = (np.arange(N) * 7 + row * 3) % 9 - 4
print(f"B has {b.nbytes / 1e9:.2f} GB")
for rows in (1, 8, 64):
    check(rows)
assert ctypes.CDLL(None).tsr_blas_products() == 3
