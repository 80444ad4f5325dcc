"""What `compile` settles: optimizer, loss and metrics, checked against the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from hiddenlogic import losses, metrics, optimizers
from hiddenlogic.errors import FormatError, HiddenLogicError, RangeError, StateError
from hiddenlogic.layers import ActivationLayer, Dense
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
    metric_specs : tuple
        As written, because 'accuracy' depends on the outputs of the network.
    """

    optimizer: Optimizer
    loss: Loss | None
    metric_specs: tuple[object, ...] = ()

    @classmethod
    def create(cls, optimizer: object, loss: object, metric_specs: object) -> Compilation:
        """Resolve the names; unknown ones are refused here, not when training starts."""
        chosen = None if loss is None else losses.get(loss)
        if metric_specs is None:
            specs: tuple[object, ...] = ()
        elif isinstance(metric_specs, (list, tuple)):
            specs = tuple(cast("Sequence[object]", metric_specs))
        else:
            raise RangeError(f"`metrics` must be a list, such as ['mae']; got {metric_specs!r}.")
        compilation = cls(optimizers.get(optimizer), chosen, specs)
        if chosen is not None:
            compilation.metrics(outputs=2)  # any number that no metric refuses
        return compilation

    def required_loss(self) -> Loss:
        """Return the loss, or say that there is none."""
        if self.loss is None:
            raise StateError("No loss to compute. Provide a `loss` argument in `compile()`.")
        return self.loss

    def metrics(self, outputs: int) -> tuple[Metric, ...]:
        """Return the metrics for a network with so many outputs."""
        loss = self.required_loss()
        found = tuple(metrics.get(spec, loss, outputs) for spec in self.metric_specs)
        keys = ["loss", *(one.key for one in found)]
        for key in keys:
            if keys.count(key) > 1:
                raise RangeError(f"`metrics` must have different keys, not 'loss'; got {keys[1:]}.")
        return found

    def check_output(self, network: Network) -> None:
        """Refuse a last layer that the loss cannot be computed from.

        Raises
        ------
        StateError
            If a cross-entropy meets another activation than the one it is fused with.
        """
        loss = self.required_loss()
        if not loss.row.output:
            return
        if loss.row.output == "softmax" and network.n_outputs == 1:
            raise StateError(
                f"The loss {loss.name} compares classes, but the last layer has 1 unit, whose "
                "softmax is always 1. Use a unit a class, or sigmoid and binary_crossentropy."
            )
        last = network.nodes[-1].layer
        name = last.function.name if isinstance(last, (Dense, ActivationLayer)) else "none"
        due = "linear" if loss.from_logits else loss.row.output
        if name == due:
            return
        other = f", or {loss.row.keras}(from_logits=True)" if name == "linear" else ""
        raise StateError(
            f"`activation` of {network.label(len(network.nodes) - 1)} must be {due} for the loss "
            f"{loss!r}; it is {name}. Use activation={due!r} there{other}."
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain data that `from_json` reads."""
        specs = [
            {"name": spec.name, "key": spec.key} if isinstance(spec, Metric) else spec
            for spec in self.metric_specs
        ]
        return {
            "optimizer": {"name": self.optimizer.name, "config": self.optimizer.get_config()},
            "loss": None if self.loss is None else _plain(self.loss),
            "metrics": specs,
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
            specs = [
                one if isinstance(one, str) else Metric(**cast("dict[str, str]", _mapping(one)))
                for one in cast("Sequence[object]", fields["metrics"])
            ]
            return cls.create(optimizer, loss, specs)
        except (HiddenLogicError, KeyError, TypeError) as problem:
            raise FormatError(f"The compilation in this file cannot be read: {problem}.") from None


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
