"""The arrays of one `fit` or `evaluate`: checked, matched to each other, and split."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from hiddenlogic.errors import DataError, RangeError, ShapeError
from hiddenlogic.models.network_data import arrays_of, names_at, read_inputs, side_by_side
from hiddenlogic.models.objective import Objective
from hiddenlogic.network import Network
from hiddenlogic.registry import Parameter
from hiddenlogic.training.arrays import Matrix, check_same_rows, sample_weights
from hiddenlogic.training.class_weights import class_weights
from hiddenlogic.training.labels import check_labels
from hiddenlogic.training.targets import target_matrix

_SPLIT = Parameter("validation_split", 0.0, low=0.0, high=1.0, low_included=True)


@dataclass(frozen=True)
class Rows:
    """Inputs with their targets and, perhaps, weights: n rows of each."""

    inputs: Matrix
    targets: Matrix
    sample_weight: Matrix | None = None

    def __len__(self) -> int:
        return len(self.inputs)

    def as_tuple(self) -> tuple[Matrix, ...]:
        """Return (inputs, targets), with the weights behind them if there are any."""
        both = (self.inputs, self.targets)
        return both if self.sample_weight is None else (*both, self.sample_weight)

    def part(self, rows: slice) -> Rows:
        """Return some of the rows, without copying."""
        weight = None if self.sample_weight is None else self.sample_weight[rows]
        return Rows(self.inputs[rows], self.targets[rows], weight)


@dataclass(frozen=True)
class Reader:
    """Turns what users hand over into `Rows` that fit a network.

    Parameters
    ----------
    network : Network
    objectives : sequence of Objective
        Their losses say what the targets of the outputs mean; metrics that judge labels take no
        other numbers.
    dtype : {"float32", "float64"}
        Of the network.
    """

    network: Network
    objectives: Sequence[Objective]
    dtype: str

    def read(self, x: object, y: object, sample_weight: object, prefix: str = "") -> Rows:
        """Return checked rows; `prefix` tells apart 'x' and 'validation x' in messages."""
        x_name, y_name, w_name = (f"{prefix}{name}" for name in ("x", "y", "sample_weight"))
        inputs = read_inputs(self.network, x, x_name, self.dtype)
        targets = self._targets(y, y_name)
        check_same_rows(inputs, x_name, targets, y_name)
        if not len(inputs):
            raise DataError(f"`{x_name}` must have at least one row; got none.")
        weight = None
        if sample_weight is not None:
            weight = sample_weights(sample_weight, w_name, len(inputs), self.dtype)
        return Rows(inputs, targets, weight)

    def _targets(self, y: object, argument: str) -> Matrix:
        """Return the targets of all outputs, side by side."""
        outputs = self.network.outputs
        given = arrays_of(y, argument, names_at(self.network, outputs), "output")
        found: list[tuple[str, Matrix]] = []
        for (label, value), node, objective in zip(given, outputs, self.objectives, strict=True):
            loss, units = objective.required_loss(), self.network.units[node]
            layer = f"the layer {objective.name!r}" if objective.name else "the last layer"
            own = target_matrix(
                value, label, loss=loss, outputs=units, dtype=self.dtype, layer=layer
            )
            check_labels(own, label, loss=loss, metrics=objective.measured(units))
            found.append((label, own))
        return side_by_side(found)

    def weighed(self, rows: Rows, class_weight: object) -> Rows:
        """Return the rows with the weights of their classes, times those that they have."""
        if class_weight is None:
            return rows
        if len(self.objectives) > 1:
            raise RangeError(
                "`class_weight` of fit is for one output; the model has "
                f"{len(self.objectives)}. Use sample_weight."
            )
        loss = self.objectives[0].required_loss()
        weights = class_weights(
            rows.targets, class_weight, loss=loss, outputs=self.network.n_outputs
        ).astype(self.dtype)
        if rows.sample_weight is not None:
            weights = weights * rows.sample_weight
        if not weights.any():
            raise DataError("`class_weight` of fit leaves no row that weighs anything. Change it.")
        return replace(rows, sample_weight=weights)

    def read_validation(self, data: object) -> Rows:
        """Return the rows of `validation_data`, a tuple (x, y) or (x, y, sample_weight)."""
        parts = list(cast("Sequence[object]", data)) if isinstance(data, (tuple, list)) else []
        if len(parts) not in (2, 3):
            raise ShapeError(
                "`validation_data` must be a tuple (x, y) or (x, y, sample_weight); "
                f"got {type(cast('object', data)).__name__}."
            )
        x, y, *rest = parts
        return self.read(x, y, rest[0] if rest else None, prefix="validation ")


def split_last(rows: Rows, share: object) -> tuple[Rows, Rows | None]:
    """Hold back the last `share` of the rows for validation, as Keras does before shuffling.

    Raises
    ------
    RangeError
        If `share` is not a number of at least 0 and less than 1.
    DataError
        If one of the two parts would be empty, or has no row that weighs anything.
    """
    fraction = _SPLIT.check(share, "fit")
    if fraction == 0:
        return rows, None
    first = math.floor(len(rows) * (1 - fraction))
    if first in (0, len(rows)):
        raise DataError(
            f"`validation_split` of fit is {fraction:g}, which leaves {first} of {len(rows)} rows "
            f"for training and {len(rows) - first} for validation; both need at least one. Change "
            "it, or pass validation_data."
        )
    parts = rows.part(slice(None, first)), rows.part(slice(first, None))
    for part, use in zip(parts, ("training", "validation"), strict=True):
        if part.sample_weight is not None and not part.sample_weight.any():
            raise DataError(
                f"`sample_weight` is 0 in each of the {len(part)} rows that `validation_split` of "
                f"fit leaves for {use}. Change it, or pass validation_data."
            )
    return parts
