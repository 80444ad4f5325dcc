"""Values that fall from step to step: Keras's schedules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar

from hiddenlogic.errors import RangeError
from hiddenlogic.registry import check_count, check_flag, explains_arguments
from hiddenlogic.schedules.rows import not_negative
from hiddenlogic.schedules.schedule import Schedule, between


@dataclass(frozen=True)
class _Decay(Schedule):
    """What the two schedules with a staircase share."""

    initial_learning_rate: float
    decay_steps: float
    decay_rate: float
    staircase: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_flag(self.staircase, f"`staircase` of {type(self).__name__}")

    def _decays(self, step: int) -> float:
        """Return how many times the decay has been applied."""
        p = step / self.decay_steps
        return math.floor(p) if self.staircase else p


@explains_arguments()
@dataclass(frozen=True)
class ExponentialDecay(_Decay):
    """The rate shrinks by the same factor every `decay_steps` steps.

    Parameters
    ----------
    initial_learning_rate : float
        Of step 0; greater than 0.
    decay_steps : float
        Steps in which the rate shrinks by the factor `decay_rate`; greater than 0.
    decay_rate : float
        Greater than 0.
    staircase : bool
        Shrink at every `decay_steps`-th step only. Default False.

    Raises
    ------
    RangeError
        If a number is out of its range.

    Examples
    --------
    >>> rate = ExponentialDecay(0.1, decay_steps=100, decay_rate=0.5)
    >>> rate(0), rate(100), rate(200)
    (0.1, 0.05, 0.025)
    """

    name: ClassVar[str] = "exponential_decay"

    @property
    def extremes(self) -> tuple[float, float]:
        """The first value, and what it falls or grows towards."""
        first = self.initial_learning_rate
        if self.decay_rate == 1.0:
            return first, first
        return (0.0, first) if self.decay_rate < 1.0 else (first, math.inf)

    def _value(self, step: int) -> float:
        return self.initial_learning_rate * self.decay_rate ** self._decays(step)


@explains_arguments()
@dataclass(frozen=True)
class CosineDecay(Schedule):
    """Half a cosine from the top to `alpha` times the top, after an optional linear warm-up.

    Parameters
    ----------
    initial_learning_rate : float
        Of step 0; at least 0.
    decay_steps : float, optional
        Steps that the cosine takes, the warm-up not counted; greater than 0. By default what the
        training has left after the warm-up, if anything; see `Schedule`.
    alpha : float
        Share of the top at which the rate stays in the end; from 0 to 1. Default 0.
    warmup_target : float, optional
        At least 0. The top, reached after `warmup_steps` steps; without it there is no warm-up and
        the top is `initial_learning_rate`.
    warmup_steps : float
        At least 0. Default 0.

    Raises
    ------
    RangeError
        If a number is out of its range, or `warmup_steps` comes without `warmup_target`.

    Examples
    --------
    >>> rate = CosineDecay(0.0, 1000, warmup_target=0.1, warmup_steps=100)
    >>> rate(50), rate(100), rate(600), rate(2000)
    (0.05, 0.1, 0.05, 0.0)
    """

    name: ClassVar[str] = "cosine_decay"
    initial_learning_rate: float
    decay_steps: float | None = None
    alpha: float = 0.0
    # Keras has the name of an operation between these.
    warmup_target: float | None = field(default=None, kw_only=True)
    warmup_steps: float = field(default=0.0, kw_only=True)

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.warmup_target is not None:
            target = not_negative("warmup_target").check(self.warmup_target, "CosineDecay")
            object.__setattr__(self, "warmup_target", target)
        elif self.warmup_steps > 0:
            raise RangeError(
                f"`warmup_steps` of CosineDecay is {self.warmup_steps:g}, but there is no "
                "`warmup_target` to warm up to. Give the highest rate as warmup_target."
            )

    @property
    def extremes(self) -> tuple[float, float]:
        """Of the beginning, the top and the end."""
        top = self._top
        values = (self.initial_learning_rate, top, self.alpha * top)
        return min(values), max(values)

    @property
    def _top(self) -> float:
        return self.initial_learning_rate if self.warmup_target is None else self.warmup_target

    def bound(self, total_steps: float) -> Schedule:
        """Return the schedule with the steps that a training leaves after the warm-up, if open.

        Raises
        ------
        RangeError
            If it leaves none.
        """
        if self.is_open and self.warmup_steps >= total_steps:
            raise RangeError(
                f"`warmup_steps` of CosineDecay is {self.warmup_steps:g}, but the training has "
                f"{total_steps:g} steps. Warm up for less, or give decay_steps."
            )
        return super().bound(total_steps - self.warmup_steps)

    def _value(self, step: int) -> float:
        assert self.decay_steps is not None
        if step < self.warmup_steps:
            share = step / self.warmup_steps
            return between(share, self.initial_learning_rate, self._top, straight=True)
        p = min(step - self.warmup_steps, self.decay_steps) / self.decay_steps
        return self._top * between(p, 1.0, self.alpha)


@explains_arguments()
@dataclass(frozen=True)
class PolynomialDecay(Schedule):
    """A power of the share of steps that is left, from one rate to another.

    Parameters
    ----------
    initial_learning_rate : float
        Of step 0; at least 0.
    decay_steps : float, optional
        Steps until the end; greater than 0. By default those of the training; see `Schedule`.
    end_learning_rate : float
        At least 0. Default 0.0001.
    power : float
        Greater than 0. Default 1: a straight line.
    cycle : bool
        After the end, start again from a lower rate with twice, three times … the steps. Default
        False: stay at the end.

    Raises
    ------
    RangeError
        If a number is out of its range.

    Examples
    --------
    >>> rate = PolynomialDecay(0.5, decay_steps=100, end_learning_rate=0.25)
    >>> rate(0), rate(50), rate(1000)
    (0.5, 0.375, 0.25)
    """

    name: ClassVar[str] = "polynomial_decay"
    initial_learning_rate: float
    decay_steps: float | None = None
    end_learning_rate: float = 1e-4
    power: float = 1.0
    cycle: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_flag(self.cycle, "`cycle` of PolynomialDecay")

    @property
    def extremes(self) -> tuple[float, float]:
        """The two ends."""
        ends = self.initial_learning_rate, self.end_learning_rate
        return min(ends), max(ends)

    def _value(self, step: int) -> float:
        assert self.decay_steps is not None
        steps = self.decay_steps
        if self.cycle:
            steps *= max(1, math.ceil(step / steps))
        left = 1.0 - min(step, steps) / steps
        fall = self.initial_learning_rate - self.end_learning_rate
        return fall * left**self.power + self.end_learning_rate


@explains_arguments()
@dataclass(frozen=True)
class PiecewiseConstantDecay(Schedule):
    """Steps of a stair: one rate up to each boundary, and one after the last.

    Parameters
    ----------
    boundaries : sequence of int
        The last step of each rate but the last one, each greater than the one before.
    values : sequence of float
        The rates, one more than the boundaries; at least 0 each.

    Raises
    ------
    RangeError
        If there is no boundary, or the boundaries do not rise, or there is not one value more than
        boundaries, or a number is out of its range.

    Examples
    --------
    >>> rate = PiecewiseConstantDecay([100, 200], [0.1, 0.01, 0.001])
    >>> rate(100), rate(101), rate(1000)
    (0.1, 0.01, 0.001)
    """

    name: ClassVar[str] = "piecewise_constant_decay"
    boundaries: Sequence[int]
    values: Sequence[float]

    def __post_init__(self) -> None:
        owner = "of PiecewiseConstantDecay"
        for name in ("boundaries", "values"):
            if not isinstance(getattr(self, name), (list, tuple)):
                raise RangeError(f"`{name}` {owner} must be a list; got {getattr(self, name)!r}.")
        item = not_negative("values")
        boundaries = tuple(
            check_count(b, f"Each of `boundaries` {owner}", 0) for b in self.boundaries
        )
        values = tuple(item.check(value, "PiecewiseConstantDecay") for value in self.values)
        if not boundaries or any(a >= b for a, b in pairwise(boundaries)):
            raise RangeError(
                f"`boundaries` {owner} must be at least one step, each greater than the one "
                f"before; got {list(boundaries)}."
            )
        if len(values) != len(boundaries) + 1:
            raise RangeError(
                f"`values` {owner} must be one more than its {len(boundaries)} boundaries: a rate "
                f"before each and one after the last; got {len(values)}."
            )
        object.__setattr__(self, "boundaries", boundaries)
        object.__setattr__(self, "values", values)

    @property
    def extremes(self) -> tuple[float, float]:
        """Of the values."""
        return min(self.values), max(self.values)

    def _value(self, step: int) -> float:
        return self.values[sum(boundary < step for boundary in self.boundaries)]


@explains_arguments()
@dataclass(frozen=True)
class InverseTimeDecay(_Decay):
    """The rate falls like 1/t.

    Parameters
    ----------
    initial_learning_rate : float
        Of step 0; greater than 0.
    decay_steps : float
        Steps that count as one unit of time; greater than 0.
    decay_rate : float
        What a unit of time adds to the divisor; at least 0.
    staircase : bool
        Count whole units only. Default False.

    Raises
    ------
    RangeError
        If a number is out of its range.

    Examples
    --------
    >>> rate = InverseTimeDecay(0.5, decay_steps=10, decay_rate=1)
    >>> rate(0), rate(10), rate(30)
    (0.5, 0.25, 0.125)
    """

    name: ClassVar[str] = "inverse_time_decay"

    @property
    def extremes(self) -> tuple[float, float]:
        """The first value, and 0 unless it stays."""
        first = self.initial_learning_rate
        return (0.0 if self.decay_rate else first), first

    def _value(self, step: int) -> float:
        return self.initial_learning_rate / (1.0 + self.decay_rate * self._decays(step))
