"""Layers that disturb values while training and do nothing otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from hiddenlogic import schedules
from hiddenlogic.layers.layer import Layer
from hiddenlogic.registry import Parameter, explains_arguments

_RATE = Parameter("rate", 0.5, low=0.0, high=1.0, low_included=True)


@explains_arguments()
@dataclass(frozen=True)
class Dropout(Layer):
    """While training, each value is 0 with probability `rate`, else divided by 1 - rate.

    Parameters
    ----------
    rate : float or Schedule
        At least 0, less than 1; a schedule at every step.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If `rate` is out of its range.

    References
    ----------
    Srivastava et al. (2014), Journal of Machine Learning Research 15; scaled while training.
    """

    rate: float | schedules.Schedule
    name: str | None = None

    def checked(self) -> dict[str, object]:
        return {"rate": schedules.check(self.rate, _RATE, "Dropout")}
