"""A column of true and false: +1 and -1."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.blocks import Block
from hiddenlogic.table.cells import truths
from hiddenlogic.table.steps.step import missing_name, missing_warning


@dataclass(frozen=True)
class BooleanStep:
    """True is +1, false -1, missing 0.

    Attributes
    ----------
    column : str
    missing : bool
        Whether a training cell was missing: then a second input is 1 where a cell is, else 0.
    """

    column: str
    missing: bool

    @classmethod
    def fit(cls, cells: pl.Series, rows: NDArray[np.integer]) -> BooleanStep:
        """Learn from the training rows whether cells are missing."""
        return cls(cells.name, bool(np.isnan(truths(cells)[rows]).any()))

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The column, and whether it is missing."""
        return (self.column, missing_name(self.column)) if self.missing else (self.column,)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All inputs in one."""
        return (Block(self.column, 0, len(self.feature_names)),)

    def write(self, cells: pl.Series, out: NDArray[np.float32]) -> None:
        """Fill `out` from truth values, 0 and 1, or words such as yes and no."""
        values = truths(cells)
        gaps = np.isnan(values)
        out[:, 0] = np.where(gaps, 0.0, values)
        if self.missing:
            out[:, 1] = gaps

    def warnings(self, cells: pl.Series) -> list[str]:
        """Count missing cells if there were none in training."""
        gaps = np.isnan(truths(cells))
        return [] if self.missing else missing_warning(self.column, gaps, "0, between the two")

    def without_clip(self) -> BooleanStep:
        """Return itself: nothing is clipped."""
        return self

    def describe(self) -> str:
        """Say in one sentence what is done."""
        gap = "; missing: 0, and a second input that is 1" if self.missing else ""
        return f"{self.column!r}: true is +1, false is -1{gap}"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"kind": "boolean", "column": self.column, "missing": self.missing}

    @classmethod
    def from_json(cls, data: object, where: str) -> BooleanStep:
        """Check plain data and return the step."""
        found = plain.record(data, where, ("kind", "column", "missing"))
        return cls(
            column=plain.text(found["column"], f"{where}.column"),
            missing=plain.flag(found["missing"], f"{where}.missing"),
        )
