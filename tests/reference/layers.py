"""Forward and backward pass of each kind of layer, from the formulas, in float64."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import singledispatch

import numpy as np

from hiddenlogic import layers
from hiddenlogic.network import Network
from reference import activations
from reference.exact import EXACT, Exact


@dataclass(frozen=True)
class Pass:
    """One way of all rows of a batch through a network.

    Parameters
    ----------
    seed, step : int
        What random numbers depend on, beside the node; steps count from 0.
    training : bool
        Whether layers of noise act, and statistics are those of the batch.
    rounding : Exact
        Is told of every operation.
    node : int
        Of the layer at hand.
    arriving, members : int
        How many members the values that it takes have, and its own; 0: none.
    """

    seed: int = 0
    step: int = 0
    training: bool = False
    rounding: Exact = EXACT
    node: int = 0
    arriving: int = 0
    members: int = 0

    def at(self, network: Network, node: int) -> Pass:
        """Return the same pass at another node."""
        arriving = [network.members[one] for one in network.nodes[node].inputs]
        return replace(
            self, node=node, arriving=max(arriving, default=0), members=network.members[node]
        )


@dataclass(frozen=True)
class Passed:
    """What a layer took and made; `kept` is what its backward pass needs beside that."""

    values: list
    weights: list
    output: np.ndarray
    kept: object = None


@singledispatch
def forward(layer, values, weights, how: Pass) -> Passed:
    """Return what the layer makes of the values that it takes."""
    raise AssertionError(f"the reference lacks {layer}")


@singledispatch
def backward(layer, passed: Passed, upstream, how: Pass):
    """Return the gradients of the values and of the weights, from that of the output."""
    raise AssertionError(f"the reference lacks {layer}")


@singledispatch
def backward_from_z(layer, passed: Passed, dz, how: Pass):
    """Return the same from the gradient of its pre-activation, where a loss is fused with it."""
    raise AssertionError(f"the reference lacks {layer}")


def dense_backward(passed: Passed, dz, how: Pass):
    """Return the gradients of a Dense from that of its pre-activation."""
    (x,), kernel = passed.values, passed.weights[0]
    gradients = [how.rounding.sums(x.T @ dz, x.T, dz)]
    if len(passed.weights) > 1:
        ones = np.ones((1, len(x)))
        gradients.append(how.rounding.sums(ones @ dz, ones, dz)[0])
    return [how.rounding.sums(dz @ kernel.T, dz, kernel.T)], gradients


@backward_from_z.register
def _(layer: layers.Dense, passed, dz, how):
    return dense_backward(passed, dz, how)


@forward.register
def _(layer: layers.Dense, values, weights, how):
    (x,), kernel = values, weights[0]
    bias = weights[1] if layer.use_bias else None
    z = x @ kernel if bias is None else x @ kernel + bias
    z = how.rounding.pre_activation(z, x, kernel, bias)
    function = layer.function
    a = how.rounding.activation(activations.apply(function, z), function, z)
    return Passed(values, weights, a, kept=z)


@backward.register
def _(layer: layers.Dense, passed, upstream, how):
    dz = activations.backward(layer.function, passed.kept, upstream)
    return dense_backward(
        passed, how.rounding.slope(dz, layer.function, passed.kept, upstream), how
    )


@backward_from_z.register
def _(layer: layers.ActivationLayer, passed, dz, how):
    return [dz], []


@forward.register
def _(layer: layers.ActivationLayer, values, weights, how):
    (z,) = values
    a = how.rounding.activation(activations.apply(layer.function, z), layer.function, z)
    return Passed(values, weights, a, kept=z)


@backward.register
def _(layer: layers.ActivationLayer, passed, upstream, how):
    dz = activations.backward(layer.function, passed.kept, upstream)
    return [how.rounding.slope(dz, layer.function, passed.kept, upstream)], []


@forward.register
def _(layer: layers.ActivityRegularization, values, weights, how):
    return Passed(values, weights, values[0])


@backward.register
def _(layer: layers.ActivityRegularization, passed, upstream, how):
    return [upstream], []


@forward.register
def _(layer: layers.Scale, values, weights, how):
    y = values[0] * weights[0]
    return Passed(values, weights, how.rounding.operations(y, abs(y)))


@backward.register
def _(layer: layers.Scale, passed, upstream, how):
    (x,), (scale,) = passed.values, passed.weights
    back = upstream * scale
    return [how.rounding.operations(back, abs(back))], [_sum_of_products(upstream, x, how)]


def _sum_of_products(a, b, how):
    """Return sum(a * b) over the rows, a number a unit."""
    total = (a * b).sum(axis=0)
    return how.rounding.operations(total, len(a) * (abs(a) * abs(b)).sum(axis=0))


@forward.register
def _(layer: layers.Rescaling, values, weights, how):
    y = values[0] * layer.scale + layer.offset
    size = abs(values[0] * layer.scale) + abs(layer.offset)
    return Passed(values, weights, how.rounding.operations(y, 2 * size))


@backward.register
def _(layer: layers.Rescaling, passed, upstream, how):
    back = upstream * layer.scale
    return [how.rounding.operations(back, abs(back))], []


def _blend(function, start, end, share, values, weights, how):
    """Return start + share * (end - start); one of them is f of the other."""
    y = start + share * (end - start)
    size = abs(start) + abs(share) * (abs(start) + abs(end))
    return Passed(values, weights, how.rounding.operations(y, 3 * size), kept=(start, end))


@forward.register
def _(layer: layers.ParametricActivation, values, weights, how):
    (x,), (alpha,) = values, weights
    f = how.rounding.activation(activations.apply(layer.function, x), layer.function, x)
    return _blend(layer.function, x, f, alpha, values, weights, how)


@backward.register
def _(layer: layers.ParametricActivation, passed, upstream, how):
    (x,), (alpha,), (start, end) = passed.values, passed.weights, passed.kept
    through = activations.backward(layer.function, x, upstream)
    through = how.rounding.slope(through, layer.function, x, upstream)
    back = upstream + alpha * (through - upstream)
    size = abs(upstream) + abs(alpha) * (abs(through) + abs(upstream))
    return [how.rounding.operations(back, 3 * size)], [_sum_of_products(upstream, end - start, how)]


@forward.register
def _(layer: layers.PReLU, values, weights, how):
    (x,), (alpha,) = values, weights
    y = np.where(x > 0, x, alpha * x)
    return Passed(values, weights, how.rounding.operations(y, abs(y)))


@backward.register
def _(layer: layers.PReLU, passed, upstream, how):
    (x,), (alpha,) = passed.values, passed.weights
    back = upstream * np.where(x > 0, 1.0, alpha)
    below = np.minimum(x, 0)
    return [how.rounding.operations(back, 2 * abs(back))], [_sum_of_products(upstream, below, how)]


@forward.register
def _(layer: layers.Concatenate, values, weights, how):
    return Passed(values, weights, np.concatenate(values, axis=1))


@backward.register
def _(layer: layers.Concatenate, passed, upstream, how):
    ends = np.cumsum([value.shape[1] for value in passed.values])
    return np.split(upstream, ends[:-1], axis=1), []


@forward.register
def _(layer: layers.Add, values, weights, how):
    size = np.sum(np.abs(values), axis=0)
    y = how.rounding.operations(np.sum(values, axis=0), len(values) * size)
    return Passed(values, weights, y)


@backward.register
def _(layer: layers.Add, passed, upstream, how):
    return [upstream] * len(passed.values), []


@forward.register
def _(layer: layers.Average, values, weights, how):
    size = np.sum(np.abs(values), axis=0)
    return Passed(
        values, weights, how.rounding.operations(np.mean(values, axis=0), (len(values) + 1) * size)
    )


@backward.register
def _(layer: layers.Average, passed, upstream, how):
    back = upstream / len(passed.values)
    return [how.rounding.operations(back, abs(back))] * len(passed.values), []


@forward.register
def _(layer: layers.Multiply, values, weights, how):
    y = np.prod(values, axis=0)
    return Passed(values, weights, how.rounding.operations(y, len(values) * abs(y)))


@backward.register
def _(layer: layers.Multiply, passed, upstream, how):
    gradients = []
    for i in range(len(passed.values)):
        others = [value for k, value in enumerate(passed.values) if k != i]
        back = upstream * np.prod(others, axis=0)
        gradients.append(how.rounding.operations(back, len(passed.values) * abs(back)))
    return gradients, []
