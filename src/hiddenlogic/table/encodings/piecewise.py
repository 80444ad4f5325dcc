"""How far a number has come through each of several bins."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.encodings.encoding import quantiles
from hiddenlogic.table.wording import plural

# Even, so that the middle edge is the median.
_BINS = 8


@dataclass(frozen=True)
class PiecewiseLinear:
    """An input a bin: 0 below it, 1 above it, and in between the share of it that x has passed.

    Attributes
    ----------
    edges : tuple of float
        Different quantiles of the training rows, rising.
    median : float
        Of the training rows; what a missing cell is read as.

    References
    ----------
    Gorishniy, Rubachev and Babenko (2022), arXiv:2203.05556, section 3.1; there, values beyond the
    outer edges go on.
    """

    name: ClassVar[str] = "piecewise"
    role: ClassVar[Literal["values", "periodic"]] = "values"

    edges: tuple[float, ...]
    median: float

    @classmethod
    def fit(cls, values: NDArray[np.float64], name: str) -> PiecewiseLinear:
        """Learn from values of which two differ."""
        found = quantiles(values, _BINS + 1, name)
        return cls(tuple(np.unique(found).tolist()), float(found[_BINS // 2]))

    @property
    def width(self) -> int:
        """One input a bin."""
        return len(self.edges) - 1

    @property
    def stand_in(self) -> str:
        """The median."""
        return f"the training median {self.median:g}"

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return shape (n, width)."""
        edges = np.array(self.edges)
        low, high = edges[:-1], edges[1:]
        held = np.where(np.isnan(values), self.median, values)[:, None]
        return (np.clip(held, low, high) - low) / (high - low)

    def feature_names(self, column: str) -> tuple[str, ...]:
        """The bins."""
        return tuple(f"{column} from {low:g} to {high:g}" for low, high in pairwise(self.edges))

    def without_clip(self) -> PiecewiseLinear:
        """Return itself."""
        return self

    def far_off(self, values: NDArray[np.float64]) -> str:
        """Return nothing: beyond the outer edges all is alike."""
        del values
        return ""

    def describe(self, what: str) -> str:
        """Name the edges."""
        edges = ", ".join(f"{edge:g}" for edge in self.edges)
        return f"{what}, the share passed of each of {plural(self.width, 'bin')}: {edges}"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"name": self.name, "edges": list(self.edges), "median": self.median}

    @classmethod
    def from_json(cls, data: object, where: str) -> PiecewiseLinear:
        """Check plain data and return the encoding."""
        found = plain.record(data, where, ("name", "edges", "median"))
        return cls(
            plain.rising(found["edges"], f"{where}.edges", least=2),
            plain.number(found["median"], f"{where}.median"),
        )
