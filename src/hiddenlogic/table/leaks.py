"""Columns that know the target too well to have been known before it."""

from __future__ import annotations

import math
import shlex

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table.cells import days, numbers, seconds, texts, times, truths
from hiddenlogic.table.chance import log_chance_of_levels, log_chance_of_order
from hiddenlogic.table.dates import FORMATS
from hiddenlogic.table.schema import Column, Schema

# So many rows say whether a column is worth a look at all of them.
_GLANCE = 4_000
# And in so few a column that knows little shows it, as nearly all columns do.
_FIRST = 100
# What chance brings about once in a thousand million tables is told as no chance.
_CHANCE = 1e-9
# A correlation from which on a number is the target with a little noise, or in other units.
_CORRELATION = 0.999
# Of fewer rows any correlation may be met.
_LEAST_ROWS = 20


def find_leaks(schema: Schema, frame: pl.DataFrame, rows: NDArray[np.integer]) -> list[str]:
    r"""Name the columns that determine the target in the training rows.

    Parameters
    ----------
    schema : Schema
        Columns that it leaves out are not looked at, except ids.
    frame : polars.DataFrame
    rows : ndarray of integers, shape (n_training_rows,)

    Returns
    -------
    list of str
        A sentence a column, with the flag that leaves it out. Whether the column could be known
        before the target, the table cannot say: nothing is left out for it.

    Notes
    -----
    A column is named if it is a copy, if it puts numbers in their order or classes apart without
    exception, if each of its repeated values has one target only, or if its correlation with a
    number is 0.999 or more. What chance would do is excluded by the probability, under any order of
    the rows, of so perfect a table: below 1e-9 over all columns. Up to 4,000 rows are looked at
    first, and all of them only where these have no exception.

    Examples
    --------
    >>> import numpy as np, polars as pl
    >>> from hiddenlogic.table import infer_schema
    >>> price = np.random.default_rng(0).lognormal(size=60)
    >>> flats = pl.DataFrame({"tax": price * 0.19, "m2": np.arange(60) % 7 * 1.5, "price": price})
    >>> print(*find_leaks(infer_schema(flats), flats, np.arange(60)), sep="\n")
    'tax' puts 'price' in order without exception; leave it out if it is not known before
    (--kind tax=ignore)
    """
    rows = np.sort(rows).astype(np.int64)
    places = np.linspace(0, len(rows) - 1, min(len(rows), _GLANCE)).astype(np.int64)
    glance = rows[places]
    looked_at = [column for column in schema.columns if column.used or column.kind == "id"]
    evidence = -math.log(_CHANCE / max(len(looked_at), 1))
    few, every = _target(schema, frame, glance), None
    found: list[str] = []
    for column in looked_at:
        what = _finding(schema, column, frame[column.name], glance, few, evidence)
        if what and len(glance) < len(rows):
            every = _target(schema, frame, rows) if every is None else every
            what = _finding(schema, column, frame[column.name], rows, every, evidence)
        if what:
            found.append(_sentence(column, what))
    return found


def _target(schema: Schema, frame: pl.DataFrame, rows: NDArray[np.integer]) -> NDArray[np.float64]:
    """Return the target as numbers, classes as their codes."""
    cells = frame[schema.target.name].gather(rows)
    return numbers(cells) if schema.task == "regression" else _codes(cells)


def _finding(
    schema: Schema,
    column: Column,
    cells: pl.Series,
    rows: NDArray[np.integer],
    target: NDArray[np.float64],
    evidence: float,
) -> str:
    """Return what a column knows of the target of these rows, or nothing."""
    values = _values(column, cells.gather(rows))
    if values is None:
        return ""
    present = ~np.isnan(values) & ~np.isnan(target)
    x, y = values[present], target[present]
    if len(x) < 2 or np.all(x == x[0]) or np.all(y == y[0]):
        return ""
    name, numeric = repr(schema.target.name), schema.task == "regression"
    ordered = column.kind != "category"
    if not _has_exception(x, y, ordered, numeric):
        in_order, pure, levels = _perfection(x, y, numeric)
        if ordered and in_order and -log_chance_of_order(x, y, classes=not numeric) > evidence:
            if not numeric:
                return f"tells the classes of {name} apart without exception"
            copy = np.array_equal(x, y)
            return f"is a copy of {name}" if copy else f"puts {name} in order without exception"
        if pure and -log_chance_of_levels(levels, y) > evidence:
            return f"has one {name} only for each of its values"
    if numeric and ordered and len(x) >= _LEAST_ROWS:
        r = float(np.corrcoef(_unit(x), _unit(y))[0, 1])
        if abs(r) >= _CORRELATION:
            return f"follows {name} with a correlation of {r:.4f}"
    return ""


def _has_exception(
    x: NDArray[np.float64], y: NDArray[np.float64], ordered: bool, numeric: bool
) -> bool:
    """Whether a few rows say already that a column neither orders nor determines the target."""
    in_order, pure, _ = _perfection(x[:_FIRST], y[:_FIRST], numeric)
    if ordered and in_order:
        return False
    return not pure or len(np.unique(x)) == len(x)


def _perfection(
    x: NDArray[np.float64], y: NDArray[np.float64], numeric: bool
) -> tuple[bool, bool, int]:
    """Return whether x orders y, whether each value of x has one y only, and how many values."""
    order = np.lexsort((y, x))
    xs, ys = x[order], y[order]
    new, same = xs[1:] != xs[:-1], ys[1:] == ys[:-1]
    pure, levels = bool(np.all(new | same)), 1 + int(np.count_nonzero(new))
    if not numeric:
        runs = int(np.count_nonzero(~same)) + 1
        return pure and runs == len(np.unique(y)), pure, levels
    # Within equal x the order of y is free: it is chosen to suit the direction.
    falling = y[np.lexsort((-y, x))]
    in_order = np.all(ys[1:] >= ys[:-1]) or np.all(falling[1:] <= falling[:-1])
    return bool(in_order), pure, levels


def _values(column: Column, cells: pl.Series) -> NDArray[np.float64] | None:
    """Return cells as numbers that are equal where the cells are; None for ids of text."""
    if column.kind == "number":
        return numbers(cells)
    if column.kind == "boolean":
        return truths(cells)
    if column.kind == "date":
        return days(cells, column.format or FORMATS[0])
    if column.kind == "time":
        return times(cells, column.format)
    if column.kind == "duration":
        return seconds(cells)
    if column.kind == "category":
        return _codes(cells)
    return numbers(cells) if cells.dtype.is_numeric() else None


def _codes(cells: pl.Series) -> NDArray[np.float64]:
    """Return texts as numbers, NaN where missing."""
    ranks = texts(cells).rank("dense").cast(pl.Float64)
    return np.asarray(ranks.fill_null(float("nan")).to_numpy(), np.float64)


def _unit(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return numbers as shares of the largest, whose squares do not overflow."""
    return values / np.abs(values).max()


def _sentence(column: Column, what: str) -> str:
    """Say what was found and what can be done."""
    if column.kind == "id":
        return f"{column.name!r} {what}, though it is an id; it is left out ({column.flag})"
    flag = shlex.quote(f"{column.name}=ignore")
    return f"{column.name!r} {what}; leave it out if it is not known before (--kind {flag})"
