"""The logarithm of numbers that spread over orders of magnitude."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.table import plain, portable
from hiddenlogic.table.encodings.robust import RobustScale

# Below, half of it would vanish.
_LEAST_UNIT = 1e-300


@dataclass(frozen=True)
class LogScale:
    """sign(x)·log(1 + |x| / unit), robustly scaled and smoothly clipped.

    Attributes
    ----------
    unit : float
        Greater than 0: the number below which the scale is nearly straight, so that 0 and negative
        numbers have a place. A twentieth of the training rows that are not 0 are smaller.
    scale : RobustScale
        Of the logarithms.
    straight : RobustScale
        Of the numbers themselves, for straight lines; its center is the median.
    """

    name: ClassVar[str] = "log"
    role: ClassVar[Literal["values", "periodic"]] = "values"

    unit: float
    scale: RobustScale
    straight: RobustScale

    @classmethod
    def fit(cls, values: NDArray[np.float64], name: str) -> LogScale:
        """Learn from values of which two differ."""
        sizes = np.abs(values[values != 0])
        unit = max(float(np.quantile(sizes, 0.05)), _LEAST_UNIT)
        scale = RobustScale.fit(_signed_log(values, unit), name)
        return cls(unit, scale, RobustScale.fit(values, name))

    @property
    def width(self) -> int:
        """One input."""
        return 1

    @property
    def stand_in(self) -> str:
        """The median."""
        return self.straight.stand_in

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the scaled logarithm; NaN becomes 0, as the median of the logarithms does."""
        return self.scale(_signed_log(values, self.unit))

    def feature_names(self, column: str) -> tuple[str, ...]:
        """Say that it is a logarithm."""
        return (f"log of {column}",)

    def without_clip(self) -> RobustScale:
        """Return the scale of the numbers themselves: a logarithm bends a straight line too."""
        return self.straight.without_clip()

    def far_off(self, values: NDArray[np.float64]) -> str:
        """Return nothing: no logarithm of a number is 1,000,000 spreads off."""
        del values
        return ""

    def describe(self, what: str) -> str:
        """Write the formula."""
        log = f"sign(x) log(1 + |x| / {self.unit:g})"
        return f"{what}, y = {log}, {self.scale.formula('y')}"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "name": self.name,
            "unit": self.unit,
            "scale": self.scale.to_json(),
            "straight": self.straight.to_json(),
        }

    @classmethod
    def from_json(cls, data: object, where: str) -> LogScale:
        """Check plain data and return the encoding."""
        found = plain.record(data, where, ("name", "unit", "scale", "straight"))
        return cls(
            plain.number(found["unit"], f"{where}.unit", least=_LEAST_UNIT),
            RobustScale.from_json(found["scale"], f"{where}.scale"),
            RobustScale.from_json(found["straight"], f"{where}.straight"),
        )


def _signed_log(values: NDArray[np.float64], unit: float) -> NDArray[np.float64]:
    """Return sign(x)·log(1 + |x| / unit), NaN for NaN; halves keep the sum within float64."""
    gaps = np.isnan(values)
    sizes = np.abs(np.where(gaps, 0.0, values))
    logs = portable.log(sizes / 2 + unit / 2) - float(portable.log(np.array([unit / 2]))[0])
    return np.where(gaps, math.nan, np.where(values < 0, -logs, logs))
