"""Members of a population stacked into arrays, for libraries that train them by vmap."""

import itertools
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from works import Member, Population

Layers = list[tuple[np.ndarray, np.ndarray]]


def first_weights(widths: Sequence[int], seed: int) -> Layers:
    """Return Glorot's uniform kernels (in, out) and zero biases."""
    rng = np.random.default_rng(seed)
    bounds = [(6 / (n_in + n_out)) ** 0.5 for n_in, n_out in itertools.pairwise(widths)]
    return [
        (rng.uniform(-bound, bound, shape).astype(np.float32), np.zeros(shape[1], np.float32))
        for bound, shape in zip(bounds, itertools.pairwise(widths), strict=True)
    ]


def by_shape(work: Population) -> list[tuple[Member, ...]]:
    """Members of equal shape together."""
    return _grouped(work, lambda member: member.hidden)


def by_depth(work: Population) -> list[tuple[Member, ...]]:
    """Members of equal depth together: fewer and larger groups, padded to the widest."""
    return _grouped(work, lambda member: len(member.hidden))


def _grouped(work: Population, key) -> list[tuple[Member, ...]]:
    groups = defaultdict(list)
    for member in work.members:
        groups[key(member)].append(member)
    return [tuple(group) for group in groups.values()]


def stacked(work: Population, members: Sequence[Member]) -> tuple[Layers, np.ndarray]:
    """Return first weights (members, in, out) and (members, out), and the learning rates.

    Narrower members are padded with zeros, which need no mask: a unit whose weights are all zero,
    in and out, has zero gradients, and so Adam leaves it there.
    """
    hidden = [max(widths) for widths in zip(*(member.hidden for member in members), strict=True)]
    stack = [
        (
            np.zeros((len(members), n_in, n_out), np.float32),
            np.zeros((len(members), n_out), np.float32),
        )
        for n_in, n_out in itertools.pairwise(work.widths(tuple(hidden)))
    ]
    for i, member in enumerate(members):
        weights = first_weights(work.widths(member.hidden), member.seed)
        for (kernels, _), (kernel, _) in zip(stack, weights, strict=True):
            kernels[i, : kernel.shape[0], : kernel.shape[1]] = kernel
    return stack, np.array([member.learning_rate for member in members], np.float32)
