"""From the values that layers were called on to a network, its layers listed as Keras does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from hiddenlogic.errors import ShapeError, StateError
from hiddenlogic.layers import Input, Layer, Tensor
from hiddenlogic.network import Network, Node

Source = Input | Tensor


@dataclass(frozen=True)
class Graph:
    """A network, and the layer of each of its nodes as the user made it."""

    network: Network
    layers: tuple[Layer, ...]


def sources(given: object, argument: str) -> list[Source]:
    """Return one value, a list or a dict of values as a list.

    Raises
    ------
    ShapeError
        If something else is among them, or nothing is.
    """
    if isinstance(given, dict):
        given = list(cast("dict[str, object]", given).values())
    values = list(cast("Sequence[object]", given)) if isinstance(given, (list, tuple)) else [given]
    found = [one for one in values if isinstance(one, (Input, Tensor))]
    if len(found) != len(values) or not found:
        raise ShapeError(
            f"`{argument}` of Model must be an Input, what a layer returned, or a list of these; "
            f"got {given!r}."
        )
    return found


def graph(inputs: Sequence[Source], outputs: Sequence[Source]) -> Graph:
    """Return the network between inputs and outputs.

    Parameters
    ----------
    inputs : sequence of Input
        Their features lie side by side in this order.
    outputs : sequence of Tensor

    Raises
    ------
    ShapeError
        If an output needs an Input that is not given, or an input is none.
    StateError
        If a layer was called twice: each layer has weights of its own.
    """
    for one in inputs:
        if not isinstance(one, Input):
            raise ShapeError(f"`inputs` of Model must be Input layers; got {one!r}.")
    order = _by_depth(outputs)
    places: dict[int, int] = {id(one): place for place, one in enumerate(inputs)}
    nodes = [Node(cast("Layer", one), ()) for one in inputs]
    for tensor in order:
        taken: list[int] = []
        for source in tensor.inputs:
            if id(source) not in places:
                raise ShapeError(
                    f"The outputs of Model need {source!r}, which is not among its inputs. Pass it "
                    "in `inputs`."
                )
            taken.append(places[id(source)])
        places[id(tensor)] = len(nodes)
        nodes.append(Node(tensor.layer, tuple(taken)))
    layers = [node.layer for node in nodes]
    for index, layer in enumerate(layers):
        if any(layer is other for other in layers[:index]):
            raise StateError(
                f"{type(layer).__name__} was called twice. Each layer has weights of its own: make "
                f"a new {type(layer).__name__}."
            )
    ends = tuple(places[id(one)] for one in outputs)
    return Graph(Network(tuple(nodes), ends), tuple(layers))


def _by_depth(outputs: Sequence[Source]) -> list[Tensor]:
    """Sort all values by how many layers come behind them, most first; then as they were met."""
    met: dict[int, int] = {}
    finished: list[Tensor] = []
    done: set[int] = set()

    def visit(value: Layer | Tensor) -> None:
        # An explicit stack, for networks that are deeper than Python's own.
        stack: list[tuple[Layer | Tensor, bool]] = [(value, False)]
        while stack:
            one, ready = stack.pop()
            if not isinstance(one, Tensor) or id(one) in done:
                continue
            if ready:
                done.add(id(one))
                finished.append(one)
                continue
            met.setdefault(id(one), len(met))
            stack.append((one, True))
            stack += [(source, False) for source in reversed(one.inputs)]

    for output in outputs:
        visit(output)
    depths: dict[int, int] = {}
    for tensor in reversed(finished):
        depth = depths.setdefault(id(tensor), 0)
        for source in tensor.inputs:
            depths[id(source)] = max(depth + 1, depths.get(id(source), 0))
    return sorted(finished, key=lambda one: (-depths[id(one)], met[id(one)]))
