"""Rows shared out by groups: the rows of a person, a house or a shop stay in one part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError
from hiddenlogic.table.cells import texts
from hiddenlogic.table.strata import Strata
from hiddenlogic.table.wording import plural, which_rows


def group_codes(cells: pl.Series, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the group of each of these rows, counted in the order in which groups appear.

    Raises
    ------
    DataError
        If a cell is missing: nobody could say which group the row belongs to.
    """
    words = texts(cells.gather(rows))
    gaps = (rows[words.is_null().to_numpy()] + 1).tolist()
    if gaps:
        raise DataError(
            f"The group column {cells.name!r} has {plural(len(gaps), 'missing value')}"
            f" ({which_rows(gaps)}). Fill them in, or leave those rows out."
        )
    _, first, codes = np.unique(words.to_numpy(), return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[codes]


def share_out_groups(
    strata: Strata,
    cells: pl.Series,
    keys: NDArray[np.uint64],
    shares: Sequence[float],
) -> NDArray[np.int64]:
    """Put each group into one part, so that every part has its share of every class or bin.

    Parameters
    ----------
    strata : Strata
    cells : polars.Series
        The group of every row of the table.
    keys : ndarray of uint64, shape (height of the table,)
        Random, from `random_keys`.
    shares : sequence of float
        Of each part, their sum 1.

    Returns
    -------
    ndarray of int64, shape (n_rows,)
        The part of each row of `strata`.

    Raises
    ------
    DataError
        If there are fewer groups than parts, or a group is missing.

    Notes
    -----
    The largest groups are placed first, those of one size in random order, each where it adds least
    to Σ c²/(share·n) over the parts (c of n rows are in a part), of all rows and, in the mean, of
    the rows of each class or bin: both are smallest where c = share·n throughout.
    """
    groups = group_codes(cells, strata.rows)
    n_strata = len(strata.sizes)
    counts = np.zeros((int(groups.max(initial=-1)) + 1, n_strata + 1), np.int64)
    np.add.at(counts, (groups, strata.codes), 1)
    counts[:, -1] = counts.sum(axis=1)
    if len(counts) < len(shares):
        raise DataError(
            f"The group column {cells.name!r} names {plural(len(counts), 'group')}, and a split"
            f" into {len(shares)} parts needs at least as many. Choose another column."
        )
    _, first = np.unique(groups, return_index=True)
    order = np.lexsort((keys[strata.rows[first]], -counts[:, -1]))
    held = np.zeros((len(shares), n_strata + 1), np.float64)
    weight = 1 / (np.asarray(shares)[:, None] * counts.sum(axis=0).clip(min=1))
    weight[:, :-1] /= n_strata
    part = np.zeros(len(counts), np.int64)
    for placed, group in enumerate(order):
        cost = ((2 * held + counts[group]) * counts[group] * weight).sum(axis=1)
        empty = ~held.any(axis=1)
        if np.count_nonzero(empty) == len(order) - placed:
            cost[~empty] = np.inf  # what is left is just enough for the parts that have nothing
        part[group] = np.argmin(cost)
        held[part[group]] += counts[group]
    return part[groups]
