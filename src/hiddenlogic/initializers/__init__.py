"""What the weights are before the first step, one frozen row and one Keras-named class each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hiddenlogic.initializers.data_driven import DataDriven, DataDrivenBias
from hiddenlogic.initializers.initializer import Constant, Identity, Initializer, Ones, Zeros
from hiddenlogic.initializers.random import (
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    HeUniform,
    LecunNormal,
    LecunUniform,
    Orthogonal,
    RandomNormal,
    RandomSign,
    RandomUniform,
    TruncatedNormal,
    VarianceScaling,
)
from hiddenlogic.initializers.row import (
    TRUNCATED_DEVIATION,
    Distribution,
    Fill,
    InitializerRow,
    Normal,
    Scaling,
    Signs,
    Uniform,
    fans,
)
from hiddenlogic.initializers.rows import ROWS

__all__ = [
    "ROWS",
    "TRUNCATED_DEVIATION",
    "Constant",
    "DataDriven",
    "DataDrivenBias",
    "Distribution",
    "Fill",
    "GlorotNormal",
    "GlorotUniform",
    "HeNormal",
    "HeUniform",
    "Identity",
    "Initializer",
    "InitializerRow",
    "InitializerSpec",
    "LecunNormal",
    "LecunUniform",
    "Normal",
    "Ones",
    "Orthogonal",
    "RandomNormal",
    "RandomSign",
    "RandomUniform",
    "Scaling",
    "Signs",
    "TruncatedNormal",
    "Uniform",
    "VarianceScaling",
    "Zeros",
    "describe",
    "fans",
    "get",
]

_CLASSES: dict[str, Callable[..., Initializer]] = {
    one.name: one
    for one in (
        Zeros,
        Ones,
        Constant,
        Identity,
        GlorotUniform,
        GlorotNormal,
        HeUniform,
        HeNormal,
        LecunUniform,
        LecunNormal,
        VarianceScaling,
        RandomUniform,
        RandomNormal,
        RandomSign,
        TruncatedNormal,
        Orthogonal,
        DataDriven,
        DataDrivenBias,
    )
}

InitializerSpec = str | Initializer


def get(spec: object, argument: str = "`kernel_initializer` of Dense") -> Initializer:
    """Return the initializer that `spec` names or describes.

    Parameters
    ----------
    spec : str, Initializer, class of initializers, or mapping
        A name or a class stands for its defaults; a mapping is what `describe` returned.
    argument : str
        What messages call it.

    Raises
    ------
    UnknownNameError, RangeError
        If there is no such initializer, or its settings are not its own.

    Examples
    --------
    >>> get("he_uniform").draws_from((6, 3))
    Uniform(low=-1.0, high=1.0)
    """
    return ROWS.make(spec, argument, Initializer, _CLASSES)


def describe(initializer: Initializer) -> str | dict[str, Any]:
    """Return plain data that `get` makes an equal initializer of: its name, if that is enough."""
    if initializer == _CLASSES[initializer.name]():
        return initializer.name
    return {"name": initializer.name, "config": initializer.get_config()}
