"""Category codes as learned numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from hiddenlogic import constraints, initializers, regularizers
from hiddenlogic.errors import RangeError
from hiddenlogic.layers.layer import Layer
from hiddenlogic.layers.weight_spec import WeightSpec, checked_weight
from hiddenlogic.registry import check_count, explains_arguments

# float32 holds every whole number up to here, and so every code.
_MOST_CODES = 2**24


@explains_arguments()
@dataclass(frozen=True)
class Embedding(Layer):
    """Of each category code, the row of a learned table that has its number.

    It takes the value of an `Input`, whose columns hold the codes as whole numbers. Several columns
    share the table, and their rows lie side by side (in Keras, one below the other).

    Parameters
    ----------
    input_dim : int
        How many codes there are, 0, …, input_dim - 1; at most 2**24.
    output_dim : int
        Numbers a code, at least 1.
    embeddings_initializer : str or Initializer
        Default 'uniform': between -0.05 and 0.05, as in Keras (PyTorch: normal, deviation 1).
    embeddings_regularizer : str, Regularizer or None
        A penalty on the whole table. Default None.
    embeddings_constraint : str, Constraint or None
        What the table is made to fulfil after each step; axis 1 means the row of each code. Default
        None.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If a number is out of its range.

    Notes
    -----
    Each step of the optimizer goes over the whole table, as in Keras: with Adam, a code that a
    batch lacks still moves by its moments.

    Examples
    --------
    >>> from hiddenlogic.layers import Input
    >>> Embedding(input_dim=9, output_dim=4)(Input((2,))).units
    8
    """

    has_weights: ClassVar[bool] = True

    input_dim: int
    output_dim: int
    embeddings_initializer: initializers.InitializerSpec = "uniform"
    embeddings_regularizer: regularizers.RegularizerSpec = None
    embeddings_constraint: constraints.ConstraintSpec = None
    name: str | None = None

    def checked(self) -> dict[str, object]:
        codes = check_count(self.input_dim, "`input_dim` of Embedding")
        if codes > _MOST_CODES:
            raise RangeError(
                f"`input_dim` of Embedding must be at most 2**24, the whole numbers that float32 "
                f"tells apart; got {codes}. Put rare categories together."
            )
        return {
            "input_dim": codes,
            "output_dim": check_count(self.output_dim, "`output_dim` of Embedding"),
            **checked_weight(self, "embeddings", is_matrix=True),
        }

    @property
    def n_codes(self) -> int:
        return self.input_dim

    def units_after(self, arriving: Sequence[int]) -> int:
        return arriving[0] * self.output_dim

    def weights(self, arriving: Sequence[int]) -> tuple[WeightSpec, ...]:
        return (WeightSpec.of(self, "embeddings", (self.input_dim, self.output_dim)),)
