"""How an estimator is fitted: its rows, what is held out of them, where training starts."""

from __future__ import annotations

import math
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

import numpy as np

from hiddenlogic.errors import ShapeError, StateError
from hiddenlogic.sklearn import door, solver
from hiddenlogic.sklearn.architecture import Weights
from hiddenlogic.sklearn.fitted import Fitted
from hiddenlogic.sklearn.forward import Array, dense
from hiddenlogic.sklearn.judging import HeldOut
from hiddenlogic.sklearn.training import Job, descend, minimise

if TYPE_CHECKING:
    from typing import Self

    from hiddenlogic.network import Network
    from hiddenlogic.sklearn.aim import Aim

OwnRows = tuple[object, object, object]
"""X_val, y_val, sample_weight_val."""


class Perceptron(Fitted):
    """Base of `MLPRegressor` and `MLPClassifier`, which document parameters and attributes."""

    t_: int
    _best_weights: list[Array]
    _no_improvement_count: int

    @door.checks_parameters(prefer_skip_nested_validation=True)
    def fit(
        self,
        X: object,
        y: object,
        sample_weight: object = None,
        *,
        X_val: object = None,
        y_val: object = None,
        sample_weight_val: object = None,
    ) -> Self:
        """Fit the model.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)
            Sparse rows are made dense.
        y : array-like of shape (n_samples,) or (n_samples, n_outputs)
        sample_weight : array-like of shape (n_samples,), optional
            A row of weight 2 counts as that row twice.
        X_val, y_val, sample_weight_val : array-like, optional
            Rows that are scored after each epoch; with `early_stopping` they decide, and none of
            the others are held out.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            If rows, targets or parameters cannot be learned from, or training diverges.
        """
        return self._fit(X, y, sample_weight, (X_val, y_val, sample_weight_val), incremental=False)

    @abstractmethod
    def _aim(self, columns: int) -> Aim:
        """Return what is trained for, with so many columns of targets."""

    @abstractmethod
    def _validated(self, X: object, y: object, *, incremental: bool, reset: bool) -> Any:
        """Check the rows; return them and a matrix of their targets."""

    @abstractmethod
    def _encoded(self, y: object) -> Array:
        """Return the targets of held-out rows as a matrix."""

    def _weights_of_classes(self, y: object, incremental: bool) -> Array | None:
        """Return what rows weigh by their classes."""
        del y, incremental
        return None

    def _yes_above(self) -> float:
        """Return from where on an output says yes; infinity: the largest of them does."""
        return math.inf

    def _fit(
        self, X: object, y: object, sample_weight: object, own_rows: OwnRows, *, incremental: bool
    ) -> Self:
        hidden = self._hidden()
        first = not hasattr(self, "coefs_") or not (self.warm_start or incremental)
        inputs, targets = self._validated(X, y, incremental=incremental, reset=first)
        weight = None
        if sample_weight is not None:
            weight = door.checked_sample_weight(sample_weight, inputs)
        if (of_classes := self._weights_of_classes(y, incremental)) is not None:
            weight = of_classes if weight is None else weight * of_classes
        inputs = dense(inputs)
        aim = self._aim(targets.shape[1])
        self.n_outputs_ = aim.columns
        network = hidden.network(inputs.shape[1], aim.outputs, aim.function, self.alpha)
        random = door.check_random_state(self.random_state)
        if first:
            self._store(hidden.first_weights(network, random).astype(inputs.dtype))
            self._begin(network, aim)
        elif not self._weights().fits(network):
            raise ShapeError(
                f"The weights of the last fit do not fit a network of {inputs.shape[1]} features, "
                f"hidden layers of {hidden.units} and {aim.outputs} outputs, with which "
                "warm_start and partial_fit go on. Make a new estimator."
            )
        self._network = network
        if self.early_stopping and incremental and own_rows[0] is None:
            raise StateError(
                "partial_fit does not support early_stopping=True without rows to judge by. Pass "
                "X_val and y_val."
            )
        held_out, kept = self._held_out(inputs, targets, weight, own_rows, random, incremental)
        job = Job(
            estimator=self,
            network=network,
            aim=aim,
            weights=self._weights().in_order(network),
            inputs=inputs[kept],
            targets=targets[kept],
            weight=None if weight is None else weight[kept],
            held_out=held_out,
            seed=int(random.randint(2**31 - 1)),
            dtype=self._computed_in(inputs, incremental),
        )
        self._train(job.converted(), incremental)
        return self

    def _begin(self, network: Network, aim: Aim) -> None:
        """Set what a first fit begins with."""
        self.t_ = 0
        self.n_layers_ = len(self.coefs_) + 1
        self.out_activation_ = aim.out_activation
        self._best_weights = self._weights().in_order(network)
        self._no_improvement_count = 0
        self.loss_curve_: list[float] = []
        self.validation_loss_curve_: list[float] | None = None
        self.validation_scores_: list[float] | None = None
        self.best_validation_score_: float | None = None
        self.best_loss_ = None if self.early_stopping else math.inf

    def _held_out(
        self,
        inputs: Array,
        targets: Array,
        weight: Array | None,
        own_rows: OwnRows,
        random: np.random.RandomState,
        incremental: bool,
    ) -> tuple[HeldOut | None, Any]:
        """Return the rows to judge by, and which rows are left to train with."""
        every = slice(None)
        X_val, y_val, weight_val = own_rows
        if X_val is not None:
            rows = dense(door.validate_data(self, X_val, accept_sparse=["csr", "csc"], reset=False))
            due = self._encoded(y_val)
            if len(due) != len(rows):
                raise ShapeError(
                    f"`X_val` and `y_val` must have as many rows; got {len(rows)} and {len(due)}."
                )
            if weight_val is not None:
                weight_val = door.checked_sample_weight(weight_val, rows)
            return self._judging(rows, due, weight_val), every
        if not self.early_stopping or incremental or solver.is_lbfgs(self.solver):
            return None, every
        stratifies = door.is_classifier(self) and targets.shape[1] == 1
        kept, held = door.train_test_split(
            np.arange(len(inputs)),
            random_state=random,
            test_size=self.validation_fraction,
            stratify=targets.astype(bool) if stratifies else None,
        )
        if len(held) < 2:
            raise ShapeError(
                "The validation set is too small. Increase 'validation_fraction' or the size of "
                "your dataset."
            )
        held_weight = None if weight is None else weight[held]
        return self._judging(inputs[held], targets[held], held_weight), kept

    def _judging(self, rows: Array, due: Array, weight: Any) -> HeldOut:
        if self.validation_scores_ is None:
            self.validation_scores_, self.validation_loss_curve_ = [], []
            self.best_validation_score_ = -math.inf
        return HeldOut(rows, due, weight, door.is_classifier(self), self._yes_above())

    def _computed_in(self, inputs: Array, incremental: bool) -> str:
        """Return the dtype of the computation.

        Float64 where all rows make one batch, or L-BFGS compares losses: nothing but rounding tells
        the weights from scikit-learn's there. Where batches are shuffled, their order changes the
        weights far more than float32 does, which is faster.
        """
        if self.dtype != "auto":
            return self.dtype
        if incremental and hasattr(self, "_optimizer"):
            return self._optimizer.trainer.dtype
        least = 200 if isinstance(self.batch_size, str) else self.batch_size
        one_batch = len(inputs) <= least and inputs.dtype == np.float64
        return "float64" if one_batch or solver.is_lbfgs(self.solver) else "float32"

    def _train(self, job: Job, incremental: bool) -> None:
        """Train, and keep what comes of it."""
        self.n_iter_ = 0
        dtype = self.coefs_[0].dtype
        if solver.is_lbfgs(self.solver):
            self.loss_curve_ = []
            trainer = job.trainer()
            minimise(job, trainer)
            found = trainer.get_weights()
        else:
            descent = self._descent(job, incremental)
            judge = descend(
                job,
                descent,
                once=incremental,
                idle=self._no_improvement_count,
                best=getattr(self, "_best_weights", job.weights),
            )
            self._no_improvement_count = judge.idle
            self._best_weights = judge.best_weights
            self.stopped_early_ = judge.converged
            restores = self.early_stopping and (judge.converged or not incremental)
            found = judge.best_weights if restores else descent.trainer.get_weights()
        self._store(Weights.of(job.network, found).astype(dtype))

    def _descent(self, job: Job, incremental: bool) -> solver.Descent:
        """Return a training from these weights: a new one, or what partial_fit goes on with."""
        going_on = getattr(self, "_optimizer", None) if incremental else None
        if going_on is not None and going_on.trainer.network == job.network:
            going_on.trainer.set_weights(job.weights)
            return going_on
        self._optimizer = solver.Descent.of(job.trainer(), self)
        return self._optimizer
