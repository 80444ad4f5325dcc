"""Initializers that wait for the training rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from hiddenlogic.initializers.initializer import Initializer
from hiddenlogic.initializers.random import RandomNormal
from hiddenlogic.initializers.row import Distribution, Fill
from hiddenlogic.registry import check_count, explains_arguments


@explains_arguments()
@dataclass(frozen=True)
class DataDriven(Initializer):
    """A kernel whose units vary equally over the training rows.

    It is drawn by another initializer; then, when `fit` first sees rows, each unit's weights are
    divided by the deviation of its pre-activation, without bias, over these rows: layer after
    layer, from the inputs to the outputs.

    Parameters
    ----------
    initializer : str or Initializer
        What is drawn first; only the proportions of a unit's weights are left of it. Default:
        normal numbers.

    Notes
    -----
    Rows count as often as their `sample_weight` says. A unit whose pre-activation is the same for
    all rows keeps the weights that were drawn. Dropout is off meanwhile. Weights that were set,
    loaded or trained before are left alone.
    """

    name: ClassVar[str] = "data_driven"
    initializer: str | Initializer = field(default_factory=lambda: RandomNormal(0.0, 1.0))

    def __post_init__(self) -> None:
        from hiddenlogic.initializers import get

        first = get(self.initializer, "`initializer` of DataDriven")
        object.__setattr__(self, "initializer", first)
        super().__post_init__()

    @property
    def first(self) -> Initializer:
        """What is drawn first."""
        assert isinstance(self.initializer, Initializer)
        return self.initializer

    def draws_from(self, shape: Sequence[int]) -> Distribution:
        """Return that of the first initializer."""
        return self.first.draws_from(shape)

    def get_config(self) -> dict[str, Any]:
        """Return the settings that make an equal initializer again, as plain data."""
        from hiddenlogic.initializers import describe

        return {"initializer": describe(self.first)}


@explains_arguments()
@dataclass(frozen=True)
class DataDrivenBias(Initializer):
    """A bias that puts each unit's zero among the training rows.

    It is 0 until `fit` first sees rows; then each unit's becomes minus a random mean of its
    pre-activation over a few rows, drawn for it, once the kernel of the layer is known.

    Parameters
    ----------
    rows : int
        How many, at least 1. Default 5.
    seed : int, optional
        See `Initializer`.

    Raises
    ------
    RangeError
        If `rows` is no such number.

    Notes
    -----
    A row is drawn as often as its `sample_weight` says. See `DataDriven` for when.
    """

    name: ClassVar[str] = "data_driven_bias"
    rows: int = 5
    seed: int | None = None

    def __post_init__(self) -> None:
        rows = check_count(self.rows, "`rows` of DataDrivenBias")
        super().__post_init__()
        object.__setattr__(self, "rows", rows)

    def draws_from(self, shape: Sequence[int]) -> Distribution:
        """Return zeros."""
        return Fill(0.0)
