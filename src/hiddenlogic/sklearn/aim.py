"""What an estimator is trained for: its loss, the last layer, and the number that it reports."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic import losses, metrics
from hiddenlogic.activations import Activation
from hiddenlogic.engine import Goal
from hiddenlogic.errors import StateError
from hiddenlogic.losses import Loss

EXACT = "mean_with_sample_weight"
"""A row of weight 2 counts as that row twice, one of weight 0 as none."""

# What scikit-learn calls the activations of its last layers.
_NAMES = {"linear": "identity", "sigmoid": "logistic", "exponential": "exp"}
_OF_CLASSES = ("binary", "multiclass", "sign", "share")


@dataclass(frozen=True)
class Aim:
    """A loss as the engine takes it.

    Parameters
    ----------
    goal : Goal
    columns : int
        Of the targets.
    function : Activation
        Of the last layer.
    halves_mean : bool
        Whether what is reported is half the mean over columns, where half the sum is minimised.
    is_deviance : bool
        Whether what is reported has the deviance's constant too.
    """

    goal: Goal
    columns: int
    function: Activation
    halves_mean: bool = False
    is_deviance: bool = False

    @property
    def outputs(self) -> int:
        """Units of the last layer."""
        return self.columns * self.goal.loss.outputs_per_target

    @property
    def out_activation(self) -> str:
        """The name of the last layer's activation, as scikit-learn has it."""
        return _NAMES.get(self.function.name, self.function.name)

    def encoded(self, targets: NDArray[Any]) -> NDArray[Any]:
        """Return targets as the loss takes them: of hinges -1 and 1."""
        return 2 * targets - 1 if self.goal.loss.row.task == "sign" else targets

    def reported(self, values: dict[str, float], prefix: str = "") -> float:
        """Return the loss that `loss_` tells, of an epoch's values."""
        loss = values[f"{prefix}loss"]
        if self.halves_mean and self.columns > 1:
            mean = values[f"{prefix}mean_squared_error"]
            loss -= 0.5 * (self.columns - 1) * mean
        return loss

    def constant(self, targets: NDArray[Any], weight: NDArray[Any] | None) -> float:
        """Return what the reported loss has that no weight changes: of a deviance t·log(t) − t."""
        if not self.is_deviance:
            return 0.0
        logs = np.log(np.where(targets > 0.0, targets, 1.0))
        return float(np.average(targets * logs - targets, axis=0, weights=weight).sum())


def of_numbers(loss: object, columns: int) -> Aim:
    """Return the aim of a regression with so many targets."""
    if loss == "squared_error":
        own = losses.MeanSquaredError(reduction=EXACT)
        more = (metrics.get("mean_squared_error", own, columns),) if columns > 1 else ()
        goal = Goal(own, weighted_metrics=more, weight=0.5 * columns)
        return Aim(goal, columns, Activation("linear"), halves_mean=True)
    if loss == "poisson":
        goal = Goal(losses.Poisson(reduction=EXACT), weight=float(columns))
        return Aim(goal, columns, Activation("exponential"), is_deviance=True)
    own = _exact(losses.get(loss))
    if own.row.task in ("binary", "multiclass", "sign"):
        raise StateError(f"The loss {own.name} is of classes; MLPRegressor learns numbers.")
    return Aim(Goal(own), columns, Activation(own.row.suits))


def of_classes(loss: object, kind: str, columns: int) -> Aim:
    """Return the aim of a classification.

    Parameters
    ----------
    loss : str or Loss
    kind : {"binary", "multiclass", "multilabel-indicator"}
    columns : int
        1 for two classes, else one a class or label.
    """
    if loss == "log_loss":
        loss = losses.CategoricalCrossentropy() if kind == "multiclass" else "binary_crossentropy"
        own = _exact(losses.get(loss))
        weight = 1.0 if kind == "multiclass" else float(columns)
        return Aim(Goal(own, weight=weight), columns, Activation(own.row.suits))
    own = _exact(losses.get(loss))
    if own.row.task not in _OF_CLASSES or own.row.is_sparse:
        raise StateError(
            f"The loss {own.name} does not learn one-hot classes. MLPClassifier takes log_loss, "
            "and losses of labels or of classes such as categorical_focal_crossentropy."
        )
    one_of_several = own.row.task in ("multiclass", "share")
    if one_of_several != (kind == "multiclass"):
        due = "one class of three or more" if one_of_several else "yes or no"
        raise StateError(f"The loss {own.name} is of {due}, which `y` ({kind}) is not.")
    return Aim(Goal(own), columns, Activation(own.row.suits))


def has_probabilities(classifier: Any) -> bool:
    """Return whether the outputs of a classifier with this loss are probabilities."""
    loss = classifier.loss
    return loss == "log_loss" or losses.get(loss).row.suits in ("sigmoid", "softmax")


def _exact(loss: Loss) -> Loss:
    """Return the loss with weights of rows that count exactly, unless it says how they count."""
    is_default = loss.reduction == losses.REDUCTIONS[0]
    return replace(loss, reduction=EXACT) if is_default else loss
