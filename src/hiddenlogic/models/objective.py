"""What one output of a model is trained for, and what is measured there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from hiddenlogic import losses, metrics
from hiddenlogic.errors import RangeError, StateError
from hiddenlogic.losses import Loss
from hiddenlogic.metrics import Metric

if TYPE_CHECKING:
    from hiddenlogic.engine import Goal


@dataclass(frozen=True)
class Objective:
    """Loss and metrics of an output as the user gave them.

    Parameters
    ----------
    loss : Loss or None
        None until `fit` or `evaluate` asks for one.
    metric_specs, weighted_specs : tuple
        As written, because 'accuracy' depends on the units of the output. Those of
        `weighted_metrics` come second.
    weight : float
        Of its loss in the whole.
    name : str
        Comes before its keys in the history; '' where it is the only output.
    """

    loss: Loss | None
    metric_specs: tuple[object, ...] = ()
    weighted_specs: tuple[object, ...] = ()
    weight: float = 1.0
    name: str = ""

    def required_loss(self) -> Loss:
        """Return the loss, or say that there is none."""
        if self.loss is None:
            raise StateError("No loss to compute. Provide a `loss` argument in `compile()`.")
        return self.loss

    def chosen(self, units: int | None) -> tuple[tuple[Metric, ...], tuple[Metric, ...]]:
        """Return metrics and weighted metrics for so many units; None: for any number.

        A weighted metric whose key is taken has 'weighted_' before it.
        """
        loss = self.required_loss()
        plain = tuple(metrics.get(spec, loss, units) for spec in self.metric_specs)
        taken = {one.key for one in plain}
        weighted = tuple(
            one.called(f"weighted_{one.key}") if one.key in taken else one
            for one in (
                metrics.get(spec, loss, units, "`weighted_metrics`") for spec in self.weighted_specs
            )
        )
        keys = ["loss", *(one.key for one in (*plain, *weighted))]
        for key in keys:
            if keys.count(key) > 1:
                raise RangeError(f"`metrics` must have different keys, not 'loss'; got {keys[1:]}.")
        return plain, weighted

    def measured(self, units: int | None) -> tuple[Metric, ...]:
        """Return all metrics, in the order of the history."""
        plain, weighted = self.chosen(units)
        return plain + weighted

    def key(self, measure: str) -> str:
        """Return what the history calls a measure of this output."""
        return f"{self.name}_{measure}" if self.name else measure

    def goal(self, units: int) -> Goal:
        """Return what the engine is told of an output with so many units."""
        from hiddenlogic.engine import Goal

        return Goal(self.required_loss(), *self.chosen(units), self.weight, self.name)

    def to_json(self) -> dict[str, Any]:
        """Return plain data that `from_json` reads."""
        loss = self.loss
        plain = None if loss is None else {"name": loss.name, "config": loss.get_config()}
        return {
            "loss": plain,
            "metrics": [_plain_metric(spec) for spec in self.metric_specs],
            "weighted_metrics": [_plain_metric(spec) for spec in self.weighted_specs],
            "weight": self.weight,
        }


def read_loss(entry: object) -> object:
    """Return the loss that `Objective.to_json` wrote; TypeError or KeyError if it is none."""
    return None if entry is None else losses.get(mapping(entry))


def read_metrics(entries: object) -> list[object]:
    """Return the metrics that `Objective.to_json` wrote; TypeError or KeyError if they are none."""
    return [_read_metric(one) for one in cast("Sequence[object]", entries)]


def mapping(value: object) -> dict[str, object]:
    """Return a mapping with string keys, or raise TypeError."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is not an object")
    return {str(key): one for key, one in cast("Mapping[object, object]", value).items()}


def _plain_metric(spec: object) -> object:
    """Return plain data: a name as it was written, or a metric with its settings."""
    chosen = metrics.instance(spec)
    if chosen is None:
        return spec
    return {"name": chosen.name, "key": chosen.key, "config": chosen.get_config()}


def _read_metric(entry: object) -> object:
    """Return what `_plain_metric` wrote."""
    if isinstance(entry, str):
        return entry
    fields = mapping(entry)
    name, key = fields["name"], fields["key"]
    if not isinstance(name, str) or not isinstance(key, str):
        raise TypeError(f"{entry!r} is not a metric")
    return Metric(name, key, **mapping(fields.get("config", {})))
