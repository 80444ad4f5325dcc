"""What layers hold as plain data, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from hiddenlogic import activations, constraints, initializers, regularizers, schedules
from hiddenlogic.errors import FormatError, RangeError, ShapeError
from hiddenlogic.registry import check_count


def plain(value: object) -> object:
    """Turn what a layer holds into JSON's own kinds."""
    if isinstance(
        value, (activations.Activation, regularizers.Regularizer, constraints.Constraint)
    ):
        return value.get_config()
    if isinstance(value, initializers.Initializer):
        return initializers.describe(value)
    if isinstance(value, schedules.Schedule):
        return schedules.describe(value)
    if isinstance(value, tuple):
        return [plain(one) for one in cast("tuple[object, ...]", value)]
    return value


def read(name: str, value: object) -> object:
    """Turn the plain form of a layer's argument back into what it was, or what it is read from.

    Raises
    ------
    FormatError
        If `value` is an object that the argument does not take.
    """
    if not isinstance(value, Mapping):
        return value
    config = {str(key): one for key, one in cast("Mapping[object, object]", value).items()}
    if name.endswith("_regularizer"):
        return regularizers.get(config, f"`{name}`")
    if name.endswith("_constraint"):
        return constraints.get(config, f"`{name}`")
    if name == "activation" and "name" in config:
        return activations.Activation(**cast("dict[str, Any]", config))
    if set(config) == {"name", "config"}:
        return config
    raise FormatError(f"`{name}` must not be an object with the keys {sorted(config)}.")


def width(shape: object, argument: str) -> int:
    """Read the number of features from a shape such as (4,), [4] or 4."""
    if isinstance(shape, (tuple, list, Sequence)) and not isinstance(shape, str):
        sizes = list(cast("Sequence[object]", shape))
        if len(sizes) != 1:
            raise ShapeError(
                f"{argument} must hold one number, the features of a row, such as (4,); "
                f"got {shape!r}. A dense network takes each row as a vector: flatten the rest."
            )
        return check_count(sizes[0], argument)
    return check_count(shape, argument)


def check_axis(axis: object, owner: str) -> int:
    """Return -1 for an axis that is the units: -1 or 1.

    Raises
    ------
    RangeError
        If it is another.
    """
    if isinstance(axis, bool) or axis not in (-1, 1):
        raise RangeError(
            f"`axis` of {owner} must be -1 or 1, the units of a row; got {axis!r}. A dense "
            "network takes each row as a vector."
        )
    return -1


def check_name(name: object, owner: str) -> None:
    """Refuse a layer name that is not a string with something in it."""
    if name is not None and (not isinstance(name, str) or not name):
        raise RangeError(f"`name` of {owner} must be a string that is not empty; got {name!r}.")
