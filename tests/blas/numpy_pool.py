"""numpy_pool.py: a pool of processes, forked after the first product, each with some.

Run with the library preloaded and everything sent to the device. The children cannot use
the parent's device; what they compute must be right all the same, and the parent's must
go on."""
import ctypes
import multiprocessing

import numpy as np


def products():
    return ctypes.CDLL(None).tsr_blas_products()


def product(seed):
    rng = np.random.default_rng(seed)
    a = rng.integers(-8, 8, (60, 50)).astype("f4")
    b = rng.integers(-8, 8, (50, 40)).astype("f4")
    exact = a.astype("i8") @ b.astype("i8")
    return bool((a @ b == exact).all())


def main():
    assert product(0) and products() == 1
    with multiprocessing.get_context("fork").Pool(4) as pool:
        assert all(pool.map(product, range(200)))
    assert product(1) and products() == 2
    print("200 products by forked children, all right")


main()
