"""Forward pass, loss of a batch and gradients of any acyclic graph of layers."""

from __future__ import annotations

import numpy as np

from hiddenlogic.layers import Input
from hiddenlogic.losses import Loss
from hiddenlogic.network import Network
from reference import (  # noqa: F401 - their layers
    activations,
    embeddings,
    layers,
    losses,
    members,
    noise,
    normalisation,
    penalties,
)
from reference.exact import EXACT
from reference.layers import Pass, Passed


def places_of(network: Network) -> list[list[int]]:
    """Return the indices of the weights of each node."""
    return [
        [place for place, one in enumerate(network.parameters) if one.node == node]
        for node in range(len(network.nodes))
    ]


def forward(network: Network, weights, inputs, how: Pass = Pass()) -> list[Passed]:  # noqa: B008
    """Return what each node made of the rows."""
    rows = np.asarray(inputs, dtype=np.float64)
    passed: list[Passed] = []
    first = 0
    for index, (node, places) in enumerate(zip(network.nodes, places_of(network), strict=True)):
        if isinstance(node.layer, Input):
            units = network.units[index]
            passed.append(Passed([], [], rows[:, first : first + units]))
            first += units
            continue
        values = [passed[one].output for one in node.inputs]
        own = [weights[place] for place in places]
        passed.append(layers.forward(node.layer, values, own, how.at(network, index)))
    return passed


def moved(network: Network, passed: list[Passed]) -> dict[int, np.ndarray]:
    """Return which weights the pass itself changes in training, and to what."""
    found: dict[int, np.ndarray] = {}
    for node, one, places in zip(network.nodes, passed, places_of(network), strict=True):
        for own, value in normalisation.moved(node.layer, one).items():
            found[places[own]] = value
    return found


def outputs_of(network: Network, passed: list[Passed]) -> np.ndarray:
    """Return the outputs side by side, shape (n, n_outputs)."""
    return np.concatenate([passed[one].output for one in network.outputs], axis=1)


def predict(network: Network, weights, inputs, rounding=EXACT):
    """Return the outputs, shape (n, n_outputs)."""
    outputs = outputs_of(network, forward(network, weights, inputs, Pass(rounding=rounding)))
    k = network.members[network.outputs[0]]
    if k == 0:
        return outputs
    size = (k + 1) * members.mean(abs(outputs), k)
    return rounding.operations(members.mean(outputs, k), size)


def penalty(network: Network, weights, passed, rounding=EXACT) -> float:
    """Return the penalties of the weights and of what the nodes made of the rows."""
    pairs = zip(network.parameters, weights, strict=True)
    of_weights = [
        penalties.value(one.regularizer, w, rounding) for one, w in pairs if one.regularizer
    ]
    nodes = zip(network.nodes, passed, strict=True)
    return sum(of_weights) + sum(penalties.of_values(node.layer, one.output) for node, one in nodes)


def _read_by_loss(network: Network, passed: list[Passed], loss: Loss):
    """Return what the loss reads, how it reads it, and whether that is a pre-activation."""
    at = network.outputs[0]
    loss, fused = losses.fused(loss, getattr(network.nodes[at].layer, "function", None))
    return (passed[at].kept if fused else outputs_of(network, passed)), loss, fused


def _of_members(network: Network, loss: Loss, targets, sample_weight):
    """Return targets and shares in the loss of each member's rows: the mean of their losses."""
    k = network.members[network.outputs[0]]
    share = losses.shares(loss, sample_weight, len(targets))
    return members.tiled(targets, k), members.tiled(share, k) / max(k, 1)


def batch_loss(
    network: Network,
    weights,
    inputs,
    targets,
    loss: Loss,
    sample_weight=None,
    *,
    how: Pass = Pass(),  # noqa: B008
) -> float:
    """Return sum_i(w_i * l_i) / n, or as the reduction says, plus the penalties."""
    return sum(loss_and_penalty(network, weights, inputs, targets, loss, sample_weight, how=how))


def loss_and_penalty(
    network: Network,
    weights,
    inputs,
    targets,
    loss: Loss,
    sample_weight=None,
    *,
    how: Pass = Pass(),  # noqa: B008
) -> tuple[float, float]:
    """Return both parts of the loss of a batch."""
    passed = forward(network, weights, inputs, how)
    outputs, loss, _ = _read_by_loss(network, passed, loss)
    targets, share = _of_members(network, loss, targets, sample_weight)
    rows = losses.row_losses(loss, outputs, targets)
    rows = how.rounding.losses(rows, loss, outputs, targets)
    penalised = how.rounding.penalty(penalty(network, weights, passed, how.rounding))
    return float((share * rows).sum()), float(penalised)


def gradients(
    network: Network,
    weights,
    inputs,
    targets,
    loss: Loss,
    sample_weight=None,
    *,
    how: Pass = Pass(),  # noqa: B008
):
    """Return d(batch_loss)/dw of each array of weights."""
    passed = forward(network, weights, inputs, how)
    last, loss, fused = _read_by_loss(network, passed, loss)
    targets, share = _of_members(network, loss, targets, sample_weight)
    share = share[:, None]
    upstream = share * losses.row_gradients(loss, last, targets)
    upstream = how.rounding.loss_gradients(upstream, loss, last, targets, share)
    arrived: list = [None] * len(network.nodes)
    ends = np.cumsum([network.units[one] for one in network.outputs])
    for one, part in zip(network.outputs, np.split(upstream, ends[:-1], axis=1), strict=True):
        arrived[one] = part

    result = [np.zeros_like(w) for w in weights]
    places = places_of(network)
    for index in reversed(range(len(network.nodes))):
        node = network.nodes[index]
        if isinstance(node.layer, Input):
            continue
        from_z = fused and index in network.outputs
        slope = penalties.gradient_of_values(node.layer, passed[index].output, how.rounding)
        if slope is not None:
            if from_z:
                z, function = passed[index].kept, node.layer.function
                slope = how.rounding.slope(
                    activations.backward(function, z, slope), function, z, slope
                )
            arrived[index] = slope if arrived[index] is None else arrived[index] + slope
        if from_z:
            back, own = layers.backward_from_z(
                node.layer, passed[index], arrived[index], how.at(network, index)
            )
        else:
            back, own = layers.backward(
                node.layer, passed[index], arrived[index], how.at(network, index)
            )
        for place, gradient in zip(places[index], own, strict=True):
            result[place] = gradient
        for source, gradient in zip(node.inputs, back, strict=True):
            seen = arrived[source]
            arrived[source] = gradient if seen is None else seen + gradient
    for one, w, gradient in zip(network.parameters, weights, result, strict=True):
        if one.regularizer:
            gradient += penalties.gradient(one.regularizer, w, how.rounding)
    return result
