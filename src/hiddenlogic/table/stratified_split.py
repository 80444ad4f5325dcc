"""Rows shared out at random, each class or range of the target in the same proportions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.table.strata import Strata
from hiddenlogic.table.wording import listing, plural


def share_out(
    strata: Strata, keys: NDArray[np.uint64], shares: Sequence[float]
) -> tuple[NDArray[np.int64], tuple[str, ...]]:
    """Return the part of each row, and a note on classes that are too small.

    Parameters
    ----------
    strata : Strata
    keys : ndarray of uint64, shape (height of the table,)
        Random, from `random_keys`.
    shares : sequence of float
        Of each part, their sum 1; the first is for training and has what is left over.

    Notes
    -----
    Shares are rounded over the running total of the classes, so that many small classes do not
    push the parts out of proportion. A class has at least one row in each part, if it has as many.
    """
    order = np.lexsort((keys[strata.rows], strata.codes))
    least = len(shares) if strata.names else 0
    parts = np.zeros(len(order), np.int64)
    start = 0
    for size in strata.sizes.tolist():
        if size >= least:
            end = start + size
            for part in range(len(shares) - 1, 0, -1):
                wanted = _round_half_up(shares[part] * (start + size)) - _round_half_up(
                    shares[part] * start
                )
                free = end - start - part * bool(least)
                count = min(max(wanted, int(bool(least))), free)
                parts[order[end - count : end]] = part
                end -= count
        start += size
    return parts, _small(strata, least)


def _small(strata: Strata, least: int) -> tuple[str, ...]:
    """Say which classes are too small to be shared out."""
    small = [
        f"{name!r} ({plural(size, 'row')})"
        for name, size in zip(strata.names, strata.sizes.tolist(), strict=False)
        if 0 < size < least
    ]
    if not small:
        return ()
    return (f"classes with fewer than {least} rows are for training only: {listing(small)}",)


def _round_half_up(value: float) -> int:
    """Round to the nearest whole number; a half always up, where `round` would go to even ones."""
    return int(value + 0.5)
