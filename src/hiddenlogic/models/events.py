"""From the engine's epochs to Keras's hooks."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

from hiddenlogic.callbacks import Callback, EarlyStopping, Logs, Monitoring, Trainable
from hiddenlogic.errors import RangeError, StateError, UnknownNameError
from hiddenlogic.metrics import check_single
from hiddenlogic.models.compilation import Compilation
from hiddenlogic.schedules import Schedule
from hiddenlogic.training.progress import Display

if TYPE_CHECKING:
    from hiddenlogic.engine import EarlyStop, Progress, Run

_BATCH_HOOKS = tuple(name for name in vars(Callback) if "_batch_" in name)


def read_callbacks(value: object) -> list[Callback]:
    """Return the callbacks as a list; what would be ignored in silence is refused.

    Raises
    ------
    RangeError
        If one is no Callback.
    StateError
        If one wants to hear of each batch.
    """
    if value is None:
        return []
    given = list(cast("Iterable[object]", value)) if isinstance(value, (list, tuple)) else [value]
    found: list[Callback] = []
    for one in given:
        if not isinstance(one, Callback):
            way_out = " Make one: EarlyStopping()." if one is EarlyStopping else ""
            raise RangeError(
                f"`callbacks` must hold callbacks, derived from hiddenlogic.callbacks.Callback; "
                f"got {one!r}.{way_out}"
            )
        for hook in _BATCH_HOOKS:
            if getattr(type(one), hook) is not getattr(Callback, hook):
                raise StateError(
                    f"{type(one).__name__} overrides `{hook}`, but steps run in the native core "
                    "and call no hook. Use on_epoch_end, or several epochs on fewer rows."
                )
        found.append(one)
    return found


def check_callbacks(
    callbacks: Sequence[Callback], available: Mapping[str, slice], compilation: Compilation
) -> None:
    """Refuse callbacks that this training has nothing for; tell the others which way is better.

    Parameters
    ----------
    callbacks : sequence of Callback
    available : mapping of str to slice
        Keys of the history, with the numbers of a record that each is.
    compilation : Compilation

    Raises
    ------
    UnknownNameError
        If one watches what is not computed: before training starts, where Keras warns after every
        epoch and does nothing.
    RangeError
        If one watches a metric of several numbers.
    StateError
        If one sets the learning rate, but the optimizer has a schedule of it.
    """
    optimizer = compilation.optimizer
    maximised = compilation.maximised()
    for one in callbacks:
        name = type(one).__name__
        if isinstance(one, Monitoring):
            one.maximises = one.monitor.removeprefix("val_") in maximised
        if isinstance(one, Monitoring) and one.monitor not in available:
            bare = one.monitor.removeprefix("val_")
            way_out = ""
            if bare != one.monitor and bare in available:
                way_out = f" Pass validation_split or validation_data, or monitor={bare!r}."
            raise UnknownNameError(
                f"{name} watches {one.monitor!r}, which this training does not compute. "
                f"It computes {', '.join(available)}.{way_out}"
            )
        if isinstance(one, Monitoring):
            numbers = available[one.monitor]
            check_single(name, one.monitor, numbers.stop - numbers.start)
        if one.sets_learning_rate and isinstance(optimizer.learning_rate, Schedule):
            raise StateError(
                f"{name} sets the learning rate, but the optimizer has a schedule of it, "
                f"{type(optimizer.learning_rate).__name__}. Give the optimizer a number."
            )


def native_stop(callbacks: Sequence[Callback]) -> tuple[EarlyStopping, EarlyStop] | None:
    """Return the one EarlyStopping that the engine can do by itself, if there is no other callback.

    Beside other callbacks it runs in Python, so that all hooks come in Keras's order.
    """
    if len(callbacks) != 1 or type(callbacks[0]) is not EarlyStopping:
        return None
    from hiddenlogic.engine import EarlyStop

    stopping = callbacks[0]
    return stopping, EarlyStop(
        monitor=stopping.monitor,
        mode=stopping.direction,
        min_delta=stopping.min_delta,
        patience=stopping.patience,
        start_from_epoch=stopping.start_from_epoch,
        baseline=stopping.baseline,
        restore_best=stopping.restore_best_weights,
    )


def report_native_stop(stopping: EarlyStopping, run: Run) -> None:
    """Let the callback tell what the engine did in its place."""
    stopping.on_train_begin()
    if run.best_epoch is not None:
        stopping.best_epoch = run.best_epoch
        stopping.best = run.history[stopping.monitor][run.best_epoch]
    if run.status == "stopped_early":
        stopping.stopped_epoch = run.epochs - 1
    stopping.announce()


class Listener:
    """Hears of each epoch from the engine; calls the hooks and prints the lines.

    Parameters
    ----------
    model : Trainable
        What callbacks see.
    callbacks : sequence of Callback
        In the order in which they are called.
    display : Display
        Prints, or not.
    epochs : int
        How many were asked for.
    validates : bool
        Whether the hooks of the validation are due.

    Attributes
    ----------
    learning_rates : list of float
        Of each epoch's last step, if a callback wants them recorded.
    """

    def __init__(
        self,
        model: Trainable,
        callbacks: Sequence[Callback],
        display: Display,
        *,
        epochs: int,
        validates: bool,
    ) -> None:
        self._model = model
        self._callbacks = callbacks
        self._display = display
        self._epochs = epochs
        self._validates = validates
        self._records_rate = any(one.sets_learning_rate for one in callbacks)
        self.learning_rates: list[float] = []
        self._last_logs: Logs = {}
        self._began = time.monotonic()

    def begin(self, params: dict[str, Any]) -> None:
        """Tell that the training starts."""
        for one in self._callbacks:
            one.set_params(params)
            one.set_model(self._model)
        self._model.stop_training = False
        self._call("on_train_begin")
        self._call("on_epoch_begin", 0)
        self._began = time.monotonic()

    def epoch(self, epoch: int, logs: Logs) -> bool:
        """Tell that an epoch ended; return whether training should stop."""
        if self._records_rate:
            self.learning_rates.append(self._model.learning_rate)
            logs = logs | {"learning_rate": self.learning_rates[-1]}
        self._display.epoch(epoch, logs, time.monotonic() - self._began)
        self._last_logs = logs
        if self._callbacks:
            if self._validates:
                test_logs = {
                    key.removeprefix("val_"): value
                    for key, value in logs.items()
                    if key.startswith("val_")
                }
                self._call("on_test_begin")
                self._call("on_test_end", logs=test_logs)
            self._call("on_epoch_end", epoch, logs=logs)
            if not self._model.stop_training and epoch + 1 < self._epochs:
                self._call("on_epoch_begin", epoch + 1)
        self._began = time.monotonic()
        return self._model.stop_training

    def progress(self, progress: Progress) -> None:
        """Repaint the bar within an epoch."""
        seconds = time.monotonic() - self._began
        self._display.running(progress.epoch, progress.step, progress.loss, seconds)

    def end(self) -> None:
        """Tell that the training is over."""
        self._display.close()
        self._call("on_train_end", logs=self._last_logs)

    def _call(self, hook: str, *epoch: int, logs: Logs | None = None) -> None:
        """Call a hook of each callback with a copy of the logs, which one may well change."""
        for one in self._callbacks:
            getattr(one, hook)(*epoch, dict(logs or {}))
