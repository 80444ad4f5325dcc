"""Callbacks that set the learning rate between epochs."""

from __future__ import annotations

import inspect
import numbers
import sys
from collections.abc import Callable
from typing import ClassVar

from hiddenlogic.callbacks.callback import Callback, Logs
from hiddenlogic.callbacks.monitoring import Mode, Monitoring
from hiddenlogic.errors import RangeError
from hiddenlogic.registry import Parameter, check_count, explains_arguments

_FACTOR = Parameter("factor", 0.1, low=0.0, high=1.0)
_MIN_LR = Parameter("min_lr", 0.0, low=0.0, low_included=True)


@explains_arguments()
class ReduceLROnPlateau(Monitoring):
    """Lower the learning rate when a monitored value has not improved for some epochs.

    Parameters
    ----------
    monitor : str
        A key of the history. Default 'val_loss'.
    factor : float
        What the rate is multiplied with; greater than 0, less than 1. Default 0.1.
    patience : int
        Epochs without improvement until then, at least 0. Default 10.
    verbose : int
        1 says when the rate changes. Default 0.
    mode : {"auto", "min", "max"}
        Which direction is better. 'auto' takes what the loss or metric says.
    min_delta : float
        Smallest change that counts as an improvement, in units of the value; its sign is ignored.
        Default 0.0001.
    cooldown : int
        Epochs after a change in which none is counted, at least 0. Default 0.
    min_lr : float
        Where lowering ends; at least 0. Default 0.

    Attributes
    ----------
    best : float or None
        The best value.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For an unknown mode or keyword.

    Notes
    -----
    The history gets each epoch's rate as 'learning_rate', as in Keras. Keras only warns when
    `monitor` is not computed; `fit` refuses it here.
    """

    sets_learning_rate: ClassVar[bool] = True

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: Mode = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0.0,
    ) -> None:
        owner = "ReduceLROnPlateau"
        super().__init__(monitor, min_delta, mode)
        self.factor = _FACTOR.check(factor, owner)
        self.patience = check_count(patience, f"`patience` of {owner}", least=0)
        self.verbose = verbose
        self.cooldown = check_count(cooldown, f"`cooldown` of {owner}", least=0)
        self.min_lr = _MIN_LR.check(min_lr, owner)
        self._reset()

    def _reset(self) -> None:
        """Forget an earlier training."""
        self.best: float | None = None
        self.wait = 0
        self.cooldown_counter = 0

    def in_cooldown(self) -> bool:
        """Whether epochs are not counted, after a change."""
        return self.cooldown_counter > 0

    def on_train_begin(self, logs: Logs | None = None) -> None:
        """Start afresh."""
        self._reset()

    def on_epoch_end(self, epoch: int, logs: Logs | None = None) -> None:
        """Compare with the best epoch so far."""
        value = (logs or {}).get(self.monitor)
        if value is None:
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self._improves(value, self.best):
            self.best, self.wait = value, 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience:
                self._reduce(epoch)

    def _reduce(self, epoch: int) -> None:
        rate = self.model.learning_rate
        if rate <= self.min_lr:
            return
        self.model.learning_rate = rate = max(rate * self.factor, self.min_lr)
        self.cooldown_counter, self.wait = self.cooldown, 0
        if self.verbose:
            sys.stdout.write(
                f"\nEpoch {epoch + 1}: ReduceLROnPlateau reducing learning rate to {rate}.\n"
            )


@explains_arguments()
class LearningRateScheduler(Callback):
    """Set the learning rate at the beginning of each epoch.

    Parameters
    ----------
    schedule : callable
        ``schedule(epoch, learning_rate)``, or ``schedule(epoch)``, returns the rate of the epoch;
        epochs are counted from 0.
    verbose : int
        1 says the rate of each epoch. Default 0.

    Raises
    ------
    RangeError
        If `schedule` cannot be called, or what it returns is no number.

    Notes
    -----
    The history gets each epoch's rate as 'learning_rate', as in Keras. For a rate that changes from
    step to step, give the optimizer one of `hiddenlogic.schedules`.
    """

    sets_learning_rate: ClassVar[bool] = True

    def __init__(self, schedule: Callable[..., object], verbose: int = 0) -> None:
        if not callable(schedule):
            raise RangeError(
                "`schedule` of LearningRateScheduler must be a callable of the epoch and the rate; "
                f"got {schedule!r}."
            )
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch: int, logs: Logs | None = None) -> None:
        """Ask for the rate and set it."""
        given = (epoch, self.model.learning_rate)
        if not _takes_two(self.schedule):
            given = (epoch,)
        rate = self.schedule(*given)
        if isinstance(rate, bool) or not isinstance(rate, (float, int, numbers.Real)):
            raise RangeError(
                f"`schedule` of LearningRateScheduler must return a number; got {rate!r} for epoch "
                f"{epoch}."
            )
        self.model.learning_rate = float(rate)
        if self.verbose:
            sys.stdout.write(
                f"\nEpoch {epoch + 1}: LearningRateScheduler setting learning rate to {rate}.\n"
            )


def _takes_two(function: Callable[..., object]) -> bool:
    """Whether a function can be called with the epoch and the rate."""
    try:
        inspect.signature(function).bind(0, 0.0)
    except TypeError:
        return False
    except ValueError:  # a builtin that does not tell
        return True
    return True
