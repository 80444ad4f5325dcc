"""What a training measures each epoch, and the rules that go by one of these numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.engine import _core
from hiddenlogic.engine.run import EarlyStop, ReduceOnPlateau
from hiddenlogic.errors import StateError, UnknownNameError
from hiddenlogic.metrics import Metric
from hiddenlogic.optimizers import Optimizer
from hiddenlogic.schedules import Schedule

_ROOT_METRIC = "root_mean_squared_error"


class Measures:
    """The loss and the metrics, as the core's records hold them.

    Parameters
    ----------
    metrics : sequence of Metric
    """

    def __init__(self, metrics: Sequence[Metric]) -> None:
        self.metrics = tuple(metrics)
        self._roots = {
            i for i, metric in enumerate(self.metrics, start=1) if metric.name == _ROOT_METRIC
        }

    @property
    def names(self) -> tuple[str, ...]:
        """Keys of what is measured on any rows: 'loss', then the metrics."""
        return ("loss", *(metric.key for metric in self.metrics))

    def keys(self, validates: bool) -> tuple[str, ...]:
        """Keys of an epoch's record; those of the validation rows come second."""
        held_out = tuple(f"val_{name}" for name in self.names)
        return self.names + held_out if validates else self.names

    def values(self, record: Sequence[float]) -> list[float]:
        """Take the roots that the core leaves to be taken of the means."""
        if not self._roots:
            return list(record)
        period = len(self.names)
        return [math.sqrt(v) if i % period in self._roots else v for i, v in enumerate(record)]

    def history(self, validates: bool, records: NDArray[np.float64]) -> dict[str, list[float]]:
        """Turn records, shape (epochs, values), into a list of epochs for each key."""
        keys = self.keys(validates)
        if len(records) == 0:
            return {key: [] for key in keys}
        period = len(self.names)
        return {
            key: (np.sqrt(column) if i % period in self._roots else column).tolist()
            for i, (key, column) in enumerate(zip(keys, records.T, strict=True))
        }


def early_stop_rule(early_stop: EarlyStop | None, keys: Sequence[str]) -> _core.EarlyStopRule:
    """Return the core's rule; without an `EarlyStop`, one that never stops.

    Raises
    ------
    UnknownNameError
        If it watches what is not among the keys.
    """
    rule = early_stop or EarlyStop()
    return _core.EarlyStopRule(
        measure=_place(early_stop, keys),
        maximise=rule.mode == "max",
        min_delta=rule.min_delta,
        patience=rule.patience,
        start_from_epoch=rule.start_from_epoch,
        baseline=math.nan if rule.baseline is None else rule.baseline,
        restore_best=rule.restore_best,
    )


def plateau_rule(
    plateau: ReduceOnPlateau | None, keys: Sequence[str], optimizer: Optimizer
) -> _core.PlateauRule:
    """Return the core's rule; without a `ReduceOnPlateau`, one that lowers nothing.

    Raises
    ------
    UnknownNameError
        If it watches what is not among the keys.
    StateError
        If the rate is a schedule.
    """
    if plateau is not None and isinstance(optimizer.learning_rate, Schedule):
        raise StateError(
            "ReduceOnPlateau lowers the learning rate, but the optimizer has a schedule of it, "
            f"{type(optimizer.learning_rate).__name__}. Give the optimizer a number."
        )
    rule = plateau or ReduceOnPlateau()
    return _core.PlateauRule(
        measure=_place(plateau, keys),
        maximise=rule.mode == "max",
        factor=rule.factor,
        patience=rule.patience,
        min_delta=rule.min_delta,
        cooldown=rule.cooldown,
        min_rate=rule.min_rate,
    )


def _place(rule: EarlyStop | ReduceOnPlateau | None, keys: Sequence[str]) -> int:
    """Return where the watched value stands in a record; −1 without a rule."""
    if rule is None:
        return -1
    if rule.monitor not in keys:
        raise UnknownNameError(
            f"{type(rule).__name__} watches {rule.monitor!r}, which this training does not "
            f"compute. It computes {', '.join(keys)}."
        )
    return keys.index(rule.monitor)
