"""What `compile` settles: optimizer, loss and metrics, checked against the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from hiddenlogic import losses, metrics, optimizers
from hiddenlogic.errors import FormatError, HiddenLogicError, RangeError, StateError
from hiddenlogic.losses import Loss
from hiddenlogic.metrics import Metric
from hiddenlogic.network import Network
from hiddenlogic.optimizers import Optimizer


@dataclass(frozen=True)
class Compilation:
    """Optimizer, loss and metrics as the user gave them, names resolved where that is possible.

    Parameters
    ----------
    optimizer : Optimizer
    loss : Loss or None
        None until `fit` or `evaluate` asks for one.
    metric_specs, weighted_specs : tuple
        As written, because 'accuracy' depends on the outputs of the network. Those of
        `weighted_metrics` come second.
    """

    optimizer: Optimizer
    loss: Loss | None
    metric_specs: tuple[object, ...] = ()
    weighted_specs: tuple[object, ...] = ()

    @classmethod
    def create(
        cls, optimizer: object, loss: object, metric_specs: object, weighted_specs: object = None
    ) -> Compilation:
        """Resolve the names; unknown ones are refused here, not when training starts."""
        compilation = cls(
            optimizers.get(optimizer),
            None if loss is None else losses.get(loss),
            _specs(metric_specs, "`metrics`"),
            _specs(weighted_specs, "`weighted_metrics`"),
        )
        if compilation.loss is not None:
            compilation.metrics(outputs=None)
        return compilation

    def required_loss(self) -> Loss:
        """Return the loss, or say that there is none."""
        if self.loss is None:
            raise StateError("No loss to compute. Provide a `loss` argument in `compile()`.")
        return self.loss

    def metrics(self, outputs: int | None) -> tuple[Metric, ...]:
        """Return the metrics for a network with so many outputs; None: with any number."""
        return self._chosen(outputs)[0]

    def weighted_metrics(self, outputs: int) -> tuple[Metric, ...]:
        """Return the weighted ones; one whose key is taken has 'weighted_' before it."""
        return self._chosen(outputs)[1]

    def measured(self, outputs: int | None) -> tuple[Metric, ...]:
        """Return all of them, in the order of the history."""
        plain, weighted = self._chosen(outputs)
        return plain + weighted

    def _chosen(self, outputs: int | None) -> tuple[tuple[Metric, ...], tuple[Metric, ...]]:
        loss = self.required_loss()
        plain = tuple(metrics.get(spec, loss, outputs) for spec in self.metric_specs)
        taken = {one.key for one in plain}
        weighted = tuple(
            one.called(f"weighted_{one.key}") if one.key in taken else one
            for one in (
                metrics.get(spec, loss, outputs, "`weighted_metrics`")
                for spec in self.weighted_specs
            )
        )
        keys = ["loss", *(one.key for one in (*plain, *weighted))]
        for key in keys:
            if keys.count(key) > 1:
                raise RangeError(f"`metrics` must have different keys, not 'loss'; got {keys[1:]}.")
        return plain, weighted

    def check_output(self, network: Network) -> None:
        """Refuse a last layer that the loss means nothing for.

        Raises
        ------
        StateError
            As `reads_pre_activation` of the engine says.
        """
        from hiddenlogic.engine.lowering import reads_pre_activation

        reads_pre_activation(network, self.required_loss())

    def to_json(self) -> dict[str, Any]:
        """Return plain data that `from_json` reads."""
        return {
            "optimizer": {"name": self.optimizer.name, "config": self.optimizer.get_config()},
            "loss": None if self.loss is None else _plain(self.loss),
            "metrics": [_plain_metric(spec) for spec in self.metric_specs],
            "weighted_metrics": [_plain_metric(spec) for spec in self.weighted_specs],
        }

    @classmethod
    def from_json(cls, document: object) -> Compilation:
        """Return the compilation that `to_json` wrote.

        Raises
        ------
        FormatError
            If `document` is anything else; nothing in it is trusted.
        """
        try:
            fields = _mapping(document)
            optimizer = _read(optimizers.get, fields["optimizer"])
            loss = None if fields["loss"] is None else _read(losses.get, fields["loss"])
            plain, weighted = (
                [_read_metric(one) for one in cast("Sequence[object]", fields.get(name, ()))]
                for name in ("metrics", "weighted_metrics")
            )
            return cls.create(optimizer, loss, plain, weighted)
        except (HiddenLogicError, KeyError, TypeError) as problem:
            raise FormatError(f"The compilation in this file cannot be read: {problem}.") from None


def _specs(value: object, argument: str) -> tuple[object, ...]:
    if value is None:
        return ()
    if isinstance(value, (list, tuple)):
        return tuple(cast("Sequence[object]", value))
    raise RangeError(f"{argument} must be a list, such as ['mae']; got {value!r}.")


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
    fields = _mapping(entry)
    name, key = fields["name"], fields["key"]
    if not isinstance(name, str) or not isinstance(key, str):
        raise TypeError(f"{entry!r} is not a metric")
    return Metric(name, key, **_mapping(fields.get("config", {})))


def _plain(loss: Loss) -> dict[str, Any]:
    return {"name": loss.name, "config": loss.get_config()}


def _mapping(value: object) -> dict[str, object]:
    """Return a mapping with string keys, or raise TypeError."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{value!r} is not an object")
    return {str(key): one for key, one in cast("Mapping[object, object]", value).items()}


def _read(get: Callable[..., object], entry: object) -> object:
    """Make a row's object from its name and settings."""
    fields = _mapping(entry)
    return get(fields["name"], **_mapping(fields["config"]))
