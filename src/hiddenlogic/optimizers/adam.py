"""Adam and its relatives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from hiddenlogic.optimizers.optimizer import Optimizer
from hiddenlogic.registry import explains_arguments
from hiddenlogic.schedules import Number


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True, repr=False)
class Adam(Optimizer):
    """Steps scaled by running means of the gradient and of its square.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0, or one of `hiddenlogic.schedules`. Default 0.001. `lr` is taken too.
    beta_1, beta_2 : float or Schedule
        How much of the running means is kept; at least 0, less than 1. Default 0.9 and 0.999.
    epsilon : float or Schedule
        Greater than 0. Default 1e-7 as in Keras (torch: 1e-8).
    amsgrad : bool
        Scale by the largest mean of squares so far. Default False.
    **others
        Of every `Optimizer`: weight_decay, clipnorm, clipvalue, global_clipnorm, use_ema,
        ema_momentum, ema_overwrite_frequency, gradient_accumulation_steps, groups.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For a keyword that it does not take.
    """

    name: ClassVar[str] = "adam"
    beta_1: Number = 0.9
    beta_2: Number = 0.999
    epsilon: Number = 1e-7
    amsgrad: bool = False


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True, repr=False)
class AdamW(Optimizer):
    """Adam with weights that decay by themselves, apart from the gradient.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0, or one of `hiddenlogic.schedules`. Default 0.001.
    weight_decay : float or Schedule
        At least 0; each step takes away weight_decay * learning_rate of every weight, biases
        included, as in Keras. Default 0.004 (torch: 0.01).
    beta_1, beta_2, epsilon, amsgrad, others
        As in `Adam`.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For a keyword that it does not take.
    """

    name: ClassVar[str] = "adamw"
    weight_decay: Number | None = 0.004
    beta_1: Number = 0.9
    beta_2: Number = 0.999
    epsilon: Number = 1e-7
    amsgrad: bool = False


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True, repr=False)
class Adamax(Optimizer):
    """Adam with the largest gradient of late in place of the root of the mean square.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0. Default 0.001 (torch: 0.002).
    beta_1, beta_2 : float or Schedule
        What is kept of the running mean and of the largest gradient; at least 0, less than 1.
        Default 0.9 and 0.999.
    epsilon : float or Schedule
        Greater than 0. Default 1e-7.
    **others
        Of every `Optimizer`.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For a keyword that it does not take.
    """

    name: ClassVar[str] = "adamax"
    beta_1: Number = 0.9
    beta_2: Number = 0.999
    epsilon: Number = 1e-7


@explains_arguments({"lr": "learning_rate"})
@dataclass(frozen=True, repr=False)
class Nadam(Optimizer):
    """Adam with Nesterov's momentum, which rises from half of `beta_1` to all of it.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0. Default 0.001 (torch: 0.002).
    beta_1, beta_2 : float or Schedule
        How much of the running means is kept; at least 0, less than 1. Default 0.9 and 0.999.
    epsilon : float or Schedule
        Greater than 0. Default 1e-7.
    **others
        Of every `Optimizer`.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For a keyword that it does not take.
    """

    name: ClassVar[str] = "nadam"
    beta_1: Number = 0.9
    beta_2: Number = 0.999
    epsilon: Number = 1e-7
