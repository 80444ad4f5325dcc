"""The base of the initializers, and those that draw nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from hiddenlogic.errors import RangeError
from hiddenlogic.initializers.row import Distribution, Fill, InitializerRow
from hiddenlogic.initializers.rows import ROWS
from hiddenlogic.registry import check_count, explains_arguments


@dataclass(frozen=True)
class Initializer:
    """Base of the initializers: a row of the registry and its settings.

    Notes
    -----
    Those that draw take a `seed`. Without one, the numbers follow from the seed of the network and
    the place of the array in it; with one, from that seed alone, so that two arrays of one shape
    begin alike, as in Keras.
    """

    name: ClassVar[str] = ""

    def __post_init__(self) -> None:
        owner = type(self).__name__
        for parameter in self.row.parameters:
            value = parameter.check(getattr(self, parameter.name), owner)
            object.__setattr__(self, parameter.name, value)
        seed = getattr(self, "seed", None)
        if seed is not None and check_count(seed, f"`seed` of {owner}", least=0) >= 2**64:
            raise RangeError(f"`seed` of {owner} must be less than 2**64; got {seed!r}.")

    @property
    def row(self) -> InitializerRow:
        """The row of the registry that holds formula and source."""
        return ROWS.find(self.name, "`initializer`")

    def draws_from(self, shape: Sequence[int]) -> Distribution:
        """Return what the weights of an array of this shape are drawn from, one by one."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Return the settings that make an equal initializer again, as plain data."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@explains_arguments()
@dataclass(frozen=True)
class Zeros(Initializer):
    """All weights 0."""

    name: ClassVar[str] = "zeros"

    def draws_from(self, shape: Sequence[int]) -> Distribution:
        """Return zeros."""
        return Fill(0.0)


@explains_arguments()
@dataclass(frozen=True)
class Ones(Initializer):
    """All weights 1."""

    name: ClassVar[str] = "ones"

    def draws_from(self, shape: Sequence[int]) -> Distribution:
        """Return ones."""
        return Fill(1.0)


@explains_arguments()
@dataclass(frozen=True)
class Constant(Initializer):
    """All weights the same.

    Parameters
    ----------
    value : float
        Default 0.

    Raises
    ------
    RangeError
        If it is no finite number.
    """

    name: ClassVar[str] = "constant"
    value: float = 0.0

    def draws_from(self, shape: Sequence[int]) -> Distribution:
        """Return the value."""
        return Fill(self.value)


@explains_arguments()
@dataclass(frozen=True)
class Identity(Initializer):
    """A kernel that passes its inputs on: `gain` from each input to the unit of its number.

    Parameters
    ----------
    gain : float
        Default 1.

    Raises
    ------
    RangeError
        If it is no finite number.
    """

    name: ClassVar[str] = "identity"
    gain: float = 1.0
