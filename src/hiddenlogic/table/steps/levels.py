"""The levels of a column of categories: counted in training rows, kept, looked up in any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.cells import texts
from hiddenlogic.table.wording import listing, plural


@dataclass(frozen=True)
class Levels:
    """What steps keep that know each level by name.

    Attributes
    ----------
    column : str
    levels : tuple of str
        Levels with a place of their own, by alphabet.
    rare : tuple of str
        Levels that share one.
    missing : bool
        Whether a training cell was missing.
    text : bool
        Whether the training cells were text rather than numbers.
    """

    kind: ClassVar[str]

    column: str
    levels: tuple[str, ...]
    rare: tuple[str, ...]
    missing: bool
    text: bool

    def without_clip(self) -> Self:
        """Return itself: nothing is clipped."""
        return self

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "kind": self.kind,
            "column": self.column,
            "levels": list(self.levels),
            "rare": list(self.rare),
            "missing": self.missing,
            "text": self.text,
        }

    @classmethod
    def from_json(cls, data: object, where: str) -> Self:
        """Check plain data and return the step."""
        keys = ("kind", "column", "levels", "rare", "missing", "text")
        found = plain.record(data, where, keys)
        levels = plain.items(found["levels"], f"{where}.levels", plain.text)
        rare = plain.items(found["rare"], f"{where}.rare", plain.text)
        plain.distinct((*levels, *rare), f"{where}.levels")
        return cls(
            column=plain.text(found["column"], f"{where}.column"),
            levels=levels,
            rare=rare,
            missing=plain.flag(found["missing"], f"{where}.missing"),
            text=plain.flag(found["text"], f"{where}.text"),
        )


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
