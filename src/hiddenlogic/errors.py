"""What goes wrong, in one sentence each: what was expected, what was got, the way out.

Every exception derives from `HiddenLogicError` and from the built-in that a caller would expect,
so ``except ValueError`` keeps working.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class HiddenLogicError(Exception):
    """Anything that this library refuses or gives up on."""


class UnknownNameError(HiddenLogicError, ValueError):
    """A name that is not in the registry it was looked up in."""


class RangeError(HiddenLogicError, ValueError):
    """A number outside the range that its parameter allows."""


class ShapeError(HiddenLogicError, ValueError):
    """An array whose shape does not fit the network or its neighbours."""


class DataError(HiddenLogicError, ValueError):
    """Cells, rows or files that cannot be learned from as they are."""


class SchemaError(HiddenLogicError, ValueError):
    """A table whose columns are not those that the model was trained on."""


class FormatError(HiddenLogicError, ValueError):
    """A file that is not what it should be: truncated, foreign or hostile."""


class StateError(HiddenLogicError, ValueError):
    """A call that comes too early, such as `fit` before `compile`."""


class DivergenceError(HiddenLogicError, ArithmeticError):
    """Training whose loss or weights stopped being finite numbers."""


class MissingPackageError(HiddenLogicError, ImportError):
    """An optional package that the call needs and that is not installed."""


class UnsupportedCPUError(HiddenLogicError, ImportError):
    """A processor without the instructions that the compiled core needs."""


def did_you_mean(name: object, choices: Iterable[str]) -> str:
    """Return `` Did you mean 'relu'?`` for the choice nearest to `name`, or an empty string."""
    close = get_close_matches(str(name).lower(), list(choices), n=1, cutoff=0.6)
    return f" Did you mean {close[0]!r}?" if close else ""
