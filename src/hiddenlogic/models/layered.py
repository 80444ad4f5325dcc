"""Layers, their shapes and their weights: what a model is before anyone trains it."""

from __future__ import annotations

import secrets
import sys
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.callbacks import History
from hiddenlogic.errors import StateError, UnknownNameError, did_you_mean
from hiddenlogic.layers import Layer
from hiddenlogic.models import summary, weight_list
from hiddenlogic.network import Network
from hiddenlogic.registry import check_count

if TYPE_CHECKING:
    from hiddenlogic.engine import Trainer


class Layered(ABC):
    """Base of the models: the layers, and the weights that they have once the model is built.

    Weights live in the trainer once there is one, and here before.
    """

    def __init__(self, name: str, dtype: str, seed: int | None) -> None:
        kind = type(self).__name__
        if dtype not in ("float32", "float64"):
            raise StateError(f"`dtype` of {kind} must be 'float32' or 'float64'; got {dtype!r}.")
        self.name = name
        self.dtype = dtype
        # 32 bits: a number that one can copy.
        self.seed = (
            secrets.randbits(32)
            if seed is None
            else check_count(seed, f"`seed` of {kind}", least=0)
        )
        self.stop_training = False
        self.history: History | None = None
        self._network: Network | None = None
        self._initial: weight_list.Weights = []
        self._trainer: Trainer | None = None

    @property
    @abstractmethod
    def layers(self) -> list[Layer]:
        """The layers, in the order of get_weights()."""

    @property
    @abstractmethod
    def layer_names(self) -> list[str]:
        """The name of each layer: its own, or dense, dense_1, … by kind."""

    @property
    @abstractmethod
    def output_names(self) -> list[str]:
        """The names of the layers whose values leave the model."""

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

    def _adopt(self, network: Network) -> None:
        """Bind the layers to shapes; weights that are there already stay with their layers."""
        from hiddenlogic.engine import initial_weights

        kept = self.get_weights() if self._network is not None else []
        fresh = [w.astype(self.dtype) for w in initial_weights(network, self.seed)]
        self._trainer = None
        self._initial = kept[: len(fresh)] + fresh[len(kept) :]
        self._network = network
        for index, node in enumerate(network.nodes):
            if node.layer.has_weights:
                node.layer.bind(
                    lambda index=index: weight_list.of_node(network, self.get_weights(), index)
                )

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Return the layer with this name, or at this place counted from 0.

        Raises
        ------
        UnknownNameError
            If there is none.
        """
        names = self.layer_names
        if index is not None and -len(names) <= index < len(names):
            return self.layers[index]
        if index is None and name in names:
            return self.layers[names.index(name)]
        asked = repr(name) if index is None else f"index {index}"
        raise UnknownNameError(
            f"There is no layer {asked}. There are: {', '.join(names)}."
            + (did_you_mean(name, names) if name else "")
        )

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
        """Print layers, output shapes, numbers of weights and, in a graph, what they take.

        Parameters
        ----------
        line_length : int, optional
            Taken for Keras's sake; the table is as wide as it must be.
        print_fn : callable, optional
            Gets the whole table as one string. Default: it is printed.
        """
        names, layers, known = self.layer_names, self.layers, self._network
        # A Sequential does not list its Input.
        first = 0 if known is None else len(known.nodes) - len(layers)
        rows: list[tuple[str, str, int | None]] = []
        for node, (name, layer) in enumerate(zip(names, layers, strict=True), start=first):
            shape, count = "?", None
            if known is not None:
                members = known.members[node]
                shape = f"(None, {f'{members}, ' if members else ''}{known.units[node]})"
                count = sum(one.size for one in known.parameters if one.node == node)
            rows.append((f"{name} ({type(layer).__name__})", shape, count))
        sources = None
        if known is not None and not known.is_straight:
            taken = ([names[one] for one in node.inputs] for node in known.nodes)
            sources = [", ".join(one) or "-" for one in taken]
        text = summary.table(
            self.name,
            rows,
            np.dtype(self.dtype).itemsize,
            sources=sources,
            optimizer_numbers=self._optimizer_numbers(),
            fixed=0 if known is None else known.n_parameters - known.n_trainable,
        )
        if print_fn is None:
            sys.stdout.write(text + "\n")
        else:
            print_fn(text)

    def _optimizer_numbers(self) -> int:
        """Count what an optimizer keeps; a model that nothing trains has none."""
        return 0
