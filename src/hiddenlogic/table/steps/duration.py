"""A column of durations: seconds, then a number like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.cells import seconds
from hiddenlogic.table.steps.measured import MeasuredStep
from hiddenlogic.table.steps.number import NumberStep


@dataclass(frozen=True)
class DurationStep(MeasuredStep):
    """Seconds, encoded as a number.

    Attributes
    ----------
    number : NumberStep
    """

    measure: ClassVar[str] = "seconds"

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

    def measured(self, cells: pl.Series) -> NDArray[np.float64]:
        """Return the cells as seconds."""
        return seconds(cells)

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"kind": "duration", "number": self.number.to_json()}

    @classmethod
    def from_json(cls, data: object, where: str) -> DurationStep:
        """Check plain data and return the step."""
        found = plain.record(data, where, ("kind", "number"))
        return cls(NumberStep.from_json(found["number"], f"{where}.number"))
