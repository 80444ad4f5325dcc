"""What `compile` settles: optimizer, losses and metrics, checked against the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from hiddenlogic import losses, optimizers
from hiddenlogic.errors import FormatError, HiddenLogicError, RangeError
from hiddenlogic.metrics import Metric
from hiddenlogic.models.named import losses_of, metrics_of, weights_of
from hiddenlogic.models.objective import Objective, mapping, read_loss, read_metrics
from hiddenlogic.network import Network
from hiddenlogic.optimizers import Optimizer


@dataclass(frozen=True)
class Compilation:
    """Optimizer, and loss and metrics of each output, names resolved where that is possible.

    Parameters
    ----------
    optimizer : Optimizer
    objectives : tuple of Objective
        In the order of the outputs.
    """

    optimizer: Optimizer
    objectives: tuple[Objective, ...]

    @classmethod
    def create(
        cls,
        optimizer: object,
        loss: object,
        metric_specs: object,
        weighted_specs: object = None,
        loss_weights: object = None,
        outputs: Sequence[str] = ("",),
    ) -> Compilation:
        """Resolve the names; unknown ones are refused here, not when training starts.

        Parameters
        ----------
        optimizer, loss, metric_specs, weighted_specs, loss_weights : object
            As `compile` takes them.
        outputs : sequence of str
            Names of the outputs.
        """
        each = zip(
            losses_of(loss, outputs),
            metrics_of(metric_specs, "`metrics`", outputs),
            metrics_of(weighted_specs, "`weighted_metrics`", outputs),
            weights_of(loss_weights, outputs),
            outputs if len(outputs) > 1 else [""],
            strict=True,
        )
        objectives = tuple(
            Objective(None if own is None else losses.get(own), plain, weighted, weight, name)
            for own, plain, weighted, weight, name in each
        )
        compilation = cls(optimizers.get(optimizer), objectives)
        if loss is not None:
            compilation.check_keys()
        return compilation

    @property
    def has_loss(self) -> bool:
        """Whether there is something to train for."""
        return all(one.loss is not None for one in self.objectives)

    def check_loss(self) -> None:
        """Refuse to go on without a loss.

        Raises
        ------
        StateError
            If there is none.
        """
        self.objectives[0].required_loss()

    def measured(self, *units: int) -> tuple[Metric, ...]:
        """Return all metrics, in the order of the history, for outputs with these units."""
        each = zip(self.objectives, units, strict=True)
        return tuple(metric for one, width in each for metric in one.measured(width))

    def keys(self) -> list[str]:
        """Return what is measured on any rows: 'loss', that of each of several, the metrics."""
        several = len(self.objectives) > 1
        return [
            "loss",
            *(one.key("loss") for one in self.objectives if several),
            *(one.key(metric.key) for one in self.objectives for metric in one.measured(None)),
        ]

    def maximised(self) -> set[str]:
        """Return those of the keys of which more is better."""
        return {
            one.key(metric.key)
            for one in self.objectives
            for metric in one.measured(None)
            if metric.row.larger_is_better
        }

    def check_keys(self) -> None:
        """Refuse names of outputs and metrics that give a key to two measures."""
        keys = self.keys()
        keys += [f"val_{key}" for key in keys]
        for key in keys:
            if keys.count(key) > 1:
                raise RangeError(
                    f"The history would have the key {key!r} twice. Name an output or a metric "
                    "otherwise."
                )

    def check_outputs(self, network: Network) -> None:
        """Refuse outputs that their loss or their metrics mean nothing for.

        Raises
        ------
        StateError
            As `reads_pre_activation` of the engine says, or without a loss.
        """
        from hiddenlogic.engine.lowering import reads_pre_activation

        for place, one in enumerate(self.objectives):
            reads_pre_activation(network, one.required_loss(), place)
            one.measured(network.units[network.outputs[place]])

    def to_json(self) -> dict[str, Any]:
        """Return plain data that `from_json` reads."""
        optimizer = {"name": self.optimizer.name, "config": self.optimizer.get_config()}
        each = [one.to_json() for one in self.objectives]
        # One output as it was before there could be several.
        return {"optimizer": optimizer} | (each[0] if len(each) == 1 else {"outputs": each})

    @classmethod
    def from_json(cls, document: object, outputs: Sequence[str] = ("",)) -> Compilation:
        """Return the compilation that `to_json` wrote, for outputs with these names.

        Raises
        ------
        FormatError
            If `document` is anything else; nothing in it is trusted.
        """
        try:
            fields = mapping(document)
            optimizer = optimizers.get(mapping(fields["optimizer"]))
            entries = [fields] if len(outputs) == 1 else cast("Sequence[object]", fields["outputs"])
            each = [mapping(one) for one in entries]
            no_loss = all(one["loss"] is None for one in each)
            return cls.create(
                optimizer,
                None if no_loss else [read_loss(one["loss"]) for one in each],
                [read_metrics(one.get("metrics", ())) for one in each],
                [read_metrics(one.get("weighted_metrics", ())) for one in each],
                [one.get("weight", 1.0) for one in each],
                outputs,
            )
        except (HiddenLogicError, KeyError, TypeError) as problem:
            raise FormatError(f"The compilation in this file cannot be read: {problem}.") from None
