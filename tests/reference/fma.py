"""A fused multiply-add, a * b + c rounded once, for arrays; Python before 3.13 has none.

Boldo and Melquiond (2008), doi:10.1109/TC.2007.70819: a sum rounded to odd can be rounded again
without harm. Correct as long as nothing overflows or is subnormal.
"""

from __future__ import annotations

import numpy as np


def two_sum(a, b):
    """Return a + b and its rounding error, exactly (Knuth)."""
    total = a + b
    of_b = total - a
    return total, (a - (total - of_b)) + (b - of_b)


def two_product(a, b):
    """Return a * b and its rounding error, exactly (Dekker), in float64."""

    def halves(x):
        scaled = x * (2.0**27 + 1)
        high = scaled - (scaled - x)
        return high, x - high

    product = a * b
    (a_high, a_low), (b_high, b_low) = halves(a), halves(b)
    return product, a_low * b_low - (
        ((product - a_high * b_high) - a_low * b_high) - a_high * b_low
    )


def sum_to_odd(a, b):
    """Return a + b; where that is not exact, the neighbour with an odd last bit."""
    total, error = two_sum(a, b)
    even = total.view(np.int64) & 1 == 0
    other = np.nextafter(total, np.where(error > 0, np.inf, -np.inf))
    return np.where((error != 0) & even, other, total)


def fma(a, b, c):
    """Return a * b + c, arrays of one dtype, rounded once."""
    if a.dtype == np.float32:
        wide = a.astype(np.float64) * b  # exact: 48 bits
        return sum_to_odd(wide, np.broadcast_to(c, wide.shape).astype(np.float64)).astype(c.dtype)
    high, low = two_product(a, b)
    rest_high, rest_low = two_sum(c, low)
    total, total_error = two_sum(high, rest_high)
    return total + sum_to_odd(rest_low, total_error)


def chain(a, b):
    """Return a @ b, each element one sequential chain of fused multiply-adds from 0."""
    total = np.zeros((len(a), b.shape[1]), a.dtype)
    for k in range(len(b)):
        total = fma(a[:, k : k + 1], b[k : k + 1], total)
    return total
