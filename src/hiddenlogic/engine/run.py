"""What a training run is told to watch for, and what it tells."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Status = Literal["finished", "stopped_early", "stopped", "out_of_time", "interrupted", "diverged"]


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
        Why it ended.
    history : dict of str to list of float
        A value an epoch: 'loss', metrics, and the same of the validation rows after 'val_'.
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
    history: dict[str, list[float]] = field(default_factory=dict[str, list[float]])
    epochs: int = 0
    best_epoch: int | None = None
    steps: int = 0
    seconds: float = 0.0
