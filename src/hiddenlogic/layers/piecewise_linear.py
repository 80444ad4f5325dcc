"""Numbers as how far they have come through bins, mapped linearly."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import ClassVar, Literal

from hiddenlogic import activations, initializers
from hiddenlogic.errors import RangeError, ShapeError, UnknownNameError
from hiddenlogic.layers.bins import Edges, quantile_edges
from hiddenlogic.layers.layer import Layer
from hiddenlogic.layers.weight_spec import WeightSpec
from hiddenlogic.registry import check_count, explains_arguments

Version = Literal["A", "B"]


@explains_arguments()
@dataclass(frozen=True)
class PiecewiseLinearEmbedding(Layer):
    """Several units of each input column: a piecewise-linear function of it each.

    A column x with the edges b_0 < … < b_T is encoded as T numbers, (x - b_t) / (b_t+1 - b_t),
    which end at 0 but for the first bin's and at 1 but for the last one's, so that values beyond
    the edges go on. Version A maps them linearly: kernel' @ encoding + bias. Version B adds that to
    a linear function of the column itself, slope * x + bias, and its kernel begins at 0.

    Parameters
    ----------
    units : int
        Numbers a column, at least 1.
    bins : sequence of sequence of float
        The edges of each column's bins: at least two, rising. They stay as they are in training.
    version : {"A", "B"}
        Default 'B', which TabM takes.
    activation : str, Activation or None
        One that treats each unit by itself, such as 'relu', applied in the end. Default None:
        linear.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If `units` is out of its range, or edges do not rise.
    UnknownNameError
        If `version` or `activation` is unknown, or the activation couples units.

    Notes
    -----
    Weights of version A: kernel (all bins, units), the bins of one column after those of another,
    and bias (columns, units), both uniform up to 1 / sqrt(the most bins of a column). Of version B:
    slope and bias (columns, units), uniform up to 1 / sqrt(units), and the kernel. A column's units
    lie together.

    References
    ----------
    Gorishniy, Rubachev and Babenko (2022), arXiv:2203.05556, sections 3.1 and 3.2; version B:
    Gorishniy, Kotelnikov and Babenko (2024), arXiv:2410.24210.

    Examples
    --------
    >>> rows = [[0.0, 3.0], [1.0, 4.0], [2.0, 4.0], [4.0, 9.0]]
    >>> layer = PiecewiseLinearEmbedding.fitted(rows, n_bins=2, units=5)
    >>> layer.bins
    ((0.0, 1.5, 4.0), (3.0, 4.0, 9.0))
    >>> [(one.name, one.shape) for one in layer.weights([2])]
    [('slope', (2, 5)), ('bias', (2, 5)), ('kernel', (4, 5))]
    """

    has_weights: ClassVar[bool] = True

    units: int
    bins: Sequence[Sequence[float]] = field(repr=False)  # hundreds of numbers
    version: Version = "B"
    activation: activations.ActivationSpec = None
    name: str | None = None

    @classmethod
    def fitted(
        cls,
        rows: object,
        n_bins: int = 48,
        units: int = 16,
        *,
        version: Version = "B",
        activation: activations.ActivationSpec = None,
        name: str | None = None,
    ) -> PiecewiseLinearEmbedding:
        """Return one whose edges are quantiles of the columns.

        Parameters
        ----------
        rows : array_like or DataFrame, shape (n, columns)
            Training rows: what the layer's input will be, finite numbers.
        n_bins : int
            At least 1; equal quantiles count once. Default 48.
        units, version, activation, name
            As the layer has them. Default 16 units.

        Raises
        ------
        ShapeError
            If there are not rows and columns.
        DataError
            If a column holds what is no finite number, or one value only.
        """
        bins = quantile_edges(rows, check_count(n_bins, "`n_bins`"))
        return cls(units, bins, version, activation, name)

    def checked(self) -> dict[str, object]:
        owner = "PiecewiseLinearEmbedding"
        if self.version not in ("A", "B"):
            raise UnknownNameError(f"`version` of {owner} must be A or B; got {self.version!r}.")
        function = activations.get(self.activation, owner)
        if not function.row.c:
            raise UnknownNameError(
                f"`activation` of {owner} must treat each unit by itself; {function.name} couples "
                f"units. Use another, or Activation({function.name!r})."
            )
        return {
            "units": check_count(self.units, f"`units` of {owner}"),
            "bins": _rising(self.bins),
            "activation": function,
        }

    @property
    def function(self) -> activations.Activation:
        """The activation function."""
        return activations.get(self.activation)

    def check_arriving(self, arriving: Sequence[int], label: str) -> None:
        if arriving[0] != len(self.bins):
            raise ShapeError(
                f"{label} has edges for {len(self.bins)} columns; {arriving[0]} arrive. Fit it on "
                "rows of those."
            )

    def units_after(self, arriving: Sequence[int]) -> int:
        return arriving[0] * self.units

    def weights(self, arriving: Sequence[int]) -> tuple[WeightSpec, ...]:
        numbers = [len(edges) - 1 for edges in self.bins]
        each, kernel = (len(self.bins), self.units), (sum(numbers), self.units)
        if self.version == "A":
            start = _uniform(max(numbers))
            return WeightSpec("kernel", kernel, start), WeightSpec("bias", each, start)
        start = _uniform(self.units)
        return (
            WeightSpec("slope", each, start),
            WeightSpec("bias", each, start),
            WeightSpec("kernel", kernel, initializers.Zeros()),
        )


def _uniform(fan: int) -> initializers.Initializer:
    """Return the start of a linear layer of so many inputs in PyTorch."""
    limit = 1 / math.sqrt(fan)
    return initializers.RandomUniform(-limit, limit)


def _rising(bins: Sequence[Sequence[float]]) -> Edges:
    """Return edges as plain floats, refusing those that are no edges of bins."""
    found = tuple(tuple(float(edge) for edge in edges) for edges in bins)
    for column, edges in enumerate(found):
        rise = all(a < b for a, b in pairwise(edges))
        if len(edges) < 2 or not rise or not all(map(math.isfinite, edges)):
            raise RangeError(
                "`bins` of PiecewiseLinearEmbedding must be at least two rising, finite numbers a "
                f"column; got {list(edges)!r} for column {column}."
            )
    if not found:
        raise RangeError("`bins` of PiecewiseLinearEmbedding must be of one column at least.")
    return found
