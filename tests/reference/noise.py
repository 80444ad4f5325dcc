"""Layers of noise, from the counters that the engine documents."""

from __future__ import annotations

import math

import numpy as np

from hiddenlogic import layers
from reference import dropout, schedules
from reference.layers import Passed, backward, forward

STREAM = 4

ALPHA = 1.6732632423543772848170429916717
SCALE = 1.0507009873554804934193349852946


def normals(seed: int, node: int, step: int, rows: int, units: int, members: int = 0):
    """Return the normal number of each cell and the radius of its pair, (rows, units) each.

    Box and Muller (1958): of the two words of a pair of units, one is the radius, one the angle.
    """
    sample, unit, member = dropout.places(rows, units, members)
    words = dropout.words(STREAM, seed, node, step, sample, unit // 2 * 2, member)
    more = dropout.words(STREAM, seed, node, step, sample, unit // 2 * 2 + 1, member)
    radius_share, angle_share = (((w >> np.uint64(1)) + 0.5) / 2**31 for w in (words, more))
    radius = np.sqrt(-2 * np.log(radius_share))
    angle = 2 * math.pi * angle_share
    return radius * np.where(unit % 2 == 0, np.cos(angle), np.sin(angle)), radius


def _noise(how, shape, deviation):
    """Return the numbers; an error of the logarithm counts for more, the smaller the radius is."""
    z, radius = normals(how.seed, how.node, how.step, *shape, how.members)
    return how.rounding.operations(z * deviation, deviation * (16 * radius + 4 / radius))


@forward.register
def _(layer: layers.Dropout, values, weights, how):
    (x,) = values
    mask = np.ones_like(x)
    if how.training:
        mask = dropout.mask(
            schedules.rate(layer.rate, how.step),
            how.seed,
            how.node,
            how.step,
            *x.shape,
            how.members,
        )
    return Passed(values, weights, x * mask, kept=mask)


@backward.register
def _(layer: layers.Dropout, passed, upstream, how):
    return [upstream * passed.kept], []


@forward.register
def _(layer: layers.AlphaDropout, values, weights, how):
    (x,) = values
    if not how.training:
        return Passed(values, weights, x, kept=np.ones_like(x))
    rate = schedules.rate(layer.rate, how.step)
    keeps = dropout.mask(rate, how.seed, how.node, how.step, *x.shape, how.members) > 0
    lowest = -ALPHA * SCALE
    a = ((1 - rate) * (1 + rate * lowest**2)) ** -0.5
    b = -a * lowest * rate
    y = a * np.where(keeps, x, lowest) + b
    size = 4 * (abs(a * x) + abs(b) + abs(a * lowest))
    return Passed(values, weights, how.rounding.operations(y, size), kept=np.where(keeps, a, 0.0))


@backward.register
def _(layer: layers.AlphaDropout, passed, upstream, how):
    back = upstream * passed.kept
    return [how.rounding.operations(back, 2 * abs(back))], []


@forward.register
def _(layer: layers.GaussianNoise, values, weights, how):
    (x,) = values
    if not how.training:
        return Passed(values, weights, x)
    y = x + _noise(how, x.shape, schedules.rate(layer.stddev, how.step))
    return Passed(values, weights, how.rounding.operations(y, abs(y)))


@backward.register
def _(layer: layers.GaussianNoise, passed, upstream, how):
    return [upstream], []


@forward.register
def _(layer: layers.GaussianDropout, values, weights, how):
    (x,) = values
    mask = np.ones_like(x)
    if how.training:
        rate = schedules.rate(layer.rate, how.step)
        mask = mask + _noise(how, x.shape, math.sqrt(rate / (1 - rate)))
        mask = how.rounding.operations(mask, 2 * abs(mask))
    return Passed(values, weights, how.rounding.operations(x * mask, abs(x * mask)), kept=mask)


@backward.register
def _(layer: layers.GaussianDropout, passed, upstream, how):
    back = upstream * passed.kept
    return [how.rounding.operations(back, abs(back))], []
