"""What may listen to a training and stop it, with Keras's names, hooks and defaults."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from typing import Any, Literal, Protocol

from hiddenlogic.errors import UnknownNameError
from hiddenlogic.registry import Parameter, check_count, check_flag, explains_arguments

Logs = dict[str, float]


class Trainable(Protocol):
    """What a callback may do with the model that it listens to."""

    stop_training: bool

    def get_weights(self) -> list[Any]:
        """Return copies of the weights."""
        ...

    def set_weights(self, weights: list[Any]) -> None:
        """Replace the weights."""
        ...


class Callback:
    """Base of the callbacks: override the hooks you need.

    Within a hook, `self.model` is the model that trains and `self.params` has 'epochs', 'steps'
    and 'verbose'. Setting ``self.model.stop_training = True`` ends the training after the epoch.

    Notes
    -----
    The hooks come in Keras's order: on_train_begin, then for each epoch on_epoch_begin,
    (with validation data) on_test_begin and on_test_end, on_epoch_end, and at last on_train_end.
    Steps run in the native core without a way back into Python, so the hooks of batches are not
    called; `fit` refuses a callback that overrides one.
    """

    model: Trainable
    params: dict[str, Any]

    def set_model(self, model: Trainable) -> None:
        """Take the model that is about to train."""
        self.model = model

    def set_params(self, params: dict[str, Any]) -> None:
        """Take what `fit` was asked for."""
        self.params = params

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Run before the first epoch."""

    def on_train_end(self, logs: Logs | None = None) -> None:
        """Run after the last epoch; `logs` are those of that epoch."""

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Run before an epoch, counted from 0."""

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Run after an epoch; `logs` has the loss, the metrics and the same with 'val_'."""

    def on_test_begin(self, logs: Logs | None = None) -> None:
        """Run before the validation of an epoch."""

    def on_test_end(self, logs: Logs | None = None) -> None:
        """Run after the validation of an epoch; the keys of `logs` have no 'val_'."""

    def on_train_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Not called; see the class."""

    def on_train_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Not called; see the class."""

    def on_test_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Not called; see the class."""

    def on_test_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Not called; see the class."""

    def on_batch_begin(self, batch: int, logs: Logs | None = None) -> None:
        """Not called; see the class."""

    def on_batch_end(self, batch: int, logs: Logs | None = None) -> None:
        """Not called; see the class."""


class History(Callback):
    """What a training recorded, a value an epoch.

    Attributes
    ----------
    history : dict of str to list of float
        Keys in alphabetical order, those with 'val_' after the others.
    epoch : list of int
        The epochs, counted from 0.
    """

    def __init__(self) -> None:
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []
        self.params = {}

    def record(self, history: Mapping[str, list[float]]) -> None:
        """Replace what is recorded, in Keras's order of keys."""
        ordered = sorted(history, key=lambda key: (key.startswith("val_"), key))
        self.history = {key: list(history[key]) for key in ordered}
        self.epoch = list(range(max(map(len, self.history.values()), default=0)))


Mode = Literal["auto", "min", "max"]
_MIN_DELTA = Parameter("min_delta", 0.0)
_BASELINE = Parameter("baseline", 0.0)


@explains_arguments()
class EarlyStopping(Callback):
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
        Which direction is better. 'auto' takes 'max' for accuracies, else 'min'.
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
        if mode not in ("auto", "min", "max"):
            raise UnknownNameError(f"`mode` of {owner} must be auto, min or max; got {mode!r}.")
        self.monitor = monitor
        self.min_delta = abs(_MIN_DELTA.check(min_delta, owner))
        self.patience = check_count(patience, f"`patience` of {owner}", least=0)
        self.verbose = verbose
        self.mode: Mode = mode
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

    @property
    def direction(self) -> Literal["min", "max"]:
        """The direction that is better, with 'auto' resolved."""
        if self.mode != "auto":
            return self.mode
        return "max" if "acc" in self.monitor or "auc" in self.monitor else "min"

    def _improves(self, value: float, reference: float | None) -> bool:
        """Whether `value` is better than `reference` by more than `min_delta`; NaN never is."""
        if math.isnan(value):
            return False
        if reference is None:
            return True
        if self.direction == "min":
            return value + self.min_delta < reference
        return value - self.min_delta > reference

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
