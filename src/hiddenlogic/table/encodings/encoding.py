"""What every encoding of numbers can do."""

from __future__ import annotations

from typing import ClassVar, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import DataError
from hiddenlogic.table.wording import plural


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


FARTHEST = 1e6
"""Spreads from the middle that count without a clip: what is further off counts as this far.

Beyond it, the squares of gradients that optimizers keep come near the end of float32; and a cell
1e300 spreads away, whose float32 is infinite, would make its whole row infinite or NaN.
"""


def farther(
    values: NDArray[np.float64], middle: float, spread: float, *, unit: str, stand_in: str
) -> str:
    """Say how many values are further than `FARTHEST` spreads off; nothing if none is."""
    with np.errstate(over="ignore"):
        far = int(np.count_nonzero(np.abs((values - middle) / spread) > FARTHEST))
    if not far:
        return ""
    return (
        f"{plural(far, 'cell')} further than {FARTHEST:,.0f} {unit} of {spread:g} from {stand_in};"
        " read as that far"
    )


def quantiles(values: NDArray[np.float64], count: int, name: str) -> NDArray[np.float64]:
    """Return so many quantiles, from the least to the greatest value, equally far apart in rank.

    Raises
    ------
    DataError
        If float64 cannot hold the differences.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        found = np.quantile(values, np.linspace(0, 1, count))
        if not np.isfinite(found).all() or not np.isfinite(found[-1] - found[0]):
            raise too_wide(values, name)
    return found


def too_wide(values: NDArray[np.float64], name: str) -> DataError:
    """Return the error for values whose differences float64 cannot hold."""
    return DataError(
        f"Column {name!r} runs from {values.min():g} to {values.max():g}, further than a"
        " 64-bit number can measure. Divide it by a power of ten."
    )
