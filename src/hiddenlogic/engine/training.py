"""One training: weights, optimizer state and threads, kept from one `fit` to the next."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.engine import _core
from hiddenlogic.engine.data_driven import finished_weights, waits_for_rows
from hiddenlogic.engine.dataset import checked_sample_weight
from hiddenlogic.engine.goals import Goal, Goals
from hiddenlogic.engine.instruction_set import isa
from hiddenlogic.engine.lowering import checked_dtype, lower
from hiddenlogic.engine.measures import Measures, early_stop_rule, plateau_rule, values_of
from hiddenlogic.engine.optimizing import core_optimizer, whole_batch
from hiddenlogic.engine.predicting import checked_inputs, predicted_rows
from hiddenlogic.engine.run import EarlyStop, Progress, ReduceOnPlateau, Run, divergence, run_of
from hiddenlogic.engine.scheduled import core_schedule
from hiddenlogic.engine.threads import default_threads
from hiddenlogic.engine.weights import (
    Weights,
    checked_seed,
    checked_weights,
    initial_weights,
    shaped,
)
from hiddenlogic.errors import DivergenceError, ShapeError, StateError
from hiddenlogic.losses import Loss
from hiddenlogic.metrics import Metric
from hiddenlogic.network import Network
from hiddenlogic.optimizers import Optimizer
from hiddenlogic.registry import check_count
from hiddenlogic.schedules import Schedule


class Trainer:
    """A network in training.

    Threads may share one: they take turns. A callable given to `fit` may read the weights, predict
    and evaluate, and `on_epoch` may set the weights; another `fit` of the same trainer it may not
    begin.

    Parameters
    ----------
    network : Network
    loss : Loss or sequence of Goal
        Goals are those of several outputs, with their metrics.
    optimizer : Optimizer
    metrics, weighted_metrics : sequence of Metric
        Of the one output. Measured over the rows of an epoch, exactly: no average of batch values.
        The latter count each row with its weight.
    weights : sequence of ndarray, optional
        Where to start; by default drawn by the network's initializers from `seed`.
    dtype : {"float32", "float64"}
        What everything is computed in.
    seed : int
        Of first weights, order of rows and dropout; from 0 to 2**64 − 1.
    n_threads : int, optional
        At most this many; default every core this process may use. The bits are the same for
        any number.
    adaptive_threads : bool
        Whether batches that are not worth so many threads use fewer.
    shared_penalties : bool
        Whether penalties of weights are divided by the rows of each batch, by their weights where
        the loss divides by these; as scikit-learn has it. Default False, as in Keras.
    instruction_set : str, optional
        One of `available_isas()`; the best by default. The bits are the same for each.

    Raises
    ------
    StateError
        If the last layer does not suit the loss.

    Examples
    --------
    >>> from hiddenlogic import layers, losses, optimizers
    >>> line = Network.sequential(1, [layers.Dense(1)])
    >>> trainer = Trainer(line, loss=losses.get("mse"), optimizer=optimizers.SGD(0.05))
    >>> x = np.array([[-1.0], [0.0], [1.0]])
    >>> run = trainer.fit(x, 2 * x + 3, epochs=1000)
    >>> kernel, bias = trainer.get_weights()
    >>> round(float(kernel[0, 0]), 3), round(float(bias[0]), 3)
    (2.0, 3.0)
    """

    def __init__(
        self,
        network: Network,
        *,
        loss: Loss | Sequence[Goal],
        optimizer: Optimizer,
        metrics: Sequence[Metric] = (),
        weighted_metrics: Sequence[Metric] = (),
        weights: Weights | None = None,
        dtype: str = "float32",
        seed: int = 0,
        n_threads: int | None = None,
        adaptive_threads: bool = True,
        shared_penalties: bool = False,
        instruction_set: str | None = None,
    ) -> None:
        self.network = network
        self.last_run: Run | None = None
        if isinstance(loss, Loss):
            loss = [Goal(loss, tuple(metrics), tuple(weighted_metrics))]
        self._goals = Goals(network, loss)
        self.measured = Measures(self._goals)
        self._turn = threading.RLock()
        self._fitting = False
        self._asking = False
        self._optimizer = optimizer
        self.dtype = checked_dtype(dtype)
        make = _core.TrainerFloat32 if dtype == "float32" else _core.TrainerFloat64
        self.core = make(
            lower(network, self.dtype, from_z=self._goals.from_z),
            isa=instruction_set or isa(),
            objectives=self.measured.lowered(self.dtype),
            optimizer=core_optimizer(optimizer, network, [goal.loss for goal in self._goals.goals]),
            seed=checked_seed(seed),
            threads=default_threads(n_threads),
            adaptive_threads=adaptive_threads,
            shared_penalties=shared_penalties,
        )
        self._seed, self._n_threads = seed, n_threads
        self.set_weights(initial_weights(network, seed) if weights is None else weights)

    @property
    def measures(self) -> tuple[str, ...]:
        """Keys of what is measured on any rows: 'loss', then the metrics."""
        return self.measured.names

    @property
    def learning_rate(self) -> float:
        """The rate of the next step.

        Set to a number, or to a schedule of the steps made since the training began, it holds from
        the next step on; between epochs, as in an `on_epoch`, it may be set while `fit` runs. A
        number that the optimizer would refuse is a RangeError. A schedule whose length is left to
        `fit` is at its beginning before the first one, and at its end after each.
        """
        return self.core.learning_rate()

    @learning_rate.setter
    def learning_rate(self, rate: float | Schedule) -> None:
        self._optimizer = replace(self._optimizer, learning_rate=rate)
        self.core.set_schedule(core_schedule(self._optimizer.schedule))

    def get_weights(self) -> list[NDArray[Any]]:
        """Return copies of the weights: kernel (in, units), then bias (units,), a layer."""
        with self._turn:
            return shaped(self.network, self.core.get_weights())

    def set_weights(self, weights: Weights) -> None:
        """Replace the weights; optimizer state stays.

        Raises
        ------
        ShapeError, DataError
            If they do not fit the network, or hold a NaN.
        StateError
            If an `on_progress` of a running `fit` calls it: a validation may be reading them.
        """
        checked = checked_weights(self.network, weights, self.dtype)
        with self._turn:
            if self._asking:
                raise StateError(
                    "The weights cannot be set by an `on_progress`, in the middle of an epoch. "
                    "Set them between epochs, in an `on_epoch`."
                )
            self.core.set_weights(checked)

    def finish_weights(self, inputs: NDArray[Any], sample_weight: NDArray[Any] | None) -> None:
        """Let training rows finish the weights that wait for them, if all are still as drawn."""
        if self.last_run is not None or not waits_for_rows(self.network):
            return
        drawn = checked_weights(self.network, initial_weights(self.network, self._seed), self.dtype)
        if all(map(np.array_equal, self.get_weights(), drawn)):
            rows = (inputs, sample_weight, self.dtype, self._n_threads)
            self.set_weights(finished_weights(self.network, self._seed, *rows))

    def looks(self) -> int:
        """Return how often LBFGS has looked at the loss and the gradient; 0 for the others."""
        return self.core.looks()

    def threads_for(self, batch_size: int) -> int:
        """Return how many threads a batch of this size is worth, of those allowed."""
        return self.core.threads_for(batch_size)

    def fit(
        self,
        inputs: object,
        targets: object,
        *,
        sample_weight: object = None,
        epochs: int = 1,
        batch_size: int | None = None,
        shuffle: bool = True,
        validation: Sequence[object] | None = None,
        early_stop: EarlyStop | None = None,
        reduce_on_plateau: ReduceOnPlateau | None = None,
        seconds: float | None = None,
        on_epoch: Callable[[int, dict[str, Any]], bool | None] | None = None,
        on_progress: Callable[[Progress], bool | None] | None = None,
    ) -> Run:
        """Train for some epochs, going on where the last call stopped.

        Parameters
        ----------
        inputs : array_like, shape (n, features)
            Finite numbers; whoever calls has checked that.
        targets : array_like, shape (n, columns)
            As many columns as the loss takes: `Loss.target_columns`.
        sample_weight : array_like, shape (n,), optional
            Factor of each row's loss, which the `reduction` of the loss makes one number of.
        epochs : int
            At least 1. An epoch of LBFGS is one iteration, which may take several looks at the
            table.
        batch_size : int, optional
            At least 1; the last batch of an epoch may be smaller. Default 32; LBFGS takes all rows
            together, whether it is left out or larger.
        shuffle : bool
            Whether each epoch has an order of its own. One batch an epoch is never reordered.
        validation : sequence of array_like, optional
            (inputs, targets) or (inputs, targets, sample_weight), measured after each epoch.
        early_stop : EarlyStop, optional
            Judged in the core, after each epoch.
        reduce_on_plateau : ReduceOnPlateau, optional
            The same; the optimizer's rate must be a number.
        seconds : float, optional
            Stops when they are over, in the middle of an epoch if need be.
        on_epoch : callable, optional
            Called with the epoch (from 0) and its values; True stops.
        on_progress : callable, optional
            Called at most 20 times a second; True stops.

        Returns
        -------
        Run
            Also kept as `last_run`.

        Raises
        ------
        RangeError
            If `epochs` or `batch_size` is not a whole number of at least 1, or `early_stop` or
            `reduce_on_plateau` watches a metric of several numbers.
        ShapeError
            If an array does not fit the network or the others.
        DataError
            If an Embedding reads what is no code of its own.
        UnknownNameError
            If `early_stop` or `reduce_on_plateau` watches what is not measured.
        DivergenceError
            If the loss or a weight stopped being finite; the weights of the last good epoch
            (or, with early_stop, of the best) are kept.
        StateError
            If a callable of a running `fit` of this trainer calls it, or the rate that
            `reduce_on_plateau` is to lower is a schedule.
        KeyboardInterrupt
            On Ctrl-C; the weights reached (or the best) are kept.
        """
        epochs = check_count(epochs, "`epochs`")
        rows = self.checked_rows(inputs, targets, sample_weight)
        batch_size = whole_batch(self._optimizer, batch_size, len(rows[0]))
        held_out = (None, None, None)
        if validation is not None:
            weight = validation[2] if len(validation) > 2 else None
            held_out = self.checked_rows(validation[0], validation[1], weight)
        validates = validation is not None
        places = self.measured.places(validates)
        rule = early_stop_rule(early_stop, places)
        plateau = plateau_rule(reduce_on_plateau, places, self._optimizer)

        def epoch_event(epoch: int, record: list[float]) -> bool:
            assert on_epoch is not None
            return bool(on_epoch(epoch, values_of(places, record)))

        def progress_event(epoch: int, step: int, steps: int, loss: float) -> bool:
            assert on_progress is not None
            self._asking = True
            try:
                return bool(on_progress(Progress(epoch, step, steps, loss)))
            finally:
                self._asking = False

        with self._turn, self._in_fit():
            self.finish_weights(rows[0], rows[2])
            report, raised = self.core.fit(
                *rows,
                epochs=epochs,
                batch_size=batch_size,
                shuffle=shuffle,
                validation_inputs=held_out[0],
                validation_targets=held_out[1],
                validation_weight=held_out[2],
                seconds=math.inf if seconds is None else float(seconds),
                early_stop=rule,
                plateau=plateau,
                on_epoch=epoch_event if on_epoch is not None else None,
                on_progress=progress_event if on_progress is not None else None,
            )
            run = run_of(report, self.measured.history(validates, report["records"]))
            self.last_run = run
        if raised is not None:
            raise raised
        if report["status"] == "diverged":
            restores_best = early_stop is not None and early_stop.restore_best
            raise DivergenceError(divergence(report, self.learning_rate, restores_best))
        return run

    @contextmanager
    def _in_fit(self) -> Generator[None]:
        """Refuse a `fit` that a callable of another `fit` of this trainer calls."""
        if self._fitting:
            raise StateError(
                "`fit` was called while another `fit` of the same network is running, by one of "
                "its own callbacks. Let that one end first; predict and evaluate may be called."
            )
        self._fitting = True
        try:
            yield
        finally:
            self._fitting = False

    def evaluate(
        self, inputs: object, targets: object, sample_weight: object = None
    ) -> dict[str, Any]:
        """Return the mean loss (penalties included) and the metrics over the rows."""
        rows = self.checked_rows(inputs, targets, sample_weight)
        with self._turn:
            record = self.core.evaluate(*rows)
        return values_of(self.measured.places(validates=False), record)

    def predict(self, inputs: object) -> NDArray[Any]:
        """Return the outputs, shape (n, outputs); dropout is off."""
        with self._turn:
            return predicted_rows(self.core, self.network, inputs, self.dtype)

    def checked_rows(
        self, inputs: object, targets: object, sample_weight: object
    ) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any] | None]:
        """Return arrays that the core can read in place."""
        x = checked_inputs(self.network, inputs, self.dtype)
        y = self._goals.checked_targets(targets, len(x), self.dtype)
        if len(x) == 0:
            raise ShapeError("`inputs` must have at least one row; got none.")
        return x, y, checked_sample_weight(sample_weight, len(x), self.dtype)
