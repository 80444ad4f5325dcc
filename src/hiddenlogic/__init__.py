"""Dense neural networks, done completely, with Keras's words.

Every name below is loaded when it is first used (PEP 562), so importing the package costs nothing
that a program does not ask for.

Examples
--------
>>> import hiddenlogic as keras
>>> keras.layers.Dense(8, activation="relu").units
8
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hiddenlogic import (
        activations,
        callbacks,
        constraints,
        errors,
        initializers,
        layers,
        losses,
        metrics,
        models,
        optimizers,
        regularizers,
        schedules,
    )
    from hiddenlogic.layers import Input
    from hiddenlogic.models.functional import Model
    from hiddenlogic.models.sequential import Sequential
    from hiddenlogic.models.table_model import TableModel, load

__version__ = "0.1.0"

__all__ = [
    "Input",
    "Model",
    "Sequential",
    "TableModel",
    "__version__",
    "activations",
    "callbacks",
    "constraints",
    "errors",
    "initializers",
    "layers",
    "load",
    "losses",
    "metrics",
    "models",
    "optimizers",
    "regularizers",
    "schedules",
]

_MODULES = frozenset(
    (
        "activations",
        "callbacks",
        "constraints",
        "errors",
        "initializers",
        "layers",
        "losses",
        "metrics",
        "models",
        "optimizers",
        "regularizers",
        "schedules",
    )
)
_HOMES = {
    "Input": "hiddenlogic.layers",
    "Model": "hiddenlogic.models.functional",
    "TableModel": "hiddenlogic.models.table_model",
    "Sequential": "hiddenlogic.models.sequential",
    "load": "hiddenlogic.models.table_model",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name in _MODULES:
        value: object = importlib.import_module(f"hiddenlogic.{name}")
    elif name in _HOMES:
        value = getattr(importlib.import_module(_HOMES[name]), name)
    else:
        raise AttributeError(f"module 'hiddenlogic' has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(set(__all__) | set(globals()))
