"""Inputs without the smooth clip: on clipped inputs the straight line is bent.

The clip x / sqrt(1 + (x / 3)²) is what it is given as long as that is small. So the spread is made
`WIDTH` times as large, the inputs are multiplied by the same number for the training, and the
kernel is multiplied by it afterwards: by a power of two, which changes no bit.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.table import Preparation
from hiddenlogic.table.steps import DateStep, NumberStep

WIDTH = 2.0**12
"""Spreads; a cell 100 spreads from the median is still bent by less than 1 in 20,000."""


def unclipped(preparation: Preparation) -> tuple[Preparation, NDArray[np.float32]]:
    """Return a preparation that does not clip, and the factors that make up for its spreads.

    Parameters
    ----------
    preparation : Preparation

    Returns
    -------
    tuple of Preparation and ndarray of float32, shape (n_features,)
        ``transform(frame) * factors`` are the inputs for training; all factors are 1 where
        there is nothing to clip.
    """
    factors: list[float] = []
    steps: list[Any] = []
    for step in preparation.steps:
        wide = step
        if isinstance(step, NumberStep):
            wide = _widened(step)
        elif isinstance(step, DateStep):
            wide = replace(step, number=_widened(step.number))
        first = 1.0 if wide is step or wide == step else WIDTH
        factors += [first if place == 0 else 1.0 for place in range(len(step.feature_names))]
        steps.append(wide)
    return replace(preparation, steps=tuple(steps)), np.array(factors, np.float32)


def folded(
    weights: list[NDArray[np.float32]], factors: NDArray[np.float32]
) -> list[NDArray[np.float32]]:
    """Multiply the rows of the first kernel, so that it takes inputs without the factors."""
    return [weights[0] * factors[:, None], *weights[1:]]


def _widened(step: NumberStep) -> NumberStep:
    """The step with a spread so wide that nothing reaches the clip."""
    spread = step.scale.spread * WIDTH
    if not math.isfinite(spread):
        return step
    return replace(step, scale=replace(step.scale, spread=spread))
