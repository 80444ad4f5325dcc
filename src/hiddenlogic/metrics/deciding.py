"""What a metric takes where the user left it open, and what settings mean nothing for a loss."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from hiddenlogic.errors import RangeError, UnknownNameError
from hiddenlogic.losses import CrossEntropy, Loss, Quantile
from hiddenlogic.metrics.metric import Metric
from hiddenlogic.metrics.row import Targets


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


def _has_classes(loss: Loss) -> bool:
    """Return whether a row has one class of several."""
    return targets_of(loss) in ("one_hot", "index")


def check_settings(metric: Metric, loss: Loss) -> None:
    """Refuse settings that contradict each other or the loss.

    Raises
    ------
    RangeError
        If they do.
    """
    settings = metric.get_config()
    average, several = settings.get("average"), settings.get("thresholds")
    if settings.get("class_id") is not None and average is not None:
        raise RangeError(
            f"{metric.key!r} takes `class_id` or `average`, one class or a mean over them; got "
            f"{settings['class_id']} and {average!r}."
        )
    if isinstance(several, tuple) and average == "none":
        raise RangeError(
            f"{metric.key!r} takes several `thresholds` or average='none', a value for each "
            f"threshold or for each class; got {list(cast('tuple[float, ...]', several))} and "
            "'none'."
        )
    if settings.get("multi_class") == "ovo":
        if settings["curve"] != "ROC":
            raise RangeError(
                f"`curve` of {metric.key!r} must be ROC for multi_class='ovo'; got "
                f"{settings['curve']!r}."
            )
        if average in ("micro", "none"):
            raise RangeError(
                f"`average` of {metric.key!r} must be macro or weighted for multi_class='ovo', "
                f"which is a mean over pairs of classes; got {average!r}."
            )
    if settings.get("from_logits") and not (isinstance(loss, CrossEntropy) and loss.from_logits):
        raise RangeError(
            f"`from_logits` of {metric.key!r} is True, but the loss {loss.name} takes the outputs "
            "for probabilities. Leave it out: metrics read outputs as the loss does."
        )


def check_outputs(metric: Metric, loss: Loss, outputs: int, argument: str) -> None:
    """Refuse a metric that means nothing for so many outputs.

    Raises
    ------
    UnknownNameError
        If another metric is meant.
    RangeError
        If it is a setting that does not fit.
    """
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
    class_id, top_k = settings.get("class_id"), settings.get("top_k")
    if class_id is not None and class_id >= outputs:
        raise RangeError(
            f"`class_id` of {metric.key!r} must be less than {outputs}, the outputs of the "
            f"network; got {class_id}."
        )
    if top_k is not None and outputs == 1:
        raise RangeError(
            f"`top_k` of {metric.key!r} takes the largest of several outputs; the network has one. "
            "Use `thresholds`."
        )
    if top_k is not None and top_k > outputs:
        raise RangeError(
            f"`top_k` of {metric.key!r} must be at most {outputs}, the outputs of the network; got "
            f"{top_k}."
        )
    if settings.get("average") == "binary" and outputs > 1:
        raise RangeError(
            f"`average` of {metric.key!r} must be micro, macro, weighted or none for {outputs} "
            "outputs; got 'binary'."
        )
    if settings.get("multi_class") == "ovo" and outputs > 1 and not _has_classes(loss):
        raise RangeError(
            f"`multi_class` of {metric.key!r} is 'ovo', for rows of one class each; the {outputs} "
            f"outputs may all be right for the loss {loss.name}. Use 'ovr'."
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


@dataclass(frozen=True)
class Decisions:
    """What a metric takes for decisions where the user left it open.

    Attributes
    ----------
    thresholds : tuple of float
        Above it an output says yes, and each has a value of its own; empty: the largest output is
        the class.
    average : {"one", "micro", "macro", "weighted", "none"}
        How the values of the classes become one, or that they do not.
    class_id : int
        The class of "one"; one output is the classes 0 and 1.
    values : int
        How many numbers the metric is.
    """

    thresholds: tuple[float, ...]
    average: str
    class_id: int = 0
    values: int = 1


def decisions(metric: Metric, loss: Loss, outputs: int) -> Decisions:
    """Return what is decided how, as the docstrings of the classes say.

    Examples
    --------
    >>> from hiddenlogic.losses import CategoricalCrossentropy
    >>> decisions(Metric("f1"), CategoricalCrossentropy(), outputs=3)
    Decisions(thresholds=(), average='none', class_id=0, values=3)
    >>> decisions(Metric("precision"), CategoricalCrossentropy(), outputs=3)
    Decisions(thresholds=(0.5,), average='micro', class_id=0, values=1)
    """
    settings = metric.get_config()
    thresholds = _thresholds(metric, settings, loss, outputs)
    average, class_id = settings.get("average"), settings.get("class_id")
    many = max(len(thresholds), 1)
    if outputs == 1 and average in (None, "binary"):
        return Decisions(thresholds, "one", 1, many)
    if class_id is not None:
        return Decisions(thresholds, "one", class_id, many)
    if average is None:
        average = "macro" if settings.get("multi_class") else "micro"
        average = "none" if metric.name == "fbeta_score" else average
    if average != "none":
        return Decisions(thresholds, average, values=many)
    # One output is two classes, but to an area one ranking.
    return Decisions(
        thresholds, "none", values=outputs if metric.name == "auc" else max(outputs, 2)
    )


def _thresholds(
    metric: Metric, settings: dict[str, Any], loss: Loss, outputs: int
) -> tuple[float, ...]:
    """Return the thresholds; none where the largest output decides."""
    given = settings.get("thresholds", settings.get("threshold"))
    if given is not None:
        return cast("tuple[float, ...]", given) if isinstance(given, tuple) else (given,)
    if settings.get("top_k") is not None:
        return (-math.inf,)
    # Keras's precision and recall judge each output by a threshold, its F-beta takes the largest.
    each_output = metric.name in ("precision", "recall") and settings["average"] is None
    if outputs == 1 or each_output or not _has_classes(loss):
        return (0.0 if targets_of(loss) == "signs" else 0.5,)
    return ()


def check_single(watcher: str, key: str, values: int) -> None:
    """Refuse to let something be watched that is several numbers an epoch.

    Raises
    ------
    RangeError
        If there is not one value.
    """
    if values != 1:
        raise RangeError(
            f"{watcher} watches {key!r}, which is {values} numbers an epoch; it takes one. Give "
            "the metric average='macro', a `class_id` or one threshold."
        )
