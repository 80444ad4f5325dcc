"""Schedules: numbers that change from step to step, one frozen row and one class each.

A schedule may stand for a learning rate, and for any other number that takes one. `step` counts the
updates of the weights, from 0: the first update is made at the value of step 0. Formulas, names and
defaults are those of Keras 3 or, where Keras has none, of PyTorch.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from hiddenlogic.errors import RangeError
from hiddenlogic.registry import Parameter
from hiddenlogic.schedules.courses import (
    ANNEAL_STRATEGIES,
    CosineDecayRestarts,
    CosLog4,
    FlatCosine,
    LinearWarmup,
    OneCycle,
    OneCycleMomentum,
)
from hiddenlogic.schedules.decays import (
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)
from hiddenlogic.schedules.rows import ROWS, ScheduleRow
from hiddenlogic.schedules.schedule import Constant, Schedule

__all__ = [
    "ANNEAL_STRATEGIES",
    "ROWS",
    "Constant",
    "CosLog4",
    "CosineDecay",
    "CosineDecayRestarts",
    "ExponentialDecay",
    "FlatCosine",
    "InverseTimeDecay",
    "LinearWarmup",
    "Number",
    "OneCycle",
    "OneCycleMomentum",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "Schedule",
    "ScheduleRow",
    "check",
    "describe",
    "describes_one",
    "get",
    "plain",
]

Number = float | Schedule
"""A number, or one for each step."""

_CLASSES: dict[str, Callable[..., Schedule]] = {
    one.name: one
    for one in (
        Constant,
        ExponentialDecay,
        CosineDecay,
        PolynomialDecay,
        PiecewiseConstantDecay,
        InverseTimeDecay,
        CosineDecayRestarts,
        LinearWarmup,
        OneCycle,
        OneCycleMomentum,
        CosLog4,
        FlatCosine,
    )
}


def get(spec: object, argument: str = "`schedule`", **settings: object) -> Schedule:
    """Return the schedule that `spec` names or describes.

    Parameters
    ----------
    spec : Schedule, class of schedules, str or mapping
        A schedule, which is returned as it is; a class or a name, with its `settings`; or what
        `describe` returned, as model files hold it.
    argument : str
        What messages call it.
    **settings
        Arguments for the schedule that the name stands for.

    Raises
    ------
    UnknownNameError, RangeError
        If there is no such schedule, or its settings are not its own.

    Examples
    --------
    >>> get("exponential_decay", initial_learning_rate=1, decay_steps=10, decay_rate=0.5)(10)
    0.5
    """
    return ROWS.make(spec, argument, Schedule, _CLASSES, settings)


def check(value: object, parameter: Parameter, owner: str) -> float | Schedule:
    """Return a number, or a schedule whose values are in the parameter's range at every step.

    A schedule may come down to the lower end of a range that excludes it: a rate that fades out
    ends at 0.

    Parameters
    ----------
    value : float, Schedule or mapping
        A mapping is what `describe` returned.
    parameter : Parameter
        Its name and range.
    owner : str
        What messages call that which takes it.

    Raises
    ------
    RangeError
        If a number, or some value of the schedule, is out of the range.

    Examples
    --------
    >>> rate = Parameter("rate", 0.5, low=0.0, high=1.0, low_included=True)
    >>> check(FlatCosine(0.15), rate, "Dropout")
    FlatCosine(base=0.15, total_steps=None, flat=0.5)
    """
    if not describes_one(value):
        return parameter.check(value, owner)
    schedule = get(value, f"`{parameter.name}` of {owner}")
    lowest, highest = schedule.extremes
    below = highest <= parameter.high if parameter.high_included else highest < parameter.high
    if lowest >= parameter.low and (below or parameter.high == math.inf):
        return schedule
    raise RangeError(
        f"`{parameter.name}` of {owner} must be {parameter.words} at every step; {schedule!r} goes "
        f"from {lowest:g} to {highest:g}."
    )


def describes_one(spec: object) -> bool:
    """Return whether `get` should look at `spec`: it is no plain number."""
    return isinstance(spec, (Schedule, Mapping))


def describe(schedule: Schedule) -> dict[str, Any]:
    """Return plain data that `get` makes an equal schedule of."""
    return {"name": schedule.name, "config": schedule.get_config()}


def plain(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings with each schedule among them described."""
    return {
        name: describe(value) if isinstance(value, Schedule) else value
        for name, value in settings.items()
    }
