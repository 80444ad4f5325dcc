"""What each column of a table is, which one is predicted, and how that was decided."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace

import polars as pl

from hiddenlogic.errors import DataError, UnknownNameError, did_you_mean
from hiddenlogic.table import plain
from hiddenlogic.table.cells import days, numbers, seconds, texts, tidy, times, truths
from hiddenlogic.table.dates import DAY_FIRST, FORMATS, TIME_FORMATS
from hiddenlogic.table.duplicates import find_duplicates
from hiddenlogic.table.kinds import KINDS, USED_KINDS, guess_kind, kind_flag
from hiddenlogic.table.read import Table
from hiddenlogic.table.task import TASKS, infer_target, infer_task, refuse_target
from hiddenlogic.table.wording import listing, plural


@dataclass(frozen=True)
class Column:
    """One column: its kind, why, and the flag that overrides it.

    Attributes
    ----------
    name : str
    kind : str
        number, category, boolean, date, time or duration; or one that is left out: constant,
        empty, id, text, duplicate, other, ignore.
    reason : str
        Reads behind "because it".
    flag : str
        For the command line: ``--kind age=category``.
    format : str
        Of dates written as text, ``%Y-%m-%d`` for instance; else empty.
    """

    name: str
    kind: str
    reason: str
    flag: str
    format: str = ""

    @property
    def used(self) -> bool:
        """Whether a network can be fed this column."""
        return self.kind in USED_KINDS


@dataclass(frozen=True)
class Schema:
    """The columns of a table and the task.

    Attributes
    ----------
    columns : tuple of Column
        All but the target, in the order of the table, those left out included.
    target : Column
    task : {'regression', 'binary', 'multiclass'}
    classes : tuple of str
        Labels in the order of their indices, numbers by size, texts by alphabet; empty for
        regression.
    notes : tuple of str
        Every decision about the table as a whole, with the flag that overrides it.
    """

    columns: tuple[Column, ...]
    target: Column
    task: str
    classes: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def features(self) -> tuple[Column, ...]:
        """The columns that the network is fed."""
        return tuple(column for column in self.columns if column.used)

    @property
    def left_out(self) -> tuple[Column, ...]:
        """The columns that it is not fed, with their reasons."""
        return tuple(column for column in self.columns if not column.used)

    def to_json(self) -> dict[str, object]:
        """Return plain data: objects, lists and text."""
        return {
            "columns": [vars(column) for column in self.columns],
            "target": dict(vars(self.target)),
            "task": self.task,
            "classes": list(self.classes),
            "notes": list(self.notes),
        }

    @classmethod
    def from_json(cls, data: object) -> Schema:
        """Check plain data and return the schema.

        Raises
        ------
        FormatError
            If anything is not what `to_json` writes.
        """
        keys = ("columns", "target", "task", "classes", "notes")
        found = plain.record(data, "schema", keys)
        columns = plain.items(found["columns"], "schema.columns", _column_from_json)
        target = _column_from_json(found["target"], "schema.target")
        names = (*(column.name for column in columns), target.name)
        plain.distinct(names, "schema.columns")
        task = plain.text(found["task"], "schema.task", TASKS)
        classes = plain.items(
            found["classes"], "schema.classes", plain.text, least=0 if task == "regression" else 2
        )
        notes = plain.items(found["notes"], "schema.notes", plain.text)
        return cls(columns, target, task, plain.distinct(classes, "schema.classes"), notes)


def infer_schema(
    table: Table | pl.DataFrame,
    *,
    target: str | None = None,
    task: str = "auto",
    kinds: Mapping[str, str] | None = None,
    left_out: Mapping[str, Column] | None = None,
) -> Schema:
    r"""Decide what each column is and what is predicted.

    Parameters
    ----------
    table : Table or polars.DataFrame
        All rows; only the kinds of the cells are looked at, no statistic is taken from them.
    target : str, optional
        The column to predict; the last one if not given.
    task : {'auto', 'regression', 'binary', 'multiclass'}
    kinds : mapping of str to str, optional
        Columns whose kind the user knows better: ``{"zip": "category", "day": "ignore"}``.
    left_out : mapping of str to Column, optional
        Columns that serve another purpose, such as naming the parts of a split: `roles`.

    Returns
    -------
    Schema

    Raises
    ------
    UnknownNameError
        If `target`, `task`, a key or a value of `kinds` is unknown.
    DataError
        If the table has fewer than two rows or columns, the target cannot be learned, or no other
        column can be used.

    Examples
    --------
    >>> import polars as pl
    >>> flats = pl.DataFrame({"town": ["Ulm", "Bonn"] * 3, "m2": [40, 61, 85, 52, 39, 77],
    ...                       "rent": [500.5, 910.0, 880.0, 791.0, 420.0, 1101.5]})
    >>> schema = infer_schema(flats)
    >>> for column in schema.columns:
    ...     print(f"{column.name}: {column.kind}, as it {column.reason} ({column.flag})")
    town: category, as it holds 2 different texts (--kind town=ignore)
    m2: number, as it holds whole numbers from 39 to 85, 6 different ones (--kind m2=category)
    >>> print(*schema.notes, sep="\n")
    target 'rent', the last column (--target)
    task regression: 'rent' holds 6 different numbers (--task)
    """
    frame = table.frame if isinstance(table, Table) else table
    kinds = {} if kinds is None else kinds
    left_out = {} if left_out is None else left_out
    if frame.height < 2:
        raise DataError(
            f"The table has {plural(frame.height, 'row')}; learning needs several, at least 10."
            " Add rows."
        )
    if frame.width < 2:
        raise DataError(
            f"The table has {plural(frame.width, 'column')}; learning needs at least one input"
            " column beside the target. Add columns, or check the delimiter with --delimiter."
        )
    _check_kinds(frame, kinds)
    names = [name for name in frame.columns if name not in left_out or name == target]
    target_name, target_note = infer_target(names, target)
    wanted = _column(frame[target_name], kinds.get(target_name))
    refuse_target(frame[target_name], wanted.kind)
    decided, classes, task_note = infer_task(frame[target_name], wanted.kind, task)
    columns = [
        left_out.get(name) or _column(frame[name], kinds.get(name))
        for name in frame.columns
        if name != target_name
    ]
    columns = _without_duplicates(frame, columns, kinds)
    columns, rescue_notes = _keep_something(frame, columns)
    notes = [target_note, task_note, *_missing_target(frame[target_name]), *rescue_notes]
    flag = f"--target {target_name}"
    return Schema(
        tuple(columns), replace(wanted, flag=flag), decided, classes, tuple(filter(None, notes))
    )


def _column(cells: pl.Series, wished: str | None) -> Column:
    """Return what one column is: as the user says, or as its cells do."""
    if wished is None:
        guess = guess_kind(cells)
        return Column(
            cells.name, guess.kind, guess.reason, kind_flag(cells, guess.kind), guess.format
        )
    pattern = ""
    if wished == "date" and isinstance(cells.dtype, pl.String):
        pattern = guess_kind(cells).format or DAY_FIRST
    elif wished == "time" and isinstance(cells.dtype, pl.String):
        pattern = guess_kind(cells).format or TIME_FORMATS[0]
    _check_readable(cells, wished, pattern)
    return Column(cells.name, wished, "was declared so", kind_flag(cells, wished), pattern)


def _without_duplicates(
    frame: pl.DataFrame, columns: list[Column], kinds: Mapping[str, str]
) -> list[Column]:
    """Leave out columns whose cells are all those of an earlier one, unless they are asked for."""
    used = [column.name for column in columns if column.used]
    same = find_duplicates(frame, used)
    return [
        replace(
            column,
            kind="duplicate",
            reason=f"holds the same cells as {same[column.name]!r}",
            flag=f"--kind {shlex.quote(f'{column.name}={column.kind}')}",
        )
        if column.name in same and column.name not in kinds
        else column
        for column in columns
    ]


def _check_readable(cells: pl.Series, kind: str, format: str) -> None:
    """Raise if a column cannot be read as the kind that the user gave it."""
    if kind == "number":
        numbers(cells)
    elif kind == "boolean":
        truths(cells)
    elif kind == "date":
        days(cells, format)
    elif kind == "time":
        times(cells, format)
    elif kind == "duration":
        seconds(cells)
    elif kind == "category":
        texts(cells)


def _check_kinds(frame: pl.DataFrame, kinds: Mapping[str, str]) -> None:
    """Raise for columns and kinds that do not exist."""
    for name, kind in kinds.items():
        if name not in frame.columns:
            raise UnknownNameError(
                f"The table has no column {name!r} to give the kind {kind!r}; it has"
                f" {listing(frame.columns, 10)}.{did_you_mean(name, frame.columns)}"
            )
        if kind not in KINDS:
            raise UnknownNameError(
                f"The kind of column {name!r} must be one of {', '.join(KINDS)}; got {kind!r}."
                f"{did_you_mean(kind, KINDS)}"
            )


def _keep_something(frame: pl.DataFrame, columns: list[Column]) -> tuple[list[Column], list[str]]:
    """Feed the network a counter of rows rather than nothing; raise if there is not even that."""
    if any(column.used for column in columns):
        return columns, []
    counted = [c for c in columns if c.kind == "id" and frame[c.name].dtype.is_integer()]
    if not counted:
        left_out = listing([f"{c.name!r} ({c.kind})" for c in columns])
        raise DataError(
            f"No column is left to learn from: {left_out}. Pass --kind NAME=category or"
            " --kind NAME=number to use one."
        )
    first = counted[0]
    kept = replace(
        first,
        kind="number",
        reason=f"{first.reason}, but is the only input",
        flag=kind_flag(frame[first.name], "number"),
    )
    note = f"{first.name!r} looks like an id but is used, as the only input ({kept.flag})"
    return [kept if column is first else column for column in columns], [note]


def _missing_target(cells: pl.Series) -> list[str]:
    """Say which rows cannot be learned from for want of a target."""
    first = (tidy(cells).is_null().arg_true() + 1).to_list()
    if not first:
        return []
    are = "has no target and is" if len(first) == 1 else "have no target and are"
    where = f"row {first[0]}" if len(first) == 1 else f"rows {listing(first)}"
    return [f"{plural(len(first), 'row')} ({where}) {are} left out of training"]


def _column_from_json(data: object, where: str) -> Column:
    """Check plain data and return a column."""
    found = plain.record(data, where, ("name", "kind", "reason", "flag", "format"))
    return Column(
        name=plain.text(found["name"], f"{where}.name"),
        kind=plain.text(found["kind"], f"{where}.kind", KINDS),
        reason=plain.text(found["reason"], f"{where}.reason"),
        flag=plain.text(found["flag"], f"{where}.flag"),
        format=plain.text(found["format"], f"{where}.format", ("", *FORMATS, *TIME_FORMATS)),
    )
