"""What a training run is told to watch for, and what it tells."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

if TYPE_CHECKING:
    from hiddenlogic.engine import _core

Status = Literal[
    "finished",
    "converged",
    "stopped_early",
    "stopped",
    "out_of_time",
    "interrupted",
    "diverged",
    "untrained",
]


@dataclass(frozen=True)
class EarlyStop:
    """When the core stops by itself, and whether the best weights come back; as Keras has it.

    Parameters
    ----------
    monitor : str
        A key of the history, such as 'val_loss'.
    mode : {"min", "max"}
        Which way is better.
    min_delta : float
        An improvement must be greater than this, at least 0.
    patience : int
        Epochs without improvement until the stop.
    start_from_epoch : int
        Earlier epochs are not judged.
    baseline : float or None
        Only an improvement that beats this too ends the waiting.
    restore_best : bool
        Whether the weights of the best epoch are those at the end, however training ended.
    """

    monitor: str = "val_loss"
    mode: Literal["min", "max"] = "min"
    min_delta: float = 0.0
    patience: int = 0
    start_from_epoch: int = 0
    baseline: float | None = None
    restore_best: bool = True


@dataclass(frozen=True)
class ReduceOnPlateau:
    """When the core lowers the learning rate by itself; as Keras's ReduceLROnPlateau has it.

    Parameters
    ----------
    monitor : str
        A key of the history, such as 'val_loss'.
    mode : {"min", "max"}
        Which way is better.
    factor : float
        What the rate is multiplied with, greater than 0 and less than 1.
    patience : int
        Epochs without improvement until then.
    min_delta : float
        An improvement must be greater than this, at least 0.
    cooldown : int
        Epochs after a change in which none is counted.
    min_rate : float
        Where lowering ends, at least 0.
    """

    monitor: str = "val_loss"
    mode: Literal["min", "max"] = "min"
    factor: float = 0.1
    patience: int = 10
    min_delta: float = 1e-4
    cooldown: int = 0
    min_rate: float = 0.0


@dataclass(frozen=True)
class Progress:
    """Where a training stands: `step` of `steps_per_epoch` steps of `epoch` (from 0) are done."""

    epoch: int
    step: int
    steps_per_epoch: int
    loss: float


@dataclass(frozen=True)
class Run:
    """How a training went.

    Attributes
    ----------
    status : str
        Why it ended; 'untrained' before it began. 'converged': within the tolerances of LBFGS.
    history : dict of str to list of float or ndarray
        A value an epoch: 'loss', metrics, and the same of the validation rows after 'val_'. An
        array is a metric of several numbers.
    epochs : int
        Complete ones.
    best_epoch : int or None
        From 0; None without an EarlyStop.
    steps : int
        Updates of the weights.
    seconds : float
        Wall-clock time.
    """

    status: Status
    history: dict[str, list[Any]] = field(default_factory=dict[str, list[Any]])
    epochs: int = 0
    best_epoch: int | None = None
    steps: int = 0
    seconds: float = 0.0


def run_of(report: _core.Report, history: dict[str, list[Any]]) -> Run:
    """Return what a report of the core says."""
    return Run(
        status=cast("Status", report["status"]),
        history=history,
        epochs=len(report["records"]),
        best_epoch=report["best_epoch"] if report["best_epoch"] >= 0 else None,
        steps=report["steps"],
        seconds=report["seconds"],
    )


def divergence(report: _core.Report, learning_rate: float, restores_best: bool) -> str:
    """Say where training diverged, what to do, and which weights are kept."""
    if report["bad_loss"]:
        value = "NaN" if math.isnan(report["bad_value"]) else "infinite"
        event = f", step {report['bad_step'] + 1}: the loss became {value}"
    else:
        event = ": a weight is no longer a finite number"
    kept = report["bad_epoch"]
    if restores_best and report["best_epoch"] >= 0:
        kept = report["best_epoch"] + 1
    which = f"of epoch {kept}" if kept > 0 else "from before this training"
    return (
        f"Training diverged in epoch {report['bad_epoch'] + 1}{event}. Lower learning_rate "
        f"(now {learning_rate:g}) or scale the inputs and targets. "
        f"The weights {which} are kept."
    )
