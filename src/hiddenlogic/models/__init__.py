"""What a user builds and keeps: Sequential, Model, and TableModel with its table preparation."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hiddenlogic.models.functional import Model
    from hiddenlogic.models.sequential import Sequential
    from hiddenlogic.models.table_model import TableModel, load

__all__ = ["Model", "Sequential", "TableModel", "load"]

# Loaded on first use: a TableModel needs the table room and with it polars, the others do not.
_HOMES = {
    "Model": "hiddenlogic.models.functional",
    "TableModel": "hiddenlogic.models.table_model",
    "Sequential": "hiddenlogic.models.sequential",
    "load": "hiddenlogic.models.table_model",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'hiddenlogic.models' has no attribute {name!r}")
    value: object = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = value
    return value
