"""Signs of money and per cent around numbers."""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

_UNITS = ("%", "‰", "$", "€", "£", "¥", "₹", "USD", "EUR", "GBP", "CHF")


class Bare(NamedTuple):
    """A column without the unit that each of its cells had; an empty `unit` if there was none."""

    cells: pl.Series
    unit: str = ""


def without_unit(column: pl.Series) -> Bare:
    """Take the unit off where every cell has the same, all before or all behind a number.

    Parameters
    ----------
    column : polars.Series of String
        Stripped of blanks, markers of missing cells already missing.

    Returns
    -------
    Bare
        The cells as they were if they do not agree.

    Examples
    --------
    >>> import polars as pl
    >>> without_unit(pl.Series(["-$5", "$ 1,200"])).cells.to_list()
    ['-5', '1,200']
    >>> without_unit(pl.Series(["5 %", "7"])).unit
    ''
    """
    present = column.drop_nulls()
    if not len(present):
        return Bare(column)
    first = present[0]
    for unit in _UNITS:
        # Nearly all columns have no unit, which their first cell tells.
        if unit not in first:
            continue
        sign = re.escape(unit)
        for pattern, rest in (
            (rf"^([+-]?){sign}\s*([+-]?\d.*)$", "${1}${2}"),
            (rf"^([+-]?\d.*?)\s*{sign}$", "${1}"),
        ):
            if present.str.contains(pattern).all():
                return Bare(column.str.replace(pattern, rest), unit)
    return Bare(column)
