"""Plain descent, with momentum or without, and descent along signs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hiddenlogic.optimizers.optimizer import Optimizer
from hiddenlogic.registry import explains_arguments
from hiddenlogic.schedules import Number


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True, repr=False)
class SGD(Optimizer):
    """Stochastic gradient descent, plain or with (Nesterov) momentum.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0, or one of `hiddenlogic.schedules`. Default 0.01. `lr` is taken too.
    momentum : float or Schedule
        At least 0, less than 1. Default 0.
    nesterov : bool
        Look ahead along the momentum. Default False.
    **others
        Of every `Optimizer`: weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema,
        ema_momentum, ema_overwrite_frequency, gradient_accumulation_steps, groups.

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
    learning_rate: Number = 0.01
    momentum: Number = 0.0
    nesterov: bool = False


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True, repr=False)
class Lion(Optimizer):
    """Steps of one size, along the sign of a running mean of the gradient.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0; a third to a tenth of Adam's, as its authors say. Default 0.001.
    beta_1, beta_2 : float or Schedule
        How much of the running mean counts in the step, and is kept; at least 0, less than 1.
        Default 0.9 and 0.99.
    **others
        Of every `Optimizer`.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For a keyword that it does not take.
    """

    name: ClassVar[str] = "lion"
    beta_1: Number = 0.9
    beta_2: Number = 0.99
