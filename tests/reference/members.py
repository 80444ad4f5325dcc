"""Layers of members: the rows of all members, those of the first member first, then the next's.

So a layer that the members share is what it is without them, over more rows.
"""

from __future__ import annotations

import numpy as np

from hiddenlogic import layers
from reference import activations
from reference.layers import Pass, Passed, backward, backward_from_z, dense_backward, forward


def tiled(rows, members: int):
    """Return the rows of a batch, or what belongs to them, for each member."""
    return np.concatenate([rows] * members) if members else rows


def mean(rows, members: int):
    """Return the mean of the members of each row."""
    return rows.reshape(members, -1, rows.shape[1]).mean(axis=0) if members else rows


def _scale(x, numbers, how):
    """Return x times the numbers of each member, both in (members, rows, units)."""
    y = x * numbers[:, None, :]
    return how.rounding.operations(y, abs(y))


def _scale_backward(x, numbers, upstream, how):
    """Return the gradients of x, still by members, and of the numbers."""
    back = how.rounding.operations(
        upstream * numbers[:, None, :], abs(upstream * numbers[:, None, :])
    )
    products = upstream * x
    size = x.shape[1] * abs(products).sum(axis=1)
    return back, how.rounding.operations(products.sum(axis=1), size)


def _by_members(rows, members: int):
    return rows.reshape(members, -1, rows.shape[-1])


def _arriving(rows, members: int, how: Pass):
    """Return the rows of each member, (members, rows, units)."""
    if how.arriving:
        return _by_members(rows, members)
    return np.broadcast_to(rows, (members, *rows.shape))


def _given_back(back, how: Pass):
    """Return the gradient of what arrived."""
    if how.arriving:
        return back.reshape(-1, back.shape[-1])
    total = back.sum(axis=0)
    return how.rounding.operations(total, len(back) * abs(back).sum(axis=0))


@forward.register
def _(layer: layers.Members, values, weights, how):
    (scale,) = weights
    y = _scale(_arriving(values[0], len(scale), how), scale, how)
    return Passed(values, weights, y.reshape(-1, y.shape[-1]))


@backward.register
def _(layer: layers.Members, passed, upstream, how):
    (scale,) = passed.weights
    x = _arriving(passed.values[0], len(scale), how)
    back, own = _scale_backward(x, scale, _by_members(upstream, len(scale)), how)
    return [_given_back(back, how)], [own]


def _activated(layer, values, weights, z, how):
    a = how.rounding.activation(activations.apply(layer.function, z), layer.function, z)
    return Passed(values, weights, a, kept=z)


def _dz(layer, passed, upstream, how):
    dz = activations.backward(layer.function, passed.kept, upstream)
    return how.rounding.slope(dz, layer.function, passed.kept, upstream)


@forward.register
def _(layer: layers.BatchEnsembleDense, values, weights, how):
    r, kernel, s = weights[:3]
    scaled = _scale(_arriving(values[0], len(r), how), r, how).reshape(-1, len(kernel))
    product = how.rounding.pre_activation(scaled @ kernel, scaled, kernel, None)
    z = _scale(_by_members(product, len(r)), s, how)
    if layer.use_bias:
        bias = weights[3][:, None, :]
        z = how.rounding.operations(z + bias, abs(z) + abs(bias))
    return _activated(layer, values, weights, z.reshape(-1, z.shape[-1]), how)


@backward.register
def _(layer: layers.BatchEnsembleDense, passed, upstream, how):
    return backward_from_z(layer, passed, _dz(layer, passed, upstream, how), how)


@backward_from_z.register
def _(layer: layers.BatchEnsembleDense, passed, dz, how):
    r, kernel, s = passed.weights[:3]
    dz, x = _by_members(dz, len(r)), _arriving(passed.values[0], len(r), how)
    scaled = (x * r[:, None, :]).reshape(-1, len(kernel))
    product = _by_members(scaled @ kernel, len(r))
    dproduct, ds = _scale_backward(product, s, dz, how)
    dproduct = dproduct.reshape(-1, kernel.shape[1])
    dkernel = how.rounding.sums(scaled.T @ dproduct, scaled.T, dproduct)
    dscaled = how.rounding.sums(dproduct @ kernel.T, dproduct, kernel.T)
    back, dr = _scale_backward(x, r, _by_members(dscaled, len(r)), how)
    gradients = [dr, dkernel, ds]
    if layer.use_bias:
        size = dz.shape[1] * abs(dz).sum(axis=1)
        gradients.append(how.rounding.operations(dz.sum(axis=1), size))
    return [_given_back(back, how)], gradients


@forward.register
def _(layer: layers.MemberDense, values, weights, how):
    kernels = weights[0]
    biases = weights[1] if layer.use_bias else [None] * len(kernels)
    z = [
        how.rounding.pre_activation(x @ w + (0 if b is None else b), x, w, b)
        for x, w, b in zip(_by_members(values[0], len(kernels)), kernels, biases, strict=True)
    ]
    return _activated(layer, values, weights, np.concatenate(z), how)


@backward.register
def _(layer: layers.MemberDense, passed, upstream, how):
    return backward_from_z(layer, passed, _dz(layer, passed, upstream, how), how)


@backward_from_z.register
def _(layer: layers.MemberDense, passed, dz, how):
    kernels = passed.weights[0]
    x, dz = _by_members(passed.values[0], len(kernels)), _by_members(dz, len(kernels))
    own = [
        dense_backward(Passed([a], [w, None][: len(passed.weights)], None), b, how)
        for a, w, b in zip(x, kernels, dz, strict=True)
    ]
    back = np.concatenate([values[0] for values, _ in own])
    return [back], [np.stack(one) for one in zip(*(gradients for _, gradients in own), strict=True)]
