"""A column of dates: days since 1970-01-01, then a number like any other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.cells import days
from hiddenlogic.table.dates import FORMATS
from hiddenlogic.table.steps.measured import MeasuredStep
from hiddenlogic.table.steps.number import NumberStep


@dataclass(frozen=True)
class DateStep(MeasuredStep):
    """Days since 1970-01-01 (hours as fractions), scaled as a number.

    Attributes
    ----------
    number : NumberStep
    format : str
        Of dates written as text; empty where the training table held dates.
    """

    measure: ClassVar[str] = "days since 1970-01-01"

    format: str

    @classmethod
    def fit(cls, cells: pl.Series, rows: NDArray[np.integer], format: str) -> DateStep:
        """Learn median and spread from the training rows."""
        return cls.fit_days(cells.name, days(cells, format or FORMATS[0])[rows], format)

    @classmethod
    def fit_days(cls, name: str, values: NDArray[np.float64], format: str) -> DateStep:
        """Learn from days, NaN where missing."""
        return cls(NumberStep.fit_values(name, values, "robust"), format)

    def measured(self, cells: pl.Series) -> NDArray[np.float64]:
        """Return the cells as days; text is read as ISO dates where training saw real dates."""
        return days(cells, self.format or FORMATS[0])

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"kind": "date", "format": self.format, "number": self.number.to_json()}

    @classmethod
    def from_json(cls, data: object, where: str) -> DateStep:
        """Check plain data and return the step."""
        found = plain.record(data, where, ("kind", "format", "number"))
        return cls(
            format=plain.text(found["format"], f"{where}.format", ("", *FORMATS)),
            number=NumberStep.from_json(found["number"], f"{where}.number"),
        )
