"""Schedules that rise and fall: warm-up, restarts, and courses over a whole training."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar, Literal, get_args

from hiddenlogic.errors import UnknownNameError, did_you_mean
from hiddenlogic.registry import check_flag, explains_arguments
from hiddenlogic.schedules.schedule import Schedule, between

AnnealStrategy = Literal["cos", "linear"]
ANNEAL_STRATEGIES: tuple[str, ...] = get_args(AnnealStrategy)


@explains_arguments()
@dataclass(frozen=True)
class LinearWarmup(Schedule):
    """A straight line from one value to another, which then stays.

    Parameters
    ----------
    initial_learning_rate, warmup_target : float
        At the first step and after the warm-up; at least 0 each.
    warmup_steps : float
        Greater than 0.

    Raises
    ------
    RangeError
        If a number is out of its range.

    Examples
    --------
    >>> rate = LinearWarmup(0.0, 0.5, warmup_steps=100)
    >>> rate(0), rate(50), rate(1000)
    (0.0, 0.25, 0.5)
    """

    name: ClassVar[str] = "linear_warmup"
    initial_learning_rate: float
    warmup_target: float
    warmup_steps: float

    @property
    def extremes(self) -> tuple[float, float]:
        """The two ends."""
        ends = self.initial_learning_rate, self.warmup_target
        return min(ends), max(ends)

    def _value(self, step: int) -> float:
        if step >= self.warmup_steps:
            return self.warmup_target
        share = step / self.warmup_steps
        return between(share, self.initial_learning_rate, self.warmup_target, straight=True)


@explains_arguments()
@dataclass(frozen=True)
class CosineDecayRestarts(Schedule):
    """Half a cosine down, again and again.

    Parameters
    ----------
    initial_learning_rate : float
        Of step 0; at least 0.
    first_decay_steps : float
        Steps until the first restart; greater than 0.
    t_mul : float
        How many times longer each course is than the one before; at least 1. Default 2.
    m_mul : float
        Each restart begins at this share of where the one before began; greater than 0. Default 1.
    alpha : float
        Share of `initial_learning_rate` that it falls to; from 0 to 1. Default 0.

    Raises
    ------
    RangeError
        If a number is out of its range.

    Notes
    -----
    Keras finds the number of restarts by logarithms, whose rounding may put a restart one step
    late; here the lengths are added up.

    Examples
    --------
    >>> rate = CosineDecayRestarts(0.5, 100, m_mul=0.5)
    >>> rate(0), rate(50), rate(100), rate(200), rate(300)
    (0.5, 0.25, 0.25, 0.125, 0.125)
    """

    name: ClassVar[str] = "cosine_decay_restarts"
    initial_learning_rate: float
    first_decay_steps: float
    t_mul: float = 2.0
    m_mul: float = 1.0
    alpha: float = 0.0

    @property
    def extremes(self) -> tuple[float, float]:
        """What it falls to, and the highest of its beginnings."""
        grows = self.m_mul > 1.0 and self.alpha < 1.0 and self.initial_learning_rate > 0.0
        highest = math.inf if grows else self.initial_learning_rate
        return self.alpha * self.initial_learning_rate, highest

    def _value(self, step: int) -> float:
        begin, steps, restarts = 0.0, self.first_decay_steps, 0
        if self.t_mul == 1.0:
            restarts = math.floor(step / steps)
            begin = restarts * steps
        while step - begin >= steps:
            begin += steps
            steps *= self.t_mul
            restarts += 1
        cosine = self.m_mul**restarts * between((step - begin) / steps, 1.0, 0.0)
        return self.initial_learning_rate * ((1.0 - self.alpha) * cosine + self.alpha)


@dataclass(frozen=True)
class _OneCycle(Schedule):
    """The phases of PyTorch's OneCycleLR."""

    def _check_phases(self, anneal_strategy: object, three_phase: object) -> None:
        owner = type(self).__name__
        check_flag(three_phase, f"`three_phase` of {owner}")
        if anneal_strategy not in ANNEAL_STRATEGIES:
            raise UnknownNameError(
                f"`anneal_strategy` of {owner} must be one of {', '.join(ANNEAL_STRATEGIES)}; "
                f"got {anneal_strategy!r}." + did_you_mean(str(anneal_strategy), ANNEAL_STRATEGIES)
            )

    @staticmethod
    def _at(
        step: int,
        total_steps: float | None,
        pct_start: float,
        values: tuple[float, float, float],
        *,
        straight: bool,
        three_phase: bool,
    ) -> float:
        """Return what lies between the start, the peak and the end; past it, the end."""
        assert total_steps is not None
        start, peak, end = values
        last = total_steps - 1.0
        places, stops = [0.0, pct_start * total_steps - 1.0], [start, peak]
        if three_phase:
            places.append(2.0 * pct_start * total_steps - 2.0)
            stops.append(start)
        places.append(last)
        stops.append(end)
        at = min(float(step), last)
        phase = next((i for i, place in enumerate(places[1:], 1) if at <= place), len(places) - 1)
        steps = places[phase] - places[phase - 1]
        p = (at - places[phase - 1]) / steps if steps > 0.0 else 1.0
        return between(p, stops[phase - 1], stops[phase], straight=straight)


@explains_arguments()
@dataclass(frozen=True)
class OneCycle(_OneCycle):
    """Up to the highest rate and down to nearly nothing, over a whole training.

    Parameters
    ----------
    max_lr : float
        The highest rate; at least 0.
    total_steps : float, optional
        Steps of the whole course; greater than 0. By default those of the training; see `Schedule`.
    pct_start : float
        Share of the steps in which it rises; from 0 to 1. Default 0.3.
    anneal_strategy : {"cos", "linear"}
        Along half a cosine (the default), or a line.
    div_factor : float
        The first rate is `max_lr` divided by this; greater than 0. Default 25.
    final_div_factor : float
        The last rate is the first divided by this; greater than 0. Default 10 000.
    three_phase : bool
        Come back to the first rate in as many steps as it rose, and only then fall. Default False.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For an unknown strategy.

    Notes
    -----
    PyTorch's OneCycleLR, which refuses steps after the last; here the last rate stays. The momentum
    that PyTorch lets fall meanwhile is a schedule of its own, `OneCycleMomentum`.

    Examples
    --------
    >>> rate = OneCycle(0.5, total_steps=101, pct_start=51 / 101, div_factor=5)
    >>> [round(rate(step), 9) for step in (0, 25, 50, 100)]
    [0.1, 0.3, 0.5, 1e-05]
    """

    name: ClassVar[str] = "one_cycle"
    max_lr: float
    total_steps: float | None = None
    pct_start: float = 0.3
    anneal_strategy: AnnealStrategy = "cos"
    div_factor: float = 25.0
    final_div_factor: float = 1e4
    three_phase: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_phases(self.anneal_strategy, self.three_phase)

    @property
    def _values(self) -> tuple[float, float, float]:
        start = self.max_lr / self.div_factor
        return start, self.max_lr, start / self.final_div_factor

    @property
    def extremes(self) -> tuple[float, float]:
        """Of the start, the peak and the end."""
        return min(self._values), max(self._values)

    def _value(self, step: int) -> float:
        return self._at(
            step,
            self.total_steps,
            self.pct_start,
            self._values,
            straight=self.anneal_strategy == "linear",
            three_phase=self.three_phase,
        )


@explains_arguments()
@dataclass(frozen=True)
class OneCycleMomentum(_OneCycle):
    """Down and up again: the momentum while `OneCycle` takes the rate up and down.

    Parameters
    ----------
    base_momentum, max_momentum : float
        The lowest, where the rate is highest, and the highest; at least 0. Default 0.85 and 0.95.
    total_steps, pct_start, anneal_strategy, three_phase
        As in `OneCycle`.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For an unknown strategy.

    Examples
    --------
    >>> momentum = OneCycleMomentum(total_steps=101, pct_start=51 / 101)
    >>> momentum(0), momentum(50), momentum(100)
    (0.95, 0.85, 0.95)
    """

    name: ClassVar[str] = "one_cycle_momentum"
    base_momentum: float = 0.85
    max_momentum: float = 0.95
    total_steps: float | None = None
    pct_start: float = 0.3
    anneal_strategy: AnnealStrategy = "cos"
    three_phase: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        self._check_phases(self.anneal_strategy, self.three_phase)

    @property
    def extremes(self) -> tuple[float, float]:
        """Of the two."""
        ends = self.base_momentum, self.max_momentum
        return min(ends), max(ends)

    def _value(self, step: int) -> float:
        return self._at(
            step,
            self.total_steps,
            self.pct_start,
            (self.max_momentum, self.base_momentum, self.max_momentum),
            straight=self.anneal_strategy == "linear",
            three_phase=self.three_phase,
        )


@explains_arguments()
@dataclass(frozen=True)
class CosLog4(Schedule):
    """Four waves, each twice as long as the one before, from 0 to 0.

    Parameters
    ----------
    base : float
        The height of the waves; at least 0.
    total_steps : float, optional
        Steps of the whole course; greater than 0. By default those of the training; see `Schedule`.

    Raises
    ------
    RangeError
        If a number is out of its range.

    Examples
    --------
    >>> rate = CosLog4(0.5, total_steps=15)
    >>> [round(rate(step), 9) for step in (0, 1, 3, 7, 15)]
    [0.0, 0.0, 0.0, 0.0, 0.0]
    >>> round(rate(2), 3)
    0.465
    """

    name: ClassVar[str] = "coslog4"
    base: float
    total_steps: float | None = None

    @property
    def extremes(self) -> tuple[float, float]:
        """0 and the height."""
        return 0.0, self.base

    def _value(self, step: int) -> float:
        assert self.total_steps is not None
        t = min(step, self.total_steps) / self.total_steps
        return self.base * 0.5 * (1.0 - math.cos(2.0 * math.pi * math.log2(1.0 + 15.0 * t)))


@explains_arguments()
@dataclass(frozen=True)
class FlatCosine(Schedule):
    """The same value for a share of the steps, then half a cosine down to 0.

    Parameters
    ----------
    base : float
        At least 0.
    total_steps : float, optional
        Steps of the whole course; greater than 0. By default those of the training; see `Schedule`.
    flat : float
        The share; at least 0, less than 1. Default 0.5.

    Raises
    ------
    RangeError
        If a number is out of its range.

    Examples
    --------
    >>> rate = FlatCosine(0.5, total_steps=100)
    >>> rate(49), rate(75), rate(100)
    (0.5, 0.25, 0.0)
    """

    name: ClassVar[str] = "flat_cosine"
    base: float
    total_steps: float | None = None
    flat: float = 0.5

    @property
    def extremes(self) -> tuple[float, float]:
        """0 and the height."""
        return 0.0, self.base

    def _value(self, step: int) -> float:
        assert self.total_steps is not None
        t = min(step, self.total_steps) / self.total_steps
        return (
            self.base
            if t < self.flat
            else between((t - self.flat) / (1 - self.flat), self.base, 0.0)
        )
