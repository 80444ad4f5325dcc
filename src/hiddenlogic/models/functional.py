"""A graph of layers, with the methods that Keras gives it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import StateError
from hiddenlogic.layers import Layer
from hiddenlogic.layers.names import names_of
from hiddenlogic.models.graph import graph, sources
from hiddenlogic.models.layered import Layered
from hiddenlogic.models.network_data import apart, names_at
from hiddenlogic.models.persistent import PersistentModel
from hiddenlogic.models.stored import Parts
from hiddenlogic.network import Network, Node
from hiddenlogic.registry import explains_arguments

Matrix = NDArray[np.floating[Any]]


@explains_arguments()
class Model(PersistentModel[Matrix | list[Matrix]]):
    """A network of layers that were called on each other: Keras's functional model.

    Parameters
    ----------
    inputs : Input, or list of these
        Where rows come in.
    outputs : Tensor, or list of these
        What layers returned when they were called. Several outputs are trained for at once, each
        with its loss and metrics; their layers' names come before their keys in the history.
    name : str, optional
        What summary() calls it. Default 'functional'.
    dtype : {"float32", "float64"}
        Of weights and arithmetic. Default 'float32'.
    seed : int, optional
        Decides initial weights, shuffling and dropout: the same seed, data and layers give the
        same weights, bit for bit. Default: a fresh one, which `seed` then tells.

    Attributes
    ----------
    history : History or None
        Of the last `fit`.
    stop_training : bool
        Set by a callback, it ends the training after the epoch.

    Raises
    ------
    ShapeError
        If an output needs an Input that is not among the inputs, or an input leads to no output.
    StateError
        If a layer was called twice, is part of a model already, or shares its name with another.

    Examples
    --------
    A wide and deep network: the inputs go to the output both ways.

    >>> from hiddenlogic.layers import Concatenate, Dense, Input
    >>> rows = Input((3,))
    >>> deep = Dense(8, "relu")(Dense(8, "relu")(rows))
    >>> model = Model(rows, Dense(1)(Concatenate()([rows, deep])), seed=0)
    >>> model.compile(optimizer="adam", loss="mse")
    >>> model.predict([[1, 2, 3], [4, 5, 6]]).shape
    (2, 1)
    """

    def __init__(
        self,
        inputs: Any,
        outputs: Any,
        name: str | None = None,
        *,
        dtype: str = "float32",
        seed: int | None = None,
    ) -> None:
        super().__init__(name or "functional", dtype, seed)
        network = graph(sources(inputs, "inputs"), sources(outputs, "outputs")).network
        _check_layers([node.layer for node in network.nodes])
        self._adopt(network)

    @property
    def layers(self) -> list[Layer]:
        """The Inputs, then the layers as Keras orders them: by how many come behind them."""
        return [node.layer for node in self.network.nodes]

    @property
    def layer_names(self) -> list[str]:
        """The name of each layer: its own, or dense, dense_1, … by kind."""
        return names_of(self.layers)

    @property
    def input_names(self) -> list[str]:
        """The names of the Inputs, in their order."""
        return names_at(self.network, self.network.inputs)

    @property
    def output_names(self) -> list[str]:
        """The names of the layers whose values leave the model, in the order of `outputs`."""
        return names_at(self.network, self.network.outputs)

    @property
    def input_shape(self) -> tuple[None, int] | list[tuple[None, int]]:
        """``(None, features)``, None standing for any number of rows; a list if several."""
        return self._shapes(self.network.inputs)

    @property
    def output_shape(self) -> tuple[None, int] | list[tuple[None, int]]:
        """``(None, units)``; a list if there are several outputs."""
        return self._shapes(self.network.outputs)

    def _shapes(self, nodes: tuple[int, ...]) -> tuple[None, int] | list[tuple[None, int]]:
        shapes = [(None, self.network.units[one]) for one in nodes]
        return shapes[0] if len(shapes) == 1 else shapes

    def _ensure_built(self, x: object) -> None:
        """Do nothing: the Inputs have told the width of the rows."""

    def _read_outputs(self, outputs: Matrix) -> Matrix | list[Matrix]:
        return outputs if len(self.network.outputs) == 1 else apart(self.network, outputs)

    def _nodes(self) -> tuple[Node, ...]:
        return tuple(Node(replace(node.layer), node.inputs) for node in self.network.nodes)

    def _rebuild(self, parts: Parts) -> None:
        Layered.__init__(self, parts.name, parts.dtype, parts.seed)
        self._adopt(Network(parts.nodes, parts.outputs))

    @classmethod
    def _check_network(cls, network: Network, path: str) -> None:
        """Take any: a straight network is a graph as well."""


def _check_layers(layers: list[Layer]) -> None:
    """Refuse layers of other models, and names that two layers have."""
    for layer in layers:
        if layer.is_bound:
            raise StateError(
                f"This {type(layer).__name__} is already part of a model. Each layer has weights "
                f"of its own: make a new {type(layer).__name__}."
            )
    names = names_of(layers)
    for name in names:
        if names.count(name) > 1:
            raise StateError(
                f"The layers of a Model must have different names; {name!r} is there twice."
            )
