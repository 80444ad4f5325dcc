"""A number as a function of the step, and the simplest one."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar

from hiddenlogic.errors import StateError
from hiddenlogic.registry import explains_arguments
from hiddenlogic.schedules.rows import ROWS, ScheduleRow


@dataclass(frozen=True)
class Schedule:
    """Base of the schedules: a row of the registry and its settings.

    A learning rate may be one, and so may any other number that says so, such as Dropout's `rate`.

    Notes
    -----
    Schedules that count the steps of a whole training take their number as `decay_steps` or
    `total_steps`; where it is left out, it is that of the `fit` that runs, its epochs times its
    steps an epoch, and a further `fit` goes through the whole course again from its beginning.
    All others count every step since the training began, over any number of calls of `fit`.
    """

    name: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for parameter in self.row.parameters:
            given = getattr(self, parameter.name)
            if given is None and parameter.name == self.row.length:
                continue
            value = parameter.check(given, type(self).__name__)
            object.__setattr__(self, parameter.name, value)

    @property
    def row(self) -> ScheduleRow:
        """The row of the registry that holds formula and source."""
        return ROWS.find(self.name, "`schedule`")

    @property
    def is_open(self) -> bool:
        """Whether its length is left to `fit`."""
        return bool(self.row.length) and getattr(self, self.row.length) is None

    def bound(self, total_steps: float) -> Schedule:
        """Return the schedule with the length of a training of so many steps, if it is open."""
        return replace(self, **{self.row.length: total_steps}) if self.is_open else self

    @property
    def extremes(self) -> tuple[float, float]:
        """The least and the greatest value that it takes or comes as near to as one likes."""
        raise NotImplementedError

    def __call__(self, step: int) -> float:
        """Return the value at the update that `step` updates precede.

        Raises
        ------
        StateError
            If its length is left to `fit`.
        """
        if self.is_open:
            raise StateError(
                f"The length of this {type(self).__name__} is left to `fit`. Give it "
                f"{self.row.length}, or take bound(total_steps) of it."
            )
        return self._value(step)

    def _value(self, step: int) -> float:
        """Return the value where the length is known."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Return the settings that make an equal schedule again, as plain data."""
        return asdict(self)


@explains_arguments()
@dataclass(frozen=True)
class Constant(Schedule):
    """One value for all steps: what a number given as ``learning_rate`` means.

    Parameters
    ----------
    learning_rate : float
        Greater than 0.

    Raises
    ------
    RangeError
        If the number is out of its range.
    """

    name: ClassVar[str] = "constant"
    learning_rate: float

    @property
    def extremes(self) -> tuple[float, float]:
        """The value, twice."""
        return self.learning_rate, self.learning_rate

    def _value(self, step: int) -> float:
        return self.learning_rate


def between(p: float, start: float, end: float, *, straight: bool = False) -> float:
    """Return what lies at the share `p` of the way, along a line or half a cosine."""
    if straight:
        return (end - start) * p + start
    return end + (start - end) / 2.0 * (1.0 + math.cos(math.pi * p))
