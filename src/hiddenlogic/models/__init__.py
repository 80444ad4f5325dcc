"""What a user builds and keeps: Sequential, and Model with its table preparation."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hiddenlogic.models.model import Model, load
    from hiddenlogic.models.sequential import Sequential

__all__ = ["Model", "Sequential", "load"]

# Loaded on first use: a Model needs the table room and with it polars, a Sequential does not.
_HOMES = {
    "Model": "hiddenlogic.models.model",
    "Sequential": "hiddenlogic.models.sequential",
    "load": "hiddenlogic.models.model",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'hiddenlogic.models' has no attribute {name!r}")
    value: object = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
