"""A column of numbers: encoded, and with a way to tell of missing cells."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.blocks import Block
from hiddenlogic.table.cells import numbers
from hiddenlogic.table.encodings import FIT, Encoding, encoding_from_json
from hiddenlogic.table.encodings.choice import automatic
from hiddenlogic.table.encodings.robust import RobustScale
from hiddenlogic.table.steps.step import missing_name, missing_warning


@dataclass(frozen=True)
class NumberStep:
    """Encoded number; a missing cell is the training median, and says that it is missing.

    Attributes
    ----------
    column : str
    encoding : Encoding
    missing : bool
        Whether a training cell was missing: then a further input is 1 where a cell is, else 0.
    learned : bool
        Whether a missing cell gets a learned value instead: further inputs tell the network where
        to add it, one for each input of the number.
    """

    column: str
    encoding: Encoding
    missing: bool
    learned: bool = False

    @classmethod
    def fit(
        cls,
        cells: pl.Series,
        rows: NDArray[np.integer],
        encoding: str | None = None,
        *,
        learned: bool = False,
    ) -> NumberStep:
        """Learn from the training rows; without the name of an encoding, choose it by them."""
        return cls.fit_values(cells.name, numbers(cells)[rows], encoding, learned=learned)

    @classmethod
    def fit_values(
        cls,
        name: str,
        values: NDArray[np.float64],
        encoding: str | None = None,
        *,
        learned: bool = False,
    ) -> NumberStep:
        """Learn from numbers, NaN where missing."""
        gaps = np.isnan(values)
        present = values[~gaps]
        # Equal values have no scale, no ranks and no bins: they become 0.
        differ = len(present) and present.min() < present.max()
        wanted = (encoding or automatic(present)) if differ else RobustScale.name
        missing = bool(gaps.any())
        return cls(name, FIT[wanted](present, name), missing, learned and missing)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The encoded number, and whether it is missing."""
        names = self.encoding.feature_names(self.column)
        if self.learned:
            return (*names, *(f"gap of {name}" for name in names))
        return (*names, missing_name(self.column)) if self.missing else names

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All inputs in one if they are alike."""
        role, width = self.encoding.role, self.encoding.width
        if self.learned:
            return (
                Block(self.column, 0, width, role, filled=True),
                Block(self.column, 0, width, "gaps", fills=role),
            )
        if self.missing and role != "values":
            return Block(self.column, 0, width, role), Block(self.column, 0, 1)
        return (Block(self.column, 0, width + self.missing, role),)

    def write(self, cells: pl.Series, out: NDArray[np.float32]) -> None:
        """Fill `out` from numbers."""
        self.write_values(numbers(cells), out)

    def write_values(self, values: NDArray[np.float64], out: NDArray[np.float32]) -> None:
        """Fill `out` from values that are NaN where missing."""
        width = self.encoding.width
        out[:, :width] = self.encoding(values).reshape(len(values), width)
        if self.missing:
            out[:, width:] = np.isnan(values)[:, None]

    def warnings(self, cells: pl.Series) -> list[str]:
        """Count missing cells if there were none in training, and cells too far off."""
        return self.warnings_for(numbers(cells))

    def warnings_for(self, values: NDArray[np.float64]) -> list[str]:
        """Say the same of values that are NaN where missing."""
        stand_in = self.encoding.stand_in
        found = [] if self.missing else missing_warning(self.column, np.isnan(values), stand_in)
        far = self.encoding.far_off(values)
        return [*found, f"column {self.column!r}: {far}"] if far else found

    def without_clip(self) -> NumberStep:
        """Return the step that does not bend its numbers."""
        return replace(self, encoding=self.encoding.without_clip())

    def describe(self) -> str:
        """Say in one sentence what is done."""
        return f"{self.column!r}: {self.describe_encoding('number')}"

    def describe_encoding(self, what: str) -> str:
        """Say how the number is encoded and what a missing cell is."""
        encoded = self.encoding.describe(what)
        stand_in = self.encoding.stand_in.replace("training ", "")
        if self.learned:
            return f"{encoded}; missing: {stand_in} and a learned number"
        if not self.missing:
            return encoded
        more = "a second" if self.encoding.width == 1 else "a further"
        return f"{encoded}; missing: {stand_in}, and {more} input that is 1"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "kind": "number",
            "column": self.column,
            "encoding": self.encoding.to_json(),
            "missing": self.missing,
            "learned": self.learned,
        }

    @classmethod
    def from_json(cls, data: object, where: str) -> NumberStep:
        """Check plain data and return the step."""
        keys = ("kind", "column", "encoding", "missing", "learned")
        found = plain.record(_as_written_now(data), where, keys)
        missing = plain.flag(found["missing"], f"{where}.missing")
        return cls(
            column=plain.text(found["column"], f"{where}.column"),
            encoding=encoding_from_json(found["encoding"], f"{where}.encoding"),
            missing=missing,
            learned=plain.flag(found["learned"], f"{where}.learned") and missing,
        )


def _as_written_now(data: object) -> object:
    """Return what 0.1.0's first files say of a number, which knew the robust scale only."""
    if not isinstance(data, dict) or "center" not in data:
        return cast("object", data)
    found = dict(cast("dict[str, object]", data))
    scale = {"name": RobustScale.name}
    scale |= {key: found.pop(key) for key in ("center", "spread", "clip") if key in found}
    return found | {"encoding": scale, "learned": False}
