"""What every step can do."""

from __future__ import annotations

from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table.blocks import Block
from hiddenlogic.table.wording import plural


class Step(Protocol):
    """One column, fitted: from its cells to the inputs that a network is fed.

    A step reads each cell by itself, so a row becomes the same bits whatever rows are beside it.
    """

    @property
    def column(self) -> str:
        """Name of the column."""
        ...

    @property
    def feature_names(self) -> tuple[str, ...]:
        """One name for each input; may be none."""
        ...

    @property
    def blocks(self) -> tuple[Block, ...]:
        """What the inputs are, in their order, no two blocks of the same role; `start` is 0."""
        ...

    def write(self, cells: pl.Series, out: NDArray[np.float32]) -> None:
        """Fill `out`, shape (n_rows, n_features); DataError names a cell that cannot be read."""
        ...

    def warnings(self, cells: pl.Series) -> list[str]:
        """Say what these cells have that the training rows had not."""
        ...

    def without_clip(self) -> Step:
        """Return the same without the smooth clip; itself where nothing is clipped."""
        ...

    def describe(self) -> str:
        """Say in one sentence what is done."""
        ...

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        ...


def missing_name(column: str) -> str:
    """Return the name of the input that tells whether a cell is missing."""
    return f"{column} is missing"


def missing_warning(column: str, missing: NDArray[np.bool_], becomes: str) -> list[str]:
    """Say how many cells are missing where none was in training."""
    count = int(np.count_nonzero(missing))
    if not count:
        return []
    cells = plural(count, "cell")
    return [f"column {column!r}: {cells} missing, as none was in training; read as {becomes}"]
