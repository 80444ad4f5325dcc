"""What a training measures each epoch, and the rules that go by one of these numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.engine import _core
from hiddenlogic.engine.goals import Goal, Goals, of_logits
from hiddenlogic.engine.run import EarlyStop, ReduceOnPlateau
from hiddenlogic.engine.scheduled import core_schedule
from hiddenlogic.errors import StateError, UnknownNameError
from hiddenlogic.losses import CrossEntropy, Loss
from hiddenlogic.metrics import Metric, check_single, decisions, output_of, targets_of
from hiddenlogic.optimizers import Optimizer
from hiddenlogic.schedules import Schedule

_POWERS = {"none": 0, "linear": 1, "quadratic": 2}


class Measures:
    """The loss and the metrics, as the core's records hold them.

    Parameters
    ----------
    goals : Goals
    """

    def __init__(self, goals: Goals) -> None:
        self._goals = goals
        # How many numbers each key is.
        self._sizes = {"loss": 1}
        several = len(goals.goals) > 1
        if several:
            self._sizes |= {f"{goal.name}_loss": 1 for goal in goals.goals}
        for goal, outputs in zip(goals.goals, goals.units, strict=True):
            targets = outputs // goal.loss.outputs_per_target
            for metric in (*goal.metrics, *goal.weighted_metrics):
                key = f"{goal.name}_{metric.key}" if several else metric.key
                self._sizes[key] = decisions(metric, goal.loss, targets).values

    @property
    def names(self) -> tuple[str, ...]:
        """Keys of what is measured on any rows: 'loss', then the metrics.

        Where there are several outputs, the loss of each comes in between, and all keys of an
        output begin with its name.
        """
        return tuple(self._sizes)

    def places(self, validates: bool) -> dict[str, slice]:
        """Where each key is in an epoch's record; those of the validation rows come second."""
        places: dict[str, slice] = {}
        end = 0
        for prefix in ("", "val_")[: 1 + validates]:
            for name, size in self._sizes.items():
                places[f"{prefix}{name}"] = slice(end, end := end + size)
        return places

    def history(self, validates: bool, records: NDArray[np.float64]) -> dict[str, list[Any]]:
        """Turn records, shape (epochs, values), into a list of epochs for each key.

        A metric of several numbers has an array an epoch.
        """
        places = self.places(validates)
        if len(records) == 0:
            return {key: [] for key in places}
        return {key: _column(records[:, place]) for key, place in places.items()}

    def lowered(self, dtype: str) -> list[_core.ObjectiveFloat32]:
        """Return what the core is told of each output."""
        goals = self._goals
        each = zip(goals.goals, goals.units, goals.from_z, goals.target_units, strict=True)
        make = _core.ObjectiveFloat32 if dtype == "float32" else _core.ObjectiveFloat64
        return [make(**_core_goal(*one)) for one in each]


def values_of(places: Mapping[str, slice], record: Sequence[float]) -> dict[str, Any]:
    """Return the number of each key, or an array."""
    return {
        key: record[at.start] if at.stop == at.start + 1 else np.array(record[at])
        for key, at in places.items()
    }


def _column(records: NDArray[np.float64]) -> list[Any]:
    """Return a number an epoch, or an array."""
    return records[:, 0].tolist() if records.shape[1] == 1 else list(records)


def _core_goal(goal: Goal, outputs: int, from_z: bool, target_units: int) -> dict[str, Any]:
    loss, targets, link = goal.loss, targets_of(goal.loss), "linear"
    if isinstance(loss, CrossEntropy) and loss.from_logits:
        link = loss.row.output
    return {
        "loss": loss.name,
        "numbers": [core_schedule(number) for number in loss.numbers],
        "of_logits": of_logits(loss, from_z),
        "reduction": loss.reduction,
        "measures": [
            _core_measure(metric, weighted, loss, outputs)
            for weighted, group in ((False, goal.metrics), (True, goal.weighted_metrics))
            for metric in group
        ],
        "outputs_per_target": loss.outputs_per_target,
        "targets": targets if targets in ("index", "one_hot") else "values",
        "link": link,
        "weight": goal.weight,
        "target_units": target_units,
    }


def _core_measure(metric: Metric, weighted: bool, loss: Loss, outputs: int) -> _core.Measure:
    """Return the core's form, with what was left open decided."""
    settings = metric.get_config()
    decided = decisions(metric, loss, outputs // loss.outputs_per_target)
    output = output_of(metric, loss)
    if metric.row.over == "rows":
        own = [settings[one.name] for one in (*metric.row.parameters, *metric.row.counts)]
        if "threshold" in settings:
            own = [*decided.thresholds]
        return _core.Measure(
            metric.name,
            of_rows=True,
            weighted=weighted,
            parameter=float(own[0]) if own else 0.0,
            output=output,
        )
    return _core.Measure(
        metric.name,
        of_rows=False,
        weighted=weighted,
        thresholds=decided.thresholds,
        top_k=settings.get("top_k") or 0,
        average=decided.average,
        class_id=decided.class_id,
        beta=settings.get("beta", 1.0),
        precision_recall=settings.get("curve") == "PR",
        one_against_one=settings.get("multi_class") == "ovo",
        power=_POWERS[settings.get("weights", "none")],
        by_variance=settings.get("class_aggregation") == "variance_weighted_average",
        num_regressors=settings.get("num_regressors", 0),
        bins=settings.get("bins", 1),
        output=output,
        values=decided.values,
    )


def early_stop_rule(
    early_stop: EarlyStop | None, places: Mapping[str, slice]
) -> _core.EarlyStopRule:
    """Return the core's rule; without an `EarlyStop`, one that never stops.

    Raises
    ------
    UnknownNameError
        If it watches what is not among the keys.
    RangeError
        If that is several numbers.
    """
    rule = early_stop or EarlyStop()
    return _core.EarlyStopRule(
        measure=_place(early_stop, places),
        maximise=rule.mode == "max",
        min_delta=rule.min_delta,
        patience=rule.patience,
        start_from_epoch=rule.start_from_epoch,
        baseline=math.nan if rule.baseline is None else rule.baseline,
        restore_best=rule.restore_best,
    )


def plateau_rule(
    plateau: ReduceOnPlateau | None, places: Mapping[str, slice], optimizer: Optimizer
) -> _core.PlateauRule:
    """Return the core's rule; without a `ReduceOnPlateau`, one that lowers nothing.

    Raises
    ------
    UnknownNameError
        If it watches what is not among the keys.
    RangeError
        If that is several numbers.
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
        measure=_place(plateau, places),
        maximise=rule.mode == "max",
        factor=rule.factor,
        patience=rule.patience,
        min_delta=rule.min_delta,
        cooldown=rule.cooldown,
        min_rate=rule.min_rate,
    )


def _place(rule: EarlyStop | ReduceOnPlateau | None, places: Mapping[str, slice]) -> int:
    """Return where the watched value stands in a record; −1 without a rule."""
    if rule is None:
        return -1
    if rule.monitor not in places:
        raise UnknownNameError(
            f"{type(rule).__name__} watches {rule.monitor!r}, which this training does not "
            f"compute. It computes {', '.join(places)}."
        )
    place = places[rule.monitor]
    check_single(type(rule).__name__, rule.monitor, place.stop - place.start)
    return place.start
