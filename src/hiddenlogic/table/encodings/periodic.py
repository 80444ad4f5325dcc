"""Scaled numbers for learned waves, which the network begins with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.encodings.robust import RobustScale


@dataclass(frozen=True)
class Periodic:
    """The robustly scaled number, of which a `PeriodicEmbedding` of the network makes more.

    Attributes
    ----------
    scale : RobustScale
    """

    name: ClassVar[str] = "periodic"
    role: ClassVar[Literal["values", "periodic"]] = "periodic"

    scale: RobustScale

    @classmethod
    def fit(cls, values: NDArray[np.float64], name: str) -> Periodic:
        """Learn from values of which two differ."""
        return cls(RobustScale.fit(values, name))

    @property
    def width(self) -> int:
        """One input."""
        return 1

    @property
    def stand_in(self) -> str:
        """The median."""
        return self.scale.stand_in

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Scale; NaN becomes 0, which is what the median becomes."""
        return self.scale(values)

    def feature_names(self, column: str) -> tuple[str, ...]:
        """The column's own name."""
        return (column,)

    def without_clip(self) -> Periodic:
        """Return the one whose scale is not clipped."""
        return replace(self, scale=self.scale.without_clip())

    def far_off(self, values: NDArray[np.float64]) -> str:
        """As the scale."""
        return self.scale.far_off(values)

    def describe(self, what: str) -> str:
        """Write the formula."""
        return f"{self.scale.describe(what)}, then learned waves"

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {"name": self.name, "scale": self.scale.to_json()}

    @classmethod
    def from_json(cls, data: object, where: str) -> Periodic:
        """Check plain data and return the encoding."""
        found = plain.record(data, where, ("name", "scale"))
        return cls(RobustScale.from_json(found["scale"], f"{where}.scale"))
