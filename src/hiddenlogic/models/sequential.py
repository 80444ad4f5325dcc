"""A straight stack of layers, with the methods that Keras gives it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import FormatError, ShapeError, StateError
from hiddenlogic.layers import Input, Layer
from hiddenlogic.models.layer_stack import LayerStack
from hiddenlogic.models.persistent import PersistentModel
from hiddenlogic.models.stored import Parts
from hiddenlogic.network import Network, Node
from hiddenlogic.registry import check_count, explains_arguments
from hiddenlogic.training.arrays import matrix


@explains_arguments()
class Sequential(PersistentModel[NDArray[np.floating[Any]]]):
    """A network whose layers follow each other.

    Parameters
    ----------
    layers : sequence of Layer, optional
        From input to output. Without an `Input` (or `input_shape` in the first Dense) the width
        is taken from the first data.
    name : str, optional
        What summary() calls it. Default 'sequential'.
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

    Examples
    --------
    >>> from hiddenlogic.layers import Dense, Input
    >>> model = Sequential([Input((1,)), Dense(1)], seed=0)
    >>> model.compile(optimizer="sgd", loss="mse")
    >>> history = model.fit([-1, 0, 1, 2, 3, 4], [1, 3, 5, 7, 9, 11], epochs=500, verbose=0)
    >>> model.predict([10]).round(1)
    array([[23.]], dtype=float32)
    """

    _kind = "sequential"

    def __init__(
        self,
        layers: Iterable[Layer] | None = None,
        name: str | None = None,
        *,
        dtype: str = "float32",
        seed: int | None = None,
    ) -> None:
        super().__init__(name or "sequential", dtype, seed)
        self._stack = LayerStack()
        if isinstance(layers, Layer):
            raise StateError(
                f"`layers` of Sequential must be a list; got {layers!r}. Write [layer]."
            )
        for layer in layers or ():
            self._stack.add(layer)
        self._build_if_known()

    @property
    def layers(self) -> list[Layer]:
        """The layers, without the Input."""
        return list(self._stack.layers)

    @property
    def layer_names(self) -> list[str]:
        """The name of each layer: its own, or dense, dense_1, … by kind."""
        return self._stack.names()

    @property
    def output_names(self) -> list[str]:
        """The name of the last layer, in a list."""
        return self.layer_names[-1:] or ["output"]

    @property
    def input_shape(self) -> tuple[None, int]:
        """``(None, features)``, None standing for any number of rows."""
        return (None, self.network.n_inputs)

    @property
    def output_shape(self) -> tuple[None, int]:
        """``(None, outputs)``."""
        return (None, self.network.n_outputs)

    def add(self, layer: Layer) -> None:
        """Put a layer on top; the weights of the others stay.

        Raises
        ------
        StateError, ShapeError
            If it is no layer, belongs to a model already, or is an Input that comes too late.
        """
        self._stack.add(layer)
        try:
            self._build_if_known()
        except (ShapeError, StateError):
            self._stack.pop()
            raise

    def pop(self) -> Layer:
        """Take the last layer away and return it; the weights of the others stay.

        Raises
        ------
        StateError
            If there is none.
        """
        if not self._stack.layers:
            raise StateError(f"{self.name!r} has no layer to take away.")
        layer = self._stack.pop()
        layer.bind(None)
        self._build_if_known()
        return layer

    def build(self, input_shape: Sequence[int | None] | int | None = None) -> None:
        """Fix the width of the rows and make the weights.

        Parameters
        ----------
        input_shape : tuple, optional
            ``(None, features)`` as Keras has it, ``(features,)`` or a number. Not needed after an
            `Input`.

        Raises
        ------
        ShapeError
            If it is no such shape, or another than the Input says.
        """
        if input_shape is not None:
            sizes = [input_shape] if isinstance(input_shape, int) else list(input_shape)
            if len(sizes) not in (1, 2):
                raise ShapeError(
                    f"`input_shape` of build must be (None, features); got {input_shape!r}."
                )
            width = check_count(sizes[-1], "`input_shape` of build")
            if self._stack.width not in (None, width):
                raise ShapeError(
                    f"`input_shape` of build must be (None, {self._stack.width}), as the first "
                    f"layer says; got {input_shape!r}."
                )
            self._stack.width = width
        self._build_if_known()
        _ = self.network

    def _build_if_known(self) -> None:
        """Make network and weights, if the width of the rows is known."""
        if self._stack.width is None or not self._stack.layers:
            self._network, self._initial, self._trainer = None, [], None
            return
        self._adopt(Network.sequential(self._stack.width, self._stack.layers))

    def _ensure_built(self, x: object) -> None:
        """Take the width of the rows from the first data."""
        if self._network is None:
            if not self._stack.layers:
                raise StateError(f"{self.name!r} has no layers. Add one first.")
            self.build((None, matrix(x, "x", dtype=self.dtype).shape[1]))

    def _read_outputs(self, outputs: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
        return outputs

    def _nodes(self) -> tuple[Node, ...]:
        width = self._stack.width
        first: list[Layer] = [] if width is None else [Input((width,))]
        return tuple(Node(layer, ()) for layer in first + [replace(one) for one in self.layers])

    def _rebuild(self, parts: Parts) -> None:
        layers = [node.layer for node in parts.nodes]
        Sequential.__init__(self, layers, parts.name, dtype=parts.dtype, seed=parts.seed)

    @classmethod
    def _check_network(cls, network: Network, path: str) -> None:
        if not network.is_straight:
            raise FormatError(
                f"{path!r} holds a network with branches, which no Sequential has. Read it with "
                "hiddenlogic.Model.load()."
            )
