"""One call of `fit` or `partial_fit`, from checked arrays to weights."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.engine import Trainer
from hiddenlogic.errors import DivergenceError
from hiddenlogic.network import Network
from hiddenlogic.sklearn import solver
from hiddenlogic.sklearn.aim import Aim
from hiddenlogic.sklearn.door import ConvergenceWarning
from hiddenlogic.sklearn.judging import Descending, HeldOut, Judge

NOT_FINITE = (
    "Solver produced non-finite parameter weights. The input data may contain large values and "
    "need to be preprocessed."
)
_MORE = "\n\nIncrease the number of iterations to improve the convergence (max_iter={})."
_SCALE = (
    "\nYou might also want to scale the data as shown in:\n"
    "    https://scikit-learn.org/stable/modules/preprocessing.html"
)


class NonFiniteError(DivergenceError, ValueError):
    """Training whose loss or weights stopped being finite, as scikit-learn raises it."""


@dataclass
class Job:
    """What is to be trained, on which rows, from which weights.

    Parameters
    ----------
    estimator : object
        Its parameters say how; its fitted attributes are told how it goes.
    network : Network
    aim : Aim
    weights : list of ndarray
        Where training starts.
    inputs, targets, weight : ndarray or None
        Of the rows, as the engine takes them.
    held_out : HeldOut or None
    seed : int
    dtype : {"float32", "float64"}
        Of the computation.
    """

    estimator: Any
    network: Network
    aim: Aim
    weights: list[NDArray[Any]]
    inputs: NDArray[Any]
    targets: NDArray[Any]
    weight: NDArray[Any] | None
    held_out: HeldOut | None
    seed: int
    dtype: str

    def trainer(self) -> Trainer:
        """Return a training that has not begun."""
        return Trainer(
            self.network,
            loss=[self.aim.goal],
            optimizer=solver.optimizer(self.estimator),
            weights=self.weights,
            dtype=self.dtype,
            seed=self.seed,
            n_threads=self.estimator.n_threads,
            shared_penalties=True,
        )

    def converted(self) -> Job:
        """Return the same with arrays of its dtype; what that cannot hold is infinite."""
        held_out = self.held_out
        if held_out is not None:
            held_out = replace(
                held_out,
                inputs=self._array(held_out.inputs),
                targets=self._array(self.aim.encoded(held_out.targets)),
            )
        return replace(
            self,
            inputs=self._array(self.inputs),
            targets=self._array(self.aim.encoded(self.targets)),
            held_out=held_out,
        )

    def _array(self, values: NDArray[Any]) -> NDArray[Any]:
        with np.errstate(over="ignore"):
            return np.ascontiguousarray(values, dtype=self.dtype)

    @property
    def rows(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Inputs and targets."""
        return self.inputs, self.targets


def descend(
    job: Job, descent: solver.Descent, *, once: bool, idle: int, best: list[NDArray[Any]]
) -> Judge:
    """Train in batches, epoch after epoch, until patience or `max_iter` is over.

    Returns
    -------
    Judge
        With the epochs without improvement, and the weights of the best score.

    Raises
    ------
    NonFiniteError
        If training diverges and no best weights are kept.
    """
    it, held_out = job.estimator, job.held_out
    rows = len(job.inputs)
    judge = Judge(
        estimator=it,
        aim=job.aim,
        descent=descent,
        rows=rows,
        constant=job.aim.constant(job.targets, job.weight),
        held_out_constant=(
            0.0 if held_out is None else job.aim.constant(held_out.targets, held_out.weight)
        ),
        held_out=held_out,
        patient=it.early_stopping,
        once=once,
        idle=idle,
        best_weights=best,
    )
    try:
        descent.trainer.fit(
            *job.rows,
            sample_weight=job.weight,
            epochs=1 if once else it.max_iter,
            batch_size=_batch_size(it.batch_size, rows),
            shuffle=it.shuffle,
            validation=None if held_out is None else held_out.rows,
            on_epoch=judge,
        )
    except KeyboardInterrupt:
        warnings.warn("Training interrupted by user.", stacklevel=4)
        return judge
    except DivergenceError as problem:
        _diverged(judge, problem)
        return judge
    if it.n_iter_ == it.max_iter and not judge.converged and not once:
        warnings.warn(
            f"Stochastic Optimizer: Maximum iterations ({it.max_iter}) reached and the "
            "optimization hasn't converged yet.",
            ConvergenceWarning,
            stacklevel=4,
        )
    return judge


def _batch_size(given: int | str, rows: int) -> int:
    """Return the rows of a batch: scikit-learn's 'auto' is 200."""
    if isinstance(given, str):
        return min(200, rows)
    if given > rows:
        warnings.warn(
            "Got `batch_size` less than 1 or larger than sample size. It is going to be clipped",
            stacklevel=5,
        )
    return min(given, rows)


def _diverged(judge: Judge, problem: DivergenceError) -> None:
    """Tell of an epoch that came to no number: where best weights are kept it is the last."""
    it = judge.estimator
    if not judge.patient:
        raise NonFiniteError(f"{NOT_FINITE} {problem}") from problem
    it.n_iter_ += 1
    it.t_ += judge.rows
    it.loss_ = math.nan
    it.loss_curve_.append(math.nan)
    it.validation_loss_curve_.append(math.nan)
    it.validation_scores_.append(math.nan)
    warnings.warn(str(problem), ConvergenceWarning, stacklevel=5)


def minimise(job: Job, trainer: Trainer) -> None:
    """Train by L-BFGS on the whole table, until it converges or `max_iter` or `max_fun` is over."""
    it = job.estimator
    judge = Descending(it, job.aim, job.aim.constant(job.targets, job.weight), trainer.looks)
    try:
        run = trainer.fit(*job.rows, sample_weight=job.weight, epochs=it.max_iter, on_epoch=judge)
    except DivergenceError as problem:
        raise NonFiniteError(f"{NOT_FINITE} {problem}") from problem
    if judge.flat or run.status == "converged":
        return
    what = "F,G EVALUATIONS EXCEEDS" if judge.exhausted else "ITERATIONS REACHED"
    warnings.warn(
        f"lbfgs failed to converge after {it.n_iter_} iteration(s) (status=1):\n"
        f"STOP: TOTAL NO. OF {what} LIMIT"
        + ("" if judge.exhausted else _MORE.format(it.max_iter))
        + _SCALE,
        ConvergenceWarning,
        stacklevel=4,
    )
