"""Losses, one class a row of the registry, with Keras's names.

The loss of a batch is sum_i(w_i * l_i) / n over its n rows (or as `reduction` says) plus the
penalties of the regularizers; l_i is the mean over the outputs of a row, or the sum over the
classes of a categorical one. The order of `ROWS` is that of the losses in the C++ core.
"""

from __future__ import annotations

from typing import Any

from hiddenlogic.losses import crossentropy, distributions, focal, margin, regression
from hiddenlogic.losses.crossentropy import (
    BinaryCrossentropy,
    CategoricalCrossentropy,
    SparseCategoricalCrossentropy,
)
from hiddenlogic.losses.distributions import GaussianNLL, KLDivergence, Poisson, Quantile
from hiddenlogic.losses.focal import BinaryFocalCrossentropy, CategoricalFocalCrossentropy
from hiddenlogic.losses.loss import REDUCTIONS, CrossEntropy, Loss
from hiddenlogic.losses.margin import CategoricalHinge, Hinge, SquaredHinge
from hiddenlogic.losses.regression import (
    CosineSimilarity,
    Huber,
    LogCosh,
    MeanAbsoluteError,
    MeanAbsolutePercentageError,
    MeanSquaredError,
    MeanSquaredLogarithmicError,
)
from hiddenlogic.losses.row import LossRow, Task
from hiddenlogic.registry import Registry

_CLASSES: dict[str, type[Loss]] = {
    kind.row.name: kind
    for family in (regression, distributions, margin, crossentropy, focal)
    for kind in family.LOSSES
}

ROWS: Registry[LossRow] = Registry(kind.row for kind in _CLASSES.values())

LossSpec = str | Loss

__all__ = [
    "REDUCTIONS",
    "ROWS",
    "BinaryCrossentropy",
    "BinaryFocalCrossentropy",
    "CategoricalCrossentropy",
    "CategoricalFocalCrossentropy",
    "CategoricalHinge",
    "CosineSimilarity",
    "CrossEntropy",
    "GaussianNLL",
    "Hinge",
    "Huber",
    "KLDivergence",
    "LogCosh",
    "Loss",
    "LossRow",
    "LossSpec",
    "MeanAbsoluteError",
    "MeanAbsolutePercentageError",
    "MeanSquaredError",
    "MeanSquaredLogarithmicError",
    "Poisson",
    "Quantile",
    "SparseCategoricalCrossentropy",
    "SquaredHinge",
    "Task",
    "get",
]


def get(spec: object, **settings: Any) -> Loss:
    """Return the loss that `spec` names.

    Parameters
    ----------
    spec : str, Loss, class of losses or mapping
        A name or a class; a loss, which is returned as it is; or a name and a config, as model
        files hold them.
    **settings
        Arguments for the loss that the name stands for.

    Raises
    ------
    UnknownNameError, RangeError
        If there is no such loss, or its settings are not its own.

    Examples
    --------
    >>> get("mse")
    MeanSquaredError()
    """
    return ROWS.make(spec, "`loss`", Loss, _CLASSES, settings)
