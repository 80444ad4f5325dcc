"""Layers that bring branches of a network together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hiddenlogic.errors import ShapeError
from hiddenlogic.layers.layer import Layer
from hiddenlogic.registry import explains_arguments


@dataclass(frozen=True)
class Merge(Layer):
    """Base of the layers that take two values or more."""

    inputs_taken: ClassVar[tuple[int, int | None]] = (2, None)

    name: str | None = None


@dataclass(frozen=True)
class _UnitByUnit(Merge):
    """Base of those that take values of one width."""

    def check_arriving(self, arriving: Sequence[int], label: str) -> None:
        if len(set(arriving)) > 1:
            raise ShapeError(
                f"{label} must take values of one width, for it goes unit by unit; got widths "
                f"{list(arriving)!r}. Put a Dense before those that differ, or use Concatenate."
            )


@explains_arguments()
@dataclass(frozen=True)
class Concatenate(Merge):
    """The values side by side, in the order in which they are given.

    Parameters
    ----------
    name : str, optional
        What summary() calls it.

    Examples
    --------
    >>> from hiddenlogic.layers import Dense, Input
    >>> x = Input((2,))
    >>> Concatenate()([x, Dense(3)(x)]).units
    5
    """

    def units_after(self, arriving: Sequence[int]) -> int:
        return sum(arriving)


@explains_arguments()
@dataclass(frozen=True)
class Add(_UnitByUnit):
    """The sum of the values, unit by unit: what a skip connection ends in.

    Parameters
    ----------
    name : str, optional
        What summary() calls it.
    """


@explains_arguments()
@dataclass(frozen=True)
class Average(_UnitByUnit):
    """The mean of the values, unit by unit.

    Parameters
    ----------
    name : str, optional
        What summary() calls it.
    """


@explains_arguments()
@dataclass(frozen=True)
class Multiply(_UnitByUnit):
    """The product of the values, unit by unit.

    Parameters
    ----------
    name : str, optional
        What summary() calls it.
    """
