"""A column of many categories: a code a level, for numbers that the network learns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table.blocks import Block
from hiddenlogic.table.cells import texts
from hiddenlogic.table.steps.levels import Levels, is_text, look_up, ranked_levels, unseen_warning
from hiddenlogic.table.steps.step import missing_warning
from hiddenlogic.table.wording import plural

# A level of one training row says nothing that repeats. Those share the code of unseen levels,
# which is trained by them; AutoGluon's tables do the same (`minimum_cat_count=2`).
_LEAST_ROWS = 2
_OTHER = 0
# Both are read as any other level, but said.
_UNSEEN, _MISSING = -1, -2


@dataclass(frozen=True)
class EmbeddedStep(Levels):
    """Codes: 0 is any other level, 1 missing if a training cell was, then the levels.

    Attributes
    ----------
    column : str
    levels : tuple of str
        Levels with a code of their own, by alphabet.
    rare : tuple of str
        Levels of a single training row, which share code 0 with levels unseen in training.
    missing : bool
        Whether a training cell was missing; if none was, a missing cell has code 0 too.
    text : bool
        Whether the training cells were text rather than numbers.
    """

    kind: ClassVar[str] = "embedded"

    @classmethod
    def fit(cls, cells: pl.Series, rows: NDArray[np.integer]) -> EmbeddedStep:
        """Learn the levels of the training rows."""
        words = texts(cells).gather(rows)
        ranked = ranked_levels(words)
        return cls(
            column=cells.name,
            levels=tuple(sorted(level for level, count in ranked if count >= _LEAST_ROWS)),
            rare=tuple(sorted(level for level, count in ranked if count < _LEAST_ROWS)),
            missing=words.null_count() > 0,
            text=is_text(cells),
        )

    @property
    def n_codes(self) -> int:
        """How many codes there are."""
        return 1 + self.missing + len(self.levels)

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The column; none where all training rows are alike."""
        alike = self.n_codes - (not self.rare) < 2
        return () if alike else (f"code of {self.column}",)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """One column of codes."""
        if not self.feature_names:
            return ()
        return (Block(self.column, 0, 1, "codes", n_codes=self.n_codes),)

    def write(self, cells: pl.Series, out: NDArray[np.float32]) -> None:
        """Fill `out` with codes, which float32 holds exactly."""
        if self.feature_names:
            out[:, 0] = np.maximum(self._codes(cells), _OTHER)

    def warnings(self, cells: pl.Series) -> list[str]:
        """Count the levels, and the missing cells, that the training rows had not."""
        codes = self._codes(cells)
        found = unseen_warning(self.column, cells, codes == _UNSEEN, "any other level")
        if not self.missing:
            found += missing_warning(self.column, codes == _MISSING, "any other level")
        return found

    def describe(self) -> str:
        """Say in one sentence what is done."""
        if not self.feature_names:
            return f"{self.column!r}: the same in every training row, so it gives no input"
        shared = f" ({plural(len(self.rare), 'level')} of one row)" if self.rare else ""
        extras = [*(["missing"] if self.missing else []), f"any other{shared}"]
        return (
            f"{self.column!r}: learned numbers for each of {plural(len(self.levels), 'level')},"
            f" for {' and for '.join(extras)}"
        )

    @cached_property
    def _known(self) -> dict[str, int]:
        first = 1 + self.missing
        known = {level: first + place for place, level in enumerate(self.levels)}
        return known | dict.fromkeys(self.rare, _OTHER)

    def _codes(self, cells: pl.Series) -> NDArray[np.int64]:
        """Return the code of each cell; of levels and gaps unknown in training what they are."""
        missing = 1 if self.missing else _MISSING
        return look_up(cells, self._known, unseen=_UNSEEN, missing=missing)
