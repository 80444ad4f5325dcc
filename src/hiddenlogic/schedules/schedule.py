"""The learning rate as a function of the step, and the simplest one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, ClassVar

from hiddenlogic.registry import explains_arguments
from hiddenlogic.schedules.rows import ROWS, ScheduleRow


@dataclass(frozen=True)
class Schedule:
    """Base of the schedules: a row of the registry and its settings."""

    name: ClassVar[str] = ""

    def __post_init__(self) -> None:
        for parameter in self.row.parameters:
            value = parameter.check(getattr(self, parameter.name), type(self).__name__)
            object.__setattr__(self, parameter.name, value)

    @property
    def row(self) -> ScheduleRow:
        """The row of the registry that holds formula and source."""
        return ROWS.find(self.name, "`schedule`")

    def __call__(self, step: int) -> float:
        """Return the learning rate of the update that `step` updates precede."""
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """Return the settings that make an equal schedule again, as plain data."""
        return asdict(self)


@explains_arguments()
@dataclass(frozen=True)
class Constant(Schedule):
    """One rate for all steps: what a number given as ``learning_rate`` means.

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

    def __call__(self, step: int) -> float:
        """Return the rate."""
        return self.learning_rate
