"""Constraints: what weights are made to fulfil after each step of the optimizer.

A norm is that of all weights that arrive at a unit (axis 0 of a kernel (in, units)), of all that
leave an input (axis 1), or of a whole vector such as a bias. The formulas are those of Keras 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from hiddenlogic.errors import RangeError
from hiddenlogic.registry import Parameter, Registry, explains_arguments

# What is added to a norm before it divides: Keras's.
EPSILON = 1e-7


@dataclass(frozen=True)
class ConstraintRow:
    """All that is known of a constraint of the weights w.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    parameters : tuple of Parameter
        Its numbers, in the order of the arguments.
    formula, keras, source : str
        What becomes of w, what Keras calls it, and where it was published.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    formula: str
    keras: str
    source: str


def _norm(name: str, default: float) -> Parameter:
    return Parameter(name, default, low=0.0, low_included=True)


ROWS: Registry[ConstraintRow] = Registry(
    (
        ConstraintRow(
            name="max_norm",
            aliases=(),
            parameters=(_norm("max_value", 2.0),),
            formula="w * min(norm, max_value) / (norm + 1e-7), norm = sqrt(sum(w**2))",
            keras="MaxNorm",
            source="Srebro and Shraibman (2005), doi:10.1007/11503415_37; with dropout in "
            "Srivastava et al. (2014), Journal of Machine Learning Research 15, section 5.1",
        ),
        ConstraintRow(
            name="non_neg",
            aliases=("non_negative",),
            parameters=(),
            formula="max(w, 0)",
            keras="NonNeg",
            source="Lawson and Hanson (1974), Solving Least Squares Problems, chapter 23",
        ),
        ConstraintRow(
            name="unit_norm",
            aliases=(),
            parameters=(),
            formula="w / (norm + 1e-7), norm = sqrt(sum(w**2))",
            keras="UnitNorm",
            source="Keras 3",
        ),
        ConstraintRow(
            name="min_max_norm",
            aliases=(),
            parameters=(
                _norm("min_value", 0.0),
                _norm("max_value", 1.0),
                Parameter("rate", 1.0, low=0.0, high=1.0, low_included=True, high_included=True),
            ),
            formula="w * (rate * clip(norm, min_value, max_value) + (1 - rate) * norm) / "
            "(norm + 1e-7), norm = sqrt(sum(w**2))",
            keras="MinMaxNorm",
            source="Keras 3",
        ),
    )
)


@dataclass(frozen=True)
class Constraint:
    """Base of the constraints: a row of the registry and its numbers."""

    name: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for parameter in self.row.parameters:
            value = parameter.check(getattr(self, parameter.name), type(self).__name__)
            object.__setattr__(self, parameter.name, value)
        axis = getattr(self, "axis", 0)
        if type(axis) is not int or axis not in (0, 1):
            raise RangeError(
                f"`axis` of {type(self).__name__} must be 0 (norms of the weights that arrive at "
                f"each unit) or 1 (of those that leave each input); got {axis!r}."
            )

    @property
    def row(self) -> ConstraintRow:
        """The row of the registry that holds the formula and the names elsewhere."""
        return ROWS.find(self.name, "`constraint`")

    @property
    def norms(self) -> tuple[float, float, float, int] | None:
        """Least and greatest norm, rate and axis; None if no norm is constrained."""
        return None

    def get_config(self) -> dict[str, Any]:
        """Return the name and numbers that make an equal one again, as plain data."""
        return {"name": self.name, **{one.name: getattr(self, one.name) for one in fields(self)}}


@explains_arguments()
@dataclass(frozen=True)
class MaxNorm(Constraint):
    """Norms above `max_value` are brought down to it.

    Parameters
    ----------
    max_value : float
        At least 0. Default 2.
    axis : {0, 1}
        Along which norms are taken. Default 0: all weights that arrive at a unit.

    Raises
    ------
    RangeError
        If a number is out of its range.

    Examples
    --------
    >>> MaxNorm(3)
    MaxNorm(max_value=3.0, axis=0)
    """

    name: ClassVar[str] = "max_norm"
    max_value: float = 2.0
    axis: int = 0

    @property
    def norms(self) -> tuple[float, float, float, int]:
        """Least and greatest norm, rate and axis."""
        return 0.0, self.max_value, 1.0, self.axis


@explains_arguments()
@dataclass(frozen=True)
class NonNeg(Constraint):
    """Weights below 0 become 0.

    Examples
    --------
    >>> NonNeg()
    NonNeg()
    """

    name: ClassVar[str] = "non_neg"


@explains_arguments()
@dataclass(frozen=True)
class UnitNorm(Constraint):
    """Norms become 1.

    Parameters
    ----------
    axis : {0, 1}
        As in `MaxNorm`.

    Raises
    ------
    RangeError
        If `axis` is neither.
    """

    name: ClassVar[str] = "unit_norm"
    axis: int = 0

    @property
    def norms(self) -> tuple[float, float, float, int]:
        """Least and greatest norm, rate and axis."""
        return 1.0, 1.0, 1.0, self.axis


@explains_arguments()
@dataclass(frozen=True)
class MinMaxNorm(Constraint):
    """Norms are brought between two numbers, or a part of the way there.

    Parameters
    ----------
    min_value, max_value : float
        At least 0. Default 0 and 1.
    rate : float
        From 0 to 1: the part of the way that each step goes. Default 1.
    axis : {0, 1}
        As in `MaxNorm`.

    Raises
    ------
    RangeError
        If a number is out of its range, or `min_value` is above `max_value`.
    """

    name: ClassVar[str] = "min_max_norm"
    min_value: float = 0.0
    max_value: float = 1.0
    rate: float = 1.0
    axis: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.min_value > self.max_value:
            raise RangeError(
                f"`min_value` of MinMaxNorm must be at most `max_value`; got {self.min_value:g} "
                f"and {self.max_value:g}."
            )

    @property
    def norms(self) -> tuple[float, float, float, int]:
        """Least and greatest norm, rate and axis."""
        return self.min_value, self.max_value, self.rate, self.axis


max_norm = MaxNorm
non_neg = NonNeg
unit_norm = UnitNorm
min_max_norm = MinMaxNorm
ConstraintSpec = str | Constraint | None

_CLASSES: dict[str, Callable[..., Constraint]] = {
    one.name: one for one in (MaxNorm, NonNeg, UnitNorm, MinMaxNorm)
}


def get(
    spec: object, argument: str = "`constraint`", *, of_vector: bool = False
) -> Constraint | None:
    """Return the constraint that `spec` names or describes; None stays None.

    Parameters
    ----------
    spec : str, Constraint, mapping or None
        A name, for its defaults; a constraint, which is returned as it is; or what its
        `get_config` returned, as model files hold it.
    argument : str
        What messages call it.
    of_vector : bool
        Whether the weights are a vector, which has no axis 1.

    Raises
    ------
    UnknownNameError
        If there is no such constraint.
    RangeError
        If its numbers are out of their range.

    Examples
    --------
    >>> get("non_neg")
    NonNeg()
    """
    if spec is None:
        return None
    found = ROWS.make(spec, argument, Constraint, _CLASSES, flat=True)
    if of_vector and getattr(found, "axis", 0) != 0:
        raise RangeError(
            f"{argument} must have axis=0, for it constrains a vector of weights; got {found!r}."
        )
    return found
