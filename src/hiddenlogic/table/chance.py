"""How likely it is that a column knows the target by chance alone."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def log_chance_of_order(x: NDArray[np.float64], y: NDArray[np.float64], *, classes: bool) -> float:
    """Return the logarithm of the chance that y is in the order of x, or of its classes.

    Parameters
    ----------
    x, y : ndarray of float64, shape (n,)
        In one order, rising or falling; or each class y in a stretch of x.
    classes : bool

    Notes
    -----
    Of the n! ways to put the y beside the x, Π m_x! Π m_y! / Π m_xy! give the same table, where m
    counts equal x, equal y and equal pairs. There are two directions, or k! orders of k classes.
    """
    pairs = np.unique(np.stack([x, y]), axis=1, return_counts=True)[1]
    of_x, of_y = (np.unique(values, return_counts=True)[1] for values in (x, y))
    ways = _log_factorials(of_x) + _log_factorials(of_y) - _log_factorials(pairs)
    orders = math.lgamma(len(of_y) + 1) if classes else math.log(2)
    return ways - math.lgamma(len(x) + 1) + orders


def log_chance_of_levels(n_levels: int, y: NDArray[np.float64]) -> float:
    """Return a bound of the logarithm of the chance that each level has one y only.

    Each row that is not the first of its level agrees with that one with a chance of at most the
    share of the most frequent y.
    """
    share = float(np.unique(y, return_counts=True)[1].max()) / len(y)
    return (len(y) - n_levels) * math.log(share)


def _log_factorials(counts: NDArray[np.integer]) -> float:
    """Return Σ log(m!); counts that occur often are taken once."""
    sizes, times = np.unique(counts, return_counts=True)
    return sum(int(n) * math.lgamma(int(m) + 1) for m, n in zip(sizes, times, strict=True))
