"""Steps scaled by what the squares of the gradient were: RMSprop, Adagrad, Adadelta."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hiddenlogic.optimizers.optimizer import Optimizer
from hiddenlogic.registry import explains_arguments
from hiddenlogic.schedules import Number


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True, repr=False)
class RMSprop(Optimizer):
    """Steps scaled by the root of a running mean of the gradient's square.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0. Default 0.001.
    rho : float
        How much of the running mean is kept; at least 0, less than 1. Default 0.9 (torch: 0.99).
    momentum : float or Schedule
        At least 0, less than 1. Default 0.
    epsilon : float or Schedule
        Greater than 0; inside the root, as in Keras. Default 1e-7.
    centered : bool
        Scale by the estimated variance in place of the mean of squares. Default False.
    **others
        Of every `Optimizer`.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For a keyword that it does not take.
    """

    name: ClassVar[str] = "rmsprop"
    rho: float = 0.9
    momentum: Number = 0.0
    epsilon: Number = 1e-7
    centered: bool = False


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True, repr=False)
class Adagrad(Optimizer):
    """Steps scaled by the root of the sum of all squares of the gradient so far.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0. Default 0.001.
    initial_accumulator_value : float
        What the sum begins with; at least 0. Default 0.1 (torch: 0).
    epsilon : float or Schedule
        Greater than 0; inside the root, as in Keras. Default 1e-7.
    **others
        Of every `Optimizer`.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For a keyword that it does not take.
    """

    name: ClassVar[str] = "adagrad"
    initial_accumulator_value: float = 0.1
    epsilon: Number = 1e-7


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True, repr=False)
class Adadelta(Optimizer):
    """Steps scaled by the quotient of the roots of two running means: of steps and of gradients.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0. Default 0.001 as in Keras; its author and torch have 1.
    rho : float
        How much of the running means is kept; at least 0, less than 1. Default 0.95 (torch: 0.9).
    epsilon : float or Schedule
        Greater than 0; inside both roots. Default 1e-7 (torch: 1e-6).
    **others
        Of every `Optimizer`.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For a keyword that it does not take.
    """

    name: ClassVar[str] = "adadelta"
    rho: float = 0.95
    epsilon: Number = 1e-7
