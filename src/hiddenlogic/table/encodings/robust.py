"""Robust scaling, by default with a smooth clip: outliers keep their order and lose their force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.encodings.encoding import FARTHEST, farther, too_wide
from hiddenlogic.table.wording import less

CLIP = 3.0
# Beyond this the square below overflows, though the result is CLIP to the last bit long before.
_SATURATED = 1e150


@dataclass(frozen=True)
class RobustScale:
    """x1 = (x - center) / spread, x2 = x1 / sqrt(1 + (x1 / 3)²); without the clip x1 alone.

    Attributes
    ----------
    center : float
        Median of the training rows, in the unit of the column.
    spread : float
        Interquartile range; half the whole range where that is 0; 0 where all values are equal,
        and then every value becomes 0.
    clip : bool
        Whether x2 is returned rather than x1, which is held within ±`FARTHEST`.

    References
    ----------
    Holzmüller, Grinsztajn and Steinwart (2024), "Better by default", arXiv:2407.04491, section 3.
    """

    name: ClassVar[str] = "robust"
    role: ClassVar[Literal["values", "periodic"]] = "values"

    center: float
    spread: float
    clip: bool = True

    @classmethod
    def fit(cls, values: NDArray[np.float64], name: str) -> RobustScale:
        """Return the scale of values without NaN; of none at all, the one that gives 0.

        Raises
        ------
        DataError
            If the values are too far apart for float64 to hold their difference.
        """
        if not len(values):
            return cls(0.0, 0.0)
        with np.errstate(over="ignore", invalid="ignore"):
            low, center, high = (float(q) for q in np.quantile(values, (0.25, 0.5, 0.75)))
            spread = high - low
            if spread == 0:
                spread = float(values.max() - values.min()) / 2
        if not (np.isfinite(center) and np.isfinite(spread)):
            raise too_wide(values, name)
        return cls(center, spread)

    def without_clip(self) -> RobustScale:
        """Return the scale that does not bend; itself where every value becomes 0."""
        return replace(self, clip=False) if self.spread else self

    @property
    def width(self) -> int:
        """One input."""
        return 1

    @property
    def stand_in(self) -> str:
        """The median."""
        return f"the training median {self.center:g}"

    def feature_names(self, column: str) -> tuple[str, ...]:
        """The column's own name."""
        return (column,)

    def far_off(self, values: NDArray[np.float64]) -> str:
        """Count values that are read as `FARTHEST` though they are further off; never clipped."""
        if self.clip or self.spread == 0:
            return ""
        return farther(values, self.center, self.spread, unit="spreads", stand_in=self.stand_in)

    def describe(self, what: str) -> str:
        """Write the formula."""
        if self.spread == 0:
            return f"{what} that is {self.center:g} in every training row: 0"
        return f"{what}, {self.formula('x')}"

    def formula(self, symbol: str) -> str:
        """Write what becomes of a number called so."""
        if self.spread == 0:
            return "0"
        clip = ", smoothly clipped to ±3" if self.clip else ""
        return f"{less(symbol, self.center)} / {self.spread:g}{clip}"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"name": self.name, "center": self.center, "spread": self.spread, "clip": self.clip}

    @classmethod
    def from_json(cls, data: object, where: str) -> RobustScale:
        """Check plain data and return the scale."""
        found = plain.record(data, where, ("name", "center", "spread", "clip"))
        return cls(
            plain.number(found["center"], f"{where}.center"),
            plain.number(found["spread"], f"{where}.spread", least=0.0),
            plain.flag(found["clip"], f"{where}.clip"),
        )

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scale, and clip if so; NaN becomes 0, which is what the median becomes."""
        if self.spread == 0:
            return np.zeros_like(values)
        with np.errstate(over="ignore"):
            x = (values - self.center) / self.spread
            if not self.clip:
                return np.where(np.isnan(x), 0.0, np.clip(x, -FARTHEST, FARTHEST))
            inner = np.where(np.abs(x) < _SATURATED, x, 0.0)
            clipped = inner / np.sqrt(1 + (inner / CLIP) ** 2)
        clipped = np.where(np.abs(x) >= _SATURATED, np.copysign(CLIP, x), clipped)
        return np.where(np.isnan(x), 0.0, clipped)
