"""Numbers that may be schedules, on their way into the core."""

from __future__ import annotations

import math

from hiddenlogic.engine import _core
from hiddenlogic.schedules import ANNEAL_STRATEGIES, PiecewiseConstantDecay, Schedule


def core_schedule(number: float | Schedule) -> _core.Schedule:
    """Return the core's form: the settings in the order of the class's arguments."""
    match number:
        case PiecewiseConstantDecay():
            return _core.Schedule(
                number.name, [], boundaries=number.boundaries, values=number.values
            )
        case Schedule():
            settings = [_setting(value) for value in number.get_config().values()]
            return _core.Schedule(number.name, settings, is_open=number.is_open)
        case _:
            return _core.Schedule("constant", [number])


def _setting(value: float | str | None) -> float:
    """Return a setting as a number: what was not given is NaN, a choice its place."""
    if value is None:
        return math.nan
    return float(ANNEAL_STRATEGIES.index(value)) if isinstance(value, str) else float(value)
