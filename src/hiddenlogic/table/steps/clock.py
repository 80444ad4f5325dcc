"""A column of times of day: a place on the clock."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.blocks import Block
from hiddenlogic.table.cells import times
from hiddenlogic.table.dates import TIME_FORMATS
from hiddenlogic.table.portable import sine_and_cosine
from hiddenlogic.table.steps.step import missing_name, missing_warning


@dataclass(frozen=True)
class ClockStep:
    """Sine and cosine of the share of the day; missing: 0 in both.

    Attributes
    ----------
    column : str
    format : str
        Of times written as text; empty where the training table held times.
    missing : bool
        Whether a training cell was missing: then a third input is 1 where a cell is, else 0.
    """

    column: str
    format: str
    missing: bool

    @classmethod
    def fit(cls, cells: pl.Series, rows: NDArray[np.integer], format: str) -> ClockStep:
        """Learn from the training rows whether cells are missing."""
        shares = times(cells, format or TIME_FORMATS[0])[rows]
        return cls(cells.name, format, bool(np.isnan(shares).any()))

    @property
    def feature_names(self) -> tuple[str, ...]:
        """Sine and cosine, and whether the time is missing."""
        waves = (f"sine of {self.column}", f"cosine of {self.column}")
        return (*waves, missing_name(self.column)) if self.missing else waves

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All inputs in one."""
        return (Block(self.column, 0, len(self.feature_names)),)

    def write(self, cells: pl.Series, out: NDArray[np.float32]) -> None:
        """Fill `out` from times, or from text in the format."""
        shares = self._shares(cells)
        gaps = np.isnan(shares)
        for place, wave in enumerate(sine_and_cosine(np.where(gaps, 0.0, shares))):
            out[:, place] = np.where(gaps, 0.0, wave)
        if self.missing:
            out[:, 2] = gaps

    def warnings(self, cells: pl.Series) -> list[str]:
        """Count missing cells if there were none in training."""
        gaps = np.isnan(self._shares(cells))
        return [] if self.missing else missing_warning(self.column, gaps, "no time of the day")

    def without_clip(self) -> ClockStep:
        """Return itself: nothing is clipped."""
        return self

    def describe(self) -> str:
        """Say in one sentence what is done."""
        gap = "; missing: 0, and a third input that is 1" if self.missing else ""
        return f"{self.column!r}: sine and cosine of the share of the day{gap}"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "kind": "time",
            "column": self.column,
            "format": self.format,
            "missing": self.missing,
        }

    @classmethod
    def from_json(cls, data: object, where: str) -> ClockStep:
        """Check plain data and return the step."""
        found = plain.record(data, where, ("kind", "column", "format", "missing"))
        return cls(
            column=plain.text(found["column"], f"{where}.column"),
            format=plain.text(found["format"], f"{where}.format", ("", *TIME_FORMATS)),
            missing=plain.flag(found["missing"], f"{where}.missing"),
        )

    def _shares(self, cells: pl.Series) -> NDArray[np.float64]:
        """Return the cells as shares of the day."""
        return times(cells, self.format or TIME_FORMATS[0])
