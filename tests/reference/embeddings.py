"""Embeddings of category codes and of numbers, and Dense in the neural tangent parametrisation."""

from __future__ import annotations

import itertools
import math

import numpy as np

from hiddenlogic import layers
from reference import activations
from reference.layers import Passed, backward, backward_from_z, dense_backward, forward


def scaled_inputs(x, how):
    """Return x / sqrt(features)."""
    scaled = x / math.sqrt(x.shape[1])
    return how.rounding.operations(scaled, 2 * abs(scaled))


@forward.register
def _(layer: layers.NTKDense, values, weights, how):
    x = scaled_inputs(values[0], how)
    kernel, *bias = weights
    z = x @ kernel + (bias[0] if bias else 0)
    z = how.rounding.pre_activation(z, x, kernel, bias[0] if bias else None)
    function = layer.function
    a = how.rounding.activation(activations.apply(function, z), function, z)
    return Passed(values, weights, a, kept=z)


@backward_from_z.register
def _(layer: layers.NTKDense, passed, dz, how):
    return ntk_backward(passed, dz, how)


def ntk_backward(passed, dz, how):
    """Return the gradients from that of z, through the factor 1 / sqrt(features)."""
    (x,) = passed.values
    inner = Passed([scaled_inputs(x, how)], passed.weights, passed.output)
    (back,), own = dense_backward(inner, dz, how)
    back = back / math.sqrt(x.shape[1])
    return [how.rounding.operations(back, 2 * abs(back))], own


@backward.register
def _(layer: layers.NTKDense, passed, upstream, how):
    dz = activations.backward(layer.function, passed.kept, upstream)
    dz = how.rounding.slope(dz, layer.function, passed.kept, upstream)
    return backward_from_z(layer, passed, dz, how)


@forward.register
def _(layer: layers.Embedding, values, weights, how):
    codes, (table,) = values[0].astype(int), weights
    return Passed(values, weights, table[codes].reshape(len(codes), -1))


def add_rows(table, codes, rows):
    """Add each row to that of the table which has its code."""
    np.add.at(table, codes, rows)


@backward.register
def _(layer: layers.Embedding, passed, upstream, how):
    codes, (table,) = passed.values[0].astype(int), passed.weights
    gradient, size = np.zeros_like(table), np.zeros_like(table)
    rows = upstream.reshape(*codes.shape, -1)
    add_rows(gradient, codes, rows)
    add_rows(size, codes, abs(rows))
    gradient = how.rounding.operations(gradient, codes.size * size)
    return [np.zeros_like(passed.values[0])], [gradient]


def through_bins(x, edges):
    """Return how far each x has come through each bin, shape (n, bins), and the slope of that."""
    edges = np.asarray(edges)
    width = np.diff(edges)
    way = (x[:, None] - edges[:-1]) / width
    lowest, highest = np.zeros(len(width)), np.ones(len(width))
    lowest[0], highest[-1] = -np.inf, np.inf
    inside = (way >= lowest) & (way <= highest)
    return np.clip(way, lowest, highest), inside / width


def _linear(x, kernel, bias, how):
    z = x @ kernel if bias is None else x @ kernel + bias
    return how.rounding.pre_activation(z, x, kernel, bias)


def _linear_backward(x, kernel, dz, how):
    """Return the gradients of x, kernel and bias."""
    ones = np.ones((1, len(x)))
    return (
        how.rounding.sums(dz @ kernel.T, dz, kernel.T),
        how.rounding.sums(x.T @ dz, x.T, dz),
        how.rounding.sums(ones @ dz, ones, dz)[0],
    )


def _by_column(bins):
    """Return the rows of the kernel that belong to each column."""
    ends = np.cumsum([0, *(len(edges) - 1 for edges in bins)])
    return [slice(a, b) for a, b in itertools.pairwise(ends)]


@forward.register
def _(layer: layers.PiecewiseLinearEmbedding, values, weights, how):
    (x,) = values
    *straight, kernel = weights if layer.version == "B" else weights[::-1]
    parts = []
    for i, rows in enumerate(_by_column(layer.bins)):
        way, _ = through_bins(x[:, i], layer.bins[i])
        way = how.rounding.operations(way, 3 * abs(way))
        if layer.version == "A":
            parts.append(_linear(way, kernel[rows], straight[0][i], how))
            continue
        slope, bias = straight
        line = _linear(x[:, i : i + 1], slope[i : i + 1], bias[i], how)
        bend = _linear(way, kernel[rows], None, how)
        parts.append(how.rounding.operations(line + bend, 2 * (abs(line) + abs(bend))))
    z = np.concatenate(parts, axis=1)
    a = how.rounding.activation(activations.apply(layer.function, z), layer.function, z)
    return Passed(values, weights, a, kept=z)


@backward.register
def _(layer: layers.PiecewiseLinearEmbedding, passed, upstream, how):
    (x,), weights, d = passed.values, passed.weights, layer.units
    dz = activations.backward(layer.function, passed.kept, upstream)
    dz = how.rounding.slope(dz, layer.function, passed.kept, upstream)
    gradients = [np.zeros_like(w) for w in weights]
    kernel = weights[0 if layer.version == "A" else 2]
    to_kernel = gradients[0 if layer.version == "A" else 2]
    back = np.zeros_like(x)
    for i, rows in enumerate(_by_column(layer.bins)):
        own = dz[:, i * d : (i + 1) * d]
        way, slopes = through_bins(x[:, i], layer.bins[i])
        arrived, to_kernel[rows], gradients[1][i] = _linear_backward(way, kernel[rows], own, how)
        terms = arrived * slopes
        back[:, i] = how.rounding.operations(
            terms.sum(axis=1), (len(slopes[0]) + 2) * abs(terms).sum(axis=1)
        )
        if layer.version == "B":
            straight, to_slope, _ = _linear_backward(
                x[:, i : i + 1], weights[0][i : i + 1], own, how
            )
            gradients[0][i] = to_slope[0]
            back[:, i] += straight[:, 0]
    return [how.rounding.operations(back, abs(back))], gradients


# What a frequency counts: waves a unit of x.
TURN = 2 * math.pi


def waves(layer, x, weights, how):
    """Return cosines and sines of each column, shape (n, columns, frequencies)."""
    angle = TURN * x[:, :, None] * weights[0]
    size = 3 * abs(angle)
    if layer.has_phase:
        angle = angle + weights[1]
        size = size + abs(angle)
    return tuple(
        how.rounding.operations(f(angle), size + 8 * abs(f(angle))) for f in (np.cos, np.sin)
    )


def _arrays(layer, weights):
    """Return the kernel and the bias of each column."""
    kernel, bias = weights[-2:]
    columns = len(weights[0])
    if layer.shared:
        return [kernel] * columns, [bias] * columns
    return list(kernel), list(bias)


def _encoded(layer, cosine, sine, i):
    return cosine[:, i] if layer.has_phase else np.concatenate([cosine[:, i], sine[:, i]], axis=1)


@forward.register
def _(layer: layers.PeriodicEmbedding, values, weights, how):
    (x,) = values
    cosine, sine = waves(layer, x, weights, how)
    kernels, biases = _arrays(layer, weights)
    z = np.concatenate(
        [
            _linear(_encoded(layer, cosine, sine, i), kernels[i], biases[i], how)
            for i in range(x.shape[1])
        ],
        axis=1,
    )
    if layer.has_phase:
        return Passed(values, weights, np.concatenate([z, x], axis=1), kept=(cosine, sine))
    return Passed(values, weights, np.maximum(z, 0), kept=(cosine, sine))


@backward.register
def _(layer: layers.PeriodicEmbedding, passed, upstream, how):
    (x,), weights, (cosine, sine) = passed.values, passed.weights, passed.kept
    n, columns = x.shape
    units = layer.units
    made = columns * units
    back = np.zeros_like(x)
    dz = upstream[:, :made]
    if layer.has_phase:
        back += upstream[:, made:]
    else:
        dz = dz * (passed.output > 0)
    gradients = [np.zeros_like(w) for w in weights]
    kernels, _ = _arrays(layer, weights)
    for i in range(columns):
        own = dz[:, i * units : (i + 1) * units]
        encoded = _encoded(layer, cosine, sine, i)
        arrived, to_kernel, to_bias = _linear_backward(encoded, kernels[i], own, how)
        for array, part in zip(gradients[-2:], (to_kernel, to_bias), strict=True):
            if layer.shared:
                array += part
            else:
                array[i] = part
        frequencies = layer.n_frequencies
        to_angle = -arrived[:, :frequencies] * sine[:, i]
        size = abs(to_angle)
        if not layer.has_phase:
            rising = arrived[:, frequencies:] * cosine[:, i]
            to_angle, size = to_angle + rising, size + abs(rising)
        to_angle = how.rounding.operations(to_angle, 4 * size)
        terms = TURN * to_angle * x[:, i : i + 1]
        gradients[0][i] = how.rounding.operations(
            terms.sum(axis=0), (n + 4) * abs(terms).sum(axis=0)
        )
        if layer.has_phase:
            gradients[1][i] = how.rounding.operations(
                to_angle.sum(axis=0), n * abs(to_angle).sum(axis=0)
            )
        terms = TURN * to_angle * weights[0][i]
        back[:, i] += how.rounding.operations(
            terms.sum(axis=1), (frequencies + 3) * abs(terms).sum(axis=1)
        )
    return [how.rounding.operations(back, abs(back))], gradients
