"""Activation functions, one frozen row each.

The order of `ROWS` is the order of the activations in the C++ core, which is generated from it.

References
----------
Each row names its source. Defaults are those of ``keras.activations`` (Keras 3).
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

from hiddenlogic.activations import piecewise, smooth
from hiddenlogic.activations.row import ActivationRow
from hiddenlogic.errors import ShapeError, UnknownNameError
from hiddenlogic.registry import Registry

ROWS: Registry[ActivationRow] = Registry((*piecewise.ROWS, *smooth.ROWS, *smooth.COUPLED))


@dataclass(frozen=True, init=False, repr=False)
class Activation:
    """An activation function with its numbers, if it takes any.

    Parameters
    ----------
    name : str
        A name or alias from `ROWS`.
    *numbers, **named : float
        The parameters of its row, in their order or by their names; those left out, or None, have
        the row's default.

    Raises
    ------
    UnknownNameError
        If `name` is unknown, or is given a parameter that it does not take.
    RangeError
        If a parameter is out of its range.

    Examples
    --------
    >>> Activation("leaky_relu", 0.01)
    Activation('leaky_relu', negative_slope=0.01)
    >>> Activation("relu6")
    Activation('relu6')
    """

    name: str
    parameters: tuple[float, ...]

    def __init__(self, name: str, *numbers: float | None, **named: float | None) -> None:
        row = ROWS.find(name, "`name` of an Activation")
        known = [parameter.name for parameter in row.parameters]
        given = dict(zip(known, numbers, strict=False))
        unknown = [*numbers[len(known) :], *(key for key in named if key not in known)]
        if unknown:
            takes = f"takes {', '.join(known)}" if known else "takes no parameter"
            raise UnknownNameError(f"{row.name} {takes}; got {unknown[0]!r}.")
        if twice := [key for key in named if key in given]:
            raise UnknownNameError(f"{row.name} takes one {twice[0]}; got two.")
        given |= named
        values: list[float] = []
        for parameter in row.parameters:
            value = given.get(parameter.name)
            values.append(parameter.default if value is None else parameter.check(value, row.name))
        object.__setattr__(self, "name", row.name)
        object.__setattr__(self, "parameters", tuple(values))

    @property
    def row(self) -> ActivationRow:
        """The row of the registry that holds formulas and the names elsewhere."""
        return ROWS.find(self.name, "`activation`")

    def units_after(self, units: int, owner: str) -> int:
        """Return the width of what it makes of `units` units.

        Raises
        ------
        ShapeError
            If it gates half of an odd number of units; `owner` is what the message calls the layer.
        """
        if not self.row.gates:
            return units
        if units % 2:
            raise ShapeError(
                f"{owner} must have an even number of units for {self.name}, which makes one "
                f"output of two; got {units}."
            )
        return units // 2

    @property
    def named_parameters(self) -> dict[str, float]:
        """The numbers by their names."""
        names = (parameter.name for parameter in self.row.parameters)
        return dict(zip(names, self.parameters, strict=True))

    def get_config(self) -> dict[str, object]:
        """Return the name and the numbers as plain data; None for an infinite one."""
        numbers = self.named_parameters.items()
        return {
            "name": self.name,
            **{name: value if math.isfinite(value) else None for name, value in numbers},
        }

    def __repr__(self) -> str:
        arguments = [repr(self.name), *(f"{k}={v!r}" for k, v in self.named_parameters.items())]
        return f"Activation({', '.join(arguments)})"


ActivationSpec = str | Activation | None


def get(spec: object, owner: str = "Dense") -> Activation:
    """Return the activation that `spec` names.

    Parameters
    ----------
    spec : str, Activation or None
        None is linear, as in Keras.
    owner : str
        Whose argument it is, for the message.

    Raises
    ------
    UnknownNameError
        If `spec` is none of these.

    Examples
    --------
    >>> get("swish").name
    'silu'
    """
    if spec is None:
        return Activation("linear")
    if isinstance(spec, Activation):
        return spec
    return Activation(ROWS.find(spec, f"`activation` of {owner}").name)


@functools.cache
def __getattr__(name: str) -> Activation:
    """Return the activation of a row with its defaults: `activations.relu`, `activations.swish`."""
    if name.startswith("_"):
        raise AttributeError(name)
    try:
        return Activation(ROWS.find(name, "A name in hiddenlogic.activations").name)
    except UnknownNameError as problem:
        raise AttributeError(str(problem)) from None


def __dir__() -> list[str]:
    return [*globals(), *ROWS.names]
