"""Optimizers, one frozen row and one Keras-named class each.

The order of `ROWS` is the order of the optimizers in the C++ core. g is the gradient, w a weight,
t the number of the step, counted from 1. Formulas and defaults are those of Keras 3.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar

from hiddenlogic import schedules
from hiddenlogic.registry import Parameter, Registry, check_flag, explains_arguments


@dataclass(frozen=True)
class OptimizerRow:
    """All that is known of an optimizer.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    parameters : tuple of Parameter
        Its numbers, in the order of the arguments.
    slots : int
        Numbers kept for each weight between steps.
    formula : str
        The update of one weight.
    keras, torch, source : str
        What the neighbours call it, and where it was published.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    slots: int
    formula: str
    keras: str
    torch: str
    source: str


_BETAS = (
    Parameter("beta_1", 0.9, low=0.0, high=1.0, low_included=True),
    Parameter("beta_2", 0.999, low=0.0, high=1.0, low_included=True),
    Parameter("epsilon", 1e-7, low=0.0),
)
_ADAM = (
    "m += (g - m) * (1 - beta_1); v += (g**2 - v) * (1 - beta_2); "
    "w -= m * learning_rate * sqrt(1 - beta_2**t) / (1 - beta_1**t) / (sqrt(v) + epsilon)"
)

ROWS: Registry[OptimizerRow] = Registry(
    (
        OptimizerRow(
            name="sgd",
            aliases=(),
            parameters=(
                Parameter("learning_rate", 0.01, low=0.0),
                Parameter("momentum", 0.0, low=0.0, high=1.0, low_included=True),
            ),
            slots=1,
            formula="v = momentum * v - learning_rate * g; w += v "
            "(nesterov: w += momentum * v - learning_rate * g, with the new v)",
            keras="SGD",
            torch="SGD",
            source="Polyak (1964), doi:10.1016/0041-5553(64)90137-5; Nesterov form of Sutskever "
            "et al. (2013), ICML, equations 3 and 4",
        ),
        OptimizerRow(
            name="adam",
            aliases=(),
            parameters=(Parameter("learning_rate", 0.001, low=0.0), *_BETAS),
            slots=2,
            formula=_ADAM,
            keras="Adam",
            torch="Adam",
            source="Kingma and Ba (2015), arXiv:1412.6980, end of section 2: epsilon is added "
            "before the correction of the bias, as Keras does and torch does not",
        ),
        OptimizerRow(
            name="adamw",
            aliases=(),
            parameters=(
                Parameter("learning_rate", 0.001, low=0.0),
                Parameter("weight_decay", 0.004, low=0.0, low_included=True),
                *_BETAS,
            ),
            slots=2,
            formula="w -= w * weight_decay * learning_rate; then " + _ADAM,
            keras="AdamW",
            torch="AdamW",
            source="Loshchilov and Hutter (2019), arXiv:1711.05101, algorithm 2",
        ),
    )
)


@dataclass(frozen=True)
class Optimizer:
    """Base of the optimizers: a row of the registry and its settings."""

    name: ClassVar[str] = ""
    learning_rate: float | schedules.Schedule = 0.01

    def __post_init__(self) -> None:
        for parameter in self.row.parameters:
            given, owner = getattr(self, parameter.name), type(self).__name__
            if parameter.name == "learning_rate":
                value = schedules.check(given, parameter, owner)
            else:
                value = parameter.check(given, owner)
            object.__setattr__(self, parameter.name, value)

    @property
    def row(self) -> OptimizerRow:
        """The row of the registry that holds formula and the names elsewhere."""
        return ROWS.find(self.name, "`optimizer`")

    @property
    def schedule(self) -> schedules.Schedule:
        """The learning rate as a schedule; a number is the same at every step."""
        rate = self.learning_rate
        return rate if isinstance(rate, schedules.Schedule) else schedules.Constant(rate)

    def get_config(self) -> dict[str, Any]:
        """Return the settings that make an equal optimizer again, as plain data."""
        config = {one.name: getattr(self, one.name) for one in fields(self)}
        if isinstance(self.learning_rate, schedules.Schedule):
            config["learning_rate"] = schedules.describe(self.learning_rate)
        return config


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True)
class SGD(Optimizer):
    """Stochastic gradient descent, plain or with (Nesterov) momentum.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0, or one of `hiddenlogic.schedules`. Default 0.01. `lr` is taken too.
    momentum : float
        At least 0, less than 1. Default 0.
    nesterov : bool
        Look ahead along the momentum. Default False.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For a keyword that it does not take.

    Examples
    --------
    >>> SGD(0.1, momentum=0.9)
    SGD(learning_rate=0.1, momentum=0.9, nesterov=False)
    """

    name: ClassVar[str] = "sgd"
    learning_rate: float | schedules.Schedule = 0.01
    momentum: float = 0.0
    nesterov: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_flag(self.nesterov, "`nesterov` of SGD")


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True)
class Adam(Optimizer):
    """Steps scaled by running means of the gradient and of its square.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0, or one of `hiddenlogic.schedules`. Default 0.001. `lr` is taken too.
    beta_1, beta_2 : float
        How much of the running means is kept; at least 0, less than 1. Default 0.9 and 0.999.
    epsilon : float
        Greater than 0. Default 1e-7 as in Keras (torch: 1e-8).

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For a keyword that it does not take.
    """

    name: ClassVar[str] = "adam"
    learning_rate: float | schedules.Schedule = 0.001
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True)
class AdamW(Optimizer):
    """Adam with weights that decay by themselves, apart from the gradient.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0, or one of `hiddenlogic.schedules`. Default 0.001.
    weight_decay : float
        At least 0; each step takes away weight_decay * learning_rate of every weight, biases
        included, as in Keras. Default 0.004 (torch: 0.01).
    beta_1, beta_2, epsilon : float
        As in `Adam`.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For a keyword that it does not take.
    """

    name: ClassVar[str] = "adamw"
    learning_rate: float | schedules.Schedule = 0.001
    weight_decay: float = 0.004
    beta_1: float = 0.9
    beta_2: float = 0.999
    epsilon: float = 1e-7


_CLASSES: dict[str, Callable[..., Optimizer]] = {"sgd": SGD, "adam": Adam, "adamw": AdamW}

OptimizerSpec = str | Optimizer


def get(spec: object, **settings: object) -> Optimizer:
    """Return the optimizer that `spec` names, with its defaults where `settings` has none.

    Parameters
    ----------
    spec : str, Optimizer or class of optimizers
        A name, or an optimizer, which is returned as it is; of a class, one with its defaults.
    **settings
        Arguments for the optimizer that the name stands for.

    Raises
    ------
    UnknownNameError
        If there is no such optimizer.

    Examples
    --------
    >>> get("adam").learning_rate
    0.001
    """
    if isinstance(spec, Optimizer):
        return spec
    for known in _CLASSES.values():
        if spec is known:
            return known(**settings)
    return _CLASSES[ROWS.find(spec, "`optimizer`").name](**settings)
