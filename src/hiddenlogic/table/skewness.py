"""How lopsided numbers lie about their mean."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def skewness(values: NDArray[np.float64]) -> float:
    """Return the third standardised moment, mean((x - mean)³) / std³.

    Parameters
    ----------
    values : ndarray, shape (n,)
        Finite, at least one. Sums are exact, whatever the order of the rows.

    Returns
    -------
    float
        0 where all are equal, or too far apart for float64.

    Examples
    --------
    >>> skewness(np.array([0.0, 0.0, 0.0, 0.0, 1.0]))
    1.5
    """
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        # Halves keep the mean of the largest numbers within float64.
        mean = math.fsum(values / 2 / len(values))
        distances = values / 2 - mean
        largest = float(np.abs(distances).max())
        distances = distances / largest
    if not math.isfinite(largest) or largest == 0 or values.min() == values.max():
        return 0.0
    variance = math.fsum(distances**2) / len(values)
    return math.fsum(distances**3) / len(values) / variance**1.5
