"""Columns that become one number a cell, and then are what a column of numbers is."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table.blocks import Block
from hiddenlogic.table.steps.number import NumberStep


@dataclass(frozen=True)
class MeasuredStep:
    """A number read from each cell, encoded as a number.

    Attributes
    ----------
    number : NumberStep
    """

    measure: ClassVar[str]
    """What the number is, in words."""

    number: NumberStep

    @abstractmethod
    def measured(self, cells: pl.Series) -> NDArray[np.float64]:
        """Return the cells as numbers, NaN where missing; DataError names one that is none."""

    @property
    def column(self) -> str:
        """Name of the column."""
        return self.number.column

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Those of the number, and whether it is missing."""
        return self.number.feature_names

    @property
    def blocks(self) -> tuple[Block, ...]:
        """Those of the number."""
        return self.number.blocks

    def write(self, cells: pl.Series, out: NDArray[np.float32]) -> None:
        """Fill `out` from cells."""
        self.number.write_values(self.measured(cells), out)

    def warnings(self, cells: pl.Series) -> list[str]:
        """Count missing cells if there were none in training, and cells too far off."""
        return self.number.warnings_for(self.measured(cells))

    def without_clip(self) -> Self:
        """Return the step that does not bend its numbers."""
        return replace(self, number=self.number.without_clip())

    def describe(self) -> str:
        """Say in one sentence what is done."""
        return f"{self.column!r}: {self.number.describe_encoding(self.measure)}"
