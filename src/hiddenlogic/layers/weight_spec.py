"""One array of weights, as the layer that has it describes it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hiddenlogic import constraints, initializers, regularizers
from hiddenlogic.constraints import Constraint
from hiddenlogic.initializers import Initializer
from hiddenlogic.regularizers import Regularizer


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
    regularizer : Regularizer or None
        The penalty on it.
    constraint : Constraint or None
        What it is made to fulfil after each step.
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
    regularizer: Regularizer | None = None
    constraint: Constraint | None = None
    trainable: bool = True
    fans_of: tuple[int, ...] = ()
    alike: tuple[tuple[int, ...], ...] = ()

    @property
    def size(self) -> int:
        """Numbers in the array."""
        return math.prod(self.shape)

    @classmethod
    def of(cls, layer: object, name: str, shape: tuple[int, ...]) -> WeightSpec:
        """Return what a layer's arguments <name>_initializer, … say of an array."""
        return cls(
            name,
            shape,
            initializers.get(getattr(layer, f"{name}_initializer")),
            regularizers.get(getattr(layer, f"{name}_regularizer")),
            constraints.get(getattr(layer, f"{name}_constraint")),
        )


def checked_weight(layer: object, name: str, *, is_matrix: bool = False) -> dict[str, object]:
    """Return a layer's <name>_initializer, <name>_regularizer and <name>_constraint, checked.

    Raises
    ------
    UnknownNameError, RangeError
        If one is unknown, out of its range, or for matrices only and the weight is none.
    """

    def given(role: str) -> tuple[object, str]:
        argument = f"{name}_{role}"
        return getattr(layer, argument), f"`{argument}` of {type(layer).__name__}"

    return {
        f"{name}_initializer": initializers.get(*given("initializer")),
        f"{name}_regularizer": regularizers.get(*given("regularizer"), elementwise=not is_matrix),
        f"{name}_constraint": constraints.get(*given("constraint"), of_vector=not is_matrix),
    }
