"""A network: an acyclic graph of layers bound to shapes, without any weights.

The graph is a tuple of nodes; each names the earlier nodes that it takes its values from, and
node 0 is the input. A Sequential is the straight case. Every value is a vector of `units` numbers a
row, so no batch size occurs anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from hiddenlogic import initializers, layers, regularizers
from hiddenlogic.activations import Activation
from hiddenlogic.errors import FormatError, HiddenLogicError, ShapeError
from hiddenlogic.initializers import Initializer
from hiddenlogic.layers import Dense, Input, Layer
from hiddenlogic.regularizers import L2


@dataclass(frozen=True)
class Node:
    """A layer and the indices of the earlier nodes whose values it takes."""

    layer: Layer
    inputs: tuple[int, ...]


@dataclass(frozen=True)
class ParameterSpec:
    """One array of weights: where it belongs, what it is called, its shape and its start.

    Parameters
    ----------
    node : int
        Index of the node it belongs to.
    name : {"kernel", "bias"}
        Which of the weights of the layer.
    shape : tuple of int
        (in, units) of a kernel, (units,) of a bias.
    initializer : Initializer
        What it is before the first step.
    regularizer : L2 or None
        The penalty on it.
    """

    node: int
    name: str
    shape: tuple[int, ...]
    initializer: Initializer
    regularizer: L2 | None

    @property
    def size(self) -> int:
        """Numbers in the array."""
        return math.prod(self.shape)


@dataclass(frozen=True)
class Network:
    """Layers bound to shapes; checked when made, so that whoever holds one can rely on it.

    Parameters
    ----------
    nodes : tuple of Node
        Node 0 is the `Input`; the last node is the output.

    Raises
    ------
    ShapeError
        If a node does not fit the ones before it.

    Examples
    --------
    >>> network = Network.sequential(2, [Dense(3, "relu"), Dense(1)])
    >>> network.units, network.n_parameters
    ((2, 3, 1), 13)
    >>> [(one.name, one.shape) for one in network.parameters]
    [('kernel', (2, 3)), ('bias', (3,)), ('kernel', (3, 1)), ('bias', (1,))]
    """

    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        if not self.nodes or not isinstance(self.nodes[0].layer, Input) or self.nodes[0].inputs:
            raise ShapeError("A network must start with an Input, which takes no other node.")
        if len(self.nodes) < 2:
            raise ShapeError("A network must have at least one layer after its Input; got none.")
        widths = [_width(self.nodes[0], [])]
        for index, node in enumerate(self.nodes[1:], start=1):
            self._check_node(index, node, widths)
            widths.append(_width(node, widths))

    def _check_node(self, index: int, node: Node, widths: list[int]) -> None:
        """Refuse a node whose inputs or declared shape do not fit the nodes before it."""
        if isinstance(node.layer, Input):
            raise ShapeError(f"{self.label(index)} must come first; a network has one Input.")
        if len(node.inputs) != 1 or not 0 <= node.inputs[0] < index:
            raise ShapeError(
                f"{self.label(index)} must take the values of exactly one earlier node; "
                f"got {list(node.inputs)!r}."
            )
        declared = node.layer.input_shape if isinstance(node.layer, Dense) else None
        arriving = widths[node.inputs[0]]
        if declared is not None and declared != (arriving,):
            raise ShapeError(
                f"`input_shape` of {self.label(index)} must be ({arriving},), the units that "
                f"arrive there; got {declared!r}. Leave it out."
            )

    @classmethod
    def sequential(cls, n_inputs: int, stack: Iterable[Layer]) -> Network:
        """Return the straight network of `stack` over rows of `n_inputs` features.

        Parameters
        ----------
        n_inputs : int
            Features of a row, at least 1.
        stack : iterable of Layer
            Layers from input to output, without the Input.
        """
        straight = [Node(layer, (index,)) for index, layer in enumerate(stack)]
        return cls((Node(Input((n_inputs,)), ()), *straight))

    def label(self, node: int) -> str:
        """Return how messages call a node, e.g. 'layer 2 (Dense)'."""
        return f"layer {node} ({type(self.nodes[node].layer).__name__})"

    @cached_property
    def units(self) -> tuple[int, ...]:
        """Width of the value of each node."""
        widths: list[int] = []
        for node in self.nodes:
            widths.append(_width(node, widths))
        return tuple(widths)

    @property
    def n_inputs(self) -> int:
        """Features of a row."""
        return self.units[0]

    @property
    def n_outputs(self) -> int:
        """Outputs for a row."""
        return self.units[-1]

    @cached_property
    def parameters(self) -> tuple[ParameterSpec, ...]:
        """The arrays of weights, in the order of get_weights(): kernel, then bias, a layer."""
        specs: list[ParameterSpec] = []
        for index, node in enumerate(self.nodes):
            layer = node.layer
            if not isinstance(layer, Dense):
                continue
            shape = (self.units[node.inputs[0]], layer.units)
            start = initializers.get(layer.kernel_initializer)
            penalty = regularizers.get(layer.kernel_regularizer)
            specs.append(ParameterSpec(index, "kernel", shape, start, penalty))
            if layer.use_bias:
                start = initializers.get(layer.bias_initializer)
                specs.append(ParameterSpec(index, "bias", shape[1:], start, None))
        return tuple(specs)

    @property
    def n_parameters(self) -> int:
        """Weights in all arrays together."""
        return sum(one.size for one in self.parameters)

    def to_json(self) -> dict[str, Any]:
        """Return the network as plain data that `from_json` reads."""
        return {
            "nodes": [
                {
                    "layer": type(node.layer).__name__,
                    "config": node.layer.get_config(),
                    "inputs": list(node.inputs),
                }
                for node in self.nodes
            ]
        }

    @classmethod
    def from_json(cls, document: object) -> Network:
        """Return the network that `to_json` wrote.

        Raises
        ------
        FormatError
            If `document` is anything else; nothing in it is trusted.
        """
        entries = document.get("nodes") if isinstance(document, Mapping) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if not isinstance(entries, list):
            raise FormatError("The network of this file must be an object with a list `nodes`.")
        nodes = [_read_node(i, entry) for i, entry in enumerate(cast("list[object]", entries))]
        try:
            return cls(tuple(nodes))
        except HiddenLogicError as problem:
            raise FormatError(
                f"The network of this file does not hold together: {problem}"
            ) from None


def _width(node: Node, earlier: list[int]) -> int:
    """Return the width of a node; Activation and Dropout keep that of their input."""
    if isinstance(node.layer, (Input, Dense)):
        return node.layer.units
    return earlier[node.inputs[0]]


def _read_node(index: int, entry: object) -> Node:
    """Make a node from plain data, or refuse with one sentence."""
    where = f"Node {index} of the network of this file"
    if not isinstance(entry, Mapping):
        raise FormatError(f"{where} must be an object; got {type(entry).__name__}.")
    fields = cast("Mapping[str, object]", entry)
    kind, config, inputs = fields.get("layer"), fields.get("config"), fields.get("inputs")
    if not isinstance(kind, str) or kind not in layers.KINDS:
        raise FormatError(f"{where} must be one of {', '.join(layers.KINDS)}; got {kind!r}.")
    if not isinstance(config, Mapping) or not isinstance(inputs, list):
        raise FormatError(f"{where} must have an object `config` and a list `inputs`.")
    sources = cast("list[object]", inputs)
    if not all(type(one) is int for one in sources):
        raise FormatError(f"{where} must have whole numbers in `inputs`; got {inputs!r}.")
    try:
        arguments = {
            str(name): _read_argument(str(name), value)
            for name, value in cast("Mapping[object, object]", config).items()
        }
        make: type[Any] = layers.KINDS[kind]
        return Node(make(**arguments), tuple(cast("list[int]", sources)))
    except (HiddenLogicError, TypeError) as problem:
        raise FormatError(f"{where} cannot be read: {problem}") from None


def _read_argument(name: str, value: object) -> object:
    """Turn the plain form of an activation or a regularizer into the object."""
    if not isinstance(value, Mapping):
        return value
    config = {str(key): one for key, one in cast("Mapping[object, object]", value).items()}
    if name == "kernel_regularizer" and set(config) == {"name", "l2"} and config["name"] == "l2":
        return L2(cast("float", config["l2"]))
    if name == "activation" and "name" in config:
        return Activation(**cast("dict[str, Any]", config))
    raise FormatError(f"`{name}` must not be an object with the keys {sorted(config)}.")
