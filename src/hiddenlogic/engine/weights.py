"""Weights on their way into the core: first values, shapes, dtypes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.engine import _core
from hiddenlogic.engine.instruction_set import isa
from hiddenlogic.errors import DataError, RangeError, ShapeError
from hiddenlogic.initializers import (
    DataDriven,
    DataDrivenBias,
    Distribution,
    Fill,
    Identity,
    Initializer,
    Normal,
    Orthogonal,
    Signs,
    Uniform,
)
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
    return [_drawn(network, part, seed) for part in range(len(network.parameters))]


def _drawn(network: Network, part: int, seed: int) -> NDArray[np.float64]:
    """Return the first numbers of one array."""
    spec = network.parameters[part]
    initializer = spec.initializer
    label = f"The {spec.name} of {network.label(spec.node)}"
    if isinstance(initializer, DataDrivenBias) and len(spec.shape) > 1:
        raise ShapeError(f"{label} is no bias: DataDrivenBias starts biases only.")
    if isinstance(initializer, DataDriven):
        if len(spec.shape) < 2:
            raise ShapeError(f"{label} is no kernel: DataDriven starts kernels only.")
        initializer = initializer.first
    if isinstance(initializer, (Identity, Orthogonal)) and len(spec.shape) < 2:
        name = type(initializer).__name__
        raise ShapeError(f"{label} is a vector, {spec.shape}; {name} starts matrices only.")
    runs = spec.alike or ((),) * len(spec.shape)
    shape = tuple(len(own) or n for own, n in zip(runs, spec.shape, strict=True))
    drawn = draw(initializer, shape, *place(initializer, seed, part), fans_of=spec.fans_of)
    for axis, own in enumerate(runs):
        if own:
            drawn = np.repeat(drawn, own, axis=axis)
    return drawn


# The place of what has a seed of its own, beyond those of any network's arrays.
_OWN_PLACE = 2**32 - 1


def place(initializer: Initializer, seed: int, part: int) -> tuple[int, int]:
    """Return the seed that an array's random numbers follow from, and their place."""
    own = getattr(initializer, "seed", None)
    return (seed, part) if own is None else (own, _OWN_PLACE)


def draw(
    initializer: Initializer,
    shape: tuple[int, ...],
    seed: int,
    part: int,
    *,
    fans_of: tuple[int, ...] = (),
) -> NDArray[np.float64]:
    """Return an array as an initializer draws it from the numbers of (seed, part)."""
    match initializer:
        case Identity(gain):
            return np.broadcast_to(gain * np.eye(shape[-2], shape[-1]), shape).copy()
        case Orthogonal(gain):
            return gain * _orthogonal(shape, seed, part)
        case _:
            return _each(initializer.draws_from(fans_of or shape), shape, seed, part)


def _each(
    distribution: Distribution, shape: tuple[int, ...], seed: int, part: int
) -> NDArray[np.float64]:
    """Draw number by number."""
    size = math.prod(shape)
    match distribution:
        case Fill(value):
            return np.full(shape, value)
        case Uniform(low, high):
            draws = _core.uniform(isa(), seed, part, size).reshape(shape)
            if low == -high:
                return (2.0 * draws - 1.0) * high
            return low + draws * (high - low)
        case Signs():
            return np.where(_core.uniform(isa(), seed, part, size).reshape(shape) < 0.5, -1.0, 1.0)
        case Normal(mean, stddev, truncated):
            draws = _core.normal(isa(), seed, part, size, truncated).reshape(shape)
            return mean + stddev * draws


def _orthogonal(shape: tuple[int, ...], seed: int, part: int) -> NDArray[np.float64]:
    """Draw matrices with orthonormal rows or columns, whichever are fewer."""
    fan_in, fan_out = shape[-2:]
    tall = (-1, max(fan_in, fan_out), min(fan_in, fan_out))
    normal = _core.normal(isa(), seed, part, math.prod(shape), False).reshape(tall)
    columns = np.stack([_core.orthonormal_columns(one) for one in normal])
    return (columns if fan_in >= fan_out else columns.transpose(0, 2, 1)).reshape(shape)


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


def shaped(network: Network, arrays: Weights) -> list[NDArray[Any]]:
    """Return the core's arrays in the shapes of the network: it knows rows and columns only."""
    return [
        array.reshape(spec.shape) for spec, array in zip(network.parameters, arrays, strict=True)
    ]
