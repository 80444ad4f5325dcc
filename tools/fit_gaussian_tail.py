"""Fit the polynomials of `native/kernels/gaussian_tail.hpp` (run by hand; needs mpmath).

Prints, for float and double, the coefficients in t = (x - 4)/(x + 4) of

    (x + 2) · exp(x²/2) · Q(x),    Q(x) = erfc(x/√2)/2,    x ≥ 0,

by Chebyshev interpolation, with the largest relative error found on a fine grid.
"""

from __future__ import annotations

import sys

import mpmath as mp

mp.mp.dps = 40


def scaled_tail(t: mp.mpf) -> mp.mpf:
    """Return the fitted function at t in (-1, 1)."""
    x = 4 * (1 + t) / (1 - t)
    return (x + 2) * mp.e ** (x * x / 2) * mp.erfc(x / mp.sqrt(2)) / 2


def chebyshev_to_powers(chebyshev: list[mp.mpf]) -> list[mp.mpf]:
    """Return the coefficients of 1, t, t², … of a Chebyshev series."""
    older, newer = [mp.mpf(1)], [mp.mpf(0), mp.mpf(1)]
    powers = [mp.mpf(0)] * len(chebyshev)
    for coefficient in chebyshev:
        for power, value in enumerate(older):
            powers[power] += coefficient * value
        following = [mp.mpf(0)] + [2 * value for value in newer]
        for power, value in enumerate(older):
            following[power] -= value
        older, newer = newer, following
    return powers


def fit(degree: int) -> list[mp.mpf]:
    """Return the interpolating polynomial of the given degree at the Chebyshev nodes."""
    n = degree + 1
    angles = [mp.pi * (2 * j + 1) / (2 * n) for j in range(n)]
    values = [scaled_tail(mp.cos(angle)) for angle in angles]
    series = [
        (2 - (i == 0)) * sum(v * mp.cos(i * a) for v, a in zip(values, angles, strict=True)) / n
        for i in range(n)
    ]
    return chebyshev_to_powers(series)


def largest_relative_error(powers: list[mp.mpf]) -> mp.mpf:
    """Return the largest relative error for x from 0 to 40."""
    grid = [mp.mpf(-1) + mp.mpf(2) * i / 1000 for i in range(910)]
    return max(abs(mp.polyval(powers[::-1], t) / scaled_tail(t) - 1) for t in grid)


def main() -> None:
    """Print both fits as C++ initialisers."""
    for name, degree, digits in (("float", 12, 10), ("double", 24, 20)):
        powers = fit(degree)
        error = mp.nstr(largest_relative_error(powers), 2)
        sys.stdout.write(f"// {name}, degree {degree}, relative error {error}\n")
        for value in powers:
            sys.stdout.write(f"    {mp.nstr(value, digits)},\n")


if __name__ == "__main__":
    main()
