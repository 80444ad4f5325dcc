"""Parameters and attributes of an estimator as plain data, and back."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, cast

import numpy as np

from hiddenlogic import losses, optimizers, schedules
from hiddenlogic.activations import Activation
from hiddenlogic.errors import FormatError

_NOT_FINITE = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}


def plain(value: object, what: str) -> Any:
    """Return what JSON holds of a value.

    Raises
    ------
    FormatError
        If it is of a kind that no file holds; `what` is what the message calls it.
    """
    match value:
        case None | bool() | str():
            return value
        case np.generic():
            return plain(cast("Any", value).item(), what)
        case int():
            return value
        case float():
            return value if math.isfinite(value) else {"number": str(value)}
        case np.ndarray():
            kind = cast("np.ndarray[Any, Any]", value)
            return {"array": [str(kind.dtype), [plain(one, what) for one in kind.tolist()]]}
        case list() | tuple():
            name = type(cast("object", value)).__name__
            return {name: [plain(one, what) for one in cast("list[object]", value)]}
        case dict():
            pairs = cast("dict[object, object]", value).items()
            return {"dict": [[plain(key, what), plain(one, what)] for key, one in pairs]}
        case Activation():
            return {"activation": value.get_config()}
        case losses.Loss():
            return {"loss": [value.name, value.get_config()]}
        case optimizers.Optimizer():
            return {"optimizer": [value.name, value.get_config()]}
        case schedules.Schedule():
            return {"schedule": schedules.describe(value)}
        case _:
            raise FormatError(
                f"{what} is a {type(value).__name__}, which no file holds. Set it to plain data."
            )


def restored(entry: Any) -> Any:
    """Return what `plain` was given; LookupError, TypeError or ValueError if it is no entry."""
    if not isinstance(entry, dict):
        return entry
    ((kind, content),) = cast("dict[str, Any]", entry).items()
    return _READERS[kind](content)


def _activation(config: dict[str, Any]) -> Activation:
    numbers = {name: value for name, value in config.items() if name != "name"}
    return Activation(config["name"], **numbers)


_READERS: dict[str, Callable[[Any], Any]] = {
    "number": lambda text: _NOT_FINITE[text],
    "array": lambda parts: np.array([restored(one) for one in parts[1]], dtype=parts[0]),
    "list": lambda parts: [restored(one) for one in parts],
    "tuple": lambda parts: tuple(restored(one) for one in parts),
    "dict": lambda pairs: {restored(key): restored(one) for key, one in pairs},
    "activation": _activation,
    "loss": lambda parts: losses.get(parts[0], **parts[1]),
    "optimizer": lambda parts: optimizers.get(parts[0], **parts[1]),
    "schedule": schedules.get,
}
