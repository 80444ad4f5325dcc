"""A column of very many categories: a bucket for each, by a hash that is the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.blocks import Block
from hiddenlogic.table.cells import texts
from hiddenlogic.table.steps.levels import is_text, look_up
from hiddenlogic.table.steps.step import missing_warning

BUCKETS = 4096
"""Every step of an optimizer passes over all buckets: as much as a Dense of 180 units after 180."""


@dataclass(frozen=True)
class HashedStep:
    """Codes: 0 is missing, 1 to 4,096 the level's BLAKE2b modulo 4,096, plus 1.

    No level is kept, so none is known to be unseen: a new one has the bucket of others.

    Attributes
    ----------
    column : str
    buckets : int
    missing : bool
        Whether a training cell was missing.
    text : bool
        Whether the training cells were text rather than numbers.
    """

    column: str
    buckets: int
    missing: bool
    text: bool

    @classmethod
    def fit(cls, cells: pl.Series, rows: NDArray[np.integer]) -> HashedStep:
        """Learn from the training rows whether cells are missing."""
        missing = texts(cells).gather(rows).null_count() > 0
        return cls(cells.name, BUCKETS, missing, is_text(cells))

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The column."""
        return (f"bucket of {self.column}",)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """One column of codes."""
        return (Block(self.column, 0, 1, "codes", n_codes=self.buckets + 1),)

    def write(self, cells: pl.Series, out: NDArray[np.float32]) -> None:
        """Fill `out` with codes, which float32 holds exactly."""
        levels = texts(cells).drop_nulls().unique().to_list()
        known = {level: 1 + _hash(level) % self.buckets for level in levels}
        out[:, 0] = look_up(cells, known, unseen=0, missing=0)

    def warnings(self, cells: pl.Series) -> list[str]:
        """Count missing cells if there were none in training."""
        if self.missing:
            return []
        gaps = texts(cells).is_null().to_numpy()
        return missing_warning(self.column, gaps, "a level of its own that nothing was learned of")

    def without_clip(self) -> HashedStep:
        """Return itself: nothing is clipped."""
        return self

    def describe(self) -> str:
        """Say in one sentence what is done."""
        return (
            f"{self.column!r}: learned numbers for each of {self.buckets:,} buckets of levels, by"
            " BLAKE2b, and for missing"
        )

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "kind": "hashed",
            "column": self.column,
            "buckets": self.buckets,
            "missing": self.missing,
            "text": self.text,
        }

    @classmethod
    def from_json(cls, data: object, where: str) -> HashedStep:
        """Check plain data and return the step."""
        found = plain.record(data, where, ("kind", "column", "buckets", "missing", "text"))
        return cls(
            column=plain.text(found["column"], f"{where}.column"),
            buckets=plain.count(found["buckets"], f"{where}.buckets"),
            missing=plain.flag(found["missing"], f"{where}.missing"),
            text=plain.flag(found["text"], f"{where}.text"),
        )


def _hash(level: str) -> int:
    """Return the first 8 bytes of BLAKE2b of the level's UTF-8, little-endian."""
    return int.from_bytes(blake2b(level.encode(), digest_size=8).digest(), "little")
