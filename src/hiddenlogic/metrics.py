"""Metrics that the engine computes beside the loss, one frozen row each.

Each is a mean over the rows of the set; root_mean_squared_error is the root of such a mean. The key
in the history is what the user wrote: 'mae' stays 'mae'. The order of `ROWS` is the order of the
metrics in the C++ core.
"""

from __future__ import annotations

from dataclasses import dataclass

from hiddenlogic.errors import UnknownNameError
from hiddenlogic.losses import ROWS as LOSSES
from hiddenlogic.losses import Loss
from hiddenlogic.registry import Registry, explains_arguments


@dataclass(frozen=True)
class MetricRow:
    """All that is known of a metric of one row, with t the target and y the output.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    losses : tuple of str
        The losses whose outputs and targets it understands.
    larger_is_better : bool
        What an improvement is, for early stopping.
    formula, keras : str
        The value for a row, and the class in keras.metrics.
    """

    name: str
    aliases: tuple[str, ...]
    losses: tuple[str, ...]
    larger_is_better: bool
    formula: str
    keras: str


_NUMBERS = tuple(row.name for row in LOSSES if not row.output)
# A sparse target is the index of a class, so a distance to it would mean nothing.
_SAME_SHAPE = (*_NUMBERS, "binary_crossentropy", "categorical_crossentropy")

ROWS: Registry[MetricRow] = Registry(
    (
        MetricRow(
            name="mean_squared_error",
            aliases=("mse",),
            losses=_SAME_SHAPE,
            larger_is_better=False,
            formula="mean((y - t)**2)",
            keras="MeanSquaredError",
        ),
        MetricRow(
            name="mean_absolute_error",
            aliases=("mae",),
            losses=_SAME_SHAPE,
            larger_is_better=False,
            formula="mean(|y - t|)",
            keras="MeanAbsoluteError",
        ),
        MetricRow(
            name="root_mean_squared_error",
            aliases=("rmse",),
            losses=_SAME_SHAPE,
            larger_is_better=False,
            formula="square root of the mean over all rows of mean((y - t)**2)",
            keras="RootMeanSquaredError",
        ),
        MetricRow(
            name="binary_accuracy",
            aliases=(),
            losses=(*_NUMBERS, "binary_crossentropy"),
            larger_is_better=True,
            formula="mean((y > 0.5) == t)",
            keras="BinaryAccuracy",
        ),
        MetricRow(
            name="categorical_accuracy",
            aliases=(),
            losses=(*_NUMBERS, "categorical_crossentropy"),
            larger_is_better=True,
            formula="argmax(y) == argmax(t), the first of equals",
            keras="CategoricalAccuracy",
        ),
        MetricRow(
            name="sparse_categorical_accuracy",
            aliases=(),
            losses=("sparse_categorical_crossentropy",),
            larger_is_better=True,
            formula="argmax(y) == t, the first of equals",
            keras="SparseCategoricalAccuracy",
        ),
    )
)

# What 'accuracy' stands for, by the loss.
_ACCURACY = {
    "binary_crossentropy": "binary_accuracy",
    "categorical_crossentropy": "categorical_accuracy",
    "sparse_categorical_crossentropy": "sparse_categorical_accuracy",
}


@dataclass(frozen=True)
class Metric:
    """A metric and its key in the history.

    Attributes
    ----------
    name : str
        Canonical name, which the engine knows.
    key : str
        What the history calls it.
    """

    name: str
    key: str

    @property
    def row(self) -> MetricRow:
        """The row of the registry that holds the formula."""
        return ROWS.find(self.name, "`metrics`")


@explains_arguments()
class MeanSquaredError(Metric):
    """The mean of squares; `name` is its key in the history."""

    def __init__(self, name: str = "mean_squared_error") -> None:
        super().__init__("mean_squared_error", name)


@explains_arguments()
class MeanAbsoluteError(Metric):
    """The mean of distances; `name` is its key in the history."""

    def __init__(self, name: str = "mean_absolute_error") -> None:
        super().__init__("mean_absolute_error", name)


@explains_arguments()
class RootMeanSquaredError(Metric):
    """The root of the mean of squares, in units of the target; `name` is its key."""

    def __init__(self, name: str = "root_mean_squared_error") -> None:
        super().__init__("root_mean_squared_error", name)


@explains_arguments()
class BinaryAccuracy(Metric):
    """The share of outputs on the right side of 0.5; `name` is its key in the history."""

    def __init__(self, name: str = "binary_accuracy") -> None:
        super().__init__("binary_accuracy", name)


@explains_arguments()
class CategoricalAccuracy(Metric):
    """The share of rows whose largest output is the target's; `name` is its key."""

    def __init__(self, name: str = "categorical_accuracy") -> None:
        super().__init__("categorical_accuracy", name)


@explains_arguments()
class SparseCategoricalAccuracy(Metric):
    """The share of rows whose largest output is the class; `name` is its key."""

    def __init__(self, name: str = "sparse_categorical_accuracy") -> None:
        super().__init__("sparse_categorical_accuracy", name)


MetricSpec = str | Metric


def get(spec: object, loss: Loss, outputs: int) -> Metric:
    """Return the metric that `spec` names for a network with this loss.

    Parameters
    ----------
    spec : str or Metric
        A name, an alias, a metric, or 'accuracy' (also 'acc'), which the loss resolves.
    loss : Loss
        The loss of the training.
    outputs : int
        Outputs of the network.

    Raises
    ------
    UnknownNameError
        If there is no such metric, or it means nothing for this loss.

    Examples
    --------
    >>> from hiddenlogic.losses import BinaryCrossentropy
    >>> get("accuracy", BinaryCrossentropy(), outputs=1)
    Metric(name='binary_accuracy', key='accuracy')
    """
    if isinstance(spec, Metric):
        metric = spec
    elif isinstance(spec, str) and spec.lower() in ("accuracy", "acc"):
        if loss.name not in _ACCURACY:
            raise UnknownNameError(
                f"`metrics` has {spec!r}, the share of right classes, but the loss "
                f"{loss.name} learns numbers. Use 'mae' or 'rmse', or a cross-entropy as the loss."
            )
        metric = Metric(_ACCURACY[loss.name], spec)
    else:
        metric = Metric(ROWS.find(spec, "`metrics`").name, str(spec))
    if loss.name not in metric.row.losses:
        fitting = [row.name for row in ROWS if loss.name in row.losses]
        raise UnknownNameError(
            f"`metrics` has {metric.key!r}, which means nothing for the targets of {loss.name}. "
            f"Use one of {', '.join(fitting)}."
        )
    if metric.name == "categorical_accuracy" and outputs < 2:
        raise UnknownNameError(
            f"`metrics` has {metric.key!r}, which compares two or more outputs; the network has 1. "
            "Use 'binary_accuracy'."
        )
    return metric
