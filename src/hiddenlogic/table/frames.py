"""Named columns of any form as one frame."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import cast

import polars as pl

from hiddenlogic.errors import DataError
from hiddenlogic.table.columns import to_column
from hiddenlogic.table.wording import listing


def to_frame(columns: Iterable[tuple[object, object]]) -> pl.DataFrame:
    """Make columns into a frame; nothing is broadcast, and no name is there twice.

    Parameters
    ----------
    columns : iterable of tuple of object and object
        Names, which become text, and cells, which `to_column` reads.

    Returns
    -------
    polars.DataFrame

    Raises
    ------
    DataError
        If two names are the same, a column cannot be read, or they differ in length.

    Examples
    --------
    >>> to_frame([(("size", "m2"), [40, 61]), (0, ["a", None])]).to_dict(as_series=False)
    {'size_m2': [40, 61], '0': ['a', None]}
    """
    pairs = [(_name(name), cells) for name, cells in columns]
    repeated = [name for name, count in Counter(name for name, _ in pairs).items() if count > 1]
    if repeated:
        named = listing([repr(name) for name in repeated])
        raise DataError(
            f"Rows have more than one column named {named}. Give every column its own name."
        )
    made: list[pl.Series] = []
    for name, cells in pairs:
        try:
            made.append(to_column(name, cells))
        except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
            if isinstance(error, DataError):
                raise
            reason = str(error).partition("\n")[0]
            raise DataError(
                f"Column {name!r} cannot be read: {reason}. Convert it, or leave it out."
            ) from None
    for column in made:
        if len(column) != len(made[0]):
            raise DataError(
                f"Columns must be equally long; {made[0].name!r} has {len(made[0]):,} cells and"
                f" {column.name!r} has {len(column):,}."
            )
    return pl.DataFrame(made)


def _name(name: object) -> str:
    """Return a column's name as text; that of several levels joined."""
    if isinstance(name, tuple):
        levels = (str(level) for level in cast("tuple[object, ...]", name))
        return "_".join(level for level in levels if level)
    return str(name)
