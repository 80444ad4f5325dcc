"""A table beside the training rows: in other units, with other levels, of other types."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from hiddenlogic.errors import DataError, HiddenLogicError, SchemaError
from hiddenlogic.table.cells import numbers, texts, tidy
from hiddenlogic.table.seen import Seen, sizes_of
from hiddenlogic.table.wording import listing

# Quartiles that all lie within a factor of 2 of a power of ten are the same numbers in other units.
_ALIKE = math.log10(2)
# The quartiles of fewer rows say little: then the median must be far outside the training range.
_FEW_ROWS = 10
# From pico to one: no two units of one thing that people use are further apart.
_MOST_POWER = 12


def differences(seen: Sequence[Seen], frame: pl.DataFrame) -> list[str]:
    """Say which columns are in other units, or share no level with the training rows.

    Parameters
    ----------
    seen : sequence of Seen
        Columns that the table has and that can be read as their kind.
    frame : polars.DataFrame

    Returns
    -------
    list of str
        A sentence a column: which, what is different, what to do.

    Examples
    --------
    >>> import numpy as np, polars as pl
    >>> from hiddenlogic.table import Preparation, infer_schema
    >>> people = pl.DataFrame({"height": [1.62, 1.75, 1.81, 1.7], "weight": [55.5, 71.0, 80.5, 66]})
    >>> preparation = Preparation.fit(infer_schema(people), people, np.arange(4))
    >>> print(*differences(preparation.seen, people.with_columns(pl.col("height") * 1000)))
    column 'height' seems to be in other units: its median is 1,700, in training it was 1.7 (a
    factor of 1,000). Divide it by 1,000.
    """
    found: list[str] = []
    for column in seen:
        cells = frame[column.column]
        found += _units(column, cells) if column.sizes else []
        found += _levels(column, cells) if column.levels else []
    return found


def explained(error: DataError, seen: Sequence[Seen], cells: pl.Series) -> HiddenLogicError:
    """Turn a refused cell into the sentence that its whole column is of another type, if it is.

    Parameters
    ----------
    error : DataError
        What a step says of the first cell that it cannot read.
    seen : sequence of Seen
    cells : polars.Series

    Returns
    -------
    HiddenLogicError
        A SchemaError if at least half of the cells cannot be read; else the error itself.
    """
    column = next((one for one in seen if one.column == cells.name), None)
    present = tidy(cells).drop_nulls()
    if column is None or column.kind not in ("number", "date") or not len(present):
        return error
    holds = _holds(cells.dtype)
    wanted = "numbers" if column.kind == "number" else "dates"
    if holds == "text":
        if column.kind == "date" or _readable(present) * 2 >= len(present):
            return error
        wrong = present.filter(present.cast(pl.Float64, strict=False).is_null())
        holds = f"text such as {wrong[0]!r}"
    elif holds == wanted:
        return error
    commas = cells.dtype == pl.String and _readable(present.str.replace(",", ".")) == len(present)
    way_out = (
        "Write them with a decimal point, or read the file with --decimal ,"
        if commas
        else f"Turn it into {wanted}, and leave cells empty where they are missing"
    )
    return SchemaError(
        f"Column {column.column!r} holds {holds}, and in training it held {wanted}"
        f" ({column.dtype}). {way_out}."
    )


def _units(column: Seen, cells: pl.Series) -> list[str]:
    """Say whether the numbers are a power of ten off."""
    values = numbers(cells)
    now, before = sizes_of(values), column.sizes
    if not now:
        return []
    off = [math.log10(a) - math.log10(b) for a, b in zip(now, before, strict=True)]
    power = round(off[2])
    if not 1 <= abs(power) <= _MOST_POWER or abs(off[2] - power) > _ALIKE:
        return []
    outside = now[2] > 2 * before[4] or now[2] < before[0] / 2
    if np.count_nonzero(~np.isnan(values)) < _FEW_ROWS:
        is_off = outside and abs(power) > 1
    else:
        alike = all(abs(shift - power) < _ALIKE for shift in off[1:4])
        is_off = alike and (outside or abs(power) > 1)
    if not is_off:
        return []
    factor = f"{10.0 ** abs(power):,g}"
    what = "typical size" if column.signed else "median"
    text = (
        f"column {column.column!r} seems to be in other units: its {what} is {now[2]:,.4g}, in"
        f" training it was {before[2]:,.4g} (a factor of {factor})."
    )
    return [f"{text} {'Divide' if power > 0 else 'Multiply'} it by {factor}."]


def _levels(column: Seen, cells: pl.Series) -> list[str]:
    """Say whether no cell has a level of the training rows, and which one may be meant."""
    words = texts(cells).drop_nulls().unique(maintain_order=True)
    if not len(words) or words.is_in(column.levels).any():
        return []
    folded = {level.strip().casefold(): level for level in column.levels}
    meant = [(word, folded[word.casefold()]) for word in words if word.casefold() in folded]
    hint = f"; {meant[0][0]!r} is perhaps {meant[0][1]!r}" if meant else ""
    usual = listing([repr(level) for level in column.levels])
    text = (
        f"column {column.column!r} has none of the levels that are frequent in training ({usual})"
    )
    return [f"{text}{hint}. Write them as they were then."]


def _holds(dtype: pl.DataType) -> str:
    """Return what cells of a type are."""
    if dtype == pl.String or isinstance(dtype, pl.Categorical | pl.Enum):
        return "text"
    if dtype.is_numeric():
        return "numbers"
    if dtype == pl.Boolean:
        return "truth values"
    if isinstance(dtype, pl.Date | pl.Datetime):
        return "dates"
    return f"{str(dtype).split('(')[0].lower()} cells"


def _readable(words: pl.Series) -> int:
    """Count the texts that are plain numerals."""
    return len(words) - words.cast(pl.Float64, strict=False).null_count()
