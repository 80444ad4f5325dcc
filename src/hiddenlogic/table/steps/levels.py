"""The levels of a column of categories: counted in training rows, looked up in any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table.cells import texts
from hiddenlogic.table.wording import listing, plural


def ranked_levels(words: pl.Series) -> list[tuple[str, int]]:
    """Return the levels and their counts, the most frequent first, then by alphabet."""
    counts = Counter[str](words.drop_nulls().to_list())
    return sorted(counts.items(), key=lambda one: (-one[1], one[0]))


def is_text(cells: pl.Series) -> bool:
    """Whether the cells are text rather than numbers."""
    return cells.dtype == pl.String or isinstance(cells.dtype, pl.Categorical | pl.Enum)


def look_up(
    cells: pl.Series, known: Mapping[str, int], *, unseen: int, missing: int
) -> NDArray[np.int64]:
    """Return the number of each cell's level, or what stands for an unseen or a missing one."""
    words = texts(cells)
    if known:
        codes = words.replace_strict(
            list(known), list(known.values()), default=unseen, return_dtype=pl.Int64
        )
    else:
        codes = pl.repeat(unseen, len(words), dtype=pl.Int64, eager=True)
    # Null is looked up like a level, so it is set last.
    return np.where(words.is_null().to_numpy(), missing, codes.fill_null(0).to_numpy())


def unseen_warning(
    column: str, cells: pl.Series, unseen: NDArray[np.bool_], becomes: str
) -> list[str]:
    """Count the levels that the training rows had not."""
    rows = np.flatnonzero(unseen)
    if not len(rows):
        return []
    levels = texts(cells).gather(rows).unique(maintain_order=True).to_list()
    cells_are = f"{plural(len(rows), 'cell')} with {plural(len(levels), 'level')}"
    names = listing([repr(level) for level in levels])
    return [f"column {column!r}: {cells_are} unseen in training ({names}); read as {becomes}"]
