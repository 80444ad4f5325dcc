"""Layers, their shapes and their weights: what a model is before anyone trains it."""

from __future__ import annotations

import secrets
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.callbacks import History
from hiddenlogic.errors import ShapeError, StateError
from hiddenlogic.layers import Layer
from hiddenlogic.models import summary, weight_list
from hiddenlogic.models.layer_stack import LayerStack
from hiddenlogic.network import Network
from hiddenlogic.registry import check_count, explains_keywords
from hiddenlogic.training.arrays import matrix

if TYPE_CHECKING:
    from hiddenlogic.engine import Trainer


class Layered:
    """Base of `Sequential`: the layers, and the weights that they have once the model is built.

    Weights live in the trainer once there is one, and here before.
    """

    @explains_keywords
    def __init__(
        self,
        layers: Iterable[Layer] | None = None,
        name: str | None = None,
        *,
        dtype: str = "float32",
        seed: int | None = None,
    ) -> None:
        if dtype not in ("float32", "float64"):
            raise StateError(
                f"`dtype` of Sequential must be 'float32' or 'float64'; got {dtype!r}."
            )
        self.name = name or "sequential"
        self.dtype = dtype
        # 32 bits: a number that one can copy.
        self.seed = (
            secrets.randbits(32)
            if seed is None
            else check_count(seed, "`seed` of Sequential", least=0)
        )
        self.stop_training = False
        self.history: History | None = None
        self._stack = LayerStack()
        self._network: Network | None = None
        self._initial: weight_list.Weights = []
        self._trainer: Trainer | None = None
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
    def built(self) -> bool:
        """Whether the width of the rows is known and weights are there."""
        return self._network is not None

    @property
    def network(self) -> Network:
        """The layers bound to shapes.

        Raises
        ------
        StateError
            If the width of the rows is not known yet.
        """
        if self._network is None:
            raise StateError(
                f"{self.name!r} is not built: the width of its rows is not known. Start it with "
                "Input((n,)), or call build((None, n)) or fit()."
            )
        return self._network

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

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return the layer with this name, or at this place counted from 0.

        Raises
        ------
        UnknownNameError
            If there is none.
        """
        return self._stack.find(name, index)

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
        """Bind the layers to shapes; weights that are there already stay with their layers."""
        kept = self.get_weights() if self._network is not None else []
        self._trainer = None
        if self._stack.width is None or not self._stack.layers:
            self._network, self._initial = None, []
            return
        from hiddenlogic.engine import initial_weights

        network = Network.sequential(self._stack.width, self._stack.layers)
        fresh = [w.astype(self.dtype) for w in initial_weights(network, self.seed)]
        self._initial = kept[: len(fresh)] + fresh[len(kept) :]
        self._network = network
        for node, layer in enumerate(self._stack.layers, start=1):
            if layer.has_weights:
                layer.bind(lambda node=node: weight_list.of_node(network, self.get_weights(), node))

    def get_weights(self) -> list[NDArray[np.floating[Any]]]:
        """Return copies of the weights: kernel (in, units), then bias (units,), a layer.

        Raises
        ------
        StateError
            If the model is not built.
        """
        _ = self.network
        if self._trainer is not None:
            return list(self._trainer.get_weights())
        return [w.copy() for w in self._initial]

    def set_weights(self, weights: Sequence[Any]) -> None:
        """Replace the weights, given in the order and the shapes of `get_weights`.

        Raises
        ------
        ShapeError
            If there are too few, too many, or one has another shape.
        DataError
            If one holds a NaN or an infinity.
        """
        checked = weight_list.checked(self.network, weights, self.dtype)
        if self._trainer is not None:
            self._trainer.set_weights(checked)
        self._initial = checked

    def count_params(self) -> int:
        """Return the number of weights in all arrays together."""
        return self.network.n_parameters

    def summary(
        self, line_length: int | None = None, print_fn: Callable[[str], object] | None = None
    ) -> None:
        """Print layers, output shapes and numbers of weights.

        Parameters
        ----------
        line_length : int, optional
            Taken for Keras's sake; the table is as wide as it must be.
        print_fn : callable, optional
            Gets the whole table as one string. Default: it is printed.
        """
        names = self._stack.names()
        rows: list[tuple[str, str, int | None]] = []
        for node, (name, layer) in enumerate(zip(names, self._stack.layers, strict=True), start=1):
            shape, count = "?", None
            if self._network is not None:
                members = self._network.members[node]
                shape = f"(None, {f'{members}, ' if members else ''}{self._network.units[node]})"
                count = sum(one.size for one in self._network.parameters if one.node == node)
            rows.append((f"{name} ({type(layer).__name__})", shape, count))
        bytes_each = np.dtype(self.dtype).itemsize
        known = self._network
        fixed = 0 if known is None else known.n_parameters - known.n_trainable
        text = summary.table(
            self.name,
            rows,
            bytes_each,
            optimizer_numbers=self._optimizer_numbers(),
            fixed=fixed,
        )
        if print_fn is None:
            sys.stdout.write(text + "\n")
        else:
            print_fn(text)

    def _ensure_built(self, x: object) -> None:
        """Take the width of the rows from the first data."""
        if self._network is None:
            if not self._stack.layers:
                raise StateError(f"{self.name!r} has no layers. Add one first.")
            self.build((None, matrix(x, "x", dtype=self.dtype).shape[1]))

    def _optimizer_numbers(self) -> int:
        """Count what an optimizer keeps; a model that nothing trains has none."""
        return 0
