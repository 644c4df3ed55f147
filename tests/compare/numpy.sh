#!/bin/sh
# numpy.sh COMPARE: NumPy writes A and B, compare multiplies, NumPy reads C.
# The distribution's NumPy may be another python3's than the first in PATH.
python=
for candidate in python3 /usr/bin/python3; do
    $candidate -c 'import numpy' 2>/dev/null && python=$candidate && break
done
[ -n "$python" ] || { echo "no NumPy: skipped"; exit 77; }
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
exec $python - "$1" "$dir" <<'END'
import subprocess
import sys

import numpy as np

compare, folder = sys.argv[1:]
rng = np.random.default_rng(1)


def product(a, b, *options):
    """a @ b by compare, on integers, so that it must be exact."""
    names = [f"{folder}/{x}.npy" for x in "abc"]
    np.save(names[0], a)
    np.save(names[1], b)
    subprocess.run([compare, "--a", names[0], "--b", names[1], "--out", names[2],
                    "--repeat", "1", "--quiet", *options], check=True)
    return np.load(names[2])


def integers(dtype, *shape):
    return rng.integers(-8, 8, shape).astype(dtype)


def same(got, want):
    assert got.dtype == want.dtype and got.shape == want.shape, (got.shape, want.shape)
    assert (got == want).all()


a, b = integers("<f4", 5, 7), integers("<f4", 7, 9)
same(product(a, b), a @ b)
same(product(np.asfortranarray(a), b), a @ b)
same(product(a.T.copy(), b, "--trans-a"), a @ b)
same(product(np.asfortranarray(a.T), b.T.copy(), "--trans-a", "--trans-b"), a @ b)
same(product(a[:0], b), a[:0] @ b)
same(product(a[:, :0], b[:0]), a[:, :0] @ b[:0])

a3, b3 = integers("<f4", 3, 5, 7), integers("<f4", 3, 7, 9)
same(product(a3, b3), a3 @ b3)
same(product(np.asfortranarray(a3), b3), a3 @ b3)
same(product(a, b3), a @ b3)
same(product(a3, b), a3 @ b)

devices = subprocess.run([compare, "--list"], capture_output=True, text=True).stdout
if "f32 and f64" in devices:
    a8, b8 = a.astype("<f8"), b.astype("<f8")
    same(product(a8, np.asfortranarray(b8)), a8 @ b8)
END
