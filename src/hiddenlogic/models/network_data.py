"""The arrays of several inputs or outputs, which lie side by side in the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np

from hiddenlogic.layers.names import names_of
from hiddenlogic.models.named import by_name, in_order
from hiddenlogic.network import Network
from hiddenlogic.training.arrays import Matrix, check_same_rows, matrix


def names_at(network: Network, nodes: Sequence[int]) -> list[str]:
    """Return the names of the layers of some nodes."""
    names = names_of(node.layer for node in network.nodes)
    return [names[one] for one in nodes]


def arrays_of(
    given: object, argument: str, names: Sequence[str], kind: str
) -> list[tuple[str, object]]:
    """Return what is given for each input or output, and what messages call it.

    Parameters
    ----------
    given : array_like, or list, tuple or dict of these
        The only one may come without a list.
    argument : str
        E.g. "x".
    names : sequence of str
        Of the inputs or outputs.
    kind : {"input", "output"}

    Raises
    ------
    ShapeError, UnknownNameError
        If there are not as many as there are names, or a key is none of the names.
    """
    labels = [f"{argument}[{name!r}]" for name in names]
    if isinstance(given, Mapping):
        entries = cast("Mapping[str, object]", given)
        found = by_name(entries, f"`{argument}`", names, kind, complete=True)
    elif len(names) > 1:
        found = in_order(given, f"`{argument}`", names, kind)
    else:
        labels, found = [argument], [_only(given)]
    return list(zip(labels, found, strict=True))


def _only(given: object) -> object:
    """Take a matrix out of a list that holds nothing else; a list of numbers is one itself."""
    entries = cast("Sequence[Any]", given) if isinstance(given, (list, tuple)) else ()
    if len(entries) == 1 and not isinstance(entries[0], (list, tuple)):
        return entries[0] if np.ndim(entries[0]) == 2 else cast("object", given)
    return cast("object", given)


def read_inputs(network: Network, x: object, argument: str, dtype: str) -> Matrix:
    """Return the features of all inputs side by side, checked.

    Raises
    ------
    ShapeError, DataError, UnknownNameError
        If one is missing, has other columns or rows, or holds no finite numbers.
    """
    given = arrays_of(x, argument, names_at(network, network.inputs), "input")
    columns_are = "the inputs of the network" if len(given) == 1 else "the features of that Input"
    found: list[tuple[str, Matrix]] = []
    for (label, value), node in zip(given, network.inputs, strict=True):
        units = network.units[node]
        own = matrix(value, label, dtype=dtype, columns=units, columns_are=columns_are)
        found.append((label, own))
    return side_by_side(found)


def side_by_side(parts: Sequence[tuple[str, Matrix]]) -> Matrix:
    """Return the columns of matrices with the same rows; the label is for the message."""
    first_label, first = parts[0]
    if len(parts) == 1:
        return first
    for label, part in parts[1:]:
        check_same_rows(first, first_label, part, label)
    return np.concatenate([part for _, part in parts], axis=1)


def apart(network: Network, outputs: Matrix) -> list[Matrix]:
    """Return the values of each output, which lay side by side."""
    ends = np.cumsum([network.units[node] for node in network.outputs])
    return [np.ascontiguousarray(part) for part in np.split(outputs, ends[:-1], axis=1)]
