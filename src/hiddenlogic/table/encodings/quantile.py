"""Ranks among the training rows, as numbers that are normally distributed."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import FormatError
from hiddenlogic.table import plain
from hiddenlogic.table.encodings.encoding import quantiles

# As many as in the RTDL papers (arXiv:2106.11959): one for 30 rows, at least 10, at most 1,000.
_ROWS_A_KNOT, _LEAST_KNOTS, _MOST_KNOTS = 30, 10, 1000
# More than the last bits of the platform's logarithm can reach.
_DIGITS = 9


@dataclass(frozen=True)
class QuantileNormal:
    """The normal score of x's rank, straight between knots and constant beyond them.

    Attributes
    ----------
    knots : tuple of float
        Different quantiles of the training rows, rising.
    scores : tuple of float
        The quantile of the standard normal distribution at each, rising.
    """

    name: ClassVar[str] = "quantile"
    role: ClassVar[Literal["values", "periodic"]] = "values"

    knots: tuple[float, ...]
    scores: tuple[float, ...]

    @classmethod
    def fit(cls, values: NDArray[np.float64], name: str) -> QuantileNormal:
        """Learn from values of which two differ."""
        count = min(max(len(values) // _ROWS_A_KNOT, _LEAST_KNOTS), _MOST_KNOTS)
        found = quantiles(values, count, name)
        # Quantiles that are equal share the middle of their shares of the rows.
        knots, places = np.unique(found, return_inverse=True)
        middles = np.bincount(places, np.arange(count) + 0.5) / np.bincount(places) / count
        normal = NormalDist()
        scores = [round(normal.inv_cdf(share), _DIGITS) for share in middles.tolist()]
        return cls(tuple(knots.tolist()), tuple(scores))

    @property
    def width(self) -> int:
        """One input."""
        return 1

    @property
    def stand_in(self) -> str:
        """The middle rank."""
        return "the middle of the training ranks"

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scores; NaN becomes 0, the middle rank's."""
        knots, scores = np.array(self.knots), np.array(self.scores)
        held = np.clip(np.where(np.isnan(values), knots[0], values), knots[0], knots[-1])
        left = np.clip(np.searchsorted(knots, held, side="right") - 1, 0, len(knots) - 2)
        share = (held - knots[left]) / (knots[left + 1] - knots[left])
        rise = share * (scores[left + 1] - scores[left])
        # Rounding must not carry a value beyond the knot to its right.
        between = np.minimum(scores[left] + rise, scores[left + 1])
        return np.where(np.isnan(values), 0.0, between)

    def feature_names(self, column: str) -> tuple[str, ...]:
        """Say that it is a rank."""
        return (f"normal score of {column}",)

    def without_clip(self) -> QuantileNormal:
        """Return itself."""
        return self

    def far_off(self, values: NDArray[np.float64]) -> str:
        """Return nothing: beyond all training rows there is no rank but the last."""
        del values
        return ""

    def describe(self, what: str) -> str:
        """Say where from and where to."""
        low, high = self.knots[0], self.knots[-1]
        ends = f"{self.scores[0]:.2f} at {low:g}, {self.scores[-1]:.2f} at {high:g}"
        return f"{what}, normal score of its rank among {len(self.knots)} quantiles ({ends})"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"name": self.name, "knots": list(self.knots), "scores": list(self.scores)}

    @classmethod
    def from_json(cls, data: object, where: str) -> QuantileNormal:
        """Check plain data and return the encoding."""
        found = plain.record(data, where, ("name", "knots", "scores"))
        knots = plain.rising(found["knots"], f"{where}.knots", least=2)
        scores = plain.rising(found["scores"], f"{where}.scores", least=2)
        if len(knots) != len(scores):
            raise FormatError(
                f"The model file is damaged: `{where}.scores` must be as many as the knots,"
                f" {len(knots)}; they are {len(scores)}."
            )
        return cls(knots, scores)
