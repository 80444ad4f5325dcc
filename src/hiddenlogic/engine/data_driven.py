"""Weights that wait for the training rows: `DataDriven` kernels and `DataDrivenBias`es."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.engine import _core
from hiddenlogic.engine.instruction_set import isa
from hiddenlogic.engine.predicting import Predictor
from hiddenlogic.engine.weights import initial_weights, place
from hiddenlogic.errors import ShapeError
from hiddenlogic.initializers import DataDriven, DataDrivenBias
from hiddenlogic.layers import Layer
from hiddenlogic.network import Network, Node

# Rows whose moments are taken together, whatever the number of threads: their pre-activations
# are all that is held.
_ROWS_AT_ONCE = 1 << 13

Weights = list[NDArray[np.float64]]


def waits_for_rows(network: Network) -> bool:
    """Return whether an array of the network is finished by training rows."""
    return any(
        isinstance(spec.initializer, (DataDriven, DataDrivenBias)) for spec in network.parameters
    )


def finished_weights(
    network: Network,
    seed: int,
    inputs: NDArray[Any],
    sample_weight: NDArray[Any] | None,
    dtype: str,
    n_threads: int | None,
) -> Weights:
    """Return the first weights, those that wait for rows included, from inputs to outputs.

    Parameters
    ----------
    network : Network
    seed : int
        As for `initial_weights`.
    inputs : ndarray of `dtype`, shape (n, features)
    sample_weight : ndarray of `dtype`, shape (n,), optional
        How often each row counts; rows of weight 0 not at all, and with no others nothing changes.
    dtype : {"float32", "float64"}
        What pre-activations are computed in.
    n_threads : int, optional
        The bits are the same for any.
    """
    weights = initial_weights(network, seed)
    if sample_weight is not None:
        counted = sample_weight > 0
        inputs, sample_weight = inputs[counted], sample_weight[counted]
    if len(inputs) == 0:
        return weights
    for part, spec in enumerate(network.parameters):
        initializer = spec.initializer
        if not isinstance(initializer, (DataDriven, DataDrivenBias)):
            continue
        depth = _Depth.of(network, spec.node)
        predictor = depth.predictor(weights, dtype, n_threads)
        if isinstance(initializer, DataDriven):
            rows = depth.rows(inputs)
            weights[part] = _standardised(weights[part], predictor, rows, sample_weight, dtype)
        else:
            at = place(initializer, seed, part)
            chosen = _chosen(len(inputs), sample_weight, spec.shape[-1], initializer.rows, *at)
            weights[part] = _bias(predictor, depth.rows(inputs), chosen, *at)
    return weights


@dataclass(frozen=True)
class _Depth:
    """A network up to the pre-activation of one layer, without its bias.

    Parameters
    ----------
    network : Network
        What leads there.
    parts : list of int
        The places of its arrays in the whole network.
    columns : list of int
        The features that it takes.
    """

    network: Network
    parts: list[int]
    columns: list[int]

    @classmethod
    def of(cls, whole: Network, end: int) -> _Depth:
        """Return what leads to the node `end`."""
        needed = {end}
        for index in reversed(range(end + 1)):
            if index in needed:
                needed.update(whole.nodes[index].inputs)
        kept = sorted(needed)
        nodes = [
            Node(
                _bare(whole, end) if index == end else whole.nodes[index].layer,
                tuple(kept.index(one) for one in whole.nodes[index].inputs),
            )
            for index in kept
        ]
        parts = [
            part
            for part, spec in enumerate(whole.parameters)
            if spec.node in needed and not (spec.node == end and spec.name == "bias")
        ]
        columns: list[int] = []
        begin = 0
        for index in whole.inputs:
            if index in needed:
                columns += range(begin, begin + whole.units[index])
            begin += whole.units[index]
        return cls(Network(tuple(nodes)), parts, columns)

    def rows(self, inputs: NDArray[Any]) -> NDArray[Any]:
        """Return the features that it takes."""
        return inputs if len(self.columns) == inputs.shape[1] else inputs[:, self.columns]

    def predictor(self, weights: Weights, dtype: str, n_threads: int | None) -> Predictor:
        """Return what computes the pre-activations with these weights of the whole network."""
        own = [weights[part] for part in self.parts]
        return Predictor(self.network, own, dtype=dtype, n_threads=n_threads)


def _bare(network: Network, node: int) -> Layer:
    """Return a layer without activation and bias.

    Raises
    ------
    ShapeError
        If it is no layer of units that have pre-activations.
    """
    layer = network.nodes[node].layer
    if network.members[node]:
        raise ShapeError(
            f"{network.label(node)} sees each row once for each member, which DataDriven and "
            "DataDrivenBias do not. Give them to layers before the members."
        )
    names = {one.name for one in fields(layer)}
    if not {"units", "activation", "use_bias"} <= names:
        raise ShapeError(
            f"{network.label(node)} has no pre-activation of units, which DataDriven and "
            "DataDrivenBias need. Give them to layers of the kind of Dense."
        )
    return replace(layer, activation=None, use_bias=False)


def _standardised(
    kernel: NDArray[np.float64],
    predictor: Predictor,
    inputs: NDArray[Any],
    sample_weight: NDArray[Any] | None,
    dtype: str,
) -> NDArray[np.float64]:
    """Divide each unit's weights by the deviation of its pre-activation.

    A unit stays as it is if that is 0, or so small that its weights would be no numbers of `dtype`.
    """
    total, squares = _moments(predictor, inputs, sample_weight)
    deviation = np.sqrt(squares / total)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        scaled = kernel / deviation
        usable = np.isfinite(scaled.astype(dtype)).all(axis=tuple(range(scaled.ndim - 1)))
    return np.where(usable, scaled, kernel)


def _moments(
    predictor: Predictor, inputs: NDArray[Any], sample_weight: NDArray[Any] | None
) -> tuple[float, NDArray[np.float64]]:
    """Return how many rows count, and the squares of the pre-activations without their means.

    Blocks of rows are put together one after the other: Chan, Golub and LeVeque (1983),
    doi:10.1080/00031305.1983.10483115, equation 2.1.
    """

    def of(block: slice) -> tuple[float, NDArray[np.float64], NDArray[np.float64]]:
        weight = None if sample_weight is None else np.ascontiguousarray(sample_weight[block])
        return _core.column_moments(predictor.predict(inputs[block]), weight)

    first, *others = _blocks(len(inputs))
    total, mean, squares = of(first)
    for block in others:
        more, its_mean, its_squares = of(block)
        apart = its_mean - mean
        squares = squares + its_squares + apart * apart * (total * more / (total + more))
        mean = mean + apart * (more / (total + more))
        total += more
    return total, squares


def _blocks(rows: int) -> Iterator[slice]:
    return (slice(start, start + _ROWS_AT_ONCE) for start in range(0, rows, _ROWS_AT_ONCE))


def _chosen(
    rows: int, sample_weight: NDArray[Any] | None, units: int, each: int, seed: int, part: int
) -> NDArray[np.intp]:
    """Draw `each` rows for each unit, as often as they count; shape (units, each)."""
    size = units * each
    draws = _core.uniform(isa(), seed, part, size, first=size).reshape(units, each)
    if sample_weight is None:
        return (draws * rows).astype(np.intp)
    passed = np.cumsum(sample_weight, dtype=np.float64)
    found = cast("NDArray[np.intp]", passed.searchsorted(draws * passed[-1], side="right"))
    return np.minimum(found, rows - 1)


def _bias(
    predictor: Predictor, inputs: NDArray[Any], chosen: NDArray[np.intp], seed: int, part: int
) -> NDArray[np.float64]:
    """Return minus a random mean of each unit's pre-activation over the rows chosen for it."""
    units, each = chosen.shape
    shares = _core.exponential(isa(), seed, part, units * each).reshape(units, each)
    bias, total = np.zeros(units), np.zeros(units)
    for k in range(each):
        values = _own(predictor, inputs, chosen[:, k])
        bias = bias - shares[:, k] * values
        total = total + shares[:, k]
    return bias / total


def _own(
    predictor: Predictor, inputs: NDArray[Any], rows: Sequence[int] | NDArray[np.intp]
) -> NDArray[np.float64]:
    """Return the pre-activation of each unit at its own row."""
    values = predictor.predict(np.ascontiguousarray(inputs[rows]))
    return np.diagonal(values).astype(np.float64)
