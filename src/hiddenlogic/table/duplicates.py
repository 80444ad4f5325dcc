"""Columns that hold the same cells as another."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np
import polars as pl

from hiddenlogic.table.cells import tidy

# Columns that are not the same differ in one of so few rows, with few exceptions.
_GLANCE = 256


def find_duplicates(frame: pl.DataFrame, names: Iterable[str]) -> dict[str, str]:
    """Return each column that equals an earlier one in every row, with that one.

    Parameters
    ----------
    frame : polars.DataFrame
    names : iterable of str
        The columns to compare, in their order.

    Returns
    -------
    dict of str to str
        Numbers are compared as numbers, whatever their types; two missing cells are equal.

    Examples
    --------
    >>> import polars as pl
    >>> find_duplicates(pl.DataFrame({"a": [1, None], "b": [2, 3], "c": [1.0, None]}), "abc")
    {'c': 'a'}
    """
    places = np.unique(np.linspace(0, max(frame.height - 1, 0), _GLANCE).astype(np.int64))
    glances: dict[Hashable, list[str]] = {}
    for name in names:
        cells = _comparable(frame[name].gather(places))
        if cells is not None:
            key = str(cells.dtype), cells.hash().to_numpy().tobytes()
            glances.setdefault(key, []).append(name)
    found: dict[str, str] = {}
    for alike in glances.values():
        firsts: dict[int, str] = {}
        for name in alike if len(alike) > 1 else ():
            cells = _comparable(frame[name])
            if cells is None:
                continue
            digest = _digest(cells)
            first = firsts.setdefault(digest, name)
            other = _comparable(frame[first])
            # Two columns of one hash are the same but for a chance of 2**-64; no chance is left.
            if first != name and other is not None and cells.equals(other):
                found[name] = first
    order = {name: place for place, name in enumerate(frame.columns)}
    return dict(sorted(found.items(), key=lambda pair: order[pair[0]]))


def _comparable(cells: pl.Series) -> pl.Series | None:
    """Return cells so that equal ones are equal; None for nested ones."""
    if cells.dtype.is_nested() or isinstance(cells.dtype, pl.Binary | pl.Object):
        return None
    cells = tidy(cells)
    return cells.cast(pl.Float64) if cells.dtype.is_numeric() else cells


def _digest(cells: pl.Series) -> int:
    """Return a number that depends on every cell and on its place."""
    hashes = cells.hash().to_numpy()
    odd = np.uint64(0x9E3779B97F4A7C15)  # 2**64 over the golden ratio: Knuth, TAOCP 3, 6.4
    places = np.arange(1, len(hashes) + 1, dtype=np.uint64) * odd
    return int(np.bitwise_xor.reduce((hashes ^ places) * odd, initial=0))
