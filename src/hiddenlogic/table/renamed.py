"""Columns that a table lacks, and those that are perhaps meant."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

import polars as pl

from hiddenlogic.errors import DataError, SchemaError
from hiddenlogic.table.cells import numbers, texts
from hiddenlogic.table.seen import Seen, sizes_of
from hiddenlogic.table.wording import listing, plural

# Quartiles of a column under another name differ by chance, seldom by more than a quarter.
_ALIKE = 1.25
# Quartiles of fewer cells resemble each other by chance.
_FEW_ROWS = 10


def require(frame: pl.DataFrame, columns: Sequence[str], seen: Sequence[Seen] = ()) -> None:
    """Raise if the table lacks columns; say which other ones may be meant.

    Parameters
    ----------
    frame : polars.DataFrame
    columns : sequence of str
        Those that it must have.
    seen : sequence of Seen, optional
        The training rows: a column under another name is known by its values too.

    Raises
    ------
    SchemaError
        If there is not every one of them.
    """
    present = set(frame.columns)
    lacking = [name for name in columns if name not in present]
    if not lacking:
        return
    meant = _meant(frame, lacking, columns, seen)
    noun = "column" if len(lacking) == 1 else "columns"
    raise SchemaError(
        f"The table lacks the {noun} {listing([repr(name) for name in lacking])}, which this model"
        f" was trained on. It has {len(columns) - len(lacking)} of the"
        f" {plural(len(columns), 'column')}; extra ones are ignored.{_hint(meant)}"
    )


def _meant(
    frame: pl.DataFrame, lacking: Sequence[str], columns: Sequence[str], seen: Sequence[Seen]
) -> dict[str, str]:
    """Return the column that is perhaps meant by one that is lacking, where there is one."""
    known = set(columns)
    extra = [name for name in frame.columns if name not in known]
    meant: dict[str, str] = {}
    by_letters = {_letters(name): name for name in reversed(extra)}
    for name in lacking:
        close = get_close_matches(_letters(name), by_letters, n=1, cutoff=0.6)
        if close and by_letters[close[0]] not in meant.values():
            meant[name] = by_letters[close[0]]
    for column in seen:
        if column.column in lacking and column.column not in meant:
            alike = [
                name
                for name in extra
                if name not in meant.values() and _resembles(column, frame[name])
            ]
            # Two candidates are no hint.
            if len(alike) == 1:
                meant[column.column] = alike[0]
    return meant


def _resembles(column: Seen, cells: pl.Series) -> bool:
    """Whether cells may well be those of a column under another name."""
    if len(cells) < _FEW_ROWS:
        return False
    try:
        if column.sizes and cells.dtype.is_numeric():
            now = sizes_of(numbers(cells))
            pairs = zip(now[1:4], column.sizes[1:4], strict=False)
            return bool(now) and all(1 / _ALIKE < a / b < _ALIKE for a, b in pairs)
        if column.levels:
            words = texts(cells).drop_nulls().unique()
            return len(words) > 1 and bool(words.is_in(column.levels).all())
    except DataError:
        pass  # an infinite number resembles nothing
    return False


def _letters(name: str) -> str:
    """Return a name without case, blanks and signs: 'Size (m²)' and 'size_m2' are close."""
    return "".join(letter for letter in name.casefold() if letter.isalnum()) or name


def _hint(meant: dict[str, str]) -> str:
    """Say what to rename."""
    if not meant:
        return ""
    if len(meant) == 1:
        ((_, other),) = meant.items()
        return f" If {other!r} is meant, rename it."
    pairs = [f"{other!r} to {name!r}" for name, other in meant.items()]
    return f" If they are meant, rename {listing(pairs)}."
