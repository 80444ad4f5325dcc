"""Cross-entropies that count less what the network is sure of already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from hiddenlogic.errors import StateError
from hiddenlogic.losses.crossentropy import K_CLASSES, SMOOTHING, TWO_CLASSES
from hiddenlogic.losses.loss import CrossEntropy
from hiddenlogic.losses.row import LossRow
from hiddenlogic.registry import Parameter, explains_arguments
from hiddenlogic.schedules import Number

_GAMMA = Parameter("gamma", 2.0, low=0.0, low_included=True)
_SOURCE = "Lin et al. (2017), arXiv:1708.02002, equations 4 and 5"


@explains_arguments()
@dataclass(frozen=True, repr=False)
class BinaryFocalCrossentropy(CrossEntropy):
    """Binary cross-entropy times (1 - p)**gamma, p being the probability that the target was given.

    Parameters
    ----------
    apply_class_balancing : bool
        Whether targets of 1 count `alpha` times and those of 0 ``1 - alpha`` times. Default False.
    alpha : float or Schedule
        From 0 to 1. Default 0.25.
    gamma : float or Schedule
        At least 0; 0 leaves the cross-entropy as it is. Default 2.
    from_logits : bool
        False (default): the output is a probability. True: it is a pre-activation.
    label_smoothing : float or Schedule
        From 0 to 1: the share of each target that is replaced by 1/2. Default 0.
    """

    row = LossRow(
        name="binary_focal_crossentropy",
        aliases=("binary_focal_cross_entropy",),
        parameters=(
            Parameter("alpha", 0.25, low=0.0, high=1.0, low_included=True, high_included=True),
            _GAMMA,
            SMOOTHING,
        ),
        flags=("apply_class_balancing",),
        output="sigmoid",
        suits="sigmoid",
        task="binary",
        formula="mean(a * (1 - p)**gamma * binary_crossentropy), p = t * y + (1 - t) * (1 - y), "
        f"a = t * alpha + (1 - t) * (1 - alpha) or 1; {TWO_CLASSES}",
        keras="BinaryFocalCrossentropy",
        torch="",
        source=_SOURCE,
    )
    apply_class_balancing: bool = False
    alpha: Number = 0.25
    gamma: Number = 2.0
    from_logits: bool = False
    label_smoothing: Number = 0.0


@explains_arguments()
@dataclass(frozen=True, repr=False)
class CategoricalFocalCrossentropy(CrossEntropy):
    """Categorical cross-entropy times alpha * (1 - y)**gamma, for one-hot targets.

    Parameters
    ----------
    alpha : float or sequence of float
        At least 0; a number for all classes, or one a class. Default 0.25.
    gamma : float or Schedule
        At least 0; 0 leaves the cross-entropy as it is. Default 2.
    from_logits : bool
        False (default): the outputs are probabilities. True: they are pre-activations.
    label_smoothing : float or Schedule
        From 0 to 1: the share of each target that is spread evenly over all classes. Default 0.
    """

    row = LossRow(
        name="categorical_focal_crossentropy",
        aliases=("categorical_focal_cross_entropy",),
        parameters=(_GAMMA, SMOOTHING),
        several=Parameter("alpha", 0.25, low=0.0, low_included=True),
        output="softmax",
        suits="softmax",
        task="multiclass",
        formula="-sum(alpha * (1 - y)**gamma * t * log(y)), y = softmax(z) or y / sum(y), "
        f"t one-hot; {K_CLASSES}",
        keras="CategoricalFocalCrossentropy",
        torch="",
        source=_SOURCE + ", for each class",
    )
    alpha: float | Sequence[float] = (0.25,)
    gamma: Number = 2.0
    from_logits: bool = False
    label_smoothing: Number = 0.0

    def check_outputs(self, outputs: int) -> None:
        """Refuse fewer than two classes, and another number of alphas than classes."""
        super().check_outputs(outputs)
        alphas = len(cast("Sequence[float]", self.alpha))
        if alphas not in (1, outputs):
            raise StateError(
                f"`alpha` of {type(self).__name__} must be one number, or one for each of the "
                f"{outputs} classes of the last layer; got {alphas}."
            )


LOSSES = (BinaryFocalCrossentropy, CategoricalFocalCrossentropy)
