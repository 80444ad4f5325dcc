"""Learning-rate schedules, one frozen row and one Keras-named class each.

`step` counts the updates of the
weights, from 0: the first update is made at the rate of step 0. Formulas, names and defaults are
those of Keras 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, cast

from hiddenlogic.errors import RangeError
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
    "ROWS",
    "Constant",
    "CosineDecay",
    "ExponentialDecay",
    "InverseTimeDecay",
    "PiecewiseConstantDecay",
    "PolynomialDecay",
    "Schedule",
    "ScheduleRow",
    "describe",
    "describes_one",
    "get",
]

_CLASSES: dict[str, Callable[..., Schedule]] = {
    one.name: one
    for one in (
        Constant,
        ExponentialDecay,
        CosineDecay,
        PolynomialDecay,
        PiecewiseConstantDecay,
        InverseTimeDecay,
    )
}


def get(spec: object, argument: str = "`schedule`", **settings: object) -> Schedule:
    """Return the schedule that `spec` names or describes.

    Parameters
    ----------
    spec : Schedule, str or mapping
        A schedule, which is returned as it is; a name, with its `settings`; or what
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
    if isinstance(spec, Schedule):
        return spec
    if isinstance(spec, Mapping):
        fields = cast("Mapping[object, object]", spec)
        config = fields.get("config")
        if set(fields) == {"name", "config"} and isinstance(config, Mapping):
            return get(fields["name"], argument, **cast("dict[str, object]", config))
        raise RangeError(
            f"{argument} must have a name and a config; got {sorted(map(str, fields))}."
        )
    return _CLASSES[ROWS.find(spec, argument).name](**settings)


def describes_one(spec: object) -> bool:
    """Return whether `get` should look at `spec`: it is no plain number."""
    return isinstance(spec, (Schedule, Mapping))


def describe(schedule: Schedule) -> dict[str, Any]:
    """Return plain data that `get` makes an equal schedule of."""
    return {"name": schedule.name, "config": schedule.get_config()}
