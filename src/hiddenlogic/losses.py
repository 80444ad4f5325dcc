"""Losses, one frozen row and one Keras-named class each.

The loss of a batch is sum_i(w_i * l_i) / n over its n rows plus the penalties of the regularizers;
l_i is the mean over the outputs of a row, or the sum over the classes of a categorical one.
The order of `ROWS` is the order of the losses in the C++ core.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from hiddenlogic.registry import Parameter, Registry, check_flag, explains_arguments

Task = Literal["regression", "binary", "multiclass"]


@dataclass(frozen=True)
class LossRow:
    """All that is known of a loss of one row, with t the target and y the output.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    parameters : tuple of Parameter
        Its numbers.
    has_from_logits : bool
        Whether it takes `from_logits`.
    output : str
        The activation of the last layer that it is fused with; empty where any will do.
    task : {"regression", "binary", "multiclass"}
        What targets it is for.
    formula : str
        l_i.
    keras, torch, source : str
        What the neighbours call it, and where the formula stands.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    has_from_logits: bool
    output: str
    task: Task
    formula: str
    keras: str
    torch: str
    source: str


_DELTA = Parameter("delta", 1.0, low=0.0)

ROWS: Registry[LossRow] = Registry(
    (
        LossRow(
            name="mean_squared_error",
            aliases=("mse",),
            parameters=(),
            has_from_logits=False,
            output="",
            task="regression",
            formula="mean((y - t)**2)",
            keras="MeanSquaredError",
            torch="MSELoss",
            source="Legendre (1805), least squares",
        ),
        LossRow(
            name="mean_absolute_error",
            aliases=("mae",),
            parameters=(),
            has_from_logits=False,
            output="",
            task="regression",
            formula="mean(|y - t|)",
            keras="MeanAbsoluteError",
            torch="L1Loss",
            source="Boscovich (1757), least absolute deviations",
        ),
        LossRow(
            name="huber",
            aliases=("huber_loss",),
            parameters=(_DELTA,),
            has_from_logits=False,
            output="",
            task="regression",
            formula="mean(e**2 / 2 if |e| <= delta else delta * (|e| - delta / 2)), e = y - t",
            keras="Huber",
            torch="HuberLoss",
            source="Huber (1964), Annals of Math. Statistics 35, doi:10.1214/aoms/1177703732",
        ),
        LossRow(
            name="binary_crossentropy",
            aliases=("bce", "binary_cross_entropy", "log_loss"),
            parameters=(),
            has_from_logits=True,
            output="sigmoid",
            task="binary",
            formula="mean(max(z, 0) - z * t + log(1 + exp(-|z|))), y = sigmoid(z)",
            keras="BinaryCrossentropy",
            torch="BCEWithLogitsLoss",
            source="Bishop (2006), Pattern Recognition and Machine Learning, equation 4.90",
        ),
        LossRow(
            name="categorical_crossentropy",
            aliases=("cce", "categorical_cross_entropy"),
            parameters=(),
            has_from_logits=True,
            output="softmax",
            task="multiclass",
            formula="sum(t * (logsumexp(z) - z)), y = softmax(z), t one-hot",
            keras="CategoricalCrossentropy",
            torch="CrossEntropyLoss",
            source="Bishop (2006), Pattern Recognition and Machine Learning, equation 4.108",
        ),
        LossRow(
            name="sparse_categorical_crossentropy",
            aliases=("scce", "sparse_categorical_cross_entropy"),
            parameters=(),
            has_from_logits=True,
            output="softmax",
            task="multiclass",
            formula="logsumexp(z) - z[t], y = softmax(z), t the index of the class",
            keras="SparseCategoricalCrossentropy",
            torch="CrossEntropyLoss",
            source="Bishop (2006), Pattern Recognition and Machine Learning, equation 4.108",
        ),
    )
)


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


@explains_arguments()
class MeanSquaredError(Loss):
    """The mean of squares, mean((y - t)**2), with no half.

    Examples
    --------
    >>> MeanSquaredError().name
    'mean_squared_error'
    """

    def __init__(self) -> None:
        super().__init__("mean_squared_error")


@explains_arguments()
class MeanAbsoluteError(Loss):
    """The mean of distances, mean(|y - t|); its gradient at a distance of 0 is 0."""

    def __init__(self) -> None:
        super().__init__("mean_absolute_error")


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
        super().__init__("huber", delta=_DELTA.check(delta, "Huber"))


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


_CLASSES: dict[str, Callable[..., Loss]] = {
    "mean_squared_error": MeanSquaredError,
    "mean_absolute_error": MeanAbsoluteError,
    "huber": Huber,
    "binary_crossentropy": BinaryCrossentropy,
    "categorical_crossentropy": CategoricalCrossentropy,
    "sparse_categorical_crossentropy": SparseCategoricalCrossentropy,
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
