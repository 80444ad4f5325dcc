"""One array of weights, as the layer that has it describes it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hiddenlogic.initializers import Initializer
from hiddenlogic.regularizers import L2


@dataclass(frozen=True)
class WeightSpec:
    """What a layer says of one of its arrays.

    Parameters
    ----------
    name : str
        Which of the weights of the layer: 'kernel', 'bias', …
    shape : tuple of int
        (in, units) of a kernel, (units,) of a bias.
    initializer : Initializer
        What it is before the first step.
    regularizer : L2 or None
        The penalty on it.
    trainable : bool
        Whether steps of the optimizer change it.
    fans_of : tuple of int
        Shape of the array whose inputs and units the initializer counts; (): this one.
    alike : tuple of tuple of int
        For each axis, lengths of runs that start with the same numbers; (): all by themselves.
    """

    name: str
    shape: tuple[int, ...]
    initializer: Initializer
    regularizer: L2 | None = None
    trainable: bool = True
    fans_of: tuple[int, ...] = ()
    alike: tuple[tuple[int, ...], ...] = ()

    @property
    def size(self) -> int:
        """Numbers in the array."""
        return math.prod(self.shape)
