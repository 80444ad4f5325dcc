"""What the weights are before the first step, one frozen row each.

A uniform row draws from (-limit, limit) with limit = sqrt(3 * gain / fan). Which numbers are drawn
follows from the seed of the network alone, so an initializer takes no seed of its own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from hiddenlogic.registry import Registry, explains_arguments


@dataclass(frozen=True)
class InitializerRow:
    """All that is known of an initializer.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    kind : {"constant", "uniform"}
        Whether all weights are `value`, or are drawn between -limit and limit.
    value : float
        The constant.
    gain : float
        The variance of the weights times the fan.
    fan : {"none", "in", "average"}
        What is counted: the inputs of a unit, or the mean of inputs and units of the layer.
    formula, keras, source : str
        The limit, what Keras calls it, and where it was published.
    """

    name: str
    aliases: tuple[str, ...]
    kind: Literal["constant", "uniform"]
    value: float
    gain: float
    fan: Literal["none", "in", "average"]
    formula: str
    keras: str
    source: str

    def limit(self, fan_in: int, fan_out: int) -> float:
        """Return the largest size that a weight of a uniform row can have; 0 for a constant one."""
        if self.kind == "constant":
            return 0.0
        fan = fan_in if self.fan == "in" else (fan_in + fan_out) / 2
        return math.sqrt(3.0 * self.gain / fan)


ROWS: Registry[InitializerRow] = Registry(
    (
        InitializerRow(
            name="zeros",
            aliases=("zero",),
            kind="constant",
            value=0.0,
            gain=0.0,
            fan="none",
            formula="0",
            keras="Zeros",
            source="the usual start of a bias",
        ),
        InitializerRow(
            name="ones",
            aliases=("one",),
            kind="constant",
            value=1.0,
            gain=0.0,
            fan="none",
            formula="1",
            keras="Ones",
            source="for tests and teaching",
        ),
        InitializerRow(
            name="glorot_uniform",
            aliases=("xavier_uniform",),
            kind="uniform",
            value=0.0,
            gain=1.0,
            fan="average",
            formula="limit = sqrt(6 / (fan_in + fan_out))",
            keras="GlorotUniform",
            source="Glorot and Bengio (2010), AISTATS, equation 16",
        ),
        InitializerRow(
            name="he_uniform",
            aliases=("kaiming_uniform",),
            kind="uniform",
            value=0.0,
            gain=2.0,
            fan="in",
            formula="limit = sqrt(6 / fan_in)",
            keras="HeUniform",
            source="He et al. (2015), arXiv:1502.01852, equation 10",
        ),
        InitializerRow(
            name="lecun_uniform",
            aliases=(),
            kind="uniform",
            value=0.0,
            gain=1.0,
            fan="in",
            formula="limit = sqrt(3 / fan_in)",
            keras="LecunUniform",
            source="LeCun et al. (1998), Efficient BackProp, equation 16",
        ),
    )
)


@dataclass(frozen=True, repr=False)
class Initializer:
    """Base of the initializers: the name of a row.

    Attributes
    ----------
    name : str
        Canonical name.
    """

    name: str

    @property
    def row(self) -> InitializerRow:
        """The row of the registry that holds the formula."""
        return ROWS.find(self.name, "`initializer`")

    def __repr__(self) -> str:
        return f"{self.row.keras}()"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Initializer) and other.name == self.name

    def __hash__(self) -> int:
        return hash(self.name)


@explains_arguments()
class Zeros(Initializer):
    """All weights 0."""

    def __init__(self) -> None:
        super().__init__("zeros")


@explains_arguments()
class Ones(Initializer):
    """All weights 1."""

    def __init__(self) -> None:
        super().__init__("ones")


@explains_arguments()
class GlorotUniform(Initializer):
    """Uniform up to sqrt(6 / (fan_in + fan_out)); for linear, tanh and sigmoid layers."""

    def __init__(self) -> None:
        super().__init__("glorot_uniform")


@explains_arguments()
class HeUniform(Initializer):
    """Uniform up to sqrt(6 / fan_in); for the relu family."""

    def __init__(self) -> None:
        super().__init__("he_uniform")


@explains_arguments()
class LecunUniform(Initializer):
    """Uniform up to sqrt(3 / fan_in); for selu."""

    def __init__(self) -> None:
        super().__init__("lecun_uniform")


InitializerSpec = str | Initializer


def get(spec: object, argument: str = "`kernel_initializer` of Dense") -> Initializer:
    """Return the initializer that `spec` names.

    Raises
    ------
    UnknownNameError
        If there is no such initializer.

    Examples
    --------
    >>> get("he_uniform").row.limit(fan_in=6, fan_out=3)
    1.0
    """
    if isinstance(spec, Initializer):
        return spec
    return Initializer(ROWS.find(spec, argument).name)
