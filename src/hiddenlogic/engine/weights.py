"""Weights on their way into the core: first values, shapes, dtypes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.engine import _core
from hiddenlogic.engine.instruction_set import isa
from hiddenlogic.errors import DataError, RangeError, ShapeError
from hiddenlogic.network import Network

Weights = Sequence[NDArray[Any]]


def checked_seed(seed: int) -> int:
    """Return `seed` if it fits into 64 bits."""
    if isinstance(seed, bool) or int(seed) != seed or not 0 <= seed < 2**64:
        raise RangeError(f"`seed` must be a whole number from 0 to 2**64 - 1; got {seed!r}.")
    return int(seed)


def initial_weights(network: Network, seed: int) -> list[NDArray[np.float64]]:
    """Return the weights before the first step, in the order of get_weights().

    Parameters
    ----------
    network : Network
    seed : int
        From 0 to 2**64 − 1. A parameter's numbers depend on the seed and on its place alone.

    Returns
    -------
    list of ndarray of float64

    Examples
    --------
    >>> from hiddenlogic.layers import Dense
    >>> kernel, bias = initial_weights(Network.sequential(2, [Dense(3)]), seed=0)
    >>> kernel.shape, bias.tolist()
    ((2, 3), [0.0, 0.0, 0.0])
    """
    seed = checked_seed(seed)
    weights: list[NDArray[np.float64]] = []
    for part, spec in enumerate(network.parameters):
        row = spec.initializer.row
        if row.kind == "constant":
            weights.append(np.full(spec.shape, row.value))
            continue
        fan_in, fan_out = (spec.shape[0], spec.shape[-1])
        draws = _core.uniform(isa(), seed, part, spec.size).reshape(spec.shape)
        weights.append((2.0 * draws - 1.0) * row.limit(fan_in, fan_out))
    return weights


def checked_weights(network: Network, weights: Weights, dtype: str) -> list[NDArray[Any]]:
    """Return the weights as contiguous arrays of `dtype`, refusing other shapes and NaN."""
    specs = network.parameters
    if len(weights) != len(specs):
        raise ShapeError(
            f"`weights` must hold {len(specs)} arrays, as get_weights() gives them; "
            f"got {len(weights)}."
        )
    checked: list[NDArray[Any]] = []
    for spec, given in zip(specs, weights, strict=True):
        array = np.ascontiguousarray(given, dtype=dtype)
        if array.shape != spec.shape:
            raise ShapeError(
                f"The {spec.name} of {network.label(spec.node)} has shape {spec.shape}; got an "
                f"array of shape {array.shape}."
            )
        if not np.isfinite(array).all():
            raise DataError(
                f"The {spec.name} of {network.label(spec.node)} must hold finite numbers of "
                f"{dtype}; got a NaN or an infinity."
            )
        checked.append(array)
    return checked
