"""Lists of weights that a user hands in, checked against the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import DataError, ShapeError
from hiddenlogic.network import Network

Weights = list[NDArray[np.floating[Any]]]


def checked(network: Network, weights: object, dtype: str) -> Weights:
    """Return copies of `weights` in the shapes of the network.

    Raises
    ------
    ShapeError
        If there are too few, too many, or one has another shape.
    DataError
        If one holds a NaN, an infinity or no numbers.
    """
    given = list(cast("Sequence[Any]", weights)) if isinstance(weights, (list, tuple)) else []
    specs = network.parameters
    if len(given) != len(specs):
        raise ShapeError(
            f"`weights` must be a list of {len(specs)} arrays, kernel and bias of each layer; "
            f"got {len(given) if isinstance(weights, (list, tuple)) else type(weights).__name__}."
        )
    result: Weights = []
    for index, (spec, value) in enumerate(zip(specs, given, strict=True)):
        where = f"`weights`[{index}], the {spec.name} of {network.label(spec.node)},"
        try:
            with np.errstate(over="ignore"):  # what is beyond the dtype is refused as infinite
                array: NDArray[Any] = np.array(value, dtype=dtype, order="C")
        except (TypeError, ValueError):
            raise DataError(
                f"{where} must be an array of numbers in shape {spec.shape}; "
                f"got {type(value).__name__} that is none."
            ) from None
        if array.shape != spec.shape:
            raise ShapeError(f"{where} must have shape {spec.shape}; got {array.shape}.")
        if not np.isfinite(array).all():
            raise DataError(f"{where} must hold finite numbers; it has a NaN or an infinity.")
        result.append(array)
    return result


def of_node(network: Network, weights: Weights, node: int) -> Weights:
    """Return those weights that belong to one node."""
    return [w for spec, w in zip(network.parameters, weights, strict=True) if spec.node == node]
