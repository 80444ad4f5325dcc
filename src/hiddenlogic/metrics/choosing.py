"""Which metric a name stands for beside a loss, and what it takes where the user left it open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from hiddenlogic.errors import RangeError, UnknownNameError
from hiddenlogic.losses import Loss, Quantile
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


def targets_of(loss: Loss) -> Targets:
    """Return what the targets of a loss are."""
    match loss.row.task:
        case "sign":
            return "signs"
        case "binary":
            return "labels"
        case "multiclass":
            return "index" if loss.row.is_sparse else "one_hot"
        case _:
            return "numbers"


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
    if outputs is not None:
        _check_outputs(metric, loss, outputs // loss.outputs_per_target, argument)
    return metric


def _check_outputs(metric: Metric, loss: Loss, outputs: int, argument: str) -> None:
    """Refuse a metric that means nothing for so many outputs."""
    if metric.name in ("categorical_accuracy", "top_k_categorical_accuracy") and outputs < 2:
        raise UnknownNameError(
            f"{argument} has {metric.key!r}, which compares two or more outputs; the network has "
            f"{outputs}. Use 'binary_accuracy'."
        )
    if metric.row.single and outputs > 1 and not _has_classes(loss):
        raise UnknownNameError(
            f"{argument} has {metric.key!r}, which takes one class a row; the {outputs} outputs "
            f"may all be right for the loss {loss.name}. Use softmax and a categorical loss, or "
            "'f1_macro'."
        )
    settings = metric.get_config()
    class_id, average = settings.get("class_id"), settings.get("average")
    if class_id is not None and class_id >= outputs:
        raise RangeError(
            f"`class_id` of {metric.key!r} must be less than {outputs}, the outputs of the "
            f"network; got {class_id}."
        )
    if class_id is not None and average is not None:
        raise RangeError(
            f"{metric.key!r} takes `class_id` or `average`, one class or a mean over them; got "
            f"{class_id} and {average!r}."
        )
    if average == "binary" and outputs > 1:
        raise RangeError(
            f"`average` of {metric.key!r} must be micro, macro or weighted for {outputs} outputs; "
            "got 'binary'."
        )


def output_of(metric: Metric, loss: Loss) -> int:
    """Return which output a metric reads, where each target has several side by side.

    Of quantiles that of its own, or the median; of a Gaussian likelihood the mean.

    Raises
    ------
    UnknownNameError
        If the loss learns no such quantile.
    """
    if not isinstance(loss, Quantile) or loss.outputs_per_target == 1:
        return 0
    due = metric.get_config().get("quantile", 0.5)
    quantiles = tuple(cast("Sequence[float]", loss.quantiles))
    if due not in quantiles:
        raise UnknownNameError(
            f"`metrics` has {metric.key!r}, which reads the quantile {due:g}, but the loss learns "
            f"{', '.join(f'{one:g}' for one in quantiles)}. Add it to `quantiles` of the loss, or "
            "use PinballLoss of one of these."
        )
    return quantiles.index(due)


def _has_classes(loss: Loss) -> bool:
    """Return whether a row has one class of several."""
    return targets_of(loss) in ("one_hot", "index")


@dataclass(frozen=True)
class Decisions:
    """What a metric takes for decisions where the user left it open.

    Attributes
    ----------
    threshold : float or None
        Above it an output says yes; None: the largest output is the class.
    average : {"one", "micro", "macro", "weighted"}
        How the values of the classes become one.
    class_id : int
        The class of "one"; one output is the classes 0 and 1.
    """

    threshold: float | None
    average: str
    class_id: int


def decisions(metric: Metric, loss: Loss, outputs: int) -> Decisions:
    """Return what is decided how, as the docstrings of the classes say.

    Examples
    --------
    >>> from hiddenlogic.losses import CategoricalCrossentropy
    >>> decisions(Metric("f1"), CategoricalCrossentropy(), outputs=3)
    Decisions(threshold=None, average='macro', class_id=0)
    >>> decisions(Metric("precision"), CategoricalCrossentropy(), outputs=3)
    Decisions(threshold=0.5, average='micro', class_id=0)
    """
    settings: dict[str, Any] = metric.get_config()
    average, class_id = settings.get("average"), settings.get("class_id")
    threshold = settings.get("threshold")
    # Keras's precision and recall judge each output by a threshold, its F-beta takes the largest.
    each_output = metric.name in ("precision", "recall") and average is None
    if threshold is None and (outputs == 1 or each_output or not _has_classes(loss)):
        threshold = 0.0 if targets_of(loss) == "signs" else 0.5
    if outputs == 1 and average in (None, "binary"):
        return Decisions(threshold, "one", 1)
    if class_id is not None:
        return Decisions(threshold, "one", class_id)
    left_open = "macro" if metric.name == "fbeta_score" else "micro"
    return Decisions(threshold, average or left_open, 0)
