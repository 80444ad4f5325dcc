"""Stopping when nothing gets better."""

from __future__ import annotations

import sys
from typing import Any

from hiddenlogic.callbacks.callback import Logs
from hiddenlogic.callbacks.monitoring import Mode, Monitoring
from hiddenlogic.registry import Parameter, check_count, check_flag, explains_arguments

_BASELINE = Parameter("baseline", 0.0)


@explains_arguments()
class EarlyStopping(Monitoring):
    """Stop when a monitored value has not improved for some epochs.

    Parameters
    ----------
    monitor : str
        A key of the history. Default 'val_loss'.
    min_delta : float
        Smallest change that counts as an improvement, in units of the value; its sign is ignored.
        Default 0.
    patience : int
        Epochs without improvement that are waited for, at least 0. Default 0.
    verbose : int
        1 says when it stops and what it restores. Default 0.
    mode : {"auto", "min", "max"}
        Which direction is better. 'auto' takes what the loss or metric says.
    baseline : float, optional
        A value that must be reached within `patience` epochs.
    restore_best_weights : bool
        Whether the weights of the best epoch are put back at the end. Default False.
    start_from_epoch : int
        Epochs before watching starts, at least 0. Default 0.

    Attributes
    ----------
    best : float or None
        The best value.
    best_epoch, stopped_epoch : int
        Counted from 0. `stopped_epoch` is 0 if training ran to its end.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For an unknown mode or keyword.

    Notes
    -----
    Keras only warns when `monitor` is not computed, and then never stops; `fit` refuses it here.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        min_delta: float = 0.0,
        patience: int = 0,
        verbose: int = 0,
        mode: Mode = "auto",
        baseline: float | None = None,
        restore_best_weights: bool = False,
        start_from_epoch: int = 0,
    ) -> None:
        owner = "EarlyStopping"
        super().__init__(monitor, min_delta, mode)
        self.patience = check_count(patience, f"`patience` of {owner}", least=0)
        self.verbose = verbose
        self.baseline = None if baseline is None else _BASELINE.check(baseline, owner)
        self.restore_best_weights = check_flag(
            restore_best_weights, f"`restore_best_weights` of {owner}"
        )
        self.start_from_epoch = check_count(
            start_from_epoch, f"`start_from_epoch` of {owner}", least=0
        )
        self._reset()

    def _reset(self) -> None:
        """Forget an earlier training."""
        self.best: float | None = None
        self.best_epoch = 0
        self.stopped_epoch = 0
        self.wait = 0
        self.best_weights: list[Any] | None = None

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Start afresh."""
        self._reset()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Compare with the best epoch so far."""
        value = (logs or {}).get(self.monitor)
        if value is None or epoch < self.start_from_epoch:
            return
        if self.restore_best_weights and self.best_weights is None:
            self.best_weights, self.best_epoch = self.model.get_weights(), epoch
        self.wait += 1
        if self._improves(value, self.best):
            self.best, self.best_epoch = value, epoch
            if self.restore_best_weights:
                self.best_weights = self.model.get_weights()
            # Waiting starts again only once the baseline is reached as well.
            if self.baseline is None or self._improves(value, self.baseline):
                self.wait = 0
        elif self.wait >= self.patience and epoch > 0:
            self.stopped_epoch = epoch
            self.model.stop_training = True

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Say what happened and put the best weights back."""
        self.announce()
        if self.restore_best_weights and self.best_weights is not None:
            self.model.set_weights(self.best_weights)

    def announce(self) -> None:
        """Print what Keras prints, if `verbose` asks for it."""
        if not self.verbose:
            return
        if self.stopped_epoch:
            sys.stdout.write(f"Epoch {self.stopped_epoch + 1}: early stopping\n")
        if self.restore_best_weights and self.best is not None:
            sys.stdout.write(
                f"Restoring model weights from the end of the best epoch: {self.best_epoch + 1}.\n"
            )
