"""The layer that penalises what passes through it."""

from __future__ import annotations

from dataclasses import dataclass

from hiddenlogic import regularizers, schedules
from hiddenlogic.layers.layer import Layer
from hiddenlogic.registry import explains_arguments


@explains_arguments()
@dataclass(frozen=True)
class ActivityRegularization(Layer):
    """Values pass as they are; the loss grows by l1 * sum(abs(x)) + l2 * sum(x**2) of a row.

    As any loss, it is the mean over the rows of the batch; weights of the rows leave it as it is.

    Parameters
    ----------
    l1, l2 : float or Schedule
        At least 0; a schedule at every step. Default 0.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If a number is out of its range.

    Examples
    --------
    >>> ActivityRegularization(l1=0.1).activity_regularizer
    L1L2(l1=0.1, l2=0.0)
    """

    l1: schedules.Number = 0.0
    l2: schedules.Number = 0.0
    name: str | None = None

    def checked(self) -> dict[str, object]:
        row = regularizers.ROWS.find("l1_l2", "`regularizer`")
        owner = type(self).__name__
        return {
            one.name: schedules.check(getattr(self, one.name), one, owner) for one in row.parameters
        }

    @property
    def activity_regularizer(self) -> regularizers.Regularizer:
        """The penalty on what passes."""
        return regularizers.L1L2(self.l1, self.l2)
