"""One network of a population, from its first epoch to its last."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.engine import _core
from hiddenlogic.engine.data_driven import waits_for_rows
from hiddenlogic.engine.dataset import Dataset, checked_sample_weight
from hiddenlogic.engine.measures import early_stop_rule, plateau_rule
from hiddenlogic.engine.optimizing import whole_batch
from hiddenlogic.engine.run import EarlyStop, ReduceOnPlateau, Run, Status, divergence, run_of
from hiddenlogic.engine.training import Trainer
from hiddenlogic.engine.weights import Weights, shaped
from hiddenlogic.errors import StateError
from hiddenlogic.losses import Loss
from hiddenlogic.metrics import Metric
from hiddenlogic.network import Network
from hiddenlogic.optimizers import Optimizer
from hiddenlogic.registry import check_flag

_ENDED = ("converged", "stopped_early", "diverged")


class Member:
    """A network with its rows of a `Dataset`, trained by `train_many`.

    It keeps weights, optimizer state, random streams and the early stop's patience from one call to
    the next, so that 2 epochs and 3 more leave what 5 would have (but for a schedule whose length
    is left open: each call goes through all of it). Beside its weights it holds what
    its optimizer keeps for each of them and, with an early stop, the best ones; dropping it frees
    all.

    Parameters
    ----------
    network : Network
    data : Dataset
        Shared, not copied; its dtype is what the network computes in.
    loss : Loss
    optimizer : Optimizer
    metrics, weighted_metrics : sequence of Metric
        The latter count each row with its weight.
    rows : array_like of int, shape (rows,), optional
        Places of the training rows; a place may come more than once. Default: every row that is not
        among `validation_rows`.
    validation_rows : array_like of int, shape (rows,), optional
        Places of the rows measured after each epoch.
    sample_weight : array_like, shape (n,), optional
        Factor of each row of the data in training, in place of the data's own; such as how often a
        bootstrap drew it.
    weights : sequence of ndarray, optional
        Where to start; by default drawn by the network's initializers from `seed`.
    seed : int
        Of first weights, order of rows and dropout; from 0 to 2**64 − 1.
    batch_size : int, optional
        At least 1; default 32, or all rows for LBFGS.
    shuffle : bool
        Whether each epoch has an order of its own.
    early_stop : EarlyStop, optional
    reduce_on_plateau : ReduceOnPlateau, optional
        Epochs are counted over all calls.

    Raises
    ------
    ShapeError, RangeError, UnknownNameError
        If an argument fits neither the network nor the data, as `Trainer` and `Trainer.fit` say.
    """

    def __init__(
        self,
        network: Network,
        data: Dataset,
        *,
        loss: Loss,
        optimizer: Optimizer,
        metrics: Sequence[Metric] = (),
        weighted_metrics: Sequence[Metric] = (),
        rows: object = None,
        validation_rows: object = None,
        sample_weight: object = None,
        weights: Weights | None = None,
        seed: int = 0,
        batch_size: int | None = None,
        shuffle: bool = True,
        early_stop: EarlyStop | None = None,
        reduce_on_plateau: ReduceOnPlateau | None = None,
    ) -> None:
        self.network = network
        self.data = data
        self._trainer = Trainer(
            network,
            loss=loss,
            optimizer=optimizer,
            metrics=metrics,
            weighted_metrics=weighted_metrics,
            weights=weights,
            dtype=data.dtype,
            seed=seed,
            n_threads=1,
        )
        self._early_stop = early_stop
        self._validates = validation_rows is not None
        held_out = None
        if validation_rows is not None:
            held_out = data.checked_rows(validation_rows, "`validation_rows`")
        training = _others(data, held_out) if rows is None else data.checked_rows(rows, "`rows`")
        weight = checked_sample_weight(sample_weight, len(data), data.dtype)
        weight = data.sample_weight if weight is None else weight
        inputs, targets, _ = self._trainer.checked_rows(data.inputs, data.targets, None)
        if waits_for_rows(network):
            own = slice(None) if training is None else training
            self._trainer.finish_weights(inputs[own], None if weight is None else weight[own])
        places = self._trainer.measured.places(self._validates)
        make = _core.MemberFloat32 if data.dtype == "float32" else _core.MemberFloat64
        self.core = make(
            self._trainer.core,
            inputs=inputs,
            targets=targets,
            weights=weight,
            rows=training,
            validation_weights=data.sample_weight,
            validation_rows=held_out,
            batch_size=whole_batch(
                optimizer, batch_size, len(inputs if training is None else training)
            ),
            shuffle=check_flag(shuffle, "`shuffle`"),
            early_stop=early_stop_rule(early_stop, places),
            plateau=plateau_rule(reduce_on_plateau, places, optimizer),
        )
        self._training = threading.Lock()

    @contextmanager
    def in_training(self, number: int) -> Generator[bool]:
        """Keep others away while the core trains this member; give whether there is more to do.

        Raises
        ------
        StateError
            If another call trains it.
        """
        if not self._training.acquire(blocking=False):
            raise StateError(
                f"Member {number} of `members` is in training already. Wait for that call of "
                "train_many, and give each member once."
            )
        try:
            yield self.core.status() not in _ENDED
        finally:
            self._training.release()

    @property
    def run(self) -> Run:
        """How training went so far, over all calls."""
        report = self._report()
        return run_of(report, self._trainer.measured.history(self._validates, report["records"]))

    @property
    def history(self) -> dict[str, list[Any]]:
        """A value an epoch for each of 'loss', the metrics, and the same after 'val_'."""
        return self.run.history

    @property
    def status(self) -> Status:
        """Why it last stopped; 'untrained' before it began."""
        self._check_idle()
        return cast("Status", self.core.status())

    @property
    def epochs_done(self) -> int:
        """Complete epochs, over all calls."""
        self._check_idle()
        return self.core.epochs_done()

    @property
    def ended(self) -> bool:
        """Whether it converged, stopped early or diverged, so that `train_many` passes it over."""
        return self.status in _ENDED

    @property
    def message(self) -> str:
        """Where it diverged and what to do; empty if it did not."""
        report = self._report()
        if report["status"] != "diverged":
            return ""
        restores_best = self._early_stop is not None and self._early_stop.restore_best
        return divergence(report, self._trainer.learning_rate, restores_best)

    def get_weights(self) -> list[NDArray[Any]]:
        """Return copies of the weights that `Trainer.fit` would have left.

        They are those of the best epoch with an early stop that restores them, else the last ones;
        training goes on from the last ones in either case.
        """
        self._check_idle()
        return shaped(self.network, self.core.get_weights())

    def best_weights(self) -> list[NDArray[Any]]:
        """Return copies of the weights of the best epoch, as the early stop judges.

        Raises
        ------
        StateError
            Without an early stop, or before it has judged an epoch.
        """
        if self.run.best_epoch is None:
            raise StateError(
                "This member has no best epoch: that needs early_stop=EarlyStop(…) and an epoch "
                "trained. Its last weights are get_weights()."
            )
        return shaped(self.network, self.core.best_weights())

    def predict(self, rows: object = None) -> NDArray[Any]:
        """Return the outputs of get_weights() for rows of the data.

        Parameters
        ----------
        rows : array_like of int, shape (rows,), optional
            Their places; every row by default.

        Returns
        -------
        ndarray, shape (rows, outputs)
        """
        self._check_idle()
        return self.core.predict(None if rows is None else self.data.checked_rows(rows, "`rows`"))

    def _report(self) -> _core.Report:
        self._check_idle()
        return self.core.report()

    def _check_idle(self) -> None:
        if self._training.locked():
            raise StateError("This member is in training. Read it when train_many has returned.")


def _others(data: Dataset, held_out: NDArray[np.uint32] | None) -> NDArray[np.uint32] | None:
    """Return the rows that are not held out; None stands for all."""
    if held_out is None:
        return None
    free = np.ones(len(data), dtype=bool)
    free[held_out] = False
    return data.checked_rows(np.flatnonzero(free), "What `validation_rows` leaves")
