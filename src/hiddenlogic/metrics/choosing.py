"""Which metric a name stands for beside a loss."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from hiddenlogic.errors import UnknownNameError
from hiddenlogic.losses import Loss
from hiddenlogic.metrics.deciding import check_outputs, check_settings, output_of, targets_of
from hiddenlogic.metrics.metric import ROWS, Metric
from hiddenlogic.metrics.row import Targets

# What these names stand for, by the targets.
_BY_TARGETS: dict[str, dict[Targets, str]] = {
    "accuracy": {
        "signs": "binary_accuracy",
        "labels": "binary_accuracy",
        "one_hot": "categorical_accuracy",
        "index": "sparse_categorical_accuracy",
    },
    "crossentropy": {
        "labels": "binary_crossentropy",
        "one_hot": "categorical_crossentropy",
        "index": "sparse_categorical_crossentropy",
    },
}
_GENERAL = {
    "accuracy": "accuracy",
    "acc": "accuracy",
    "crossentropy": "crossentropy",
    "ce": "crossentropy",
    "log_loss": "crossentropy",
    "logloss": "crossentropy",
}

MetricSpec = str | Metric


def instance(spec: object) -> Metric | None:
    """Return a metric, or one of a class of them with its defaults; None for anything else."""
    if isinstance(spec, Metric):
        return spec
    if isinstance(spec, type) and Metric in spec.__mro__[1:]:
        return cast("Callable[[], Metric]", spec)()
    return None


def get(spec: object, loss: Loss, outputs: int | None, argument: str = "`metrics`") -> Metric:
    """Return the metric that `spec` names for a network with this loss.

    Parameters
    ----------
    spec : str, Metric or class of metrics
        A name, an alias, a metric, or a name that the loss resolves: 'accuracy' (also 'acc') and
        'log_loss' (also 'logloss', 'crossentropy', 'ce').
    loss : Loss
        The loss of the training.
    outputs : int or None
        Outputs of the network; None: not known yet, and not checked.
    argument : str
        Whose argument it is, for the message.

    Raises
    ------
    UnknownNameError
        If there is no such metric, or it means nothing for this loss.
    RangeError
        If a setting does not fit the outputs.

    Examples
    --------
    >>> from hiddenlogic.losses import BinaryCrossentropy
    >>> get("accuracy", BinaryCrossentropy(), outputs=1)
    Metric('binary_accuracy', key='accuracy', threshold=None)
    """
    targets = targets_of(loss)
    if (made := instance(spec)) is not None:
        metric = made
    elif isinstance(spec, str) and (general := _GENERAL.get(spec.lower())) is not None:
        known = _BY_TARGETS[general]
        if targets not in known:
            meaning = (
                "the share of right classes"
                if general == "accuracy"
                else "the log-loss of probabilities"
            )
            raise UnknownNameError(
                f"{argument} has {spec!r}, {meaning}, but the loss {loss.name} learns "
                f"{targets}. Use 'mae' or 'rmse', or a cross-entropy as the loss."
            )
        metric = Metric(known[targets], spec)
    else:
        metric = Metric(str(spec) if spec in ROWS else ROWS.find(spec, argument).name)
    if targets not in metric.row.targets:
        fitting = [row.name for row in ROWS if targets in row.targets]
        raise UnknownNameError(
            f"{argument} has {metric.key!r}, which means nothing for the targets of {loss.name}. "
            f"Use one of {', '.join(fitting)}."
        )
    if metric.row.of_probabilities and not loss.row.output:
        raise UnknownNameError(
            f"{argument} has {metric.key!r}, which reads probabilities, but the loss {loss.name} "
            "learns scores. Use a cross-entropy as the loss."
        )
    output_of(metric, loss)
    check_settings(metric, loss)
    if outputs is not None:
        check_outputs(metric, loss, outputs // loss.outputs_per_target, argument)
    return metric
