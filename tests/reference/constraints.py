"""What constraints make of weights after a step, with Keras's formulas."""

from __future__ import annotations

import numpy as np

from hiddenlogic.constraints import NonNeg
from reference.exact import EXACT

EPSILON = 1e-7


def project(constraint, w):
    """Return what becomes of an array of weights."""
    if constraint is None:
        return w
    if isinstance(constraint, NonNeg):
        return np.maximum(w, 0)
    least, most, rate, axis = constraint.norms
    norms = np.sqrt((w**2).sum(axis=axis, keepdims=True))
    wanted = rate * np.clip(norms, least, most) + (1 - rate) * norms
    return w * wanted / (norms + EPSILON)


def project_all(network, weights, rounding=EXACT) -> None:
    """Change the weights of a network in place."""
    for one, w in zip(network.parameters, weights, strict=True):
        if one.constraint is not None:
            w[...] = rounding.operations(project(one.constraint, w), 4 * abs(w))
