"""A column of categories: one input a level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table.blocks import Block
from hiddenlogic.table.cells import texts
from hiddenlogic.table.steps.levels import Levels, is_text, look_up, ranked_levels, unseen_warning
from hiddenlogic.table.steps.step import missing_warning
from hiddenlogic.table.wording import plural

# More inputs than this from one column drown the others; the rarer levels share one.
MAX_LEVELS = 50
_UNSEEN, _MISSING, _RARE = -1, -2, -3


@dataclass(frozen=True)
class CategoryStep(Levels):
    """One-hot; two levels make a single input of -1 and +1.

    Attributes
    ----------
    column : str
    levels : tuple of str
        Levels with an input of their own, by alphabet.
    rare : tuple of str
        Levels beyond the 50 most frequent, which share the input 'other'.
    missing : bool
        Whether a training cell was missing: then missing is a level like the others.
    text : bool
        Whether the training cells were text rather than numbers.
    """

    kind: ClassVar[str] = "category"

    @classmethod
    def fit(cls, cells: pl.Series, rows: NDArray[np.integer]) -> CategoryStep:
        """Learn the levels of the training rows."""
        words = texts(cells).gather(rows)
        ranked = [level for level, _ in ranked_levels(words)]
        return cls(
            column=cells.name,
            levels=tuple(sorted(ranked[:MAX_LEVELS])),
            rare=tuple(sorted(ranked[MAX_LEVELS:])),
            missing=words.null_count() > 0,
            text=is_text(cells),
        )

    @property
    def slots(self) -> tuple[str, ...]:
        """What the inputs stand for, before two are made one."""
        others = ("other",) if self.rare else ()
        gap = ("missing",) if self.missing else ()
        named = tuple(f"{self.column} = {level}" for level in self.levels)
        return (*named, *(f"{self.column} is {slot}" for slot in (*others, *gap)))

    @property
    def feature_names(self) -> tuple[str, ...]:
        """One name a level; one for two levels; none where all training rows are alike."""
        slots = self.slots
        if len(slots) <= 1:
            return ()
        return slots[1:] if len(slots) == 2 else slots

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All inputs in one."""
        return (Block(self.column, 0, len(self.feature_names)),)

    def write(self, cells: pl.Series, out: NDArray[np.float32]) -> None:
        """Fill `out`; a level unseen in training is 0 in every input."""
        slot = self._slots_of(self._codes(cells))
        width = len(self.slots)
        out[:] = 0
        if width == 2:
            out[:, 0] = np.where(slot < 0, 0, 2 * slot - 1)
        elif width > 2:
            known = np.flatnonzero(slot >= 0)
            out[known, slot[known]] = 1

    def warnings(self, cells: pl.Series) -> list[str]:
        """Count the levels, and the missing cells, that the training rows had not."""
        codes = self._codes(cells)
        found = unseen_warning(self.column, cells, codes == _UNSEEN, "none of the known ones")
        if not self.missing:
            found += missing_warning(self.column, codes == _MISSING, "none of the known levels")
        return found

    def describe(self) -> str:
        """Say in one sentence what is done."""
        slots = self.slots
        if len(slots) <= 1:
            return f"{self.column!r}: the same in every training row, so it gives no input"
        if len(slots) == 2:
            low, high = (slot.removeprefix(f"{self.column} ") for slot in slots)
            return f"{self.column!r}: -1 where it {_reads(low)}, +1 where it {_reads(high)}"
        extras = [f"the {plural(len(self.rare), 'rarest level')} together"] if self.rare else []
        extras += ["missing"] if self.missing else []
        more = f", and one for {' and one for '.join(extras)}" if extras else ""
        return f"{self.column!r}: one input for each of {plural(len(self.levels), 'level')}{more}"

    def _codes(self, cells: pl.Series) -> NDArray[np.int64]:
        """Return the position of each cell's level, or what else it is."""
        known = {level: place for place, level in enumerate(self.levels)}
        known |= dict.fromkeys(self.rare, _RARE)
        return look_up(cells, known, unseen=_UNSEEN, missing=_MISSING)

    def _slots_of(self, codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the input of each code, -1 where it has none."""
        n_levels = len(self.levels)
        slot = np.where(codes == _RARE, n_levels, codes)
        gap = n_levels + bool(self.rare) if self.missing else _UNSEEN
        return np.where(codes == _MISSING, gap, slot)


def _reads(slot: str) -> str:
    """Turn the end of an input's name into words: '= x' into 'is x'."""
    return f"is {slot.removeprefix('= ')!r}" if slot.startswith("= ") else slot
