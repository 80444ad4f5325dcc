"""What each output of a network is trained for, and what is measured there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.engine.lowering import reads_pre_activation
from hiddenlogic.errors import RangeError, ShapeError
from hiddenlogic.losses import CrossEntropy, Loss
from hiddenlogic.metrics import Metric
from hiddenlogic.network import Network


@dataclass(frozen=True)
class Goal:
    """The loss and the metrics of one output.

    Parameters
    ----------
    loss : Loss
    metrics, weighted_metrics : tuple of Metric
        Those that count each row once, and those that count it with its weight.
    weight : float
        Of its loss in the whole, which is the sum over the outputs.
    name : str
        Comes before its keys in a history, where there are several outputs: 'price_loss'.
    """

    loss: Loss
    metrics: tuple[Metric, ...] = ()
    weighted_metrics: tuple[Metric, ...] = ()
    weight: float = 1.0
    name: str = ""


class Goals:
    """A goal for each output of a network, in their order.

    Parameters
    ----------
    network : Network
    goals : sequence of Goal

    Raises
    ------
    ShapeError
        If there are more or fewer goals than outputs.
    StateError
        If an output does not suit its loss.
    """

    def __init__(self, network: Network, goals: Sequence[Goal]) -> None:
        if len(goals) != len(network.outputs):
            raise ShapeError(
                f"`loss` must hold a goal for each of the {len(network.outputs)} outputs of the "
                f"network; got {len(goals)}."
            )
        self.goals = tuple(goals)
        self.units = [network.units[node] for node in network.outputs]
        self.from_z = [
            reads_pre_activation(network, goal.loss, place) for place, goal in enumerate(goals)
        ]

    @property
    def target_units(self) -> list[int]:
        """Columns of targets that each takes; they lie side by side."""
        pairs = zip(self.goals, self.units, strict=True)
        return [goal.loss.target_columns(units) for goal, units in pairs]

    def checked_targets(self, targets: object, rows: int, dtype: str) -> NDArray[Any]:
        """Return the targets of all outputs as an array that the core can read in place.

        Raises
        ------
        ShapeError
            If they have other rows or columns.
        RangeError
            If a class is none of the output's.
        """
        y = np.ascontiguousarray(targets, dtype=dtype)
        shape = (rows, sum(self.target_units))
        if y.shape != shape:
            raise ShapeError(f"`targets` must have the shape {shape}; got {y.shape}.")
        column = 0
        for goal, units, count in zip(self.goals, self.units, self.target_units, strict=True):
            own = y[:, column : column + count]
            column += count
            if goal.loss.row.is_sparse and rows and not ((own >= 0) & (own < units)).all():
                raise RangeError(
                    f"`targets` must be classes from 0 to {units - 1} for the loss "
                    f"{goal.loss.name}; got {own.min():g} to {own.max():g}."
                )
        return y


def of_logits(loss: Loss, from_z: bool) -> bool:
    """Return whether the loss's own activation is still to come to what it reads."""
    return from_z or (isinstance(loss, CrossEntropy) and loss.from_logits)
