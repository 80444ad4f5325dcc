"""Optimizers, one frozen row and one Keras-named class each."""

from __future__ import annotations

from collections.abc import Callable

from hiddenlogic import schedules as schedules  # Keras's spelling: optimizers.schedules
from hiddenlogic.optimizers.adam import Adam, Adamax, AdamW, Nadam
from hiddenlogic.optimizers.adaptive import Adadelta, Adagrad, RMSprop
from hiddenlogic.optimizers.descent import SGD, Lion
from hiddenlogic.optimizers.groups import ParameterGroup
from hiddenlogic.optimizers.lbfgs import LBFGS
from hiddenlogic.optimizers.optimizer import Optimizer
from hiddenlogic.optimizers.rows import ROWS, OptimizerRow

__all__ = [
    "LBFGS",
    "ROWS",
    "SGD",
    "Adadelta",
    "Adagrad",
    "Adam",
    "AdamW",
    "Adamax",
    "Lion",
    "Nadam",
    "Optimizer",
    "OptimizerRow",
    "OptimizerSpec",
    "ParameterGroup",
    "RMSprop",
    "get",
]

_CLASSES: dict[str, Callable[..., Optimizer]] = {
    one.name: one
    for one in (SGD, Adam, AdamW, RMSprop, Adagrad, Adadelta, Adamax, Nadam, Lion, LBFGS)
}

OptimizerSpec = str | Optimizer


def get(spec: object, **settings: object) -> Optimizer:
    """Return the optimizer that `spec` names, with its defaults where `settings` has none.

    Parameters
    ----------
    spec : str, Optimizer, class of optimizers or mapping
        A name or a class; an optimizer, which is returned as it is; or a name and a config, as
        model files hold them.
    **settings
        Arguments for the optimizer that the name stands for.

    Raises
    ------
    UnknownNameError, RangeError
        If there is no such optimizer, or its settings are not its own.

    Examples
    --------
    >>> get("adam").learning_rate
    0.001
    """
    return ROWS.make(spec, "`optimizer`", Optimizer, _CLASSES, settings)
