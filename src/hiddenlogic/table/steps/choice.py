"""Which step a column gets where the user does not say."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table.cells import texts
from hiddenlogic.table.steps.category import CategoryStep
from hiddenlogic.table.steps.embedded import EmbeddedStep

# RealMLP-TD (arXiv:2407.04491): one-hot for up to 9 different cells, missing among them.
_MOST_ONE_HOT = 8


def fit_category(cells: pl.Series, rows: NDArray[np.integer]) -> CategoryStep | EmbeddedStep:
    """One input a level for up to 8 levels, learned numbers for more."""
    n_levels = texts(cells).gather(rows).drop_nulls().n_unique()
    kind = CategoryStep if n_levels <= _MOST_ONE_HOT else EmbeddedStep
    return kind.fit(cells, rows)
