"""Numbers as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.wording import plural

_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Unscaled:
    """The number x itself, held within what float32 can hold.

    Attributes
    ----------
    median : float
        Of the training rows; what a missing cell is read as.
    """

    name: ClassVar[str] = "plain"
    role: ClassVar[Literal["values", "periodic"]] = "values"

    median: float

    @classmethod
    def fit(cls, values: NDArray[np.float64], name: str) -> Unscaled:
        """Learn the median."""
        del name
        # Halves, for the middle of two numbers near the end of float64.
        return cls(2 * float(np.median(values / 2)))

    @property
    def width(self) -> int:
        """One input."""
        return 1

    @property
    def stand_in(self) -> str:
        """The median."""
        return f"the training median {self.median:g}"

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values, the median for NaN."""
        return np.clip(np.where(np.isnan(values), self.median, values), -_LARGEST, _LARGEST)

    def feature_names(self, column: str) -> tuple[str, ...]:
        """The column's own name."""
        return (column,)

    def without_clip(self) -> Unscaled:
        """Return itself."""
        return self

    def far_off(self, values: NDArray[np.float64]) -> str:
        """Count values beyond float32."""
        far = int(np.count_nonzero(np.abs(values) > _LARGEST))
        return f"{plural(far, 'cell')} beyond ±{_LARGEST:g}; read as that" if far else ""

    def describe(self, what: str) -> str:
        """Say that nothing is done."""
        return f"{what}, as it is"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"name": self.name, "median": self.median}

    @classmethod
    def from_json(cls, data: object, where: str) -> Unscaled:
        """Check plain data and return the encoding."""
        found = plain.record(data, where, ("name", "median"))
        return cls(plain.number(found["median"], f"{where}.median"))
