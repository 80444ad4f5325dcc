"""The cross-entropies: minus the logarithm of the probability that the target was given."""

from __future__ import annotations

from dataclasses import dataclass, field

from hiddenlogic.losses.loss import CrossEntropy
from hiddenlogic.losses.row import LossRow
from hiddenlogic.registry import Parameter, explains_arguments
from hiddenlogic.schedules import Number

SMOOTHING = Parameter(
    "label_smoothing", 0.0, low=0.0, high=1.0, low_included=True, high_included=True
)
TWO_CLASSES = "t taken as t * (1 - label_smoothing) + label_smoothing / 2"
K_CLASSES = "t taken as t * (1 - label_smoothing) + label_smoothing / n_classes"


@explains_arguments()
@dataclass(frozen=True, repr=False)
class BinaryCrossentropy(CrossEntropy):
    """Log-loss of targets between 0 and 1; of a sigmoid without cancellation.

    Parameters
    ----------
    from_logits : bool
        False (default): the output is a probability. True: it is a pre-activation, such as a linear
        layer gives.
    label_smoothing : float or Schedule
        From 0 to 1: the share of each target that is replaced by 1/2. Default 0.
    """

    row = LossRow(
        name="binary_crossentropy",
        aliases=("bce", "binary_cross_entropy", "log_loss"),
        parameters=(SMOOTHING,),
        output="sigmoid",
        suits="sigmoid",
        task="binary",
        formula="mean(max(z, 0) - z * t + log(1 + exp(-|z|))), y = sigmoid(z); of other y "
        f"-mean(t * log(y) + (1 - t) * log(1 - y)); {TWO_CLASSES}",
        keras="BinaryCrossentropy",
        torch="BCEWithLogitsLoss",
        source="Bishop (2006), Pattern Recognition and Machine Learning, equation 4.90; smoothing "
        "from Szegedy et al. (2016), arXiv:1512.00567, section 7",
    )
    from_logits: bool = False
    label_smoothing: Number = 0.0


@explains_arguments()
@dataclass(frozen=True, repr=False)
class CategoricalCrossentropy(CrossEntropy):
    """Log-loss of one-hot targets, shape (n, n_classes).

    Parameters
    ----------
    from_logits : bool
        False (default): the outputs are probabilities. True: they are pre-activations, such as a
        linear layer gives.
    label_smoothing : float or Schedule
        From 0 to 1: the share of each target that is spread evenly over all classes. Default 0.
    """

    row = LossRow(
        name="categorical_crossentropy",
        aliases=("cce", "categorical_cross_entropy"),
        parameters=(SMOOTHING,),
        output="softmax",
        suits="softmax",
        task="multiclass",
        formula="sum(t * (logsumexp(z) - z)), y = softmax(z), t one-hot; of other y "
        f"-sum(t * log(y / sum(y))); {K_CLASSES}",
        keras="CategoricalCrossentropy",
        torch="CrossEntropyLoss",
        source="Bishop (2006), Pattern Recognition and Machine Learning, equation 4.108; smoothing "
        "from Szegedy et al. (2016), arXiv:1512.00567, section 7",
    )
    from_logits: bool = False
    label_smoothing: Number = 0.0


@explains_arguments()
@dataclass(frozen=True, repr=False)
class SparseCategoricalCrossentropy(CrossEntropy):
    """Log-loss of targets that are the index of the class: 0, 1, …, n_classes - 1.

    Parameters
    ----------
    from_logits : bool
        False (default): the outputs are probabilities. True: they are pre-activations, such as a
        linear layer gives.
    label_smoothing : float or Schedule
        As CategoricalCrossentropy has it, and Keras's sparse loss has not. Default 0.
    """

    row = LossRow(
        name="sparse_categorical_crossentropy",
        aliases=("scce", "sparse_categorical_cross_entropy"),
        parameters=(SMOOTHING,),
        output="softmax",
        suits="softmax",
        task="multiclass",
        formula="logsumexp(z) - z[t], y = softmax(z), t the index of the class; of other y "
        "-log(y[t] / sum(y)); smoothed as categorical_crossentropy of the one-hot row",
        keras="SparseCategoricalCrossentropy",
        torch="CrossEntropyLoss",
        source="Bishop (2006), Pattern Recognition and Machine Learning, equation 4.108",
        is_sparse=True,
    )
    from_logits: bool = False
    label_smoothing: Number = field(default=0.0, kw_only=True)


LOSSES = (BinaryCrossentropy, CategoricalCrossentropy, SparseCategoricalCrossentropy)
