"""Columns that say how rows are split: they are no inputs."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

import polars as pl

from hiddenlogic.errors import DataError
from hiddenlogic.table.given_split import names_parts
from hiddenlogic.table.schema import Column, Schema


def columns_of_splits(
    frame: pl.DataFrame,
    kinds: Mapping[str, str],
    *,
    target: str | None = None,
    groups: str | None = None,
    split_column: str | None = None,
) -> dict[str, Column]:
    """Return the columns to leave out because of what they say about the split.

    Parameters
    ----------
    frame : polars.DataFrame
    kinds : mapping of str to str
        Columns that the user wants to be something are left as they are.
    target, groups, split_column : str, optional

    Returns
    -------
    dict of str to Column
        The split column, and beside it those that name the parts of other splits; and the groups,
        as those of later rows are new ones.

    Raises
    ------
    DataError
        If the target is one of them.
    """
    for what, name in (("group", groups), ("split", split_column)):
        if name is not None and name == target:
            raise DataError(
                f"The column {name!r} cannot be both the target and the {what} column. Choose"
                f" another one with --{what}-column."
            )
    found: dict[str, Column] = {}
    if groups in frame.columns and groups not in kinds:
        found[groups] = _left_out(groups, "names the groups that are kept whole")
    if split_column in frame.columns:
        reason = "says which part each row is in"
        found[split_column] = Column(split_column, "ignore", reason, "--split-column")
        others = (name for name in frame.columns if name not in (split_column, target, *kinds))
        for name in others:
            if names_parts(frame[name]):
                found[name] = _left_out(name, "names the parts of another split")
    return found


def unused_split(schema: Schema, frame: pl.DataFrame, kinds: Mapping[str, str]) -> list[str]:
    """Point at columns that name the parts of a split and are about to become inputs."""
    return [
        f"{column.name!r} names the parts of a split but is used as an input; to split by it:"
        f" --split-column {shlex.quote(column.name)}"
        for column in schema.features
        if column.name not in kinds and names_parts(frame[column.name])
    ]


def _left_out(name: str, reason: str) -> Column:
    """Return a column that the user may still ask for."""
    return Column(name, "ignore", reason, f"--kind {shlex.quote(f'{name}=category')}")
