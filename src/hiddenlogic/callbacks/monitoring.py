"""What the callbacks have in common that watch a value of the history."""

from __future__ import annotations

import math
from typing import Literal

from hiddenlogic.callbacks.callback import Callback
from hiddenlogic.errors import UnknownNameError
from hiddenlogic.registry import Parameter

Mode = Literal["auto", "min", "max"]
_MIN_DELTA = Parameter("min_delta", 0.0)


class Monitoring(Callback):
    """Base of the callbacks that watch whether a value of the history gets better."""

    def __init__(self, monitor: str, min_delta: float, mode: Mode) -> None:
        owner = type(self).__name__
        if mode not in ("auto", "min", "max"):
            raise UnknownNameError(f"`mode` of {owner} must be auto, min or max; got {mode!r}.")
        self.monitor = monitor
        self.min_delta = abs(_MIN_DELTA.check(min_delta, owner))
        self.mode: Mode = mode
        # Whether larger values are better, once a training has said so.
        self.maximises: bool | None = None

    @property
    def direction(self) -> Literal["min", "max"]:
        """The direction that is better, with 'auto' resolved."""
        if self.mode != "auto":
            return self.mode
        if self.maximises is None:
            return "max" if "acc" in self.monitor or "auc" in self.monitor else "min"
        return "max" if self.maximises else "min"

    def _improves(self, value: float, reference: float | None) -> bool:
        """Whether `value` is better than `reference` by more than `min_delta`; NaN never is."""
        if math.isnan(value):
            return False
        if reference is None:
            return True
        if self.direction == "min":
            return value + self.min_delta < reference
        return value - self.min_delta > reference
