"""What every encoding of numbers can do."""

from __future__ import annotations

from typing import ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import DataError


class Encoding(Protocol):
    """Numbers of one column, fitted: from a value to the inputs of a network, finite for any value.

    A missing cell, NaN, becomes what the median of the training rows does (standard: the mean).
    """

    name: ClassVar[str]
    role: ClassVar[Literal["values", "periodic"]]

    @property
    def width(self) -> int:
        """Inputs a value."""
        ...

    @property
    def stand_in(self) -> str:
        """What a missing cell is read as, in words."""
        ...

    def __call__(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return shape (n,) or (n, width)."""
        ...

    def feature_names(self, column: str) -> tuple[str, ...]:
        """One name for each input."""
        ...

    def without_clip(self) -> Encoding:
        """Return the one that does not bend; itself where nothing is clipped."""
        ...

    def far_off(self, values: NDArray[np.float64]) -> str:
        """Say how many values, NaN among them, are read as less far off than they are."""
        ...

    def describe(self, what: str) -> str:
        """Say how a value becomes inputs; `what` it is begins the phrase."""
        ...

    def to_json(self) -> dict[str, object]:
        """Return plain data, its name among it."""
        ...


def too_wide(values: NDArray[np.float64], name: str) -> DataError:
    """Return the error for values whose differences float64 cannot hold."""
    return DataError(
        f"Column {name!r} runs from {values.min():g} to {values.max():g}, further than a"
        " 64-bit number can measure. Divide it by a power of ten."
    )
