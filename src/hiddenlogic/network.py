"""A network: an acyclic graph of layers bound to shapes, without any weights.

The graph is a tuple of nodes; each names the earlier nodes that it takes its values from. Rows come
in at the Inputs, side by side, and leave at the outputs, side by side; a Sequential is the straight
case. Every value is a vector of `units` numbers a row, so no batch size occurs anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any, cast

from hiddenlogic import layers
from hiddenlogic.errors import FormatError, HiddenLogicError, ShapeError
from hiddenlogic.layers import Input, Layer, MemberLayer, WeightSpec
from hiddenlogic.layers.config import read


@dataclass(frozen=True)
class Node:
    """A layer and the indices of the earlier nodes whose values it takes."""

    layer: Layer
    inputs: tuple[int, ...]


@dataclass(frozen=True)
class ParameterSpec(WeightSpec):
    """One array of weights, and the index of the node that it belongs to."""

    node: int = -1


@dataclass(frozen=True)
class Network:
    """Layers bound to shapes; checked when made, so that whoever holds one can rely on it.

    Parameters
    ----------
    nodes : tuple of Node
        Node 0 is an `Input`.
    outputs : tuple of int, optional
        The nodes whose values leave the network. Default: the last node.

    Raises
    ------
    ShapeError
        If a node does not fit the ones before it, or leads to no output.

    Examples
    --------
    >>> from hiddenlogic.layers import Dense
    >>> network = Network.sequential(2, [Dense(3, "relu"), Dense(1)])
    >>> network.units, network.n_parameters
    ((2, 3, 1), 13)
    >>> [(one.name, one.shape) for one in network.parameters]
    [('kernel', (2, 3)), ('bias', (3,)), ('kernel', (3, 1)), ('bias', (1,))]
    """

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.nodes or not isinstance(self.nodes[0].layer, Input) or self.nodes[0].inputs:
            raise ShapeError("A network must start with an Input, which takes no other node.")
        if all(isinstance(node.layer, Input) for node in self.nodes):
            raise ShapeError("A network must have at least one layer after its Input; got none.")
        if not self.outputs:
            object.__setattr__(self, "outputs", (len(self.nodes) - 1,))
        widths: list[int] = []
        for index, node in enumerate(self.nodes):
            arriving = self._arriving(index, node, widths)
            node.layer.check_arriving(arriving, self.label(index))
            self._check_codes(index, node)
            widths.append(node.layer.units_after(arriving))
        several = sorted(set(self.members) - {0})
        if len(several) > 1:
            raise ShapeError(
                f"A network must have one number of members; got {several!r}. Give each of its "
                "Members the same."
            )
        self._check_outputs()

    def _arriving(self, index: int, node: Node, widths: list[int]) -> list[int]:
        """Return the widths of a node's inputs; refuse others than earlier nodes."""
        least, most = node.layer.inputs_taken
        few_enough = most is None or len(node.inputs) <= most
        if (
            len(node.inputs) < least
            or not few_enough
            or not all(0 <= one < index for one in node.inputs)
        ):
            due = f"the values of {least} or more earlier nodes"
            if least == most:
                due = "the values of exactly one earlier node" if most else "no other node"
            raise ShapeError(f"{self.label(index)} must take {due}; got {list(node.inputs)!r}.")
        return [widths[one] for one in node.inputs]

    def _check_codes(self, index: int, node: Node) -> None:
        """Refuse category codes that no Input brings: nobody could check them."""
        if node.layer.n_codes is None or isinstance(self.nodes[node.inputs[0]].layer, Input):
            return
        raise ShapeError(
            f"{self.label(index)} must take the value of an Input, whose columns hold category "
            f"codes; got that of {self.label(node.inputs[0])}. Give the codes an Input of their "
            "own."
        )

    def _check_outputs(self) -> None:
        """Refuse outputs that are no nodes, and nodes that lead to no output."""
        count = len(self.nodes)
        different = len(set(self.outputs)) == len(self.outputs)
        if not different or not all(0 <= one < count for one in self.outputs):
            raise ShapeError(
                f"`outputs` of a network must be different nodes from 0 to {count - 1}; "
                f"got {list(self.outputs)!r}."
            )
        used = set(self.outputs)
        for index in reversed(range(count)):
            if index in used:
                used.update(self.nodes[index].inputs)
        for index in range(count):
            if index not in used:
                raise ShapeError(
                    f"{self.label(index)} leads to no output of the network. Leave it out, or let "
                    "another layer take its value."
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
            widths.append(node.layer.units_after([widths[one] for one in node.inputs]))
        return tuple(widths)

    @cached_property
    def members(self) -> tuple[int, ...]:
        """How many members the value of each node has; 0: none, a number a unit for each row.

        Outputs with members are averaged over them.
        """
        counts: list[int] = []
        for index, node in enumerate(self.nodes):
            arriving = [counts[one] for one in node.inputs]
            counts.append(node.layer.members_after(arriving, self.label(index)))
        return tuple(counts)

    @property
    def inputs(self) -> tuple[int, ...]:
        """The nodes where rows come in; their features lie side by side in this order."""
        return tuple(i for i, node in enumerate(self.nodes) if isinstance(node.layer, Input))

    @property
    def n_inputs(self) -> int:
        """Features of a row."""
        return sum(self.units[one] for one in self.inputs)

    @cached_property
    def codes(self) -> tuple[tuple[int, slice], ...]:
        """The nodes that read category codes, and the features where those lie."""
        first, places = 0, dict[int, slice]()
        for one in self.inputs:
            places[one] = slice(first, first + self.units[one])
            first = places[one].stop
        return tuple(
            (index, places[node.inputs[0]])
            for index, node in enumerate(self.nodes)
            if node.layer.n_codes is not None
        )

    @property
    def n_outputs(self) -> int:
        """Outputs for a row."""
        return sum(self.units[one] for one in self.outputs)

    @property
    def is_straight(self) -> bool:
        """Whether each node takes the one before it, and the last is the output."""
        in_turn = all(node.inputs == (i,) for i, node in enumerate(self.nodes[1:]))
        return in_turn and self.outputs == (len(self.nodes) - 1,)

    @cached_property
    def parameters(self) -> tuple[ParameterSpec, ...]:
        """The arrays of weights, in the order of get_weights(): kernel, then bias, a layer."""
        return tuple(
            ParameterSpec(**{one.name: getattr(spec, one.name) for one in fields(spec)}, node=index)
            for index, node in enumerate(self.nodes)
            for spec in self._weights_of(index, node)
        )

    def _weights_of(self, index: int, node: Node) -> tuple[WeightSpec, ...]:
        arriving = [self.units[one] for one in node.inputs]
        if isinstance(node.layer, MemberLayer):
            return node.layer.weights(arriving, self.members[index])
        return node.layer.weights(arriving)

    @property
    def n_parameters(self) -> int:
        """Weights in all arrays together."""
        return sum(one.size for one in self.parameters)

    @property
    def n_trainable(self) -> int:
        """Those of them that an optimizer changes."""
        return sum(one.size for one in self.parameters if one.trainable)

    def to_json(self) -> dict[str, Any]:
        """Return the network as plain data that `from_json` reads."""
        nodes = [
            {
                "layer": type(node.layer).__name__,
                "config": node.layer.get_config(),
                "inputs": list(node.inputs),
            }
            for node in self.nodes
        ]
        return {"nodes": nodes, "outputs": list(self.outputs)}

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
        outputs = cast("Mapping[str, object]", document).get("outputs", [])
        try:
            return cls(tuple(nodes), _whole_numbers(outputs, "The network of this file", "outputs"))
        except HiddenLogicError as problem:
            raise FormatError(
                f"The network of this file does not hold together: {problem}"
            ) from None


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
    sources = _whole_numbers(cast("object", inputs), where, "inputs")
    try:
        arguments = {
            str(name): read(str(name), value)
            for name, value in cast("Mapping[object, object]", config).items()
        }
        make: type[Any] = layers.KINDS[kind]
        return Node(make(**arguments), sources)
    except (HiddenLogicError, TypeError) as problem:
        raise FormatError(f"{where} cannot be read: {problem}") from None


def _whole_numbers(value: object, where: str, name: str) -> tuple[int, ...]:
    """Return a list of whole numbers as a tuple, or refuse with one sentence."""
    numbers = cast("list[object]", value) if isinstance(value, list) else [value]
    if not all(type(one) is int for one in numbers):
        raise FormatError(f"{where} must have whole numbers in `{name}`; got {value!r}.")
    return tuple(cast("list[int]", numbers))
