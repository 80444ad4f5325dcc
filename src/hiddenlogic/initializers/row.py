"""What is known of an initializer."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from hiddenlogic.registry import Parameter

Mode = Literal["fan_in", "fan_out", "fan_avg"]
MODES: tuple[str, ...] = get_args(Mode)
Shape = Literal["truncated_normal", "untruncated_normal", "uniform"]
SHAPES: tuple[str, ...] = get_args(Shape)


@dataclass(frozen=True)
class Scaling:
    """A variance of `scale` / fan, and the distribution that has it.

    Parameters
    ----------
    scale : float
        The variance of the weights times the fan.
    mode : {"fan_in", "fan_out", "fan_avg"}
        What is counted: the inputs of a unit, the units of the layer, or the mean of both.
    distribution : {"truncated_normal", "untruncated_normal", "uniform"}
        A normal one that ends at twice its deviation; one that does not end; an even one.
    """

    scale: float
    mode: Mode
    distribution: Shape

    def fan(self, fan_in: int, fan_out: int) -> float:
        """Return what the variance is divided by."""
        return {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]


def fans(shape: Sequence[int]) -> tuple[int, int]:
    """Return how many inputs and outputs an array of weights connects.

    A kernel is [inputs, units]; axes before these two tell apart kernels of the same kind, and
    count for nothing. A vector counts as both.
    """
    return (shape[-2], shape[-1]) if len(shape) > 1 else (shape[0], shape[0])


@dataclass(frozen=True)
class InitializerRow:
    """All that is known of an initializer.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    parameters : tuple of Parameter
        Its numbers, in the order of the arguments.
    formula : str
        What the weights are.
    keras, torch, source : str
        What the neighbours call it, and where it was published.
    scaling : Scaling or None
        Of those that are named for their variance.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    formula: str
    keras: str
    torch: str
    source: str
    scaling: Scaling | None = None


# The deviation of a standard normal number that is cut off at -2 and 2.
TRUNCATED_DEVIATION = 0.87962566103423978


@dataclass(frozen=True)
class Fill:
    """The same number everywhere."""

    value: float


@dataclass(frozen=True)
class Uniform:
    """Numbers between `low` and `high`."""

    low: float
    high: float


@dataclass(frozen=True)
class Normal:
    """Normal numbers of this mean and deviation; `truncated`: drawn within two deviations."""

    mean: float
    stddev: float
    truncated: bool = False


@dataclass(frozen=True)
class Signs:
    """-1 and 1, each as likely."""


Distribution = Fill | Uniform | Normal | Signs


def scaled(scaling: Scaling, shape: Sequence[int]) -> Distribution:
    """Return the distribution that has the variance for an array of this shape."""
    fan = max(1.0, scaling.fan(*fans(shape)))
    if scaling.distribution == "uniform":
        limit = math.sqrt(3.0 * scaling.scale / fan)
        return Uniform(-limit, limit)
    stddev = math.sqrt(scaling.scale / fan)
    if scaling.distribution == "untruncated_normal":
        return Normal(0.0, stddev)
    # Cutting the tails off takes from the variance, which this gives back.
    return Normal(0.0, stddev / TRUNCATED_DEVIATION, truncated=True)
