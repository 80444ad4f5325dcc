"""Losses, one frozen row and one Keras-named class each.

The loss of a batch is sum_i(w_i * l_i) / n over its n rows plus the penalties of the regularizers;
l_i is the mean over the outputs of a row, or the sum over the classes of a categorical one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from hiddenlogic.losses.rows import DELTA, ROWS, LossRow
from hiddenlogic.losses.rows import Task as Task
from hiddenlogic.registry import check_flag, explains_arguments


@dataclass(frozen=True, repr=False)
class Loss:
    """Base of the losses: a row of the registry and its settings.

    Attributes
    ----------
    name : str
        Canonical name.
    delta : float
        Where huber turns from square to straight, in units of the target; 0 for the others.
    from_logits : bool
        Whether the outputs are pre-activations, to which the sigmoid or softmax is still to come.
    """

    name: str
    delta: float = 0.0
    from_logits: bool = False

    @property
    def row(self) -> LossRow:
        """The row of the registry that holds formula, task and the names elsewhere."""
        return ROWS.find(self.name, "`loss`")

    def get_config(self) -> dict[str, object]:
        """Return the settings that make an equal loss again, as plain data."""
        config: dict[str, object] = {p.name: getattr(self, p.name) for p in self.row.parameters}
        return config | ({"from_logits": self.from_logits} if self.row.has_from_logits else {})

    def __repr__(self) -> str:
        settings = ", ".join(f"{name}={value!r}" for name, value in self.get_config().items())
        return f"{type(self).__name__}({settings})"


class _Plain(Loss):
    """Base of the losses without settings."""

    row_name: ClassVar[str]

    def __init__(self) -> None:
        super().__init__(self.row_name)


@explains_arguments()
class MeanSquaredError(_Plain):
    """The mean of squares, mean((y - t)**2), with no half.

    Examples
    --------
    >>> MeanSquaredError().name
    'mean_squared_error'
    """

    row_name = "mean_squared_error"


@explains_arguments()
class MeanAbsoluteError(_Plain):
    """The mean of distances, mean(|y - t|); its gradient at a distance of 0 is 0."""

    row_name = "mean_absolute_error"


@explains_arguments()
class Huber(Loss):
    """Half the square up to a distance of `delta`, straight beyond it: few outliers weigh less.

    Parameters
    ----------
    delta : float
        Greater than 0, in units of the target. Default 1, as in Keras.

    Raises
    ------
    RangeError
        If `delta` is not a finite number greater than 0.
    """

    def __init__(self, delta: float = 1.0) -> None:
        super().__init__("huber", delta=DELTA.check(delta, "Huber"))


@explains_arguments()
class BinaryCrossentropy(Loss):
    """Log-loss of targets between 0 and 1, computed from the pre-activation without cancellation.

    Parameters
    ----------
    from_logits : bool
        False (default): the last layer is a sigmoid. True: it is linear.
    """

    def __init__(self, from_logits: bool = False) -> None:
        flag = check_flag(from_logits, "`from_logits` of BinaryCrossentropy")
        super().__init__("binary_crossentropy", from_logits=flag)


@explains_arguments()
class CategoricalCrossentropy(Loss):
    """Log-loss of one-hot targets, shape (n, n_classes).

    Parameters
    ----------
    from_logits : bool
        False (default): the last layer is a softmax. True: it is linear.
    """

    def __init__(self, from_logits: bool = False) -> None:
        flag = check_flag(from_logits, "`from_logits` of CategoricalCrossentropy")
        super().__init__("categorical_crossentropy", from_logits=flag)


@explains_arguments()
class SparseCategoricalCrossentropy(Loss):
    """Log-loss of targets that are the index of the class: 0, 1, …, n_classes - 1.

    Parameters
    ----------
    from_logits : bool
        False (default): the last layer is a softmax. True: it is linear.
    """

    def __init__(self, from_logits: bool = False) -> None:
        flag = check_flag(from_logits, "`from_logits` of SparseCategoricalCrossentropy")
        super().__init__("sparse_categorical_crossentropy", from_logits=flag)


@explains_arguments()
class MeanAbsolutePercentageError(_Plain):
    """The mean of distances in percent of the target, mean(100 * |y - t| / |t|).

    A target nearer to 0 than 1e-7 counts as 1e-7.
    """

    row_name = "mean_absolute_percentage_error"


@explains_arguments()
class MeanSquaredLogarithmicError(_Plain):
    """The mean of squares of log(1 + y) - log(1 + t), for targets of at least 0.

    An output below 1e-7 counts as 1e-7, and has no gradient: softplus or exponential give better
    ones.
    """

    row_name = "mean_squared_logarithmic_error"


@explains_arguments()
class LogCosh(_Plain):
    """mean(log(cosh(y - t))): half the square near the target, straight far from it."""

    row_name = "log_cosh"


@explains_arguments()
class Poisson(_Plain):
    """The likelihood of counts whose expectation is the output, mean(y - t * log(y)).

    Outputs must be positive: exponential or softplus give such.
    """

    row_name = "poisson"


@explains_arguments()
class Hinge(_Plain):
    """mean(max(1 - t * y, 0)) of labels -1 and 1; 0 and 1 are taken as these."""

    row_name = "hinge"


@explains_arguments()
class SquaredHinge(_Plain):
    """mean(max(1 - t * y, 0)**2) of labels -1 and 1; 0 and 1 are taken as these."""

    row_name = "squared_hinge"


@explains_arguments()
class CategoricalHinge(_Plain):
    """How far the right class is from a lead of 1: max(other - right + 1, 0), one-hot targets."""

    row_name = "categorical_hinge"


@explains_arguments()
class KLDivergence(_Plain):
    """How far the outputs are from the targets as distributions, sum(t * log(t / y))."""

    row_name = "kl_divergence"


@explains_arguments()
class CosineSimilarity(_Plain):
    """Minus the cosine of the angle between output and target: -1 where they point the same way."""

    row_name = "cosine_similarity"


_CLASSES: dict[str, Callable[..., Loss]] = {
    "mean_squared_error": MeanSquaredError,
    "mean_absolute_error": MeanAbsoluteError,
    "huber": Huber,
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
    "mean_absolute_percentage_error": MeanAbsolutePercentageError,
    "mean_squared_logarithmic_error": MeanSquaredLogarithmicError,
    "log_cosh": LogCosh,
    "poisson": Poisson,
    "hinge": Hinge,
    "squared_hinge": SquaredHinge,
    "categorical_hinge": CategoricalHinge,
    "kl_divergence": KLDivergence,
    "cosine_similarity": CosineSimilarity,
}

LossSpec = str | Loss


def get(spec: object, **settings: object) -> Loss:
    """Return the loss that `spec` names.

    Parameters
    ----------
    spec : str, Loss or class of losses
        A name, an alias, or a loss, which is returned as it is.
    **settings
        Arguments for the loss that the name stands for.

    Raises
    ------
    UnknownNameError
        If there is no such loss.

    Examples
    --------
    >>> get("mse")
    MeanSquaredError()
    """
    if isinstance(spec, Loss):
        return spec
    for known in _CLASSES.values():
        if spec is known:
            return known(**settings)
    return _CLASSES[ROWS.find(spec, "`loss`").name](**settings)
