"""A column of durations: seconds, then a number like any other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.blocks import Block
from hiddenlogic.table.cells import seconds
from hiddenlogic.table.steps.number import NumberStep


@dataclass(frozen=True)
class DurationStep:
    """Seconds, encoded as a number.

    Attributes
    ----------
    number : NumberStep
    """

    number: NumberStep

    @classmethod
    def fit(
        cls,
        cells: pl.Series,
        rows: NDArray[np.integer],
        encoding: str | None = None,
        *,
        learned: bool = False,
    ) -> DurationStep:
        """Learn from the training rows; without the name of an encoding, choose it by them."""
        values = seconds(cells)[rows]
        return cls(NumberStep.fit_values(cells.name, values, encoding, learned=learned))

    @property
    def column(self) -> str:
        """Name of the column."""
        return self.number.column

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The encoded seconds, and whether they are missing."""
        return self.number.feature_names

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Those of the number."""
        return self.number.blocks

    def write(self, cells: pl.Series, out: NDArray[np.float32]) -> None:
        """Fill `out` from durations."""
        self.number.write_values(seconds(cells), out)

    def warnings(self, cells: pl.Series) -> list[str]:
        """Count missing cells if there were none in training, and cells too far off."""
        return self.number.warnings_for(seconds(cells))

    def without_clip(self) -> DurationStep:
        """Return the step that does not bend its seconds."""
        return replace(self, number=self.number.without_clip())

    def describe(self) -> str:
        """Say in one sentence what is done."""
        return f"{self.column!r}: {self.number.describe_encoding('seconds')}"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"kind": "duration", "number": self.number.to_json()}

    @classmethod
    def from_json(cls, data: object, where: str) -> DurationStep:
        """Check plain data and return the step."""
        found = plain.record(data, where, ("kind", "number"))
        return cls(NumberStep.from_json(found["number"], f"{where}.number"))
