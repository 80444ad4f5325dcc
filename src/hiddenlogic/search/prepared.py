"""A table made ready for networks: columns decided, rows shared out, steps fitted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from hiddenlogic.search.events import Listener, Note
from hiddenlogic.search.problem import Part, Problem
from hiddenlogic.table import (
    Preparation,
    Schema,
    Split,
    Table,
    TargetPreparation,
    infer_schema,
    split_rows,
)
from hiddenlogic.table.leaks import find_leaks
from hiddenlogic.table.roles import columns_of_splits, unused_split
from hiddenlogic.table.wishes import Wishes

_MOST_DECISIONS = 50


@dataclass(frozen=True)
class Prepared:
    """A table, ready for networks.

    Parameters
    ----------
    table : Table
    schema : Schema
    split : Split
    preparation : Preparation
    target : TargetPreparation
        Both fitted on the training rows only.
    straight : Preparation
        The same without the smooth clip, which bends a straight line.
    """

    table: Table
    schema: Schema
    split: Split
    preparation: Preparation
    target: TargetPreparation
    straight: Preparation

    def inputs(self, clipped: bool) -> Preparation:
        """The preparation with the smooth clip or without."""
        return self.preparation if clipped else self.straight

    def parts(self, clipped: bool) -> tuple[Part, Part]:
        """The training and the validation rows as matrices, with the smooth clip or without."""
        frames = [self.table.frame[rows] for rows in (self.split.train, self.split.validation)]
        train, validation = (
            Part(self.inputs(clipped).transform(frame), self.target.transform(frame))
            for frame in frames
        )
        return train, validation

    def problem(self) -> Problem:
        """What networks are trained on and chosen by; the held-out rows stay closed."""
        train, validation = self.parts(clipped=True)
        return Problem(
            task=self.schema.task,  # pyright: ignore[reportArgumentType]
            n_classes=len(self.schema.classes),
            train=train,
            validation=validation,
            unit=self.target.std,
            straight=None if self.straight == self.preparation else self.parts(clipped=False),
            blocks=self.preparation.blocks,
            log=self.target.scale == "log",
        )


def prepare(
    table: Table,
    target: str | None,
    task: str,
    kinds: Mapping[str, str],
    seed: int,
    listener: Listener,
    *,
    groups: str | None = None,
    time: str | None = None,
    split_column: str | None = None,
    encodings: Wishes = None,
    missing: Wishes = None,
    target_scale: str = "auto",
) -> Prepared:
    """Decide, tell, split, and fit every step on the training rows only.

    Parameters
    ----------
    table : Table
    target : str or None
        The column to predict; the last one if None.
    task : {"auto", "regression", "binary", "multiclass"}
    kinds : mapping of str to str
        Columns whose kind is known better than it can be inferred.
    seed : int
        Of the split.
    listener : callable
        Gets each decision as a `Note`.
    groups, time, split_column : str, optional
        At most one of them: how `split_rows` shares out the rows, at random if none is given.
    encodings, missing : str or mapping of str to str, optional
        As `Preparation.fit` has them.
    target_scale : {"auto", "standard", "log"}
        Of a number to predict: see `TargetPreparation.fit`.

    Returns
    -------
    Prepared

    Raises
    ------
    DataError, RangeError, UnknownNameError
        If the table cannot be learned from, or not be split in this way.
    """
    frame = table.frame
    left_out = columns_of_splits(
        frame, kinds, target=target, groups=groups, split_column=split_column
    )
    schema = infer_schema(table, target=target, task=task, kinds=kinds, left_out=left_out)
    split = split_rows(
        schema, frame, seed=seed, groups=groups, time=time, split_column=split_column
    )
    hints = unused_split(schema, frame, kinds)
    fitted = TargetPreparation.fit(schema, frame, split.train, target_scale)
    notes = (*table.notes, *schema.notes, *_ways(split), *hints, *_decisions(schema))
    for note in (*notes, *_scale(fitted), *find_leaks(schema, frame, split.train)):
        listener(Note(note))
    preparation = Preparation.fit(schema, frame, split.train, encodings=encodings, missing=missing)
    straight = preparation.without_clip()
    known = preparation.warnings(frame)
    for warning in straight.warnings(frame):
        if warning not in known:
            listener(Note(f"for the straight line, {warning}"))
    return Prepared(
        table=table,
        schema=schema,
        split=split,
        preparation=preparation,
        target=fitted,
        straight=straight,
    )


def _ways(split: Split) -> list[str]:
    """How the rows were split, unless at random, and what should be known about it."""
    how = [] if split.how == "at random" else [f"rows are split {split.how}"]
    return [*how, *split.notes]


def _scale(target: TargetPreparation) -> list[str]:
    """Why the logarithm of the target is taken."""
    if not target.reason:
        return []
    why = f"the logarithm of {target.column!r} is predicted because it {target.reason}"
    return [f"{why} (--target-scale standard)"]


def _decisions(schema: Schema) -> list[str]:
    """What each column is taken for and why; of very many columns at least those left out."""
    used = [
        f"{column.name!r} is a {column.kind} because it {column.reason} ({column.flag})"
        for column in schema.features
    ]
    if len(used) > _MOST_DECISIONS:
        used[_MOST_DECISIONS:] = [f"… and {len(used) - _MOST_DECISIONS} more columns"]
    return used + [
        f"{column.name!r} is left out ({column.kind}) because it {column.reason} ({column.flag})"
        for column in schema.left_out
    ]
