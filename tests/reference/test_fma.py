"""The emulated fused multiply-add against exact fractions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from reference.fma import fma


def exact(a, b, c, dtype):
    """Round a * b + c once."""
    value = Fraction(float(a)) * Fraction(float(b)) + Fraction(float(c))
    if dtype == np.float64:
        return float(value)
    # Of the float32 around it, the nearest; of two as near, the even one.
    near = np.float32(float(value))
    found = [np.nextafter(near, np.float32(-np.inf)), near, np.nextafter(near, np.float32(np.inf))]
    return min(found, key=lambda x: (abs(Fraction(float(x)) - value), int(x.view(np.int32)) & 1))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_fused_multiply_adds_are_rounded_once(dtype):
    random = np.random.default_rng(0)
    a, b = (random.normal(size=2000).astype(dtype) for _ in range(2))
    # Sums of like size, sums that cancel, and one small beside the other.
    scale = np.array([1.0, -1.0, 1e-5, 1e5], dtype)[np.arange(2000) % 4]
    c = np.where(np.arange(2000) % 4 == 1, -a * b, random.normal(size=2000).astype(dtype) * scale)
    found = fma(a, b, c)
    assert found.dtype == dtype
    assert found.tolist() == [exact(*row, dtype) for row in zip(a, b, c, strict=True)]
    assert (found != a * b + c).any()  # rounded twice, some differ


def test_a_sum_just_below_half_a_unit_is_not_rounded_to_the_half_first():
    # The product is 2**-24 - 2**-64; float64 loses the second part, and the half then goes to even.
    a, b = np.float32([2**-24 * (1 + 2**-20)]), np.float32([1 - 2**-20])
    c = np.float32([1 + 2**-23])
    assert fma(a, b, c)[0] == c[0]
    assert (a.astype(np.float64) * b + c).astype(np.float32)[0] != c[0]
