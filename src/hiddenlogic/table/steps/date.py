"""A column of dates: days since 1970-01-01, then a number like any other."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.blocks import Block
from hiddenlogic.table.cells import days
from hiddenlogic.table.dates import FORMATS
from hiddenlogic.table.steps.number import NumberStep


@dataclass(frozen=True)
class DateStep:
    """Days since 1970-01-01 (hours as fractions), scaled as a number.

    Attributes
    ----------
    format : str
        Of dates written as text; empty where the training table held dates.
    number : NumberStep
    """

    format: str
    number: NumberStep

    @classmethod
    def fit(cls, cells: pl.Series, rows: NDArray[np.integer], format: str) -> DateStep:
        """Learn median and spread from the training rows."""
        values = days(cells, format or FORMATS[0])[rows]
        return cls(format, NumberStep.fit_values(cells.name, values, "robust"))

    @property
    def column(self) -> str:
        """Name of the column."""
        return self.number.column

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The column, and whether it is missing."""
        return self.number.feature_names

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All inputs in one."""
        return self.number.blocks

    def write(self, cells: pl.Series, out: NDArray[np.float32]) -> None:
        """Fill `out` from dates, or from text in the format."""
        self.number.write_values(self.days(cells), out)

    def warnings(self, cells: pl.Series) -> list[str]:
        """Count missing cells if there were none in training, and cells too far off."""
        return self.number.warnings_for(self.days(cells))

    def without_clip(self) -> DateStep:
        """Return the step that does not bend its days."""
        return replace(self, number=self.number.without_clip())

    def describe(self) -> str:
        """Say in one sentence what is done."""
        return f"{self.column!r}: {self.number.describe_encoding('days since 1970-01-01')}"

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

    def days(self, cells: pl.Series) -> NDArray[np.float64]:
        """Return the cells as days; text is read as ISO dates where training saw real dates."""
        return days(cells, self.format or FORMATS[0])
