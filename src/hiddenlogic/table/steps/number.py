"""A column of numbers: robust scale, clipped or not, and an input that tells of missing cells."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.blocks import Block
from hiddenlogic.table.cells import numbers
from hiddenlogic.table.scale import FARTHEST, RobustScale
from hiddenlogic.table.steps.step import missing_name, missing_warning
from hiddenlogic.table.wording import less, plural


@dataclass(frozen=True)
class NumberStep:
    """Scaled number; a missing cell is the training median, which scales to 0.

    Attributes
    ----------
    column : str
    scale : RobustScale
    missing : bool
        Whether a training cell was missing: then a second input is 1 where a cell is, else 0.
    """

    column: str
    scale: RobustScale
    missing: bool

    @classmethod
    def fit(cls, cells: pl.Series, rows: NDArray[np.integer]) -> NumberStep:
        """Learn median and spread from the training rows."""
        return cls.fit_values(cells.name, numbers(cells)[rows])

    @classmethod
    def fit_values(cls, name: str, values: NDArray[np.float64]) -> NumberStep:
        """Learn median and spread from numbers, NaN where missing."""
        gaps = np.isnan(values)
        return cls(name, RobustScale.fit(values[~gaps], name), bool(gaps.any()))

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The column, and whether it is missing."""
        return (self.column, missing_name(self.column)) if self.missing else (self.column,)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All inputs in one."""
        return (Block(self.column, 0, len(self.feature_names)),)

    def write(self, cells: pl.Series, out: NDArray[np.float32]) -> None:
        """Fill `out` from numbers."""
        self.write_values(numbers(cells), out)

    def write_values(self, values: NDArray[np.float64], out: NDArray[np.float32]) -> None:
        """Fill `out` from values that are NaN where missing."""
        out[:, 0] = self.scale(values)
        if self.missing:
            out[:, 1] = np.isnan(values)

    def warnings(self, cells: pl.Series) -> list[str]:
        """Count missing cells if there were none in training, and cells too far off."""
        return self.warnings_for(numbers(cells))

    def warnings_for(self, values: NDArray[np.float64]) -> list[str]:
        """Say the same of values that are NaN where missing."""
        median = f"the training median {self.scale.center:g}"
        found = [] if self.missing else missing_warning(self.column, np.isnan(values), median)
        far = int(np.count_nonzero(self.scale.too_far(values)))
        if far:
            found.append(
                f"column {self.column!r}: {plural(far, 'cell')} further than"
                f" {FARTHEST:,.0f} spreads of {self.scale.spread:g} from {median}; read as that far"
            )
        return found

    def without_clip(self) -> NumberStep:
        """Return the step that does not bend its numbers."""
        return replace(self, scale=self.scale.without_clip())

    def describe(self) -> str:
        """Say in one sentence what is done."""
        return f"{self.column!r}: {self.describe_scale('number')}"

    def describe_scale(self, what: str) -> str:
        """Say how the number is scaled and what a missing cell is."""
        center, spread = self.scale.center, self.scale.spread
        if spread == 0:
            scaled = f"{what} that is {center:g} in every training row: 0"
        else:
            clip = ", smoothly clipped to ±3" if self.scale.clip else ""
            scaled = f"{what}, {less('x', center)} / {spread:g}{clip}"
        if not self.missing:
            return scaled
        return f"{scaled}; missing: the median {center:g}, and a second input that is 1"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "kind": "number",
            "column": self.column,
            "center": self.scale.center,
            "spread": self.scale.spread,
            "clip": self.scale.clip,
            "missing": self.missing,
        }

    @classmethod
    def from_json(cls, data: object, where: str) -> NumberStep:
        """Check plain data and return the step."""
        keys = ("kind", "column", "center", "spread", "clip", "missing")
        found = plain.record(data, where, keys)
        return cls(
            column=plain.text(found["column"], f"{where}.column"),
            scale=RobustScale(
                plain.number(found["center"], f"{where}.center"),
                plain.number(found["spread"], f"{where}.spread", least=0.0),
                plain.flag(found["clip"], f"{where}.clip"),
            ),
            missing=plain.flag(found["missing"], f"{where}.missing"),
        )
