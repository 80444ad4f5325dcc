"""The network that the parameters of an estimator describe, and its first weights."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from hiddenlogic import activations, layers
from hiddenlogic.activations import Activation
from hiddenlogic.engine import initial_weights
from hiddenlogic.errors import ShapeError
from hiddenlogic.network import Network
from hiddenlogic.regularizers import L2


@dataclass(frozen=True)
class Hidden:
    """The hidden layers, each with its activation and the share of units that Dropout drops.

    Parameters
    ----------
    units : sequence of int
    functions : sequence of Activation
    dropout : sequence of float
    normalises : bool
        Whether the values of each are normalised over the batch before its activation.
    """

    units: Sequence[int]
    functions: Sequence[Activation]
    dropout: Sequence[float]
    normalises: bool

    @classmethod
    def of(cls, sizes: object, activation: object, dropout: object, normalises: bool) -> Hidden:
        """Return what an estimator's parameters say, where one value stands for all layers."""
        if isinstance(sizes, Iterable):
            units = [int(size) for size in cast("Iterable[Any]", sizes)]
        else:
            units = [int(cast("int", sizes))]
        if any(size <= 0 for size in units):
            raise ShapeError(f"hidden_layer_sizes must be > 0, got {units}.")
        names = _each(activation, len(units), "activation")
        return cls(
            units=units,
            functions=[activations.get(name, f"hidden layer {i}") for i, name in enumerate(names)],
            dropout=[float(cast("float", one)) for one in _each(dropout, len(units), "dropout")],
            normalises=normalises,
        )

    def network(self, features: int, outputs: int, function: Activation, alpha: float) -> Network:
        """Return the network whose last layer has so many units and this activation."""
        penalty = L2(alpha / 2.0) if alpha > 0.0 else None
        stack: list[layers.Layer] = []
        for units, own, rate in zip(self.units, self.functions, self.dropout, strict=True):
            if self.normalises:
                stack.append(layers.Dense(units, kernel_regularizer=penalty))
                stack += [layers.BatchNormalization(), layers.Activation(own)]
            else:
                stack.append(layers.Dense(units, own, kernel_regularizer=penalty))
            if rate > 0.0:
                stack.append(layers.Dropout(rate))
        stack.append(layers.Dense(outputs, function, kernel_regularizer=penalty))
        return Network.sequential(features, stack)

    @staticmethod
    def values_in(network: Network) -> tuple[int, ...]:
        """Return the nodes whose values are those of the layers, as `network` has built them."""
        nodes = [node.layer for node in network.nodes]
        return tuple(
            place
            for place, layer in enumerate(nodes)
            if isinstance(layer, layers.Activation)
            or (
                isinstance(layer, layers.Dense)
                and not isinstance(nodes[min(place + 1, len(nodes) - 1)], layers.BatchNormalization)
            )
        )

    def first_weights(self, network: Network, random: np.random.RandomState) -> Weights:
        """Draw kernels and biases as scikit-learn does, in its order, so that they are its own.

        Uniform within ±√(6 / (inputs + outputs)), of a sigmoid √(2 / (inputs + outputs)): Glorot
        and Bengio (2010). The last layer goes by the activation before it.
        """
        functions = [*self.functions, *(self.functions[-1:] or [Activation("linear")])]
        weights = Weights.of(network, initial_weights(network, 0))
        for place, function in enumerate(functions):
            factor = 2.0 if function.name == "sigmoid" else 6.0
            fan_in, fan_out = shape = weights.coefs[place].shape
            bound = math.sqrt(factor / (fan_in + fan_out))
            weights.coefs[place] = random.uniform(-bound, bound, shape)
            weights.intercepts[place] = random.uniform(-bound, bound, fan_out)
        return weights


def _each(value: object, layers_: int, name: str) -> list[object]:
    """Return a value for each hidden layer."""
    if not isinstance(value, (list, tuple)):
        return [value] * layers_
    each = list(cast("Sequence[object]", value))
    if len(each) != layers_:
        raise ShapeError(
            f"`{name}` must be one value, or one for each of the {layers_} hidden layers; got "
            f"{len(each)}."
        )
    return each


@dataclass
class Weights:
    """The arrays of a network: kernels and biases as scikit-learn has them, and all others."""

    coefs: list[NDArray[Any]]
    intercepts: list[NDArray[Any]]
    norms: list[NDArray[Any]]

    @classmethod
    def of(cls, network: Network, arrays: Sequence[NDArray[Any]]) -> Weights:
        """Sort arrays that are in the order of ``network.parameters``."""
        parts = cls([], [], [])
        for spec, array in zip(network.parameters, arrays, strict=True):
            parts._list_of(spec.name).append(array)
        return parts

    def in_order(self, network: Network) -> list[NDArray[Any]]:
        """Return them in the order of ``network.parameters``."""
        lists = {id(own): iter(own) for own in (self.coefs, self.intercepts, self.norms)}
        return [next(lists[id(self._list_of(spec.name))]) for spec in network.parameters]

    def _list_of(self, name: str) -> list[NDArray[Any]]:
        return {"kernel": self.coefs, "bias": self.intercepts}.get(name, self.norms)

    def fits(self, network: Network) -> bool:
        """Return whether they have the shapes that the network needs."""
        needed = Weights.of(network, [np.empty(spec.shape) for spec in network.parameters])
        return self.shapes == needed.shapes

    @property
    def shapes(self) -> list[list[tuple[int, ...]]]:
        """Of all arrays."""
        return [[np.shape(one) for one in own] for own in (self.coefs, self.intercepts, self.norms)]

    def astype(self, dtype: np.dtype[Any]) -> Weights:
        """Return copies of another dtype."""
        return Weights(
            *(
                [one.astype(dtype) for one in own]
                for own in (self.coefs, self.intercepts, self.norms)
            )
        )
