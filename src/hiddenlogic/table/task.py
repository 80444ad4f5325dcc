"""Which column is predicted, and whether that is a number or a class."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError, UnknownNameError, did_you_mean
from hiddenlogic.table.cells import numbers, tidy
from hiddenlogic.table.kinds import distinct_texts
from hiddenlogic.table.wording import listing, plural

TASKS = ("regression", "binary", "multiclass")
# Whole numbers of at most this many values are classes …
_FEW_CLASSES = 10
# … or of this many if they run from 0 or 1 without a gap, which measurements seldom do.
_MOST_CODES = 30
# The squares of errors and their sums stay below 1.8e308 for any number of rows.
_MOST_MEASURED = 1e145
# A class needs rows to be learned from; fewer in the mean and the whole numbers are quantities.
_ROWS_A_CLASS = 10
# Numbers that the user declares to be labels.
_CLASS_KINDS = ("category", "boolean")
# Beyond this a target of text is no longer a choice between classes.
_MOST_CLASSES = 1_000


def infer_target(names: Sequence[str], wished: str | None) -> tuple[str, str]:
    """Return the column to predict and a note; the last column unless one is wished for.

    Raises
    ------
    UnknownNameError
        If there is no such column.
    """
    if wished is None:
        return names[-1], f"target {names[-1]!r}, the last column (--target)"
    if wished not in names:
        raise UnknownNameError(
            f"The table has no column {wished!r} to predict; it has {listing(names, 10)}."
            f"{did_you_mean(wished, names)}"
        )
    return wished, ""


def refuse_target(cells: pl.Series, kind: str) -> None:
    """Raise for a target from which nothing can be learned.

    Raises
    ------
    DataError
        If all cells are missing or the same, a number is infinite, or the column holds dates or
        nested cells.
    """
    name, ways_out = cells.name, "Choose another column with --target"
    if kind in ("date", "time", "duration", "other"):
        what = f"{kind}s" if kind != "other" else "cells that are neither numbers nor text"
        raise DataError(
            f"The target {name!r} holds {what}, which cannot be predicted. {ways_out}, or write it"
            " as a number."
        )
    present = tidy(cells).drop_nulls()
    if not len(present):
        raise DataError(
            f"The target {name!r} has no values: all {len(cells)} cells are missing. {ways_out}, or"
            " fill it in."
        )
    if present.n_unique() == 1:
        only = present[0]
        number = present.dtype.is_numeric()
        what = f"the number {only}" if number else f"one class, {str(only)!r},"
        raise DataError(
            f"The target {name!r} holds only {what} in all {len(present)} rows, so there is nothing"
            f" to learn. {ways_out}."
        )
    if cells.dtype.is_numeric():
        _refuse_unmeasurable(name, numbers(cells))


def _refuse_unmeasurable(name: str, values: NDArray[np.float64]) -> None:
    """Raise for numbers whose errors cannot be squared and added up."""
    far = np.flatnonzero(np.abs(values) > _MOST_MEASURED)
    if len(far):
        raise DataError(
            f"The target {name!r} is {values[far[0]]:g} in row {far[0] + 1}; numbers beyond"
            f" {_MOST_MEASURED:g} have squares that a 64-bit number cannot hold. Correct that cell,"
            " or divide the column by a power of ten."
        )


def infer_task(cells: pl.Series, kind: str, wished: str) -> tuple[str, tuple[str, ...], str]:
    """Return the task, the classes and a note.

    Parameters
    ----------
    cells : polars.Series
        The target, not refused by `refuse_target`.
    kind : str
        Its kind.
    wished : {'auto', 'regression', 'binary', 'multiclass'}

    Raises
    ------
    UnknownNameError
        If `wished` is none of these.
    DataError
        If the target cannot be what is wished.
    """
    if wished not in ("auto", *TASKS):
        raise UnknownNameError(
            f"`task` must be one of auto, {', '.join(TASKS)}; got {wished!r}."
            f"{did_you_mean(wished, ('auto', *TASKS))}"
        )
    name = cells.name
    quantity = kind == "number" or (cells.dtype.is_numeric() and kind not in _CLASS_KINDS)
    if wished == "regression":
        if not quantity:
            raise DataError(
                f"The target {name!r} holds {_kind_of_cells(cells)}, so it cannot be predicted as a"
                " number. Leave --task out, or choose another column with --target."
            )
        numbers(cells)
        return "regression", (), ""
    cells = tidy(cells)
    distinct = cells.drop_nulls().n_unique()
    if wished == "auto" and quantity and (why := _quantity(cells, distinct)):
        return "regression", (), f"task regression: {name!r} {why} (--task)"
    if distinct > min(_MOST_CLASSES, max(2, len(cells) // 2)):
        way_out = ", or pass --task regression" if quantity else ""
        raise DataError(
            f"The target {name!r} holds {distinct:,} different values in"
            f" {plural(len(cells), 'row')}, too many to be classes. Choose another column with"
            f" --target{way_out}."
        )
    classes = tuple(distinct_texts(cells))
    if wished == "binary" and len(classes) != 2:
        raise DataError(
            f"The target {name!r} has {len(classes)} classes ({listing(classes)}), and task"
            " 'binary' needs 2. Pass --task multiclass."
        )
    if wished != "auto":
        return wished, classes, ""
    task = "binary" if len(classes) == 2 else "multiclass"
    what = "different whole numbers" if quantity else f"different {_kind_of_cells(cells)}"
    if len(classes) == 2:
        what = "different values"
    shown = listing(classes)
    return task, classes, f"task {task}: {name!r} holds {len(classes)} {what}: {shown} (--task)"


def _quantity(cells: pl.Series, distinct: int) -> str:
    """Return why numbers are amounts and not classes; empty if they may be classes."""
    if distinct == 2:
        return ""
    whole = cells.dtype.is_integer()
    if whole and distinct * _ROWS_A_CLASS <= len(cells):
        low, high = int(numbers(cells.drop_nulls()).min()), int(numbers(cells.drop_nulls()).max())
        gapless = low in (0, 1) and high - low + 1 == distinct
        if distinct <= _FEW_CLASSES or (gapless and distinct <= _MOST_CODES):
            return ""
    return f"holds {distinct:,} different numbers"


def _kind_of_cells(cells: pl.Series) -> str:
    """Return 'truth values' or 'texts'."""
    return "truth values" if cells.dtype == pl.Boolean else "texts"
