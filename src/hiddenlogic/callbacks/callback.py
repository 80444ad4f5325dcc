"""What all callbacks have in common, and what a training records."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

# A number a key, or an array where a metric is several.
Logs = dict[str, Any]


class Trainable(Protocol):
    """What a callback may do with the model that it listens to."""

    stop_training: bool

    @property
    def learning_rate(self) -> float:
        """The learning rate of the next step."""
        ...

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None: ...

    def get_weights(self) -> list[Any]:
        """Return copies of the weights."""
        ...

    def set_weights(self, weights: list[Any]) -> None:
        """Replace the weights."""
        ...


class Callback:
    """Base of the callbacks: override the hooks you need.

    Within a hook, `self.model` is the model that trains and `self.params` has 'epochs', 'steps'
    and 'verbose'. Setting ``self.model.stop_training = True`` ends the training after the epoch;
    ``self.model.learning_rate`` is the rate of the next step and may be set.

    Notes
    -----
    The hooks come in Keras's order: on_train_begin, then for each epoch on_epoch_begin,
    (with validation data) on_test_begin and on_test_end, on_epoch_end, and at last on_train_end.
    Steps run in the native core without a way back into Python, so the hooks of batches are not
    called; `fit` refuses a callback that overrides one.
    """

    # Whether it does; then the history gets the rate of each epoch as 'learning_rate'.
    sets_learning_rate: ClassVar[bool] = False

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
    history : dict of str to list of float or ndarray
        Keys in alphabetical order, those with 'val_' after the others. A metric of several numbers
        has an array an epoch.
    epoch : list of int
        The epochs, counted from 0.
    """

    def __init__(self) -> None:
        self.history: dict[str, list[Any]] = {}
        self.epoch: list[int] = []
        self.params = {}

    def record(self, history: Mapping[str, list[Any]]) -> None:
        """Replace what is recorded, in Keras's order of keys."""
        ordered = sorted(history, key=lambda key: (key.startswith("val_"), key))
        self.history = {key: list(history[key]) for key in ordered}
        self.epoch = list(range(max(map(len, self.history.values()), default=0)))
