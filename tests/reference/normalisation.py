"""Layers that normalise: each unit over the samples of a batch, or each sample over its units."""

from __future__ import annotations

import numpy as np

from hiddenlogic import layers
from reference.layers import Passed, backward, forward

# Of how many additions a sum of n numbers along memory is for each of them: 16 lanes and a tree.
LANES = 16


def _additions(n: int) -> float:
    return n / LANES + 5


def _learned(layer, weights):
    """Return gamma and beta, or what stands for one that is not there."""
    weights = list(weights)
    gamma = weights.pop(0) if layer.scale else np.float64(1)
    beta = weights.pop(0) if layer.center else np.float64(0)
    return gamma, beta


def _gradients(layer, gamma, beta):
    """Return those of the weights that are there."""
    return [one for one, wanted in ((gamma, layer.scale), (beta, layer.center)) if wanted]


@forward.register
def _(layer: layers.BatchNormalization, values, weights, how):
    (x,), (gamma, beta) = values, _learned(layer, weights)
    moving = weights[-2:]
    mean, variance = moving
    if how.training:
        additions = _additions(len(x))
        mean = how.rounding.operations(x.mean(axis=0), additions * abs(x).mean(axis=0))
        squares = ((x - mean) ** 2).mean(axis=0)
        variance = how.rounding.operations(squares, (additions + 3) * squares)
        rest = 1 - layer.momentum
        moving = [
            how.rounding.operations(
                old * layer.momentum + new * rest, 3 * (abs(old) + abs(new) * rest)
            )
            for old, new in zip(moving, (mean, variance), strict=True)
        ]
    inverse = 1 / np.sqrt(variance + layer.epsilon)
    inverse = how.rounding.operations(inverse, 3 * inverse)
    y = (x - mean) * inverse * gamma + beta
    size = 4 * (abs(x) + abs(mean)) * inverse * abs(gamma) + abs(beta)
    y = how.rounding.operations(y, size)
    return Passed(values, weights, y, kept=((x - mean) * inverse, inverse, moving))


@backward.register
def _(layer: layers.BatchNormalization, passed, upstream, how):
    gamma, _ = _learned(layer, passed.weights)
    normalised, inverse, moving = passed.kept
    n = len(upstream)
    additions = _additions(n)
    along = upstream * normalised
    gamma_gradient = how.rounding.operations(along.sum(0), (additions + 4) * abs(along).sum(0))
    beta_gradient = how.rounding.operations(upstream.sum(0), additions * abs(upstream).sum(0))
    back = upstream - beta_gradient / n - normalised * gamma_gradient / n
    size = (
        abs(upstream)
        + abs(upstream).mean(axis=0)
        + abs(normalised) * abs(gamma_gradient) / n
        + abs(back)
    )
    back = how.rounding.operations(back * inverse * gamma, 4 * size * inverse * np.abs(gamma))
    untouched = [np.zeros_like(one) for one in moving]
    return [back], [*_gradients(layer, gamma_gradient, beta_gradient), *untouched]


def moved(layer, passed: Passed) -> dict[int, np.ndarray]:
    """Return which weights of a layer the pass itself changes in training, and to what."""
    if not isinstance(layer, layers.BatchNormalization):
        return {}
    count = len(passed.weights)
    return dict(zip((count - 2, count - 1), passed.kept[2], strict=True))


def _over_units(layer, values, weights, how, *, centres, share, epsilon, most, gamma, beta):
    """Return (x - mean) / sqrt(share * sum((x - mean)**2) + epsilon) * gamma + beta, a sample."""
    (x,) = values
    units = x.shape[1]
    mean = np.zeros((len(x), 1))
    if centres:
        sizes = (units + 2) * abs(x).mean(axis=1, keepdims=True)
        mean = how.rounding.operations(x.mean(axis=1, keepdims=True), sizes)
    squares = ((x - mean) ** 2).sum(axis=1, keepdims=True) * share
    squares = how.rounding.operations(squares, (units + 5) * squares)
    with np.errstate(divide="ignore"):
        inverse = 1 / np.sqrt(squares + epsilon)
    cut = inverse >= most
    inverse = np.minimum(how.rounding.operations(inverse, 4 * np.minimum(inverse, most)), most)
    normalised = (x - mean) * inverse
    size = 2 * (abs(x) + abs(mean)) * inverse
    normalised = how.rounding.operations(normalised, size)
    y = normalised * gamma + beta
    y = how.rounding.operations(y, 2 * abs(normalised * gamma) + abs(beta))
    return Passed(values, weights, y, kept=(normalised, inverse, cut))


def _back_over_units(passed, upstream, gamma, how, *, centres, share):
    """Return the gradients of x, gamma and beta."""
    normalised, inverse, cut = passed.kept
    n, units = upstream.shape
    g = upstream * gamma
    along = np.where(cut, 0, (g * normalised).sum(axis=1, keepdims=True) * share)
    along_size = np.where(cut, 0, abs(g * normalised).sum(axis=1, keepdims=True) * share)
    middle = g.mean(axis=1, keepdims=True) if centres else 0.0
    middle_size = abs(g).mean(axis=1, keepdims=True) if centres else 0.0
    back = (g - middle - normalised * along) * inverse
    size = abs(g) + middle_size + abs(normalised) * along_size
    back = how.rounding.operations(back, (units + 6) * size * inverse)
    gamma_gradient = (upstream * normalised).sum(axis=0)
    size = (_additions(n) + 1) * abs(upstream * normalised).sum(axis=0)
    gamma_gradient = how.rounding.operations(gamma_gradient, size)
    beta_gradient = upstream.sum(axis=0)
    beta_gradient = how.rounding.operations(
        beta_gradient, _additions(n) * abs(upstream).sum(axis=0)
    )
    return back, gamma_gradient, beta_gradient


@forward.register
def _(layer: layers.LayerNormalization, values, weights, how):
    gamma, beta = _learned(layer, weights)
    return _over_units(
        layer,
        values,
        weights,
        how,
        centres=True,
        share=1 / values[0].shape[1],
        epsilon=layer.epsilon,
        most=np.inf,
        gamma=gamma,
        beta=beta,
    )


@backward.register
def _(layer: layers.LayerNormalization, passed, upstream, how):
    gamma, _ = _learned(layer, passed.weights)
    share = 1 / upstream.shape[1]
    back, *own = _back_over_units(passed, upstream, gamma, how, centres=True, share=share)
    return [back], _gradients(layer, *own)


@forward.register
def _(layer: layers.RMSNormalization, values, weights, how):
    return _over_units(
        layer,
        values,
        weights,
        how,
        centres=False,
        share=1 / values[0].shape[1],
        epsilon=layer.epsilon,
        most=np.inf,
        gamma=weights[0],
        beta=np.float64(0),
    )


@backward.register
def _(layer: layers.RMSNormalization, passed, upstream, how):
    share = 1 / upstream.shape[1]
    back, scale, _ = _back_over_units(
        passed, upstream, passed.weights[0], how, centres=False, share=share
    )
    return [back], [scale]


@forward.register
def _(layer: layers.UnitNormalization, values, weights, how):
    return _over_units(
        layer,
        values,
        weights,
        how,
        centres=False,
        share=1.0,
        epsilon=0.0,
        most=1e12,
        gamma=np.float64(1),
        beta=np.float64(0),
    )


@backward.register
def _(layer: layers.UnitNormalization, passed, upstream, how):
    back, *_ = _back_over_units(passed, upstream, np.float64(1), how, centres=False, share=1.0)
    return [back], []


def _deviation(layer):
    return np.maximum(np.sqrt(np.asarray(layer.variance)), 1e-7)


@forward.register
def _(layer: layers.Normalization, values, weights, how):
    (x,), mean = values, np.asarray(layer.mean)
    if layer.invert:
        y, size = x * _deviation(layer) + mean, abs(x) * _deviation(layer) + abs(mean)
    else:
        y, size = (x - mean) / _deviation(layer), (abs(x) + abs(mean)) / _deviation(layer)
    return Passed(values, weights, how.rounding.operations(y, 4 * size))


@backward.register
def _(layer: layers.Normalization, passed, upstream, how):
    back = upstream * _deviation(layer) if layer.invert else upstream / _deviation(layer)
    return [how.rounding.operations(back, 3 * abs(back))], []
