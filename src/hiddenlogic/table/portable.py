"""Logarithm, sine and cosine with the same bits on every machine.

NumPy's own differ by instruction set and by C library; what is prepared differently is predicted
differently. These use nothing but operations that are rounded correctly everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

_LN_2 = 0.6931471805599453
# 2/(2k + 1): log(m) = 2·artanh(s) with s = (m - 1)/(m + 1), whose square is at most 0.0295; what is
# left out is less than 1e-17.
_ARTANH = [2 / (2 * k + 1) for k in range(12)]
# Taylor's series of sin(x)/x and cos(x) in x², up to π/4: what is left out is less than 1e-17.
_SIN = [(-1) ** k / math.factorial(2 * k + 1) for k in range(9)]
_COS = [(-1) ** k / math.factorial(2 * k) for k in range(10)]
_TAU = 6.283185307179586


def log(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the natural logarithm of numbers greater than 0, within 4 units of the last place.

    Examples
    --------
    >>> log(np.array([1.0, 2.0]))
    array([0.        , 0.69314718])
    """
    mantissa, exponent = np.frexp(x)
    low = mantissa < math.sqrt(0.5)
    mantissa = np.where(low, 2 * mantissa, mantissa)
    s = (mantissa - 1) / (mantissa + 1)
    return (exponent - low) * _LN_2 + s * _polynomial(s * s, _ARTANH)


def sine_and_cosine(turns: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return sin(2π·turns) and cos(2π·turns) of 0 ≤ turns ≤ 1; quarters of a turn are exact.

    Examples
    --------
    >>> sine, cosine = sine_and_cosine(np.array([0.0, 0.25, 0.5]))
    >>> sine.tolist(), cosine.tolist()
    ([0.0, 1.0, 0.0], [1.0, 0.0, -1.0])
    """
    quarter = np.floor(4 * turns + 0.5)
    angle = (turns - quarter / 4) * _TAU
    square = angle * angle
    sine, cosine = angle * _polynomial(square, _SIN), _polynomial(square, _COS)
    # A quarter of a turn makes sin to cos, and cos to -sin; + 0.0 makes -0.0 to 0.0.
    q = quarter % 4
    odd = q % 2 == 1
    sign_of_sine, sign_of_cosine = np.where(q >= 2, -1.0, 1.0), np.where(q % 3 != 0, -1.0, 1.0)
    return (
        sign_of_sine * np.where(odd, cosine, sine) + 0.0,
        sign_of_cosine * np.where(odd, sine, cosine) + 0.0,
    )


def _polynomial(x: NDArray[np.float64], coefficients: Sequence[float]) -> NDArray[np.float64]:
    """Return the sum of coefficients[k]·x^k."""
    total = np.full_like(x, coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        total = total * x + coefficient
    return total
