"""What follows each epoch: curves, scores, patience. scikit-learn's rules, on the engine's record.

It is called between epochs, once; all else of an epoch runs in the core.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.sklearn.aim import Aim
from hiddenlogic.sklearn.solver import LEAST_DESCENT, Descent


@dataclass(frozen=True)
class HeldOut:
    """Rows that are not trained with.

    Parameters
    ----------
    inputs, targets : ndarray
        As the engine takes them.
    weight : ndarray or None
    labelled : bool
        Whether the score is the share of rows that are wholly right; else it is R².
    threshold : float
        Where an output says yes.
    """

    inputs: NDArray[Any]
    targets: NDArray[Any]
    weight: NDArray[Any] | None
    labelled: bool
    threshold: float

    @property
    def rows(self) -> tuple[object, ...]:
        """What `Trainer.fit` takes."""
        return self.inputs, self.targets, self.weight

    def score(self, outputs: NDArray[Any]) -> float:
        """Return accuracy or R²; NaN where an output is no finite number."""
        if not np.isfinite(outputs).all():
            return math.nan
        if self.labelled:
            return float(np.average(self._right(outputs), weights=self.weight))
        due = np.asarray(self.targets, np.float64)
        width = outputs.shape[1] // due.shape[1]
        return _r2(due, outputs[:, (width - 1) // 2 :: width], self.weight)

    def _right(self, outputs: NDArray[Any]) -> NDArray[np.bool_]:
        if outputs.shape[1] > 1 and self.threshold == math.inf:
            return outputs.argmax(axis=1) == self.targets.argmax(axis=1)
        return ((outputs > self.threshold) == (self.targets > 0.5)).all(axis=1)


def _r2(due: NDArray[Any], found: NDArray[Any], weight: NDArray[Any] | None) -> float:
    """Return the mean of R² over the columns; a constant column counts as scikit-learn has it."""
    mean = np.average(due, axis=0, weights=weight)
    left = np.average((due - found) ** 2, axis=0, weights=weight)
    spread = np.average((due - mean) ** 2, axis=0, weights=weight)
    ratio = np.divide(left, spread, out=np.where(left == 0.0, 0.0, 1.0), where=spread != 0.0)
    return float(np.mean(1.0 - ratio))


def _tell(line: str) -> None:
    """Write what `verbose` asks for."""
    sys.stdout.write(line + "\n")


@dataclass
class Judge:
    """Whoever decides after an epoch whether there is another.

    Parameters
    ----------
    estimator : object
        Whose fitted attributes tell how it goes.
    aim : Aim
    descent : Descent
    rows : int
        Of an epoch.
    constant, held_out_constant : float
        What belongs to the reported losses and is in no record.
    held_out : HeldOut or None
    patient : bool
        Whether the score of the held-out rows decides.
    once : bool
        Whether one epoch is all, whatever it comes to.
    idle : int
        Epochs without improvement so far.
    best_weights : list of ndarray
        Those of the best score so far.
    """

    estimator: Any
    aim: Aim
    descent: Descent
    rows: int
    constant: float
    held_out_constant: float
    held_out: HeldOut | None
    patient: bool
    once: bool
    idle: int
    best_weights: list[NDArray[Any]]
    converged: bool = False

    def __call__(self, epoch: int, values: dict[str, float]) -> bool:
        """Take what an epoch came to; True: it was the last."""
        it = self.estimator
        it.n_iter_ += 1
        it.t_ += self.rows
        it.loss_ = self.aim.reported(values) + self.constant
        it.loss_curve_.append(it.loss_)
        if it.verbose:
            _tell(f"Iteration {it.n_iter_}, loss = {it.loss_:.8f}")
        if self.held_out is not None:
            held_out_loss = self.aim.reported(values, "val_") + self.held_out_constant
            it.validation_loss_curve_.append(held_out_loss)
            self._take_score(
                self.held_out.score(self.descent.trainer.predict(self.held_out.inputs))
            )
        if not self.patient:
            worse = it.loss_ > it.best_loss_ - it.tol
            self.idle = self.idle + 1 if worse else 0
            it.best_loss_ = min(it.best_loss_, it.loss_)
        self.descent.epoch_ended(it.t_)
        return self._is_over()

    def _take_score(self, score: float) -> None:
        it = self.estimator
        it.validation_scores_.append(score)
        if it.verbose:
            _tell(f"Validation score: {score:f}")
        if self.patient:
            worse = score < it.best_validation_score_ + it.tol
            self.idle = self.idle + 1 if worse else 0
        if score > it.best_validation_score_:
            it.best_validation_score_ = score
            if self.patient:
                self.best_weights = self.descent.trainer.get_weights()

    def _is_over(self) -> bool:
        it = self.estimator
        if self.idle > it.n_iter_no_change:
            what = "Validation score" if self.patient else "Training loss"
            why = self.descent.give_up()
            if it.verbose:
                action = why or f"Setting learning rate to {self.descent.learning_rate:f}"
                _tell(
                    f"{what} did not improve more than tol={it.tol:f} for "
                    f"{it.n_iter_no_change} consecutive epochs. {action}"
                )
            if why:
                self.converged = True
            else:
                self.idle = 0
        return self.converged or self.once


@dataclass
class Descending:
    """The same for L-BFGS, which ends where the loss hardly falls or it has looked too often."""

    estimator: Any
    aim: Aim
    constant: float
    looks: Any
    flat: bool = False
    exhausted: bool = False

    def __call__(self, epoch: int, values: dict[str, float]) -> bool:
        """Take what an iteration came to; True: it was the last."""
        it = self.estimator
        it.n_iter_ += 1
        it.loss_ = self.aim.reported(values) + self.constant
        if it.verbose:
            _tell(f"Iteration {it.n_iter_}, loss = {it.loss_:.8f}")
        if it.loss_curve_:
            before = it.loss_curve_[-1]
            fall = before - it.loss_
            self.flat = fall <= LEAST_DESCENT * max(abs(before), abs(it.loss_), 1.0)
        it.loss_curve_.append(it.loss_)
        self.exhausted = self.looks() >= it.max_fun
        return self.flat or self.exhausted
