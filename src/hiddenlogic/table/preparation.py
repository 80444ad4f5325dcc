"""From the columns of a table to the matrix that a network is fed, fitted on training rows only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError, FormatError
from hiddenlogic.table import plain
from hiddenlogic.table.blocks import Block, arrange, places
from hiddenlogic.table.compare import differences, explained
from hiddenlogic.table.overview import overview
from hiddenlogic.table.renamed import require
from hiddenlogic.table.schema import Schema
from hiddenlogic.table.seen import Seen
from hiddenlogic.table.steps import (
    BooleanStep,
    CalendarStep,
    CategoryStep,
    ClockStep,
    DateStep,
    DurationStep,
    EmbeddedStep,
    HashedStep,
    NumberStep,
    Step,
)
from hiddenlogic.table.steps.choice import fit_step
from hiddenlogic.table.wishes import Wishes, wishes_of
from hiddenlogic.table.wording import listing, plural

_FROM_JSON: dict[str, Callable[[object, str], Step]] = {
    "number": NumberStep.from_json,
    "category": CategoryStep.from_json,
    "embedded": EmbeddedStep.from_json,
    "hashed": HashedStep.from_json,
    "boolean": BooleanStep.from_json,
    "date": DateStep.from_json,
    "calendar": CalendarStep.from_json,
    "time": ClockStep.from_json,
    "duration": DurationStep.from_json,
}


@dataclass(frozen=True)
class Preparation:
    r"""One fitted step a column.

    Attributes
    ----------
    steps : tuple of Step
        In the order of the training table's columns.
    ignored : tuple of str
        Columns of the training table that are not fed to the network, the target among them.
    seen : tuple of Seen
        What the training rows looked like, for comparison with other tables.
    reasons : tuple of str
        Why each of these columns is what it is, first those of the steps, then the ignored ones:
        words of the schema, which looks at all rows, so they do not count in comparisons.

    Examples
    --------
    >>> import numpy as np, polars as pl
    >>> from hiddenlogic.table import infer_schema
    >>> flats = pl.DataFrame({"town": ["Ulm", "Bonn"] * 3, "m2": [40, 61, 85, 52, None, 77],
    ...                       "rent": [500.5, 910.0, 880.0, 791.0, 420.0, 1101.5]})
    >>> schema = infer_schema(flats)
    >>> preparation = Preparation.fit(schema, flats, np.arange(6))
    >>> preparation.feature_names
    ('town = Ulm', 'm2', 'm2 is missing')
    >>> print(*preparation.describe(), sep="\n")
    'town': -1 where it is 'Bonn', +1 where it is 'Ulm'
    'm2': number, (x - 61) / 25, smoothly clipped to ±3; missing: the median 61, and a second input
    that is 1
    >>> preparation.transform(flats.head(1))
    array([[ 1.       , -0.8088898,  0.       ]], dtype=float32)
    """

    steps: tuple[Step, ...]
    ignored: tuple[str, ...] = ()
    seen: tuple[Seen, ...] = ()
    reasons: tuple[str, ...] = field(default=(), compare=False)

    @classmethod
    def fit(
        cls,
        schema: Schema,
        frame: pl.DataFrame,
        rows: NDArray[np.integer],
        *,
        encodings: Wishes = None,
        missing: Wishes = None,
    ) -> Preparation:
        """Learn medians, spreads and levels from some rows and from no others.

        Parameters
        ----------
        schema : Schema
            Which columns are used, and as what.
        frame : polars.DataFrame
        rows : ndarray of integers, shape (n_training_rows,)
            Indices from 0 of the training rows; their order does not matter.
        encodings : str or mapping of str to str, optional
            Names of `encodings.ROWS` by column, such as ``{"age": "quantile"}``; a name alone, or
            the column ``"*"``, is for every column that can have it. If not given, each column's
            kind and training rows decide.
        missing : str or mapping of str to str, optional
            What tells the network of missing numbers: 'indicator' (an input that is 1) or 'learned'
            (a learned number). Default 'indicator'.

        Returns
        -------
        Preparation

        Raises
        ------
        DataError
            If a cell, of any row, cannot be read as the kind of its column, or no input is left,
            or a column cannot have what is wished for.
        UnknownNameError
            If a column or an encoding does not exist.
        """
        require(frame, [column.name for column in schema.features])
        wishes = wishes_of(schema, encodings, missing)
        steps = tuple(
            fit_step(frame[column.name], rows, column, wishes[column.name])
            for column in schema.features
        )
        ignored = (*(column.name for column in schema.left_out), schema.target.name)
        reasons = [
            f"{column.kind}, as it {column.reason}"
            for column in (*schema.features, *schema.left_out)
        ]
        if not any(step.feature_names for step in steps):
            raise DataError(
                f"Every column is the same in all {len(rows)} training rows"
                f" ({listing([repr(step.column) for step in steps])}), so there is nothing to learn"
                " from. Add columns or rows."
            )
        seen = tuple(Seen.of(column, frame[column.name], rows) for column in schema.features)
        return cls(steps, ignored, seen, (*reasons, "the target"))

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that a table must have."""
        return tuple(step.column for step in self.steps)

    @property
    def text_columns(self) -> tuple[str, ...]:
        """The columns to read as text from a file: `read_table(path, text=…)`."""
        kinds = (CategoryStep, EmbeddedStep, HashedStep)
        levels = (step for step in self.steps if isinstance(step, kinds))
        return tuple(step.column for step in levels if step.text)

    @cached_property
    def feature_names(self) -> tuple[str, ...]:
        """One name for each column of the matrix."""
        named: list[str] = [""] * sum(len(step.feature_names) for step in self.steps)
        for step, columns in zip(self.steps, self._places, strict=True):
            for column, name in zip(columns, step.feature_names, strict=True):
                named[column] = name
        return tuple(named)

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """What the columns of the matrix are, in their order; `models.front` begins with them."""
        return arrange([step.blocks for step in self.steps])

    @cached_property
    def _places(self) -> list[range | list[int]]:
        """Where in the matrix the columns of each step lie."""
        return places([step.blocks for step in self.steps])

    def without_clip(self) -> Preparation:
        """Return the same without the smooth clip, which bends straight lines.

        Returns
        -------
        Preparation
            Equal to this one where nothing is clipped. A cell further than a million spreads from
            the median counts as that far, and `warnings` says so.
        """
        return replace(self, steps=tuple(step.without_clip() for step in self.steps))

    def transform(self, frame: pl.DataFrame) -> NDArray[np.float32]:
        """Turn rows into inputs.

        Parameters
        ----------
        frame : polars.DataFrame
            With the training columns in any order; other columns are ignored.

        Returns
        -------
        ndarray of float32, shape (n_rows, n_features)
            C-contiguous. A row has the same bits whatever rows are beside it.

        Raises
        ------
        SchemaError
            If columns are missing, or one is of another type than in training.
        DataError
            If a cell is not of the kind of its column, or infinite; names row (from 1) and value.
        """
        require(frame, self.columns, self.seen)
        out = np.empty((frame.height, len(self.feature_names)), np.float32)
        for step, columns in zip(self.steps, self._places, strict=True):
            cells = frame[step.column]
            together = isinstance(columns, range)
            own = (
                out[:, columns.start : columns.stop]
                if together
                else np.empty((frame.height, len(columns)), np.float32)
            )
            try:
                step.write(cells, own)
            except DataError as error:
                raise explained(error, self.seen, cells) from None
            if not together:
                out[:, columns] = own
        return out

    def warnings(self, frame: pl.DataFrame) -> list[str]:
        """Say what is new in a table: levels, gaps, cells too far off, other units, columns."""
        require(frame, self.columns, self.seen)
        found = [text for step in self.steps for text in step.warnings(frame[step.column])]
        found += differences(self.seen, frame)
        known = {*self.columns, *self.ignored}
        extra = [repr(name) for name in frame.columns if name not in known]
        if extra:
            found.append(f"{plural(len(extra), 'extra column')} ignored: {listing(extra)}")
        return found

    def describe(self) -> list[str]:
        """Say what is done to each column, a sentence each."""
        return [step.describe() for step in self.steps]

    def __str__(self) -> str:
        """Write what is done to which column and why; very many columns are counted."""
        return overview(self.steps, self.ignored, self.reasons)

    def to_json(self) -> dict[str, object]:
        """Return plain data: objects, lists, text and finite numbers."""
        return {
            "steps": [step.to_json() for step in self.steps],
            "ignored": list(self.ignored),
            "seen": [column.to_json() for column in self.seen],
            "reasons": list(self.reasons),
        }

    @classmethod
    def from_json(cls, data: object) -> Preparation:
        """Check plain data and return the preparation.

        Raises
        ------
        FormatError
            If anything is not what `to_json` writes.
        """
        keys = ("steps", "ignored", "seen", "reasons")
        found = plain.record(_as_written_now(data), "preparation", keys)
        steps = plain.items(found["steps"], "preparation.steps", _step_from_json, least=1)
        plain.distinct(tuple(step.column for step in steps), "preparation.steps")
        ignored = plain.items(found["ignored"], "preparation.ignored", plain.text)
        seen = plain.items(found["seen"], "preparation.seen", Seen.from_json)
        reasons = plain.items(found["reasons"], "preparation.reasons", plain.text)
        made = cls(steps, ignored, seen, reasons)
        if not made.feature_names:
            raise FormatError("The model file is damaged: `preparation.steps` gives no input.")
        return made


def _as_written_now(data: object) -> object:
    """Return what 0.1.0's first files say, which knew neither what was seen nor why."""
    if not isinstance(data, dict) or "reasons" in data:
        return cast("object", data)
    found: dict[str, object] = {"seen": [], "reasons": []}
    return found | cast("dict[str, object]", data)


def _step_from_json(data: object, where: str) -> Step:
    """Check plain data and return the step of its kind."""
    found: object = data
    kind = cast("dict[object, object]", found).get("kind") if isinstance(found, dict) else None
    return _FROM_JSON[plain.text(kind, f"{where}.kind", tuple(_FROM_JSON))](data, where)
