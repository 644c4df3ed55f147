#!/bin/sh
# alternative.sh LIBTESSERA_BLAS.SO NEXT: what tessera-blas(7) says about libblas.so.3.
#
# A library of that name which is nothing but its two dependencies, first ours, then
# another whole BLAS: NumPy, unchanged and with nothing preloaded, takes its products from
# the first and the rest from the second.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cc -shared -o "$work/libblas.so.3" -Wl,-soname,libblas.so.3 -Wl,--no-as-needed "$1" "$2" \
    -Wl,-rpath,"$(dirname "$1")"
LD_LIBRARY_PATH=$work TESSERA_BLAS_MIN_FLOPS=0 /usr/bin/python3 - "$1" "$2" <<'END'
import ctypes
import sys

import numpy as np

a = np.arange(12.0).reshape(3, 4)
assert ((a @ a.T.copy()) == [[14, 38, 62], [38, 126, 214], [62, 214, 366]]).all()
assert np.dot(a[0], a[1]) == 38
assert abs(np.linalg.det(np.eye(3) * 2) - 8) < 1e-12
products = ctypes.CDLL(sys.argv[1]).tsr_blas_products
assert products() == 1, f"{products()} products by the device"
with open("/proc/self/maps") as maps:
    assert "openblas" in maps.read()
print("libblas.so.3: gemm from the device's library, the rest from the next")
END
