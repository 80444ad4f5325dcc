"""Standard scaling: mean 0, deviation 1."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.encodings.encoding import FARTHEST, farther, too_wide
from hiddenlogic.table.wording import less


@dataclass(frozen=True)
class StandardScale:
    """(x - mean) / deviation, held within ±1,000,000.

    Attributes
    ----------
    mean : float
    deviation : float
        Of the training rows, divided by their number, as scikit-learn's StandardScaler has it.
    """

    name: ClassVar[str] = "standard"
    role: ClassVar[Literal["values", "periodic"]] = "values"

    mean: float
    deviation: float

    @classmethod
    def fit(cls, values: NDArray[np.float64], name: str) -> StandardScale:
        """Learn from values of which two differ; sums are exact, whatever the order of the rows."""
        try:
            mean = math.fsum(values) / len(values)
            with np.errstate(over="ignore", under="ignore", invalid="ignore"):
                # In units of the largest difference no square overflows or vanishes.
                largest = float(np.abs(values - mean).max())
                squares = ((values - mean) / largest) ** 2
            deviation = largest * math.sqrt(math.fsum(squares) / len(values))
        except (OverflowError, ValueError):
            raise too_wide(values, name) from None
        if not math.isfinite(deviation):
            raise too_wide(values, name)
        return cls(mean, deviation)

    @property
    def width(self) -> int:
        """One input."""
        return 1

    @property
    def stand_in(self) -> str:
        """The mean."""
        return f"the training mean {self.mean:g}"

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scale; NaN becomes 0, which is what the mean becomes."""
        with np.errstate(over="ignore"):
            x = np.clip((values - self.mean) / self.deviation, -FARTHEST, FARTHEST)
        return np.where(np.isnan(x), 0.0, x)

    def feature_names(self, column: str) -> tuple[str, ...]:
        """The column's own name."""
        return (column,)

    def without_clip(self) -> StandardScale:
        """Return itself."""
        return self

    def far_off(self, values: NDArray[np.float64]) -> str:
        """Count values further than 1,000,000 deviations off."""
        return farther(values, self.mean, self.deviation, unit="deviations", stand_in=self.stand_in)

    def describe(self, what: str) -> str:
        """Write the formula."""
        return f"{what}, {less('x', self.mean)} / {self.deviation:g}, mean and deviation"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"name": self.name, "mean": self.mean, "deviation": self.deviation}

    @classmethod
    def from_json(cls, data: object, where: str) -> StandardScale:
        """Check plain data and return the scale."""
        found = plain.record(data, where, ("name", "mean", "deviation"))
        return cls(
            plain.number(found["mean"], f"{where}.mean"),
            plain.positive(found["deviation"], f"{where}.deviation"),
        )
