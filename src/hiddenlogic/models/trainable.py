"""Training, measuring, predicting and saving: what all models do in Keras's words."""

from __future__ import annotations

import time
from abc import abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.callbacks import Callback, History
from hiddenlogic.errors import StateError
from hiddenlogic.losses import Loss
from hiddenlogic.models import events, fitting
from hiddenlogic.models.compilation import Compilation
from hiddenlogic.models.fit_data import Reader, split_last
from hiddenlogic.models.fitting import Plan
from hiddenlogic.models.layered import Layered
from hiddenlogic.models.named import LossSpecs, LossWeights, MetricSpecs
from hiddenlogic.models.network_data import read_inputs
from hiddenlogic.optimizers import Optimizer, OptimizerSpec
from hiddenlogic.registry import check_count, check_flag, explains_keywords
from hiddenlogic.training.progress import Display, verbosity

if TYPE_CHECKING:
    from hiddenlogic.engine import Trainer

# Keras's own default, of fit and of evaluate.
_BATCH_SIZE = 32

# What `predict` returns.
Predicted = TypeVar("Predicted")


class TrainableModel(Layered, Generic[Predicted]):
    """Base of the models: what `compile` settles and `fit` trains, once the layers are known."""

    _compilation: Compilation | None = None

    @property
    def optimizer(self) -> Optimizer | None:
        """The optimizer given to `compile`."""
        return None if self._compilation is None else self._compilation.optimizer

    @property
    def learning_rate(self) -> float:
        """Of the next step; between epochs, callbacks may set it."""
        return self._ready_trainer().learning_rate

    @learning_rate.setter
    def learning_rate(self, rate: float) -> None:
        self._ready_trainer().learning_rate = rate

    @property
    def loss(self) -> Loss | list[Loss] | None:
        """The loss given to `compile`; those of several outputs in a list."""
        if self._compilation is None or not self._compilation.has_loss:
            return None
        found = [one.required_loss() for one in self._compilation.objectives]
        return found[0] if len(found) == 1 else found

    @property
    def metrics_names(self) -> list[str]:
        """The keys of `evaluate`: 'loss', that of each of several outputs, then the metrics."""
        return self._compiled().keys()

    @explains_keywords
    def compile(
        self,
        optimizer: OptimizerSpec = "adam",
        loss: LossSpecs | None = None,
        loss_weights: LossWeights | None = None,
        metrics: MetricSpecs | None = None,
        weighted_metrics: MetricSpecs | None = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
    ) -> None:
        """Choose optimizer, loss and metrics. The weights stay, the optimizer starts afresh.

        Parameters
        ----------
        optimizer : str or Optimizer
            Default 'adam'; Keras's is 'rmsprop'.
        loss : str or Loss, or list or dict of these
            Needed by `fit` and `evaluate`. Of several outputs: a list in their order, a dict by
            the names of their layers, or one for all.
        loss_weights : list or dict of float, optional
            Factors, at least 0, of the outputs' losses in the whole. Default 1 each.
        metrics, weighted_metrics : sequence of str or Metric, or list or dict of these, optional
            'accuracy' and 'log_loss' are resolved by the loss. The former count each row once, the
            latter with its `sample_weight`. Of several outputs: a list of lists, or a dict.
        run_eagerly, steps_per_execution, jit_compile : optional
            Taken for Keras's sake and without effect: steps always run in the native core.

        Raises
        ------
        UnknownNameError
            For an unknown name, or a metric that means nothing for the loss.
        ShapeError
            If a list or a dict has no entry for an output, or one too many.
        RangeError
            If a factor is no such number, or two measures would have one key in the history.
        """
        compilation = Compilation.create(
            optimizer, loss, metrics, weighted_metrics, loss_weights, self.output_names
        )
        if self._network is not None and compilation.has_loss:
            compilation.check_outputs(self._network)
        if self._trainer is not None:
            self._initial, self._trainer = self.get_weights(), None
        self._compilation = compilation

    @explains_keywords
    def fit(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        epochs: int = 1,
        verbose: int | str = "auto",
        callbacks: Sequence[Callback] | Callback | None = None,
        validation_split: float = 0.0,
        validation_data: Any = None,
        shuffle: bool = True,
        class_weight: Any = None,
        sample_weight: Any = None,
    ) -> History:
        """Train for a number of epochs; a second call goes on where the first stopped.

        Parameters
        ----------
        x, y : array_like or DataFrame of numbers
            Shape (n, features) and (n, outputs); (n,) is taken as (n, 1). Lists and numbers will
            do. The index of the class, (n,), for sparse_categorical_crossentropy. Of several
            inputs or outputs: a list in their order, or a dict by the names of their layers.
        batch_size : int, optional
            Rows of a step, at least 1; the last may have fewer. Default 32.
        epochs : int
            At least 1. Default 1.
        verbose : {0, 1, 2, "auto"}
            Nothing, a bar, or one line an epoch. 'auto' is 1.
        callbacks : sequence of Callback, optional
            A single EarlyStopping runs natively.
        validation_split : float
            At least 0, less than 1: this share of the rows, the last ones before shuffling, is
            held back. Default 0.
        validation_data : tuple, optional
            (x, y) or (x, y, sample_weight); stands over `validation_split`.
        shuffle : bool
            Whether each epoch takes the rows in a new order. Default True.
        class_weight : dict of int to float, or "balanced", optional
            How much the rows of a class count in training, times their `sample_weight`; 1 for the
            classes left out. 'balanced': each class as much as any other, as in scikit-learn.
        sample_weight : array_like, optional
            Shape (n,), each at least 0: how much the loss of a row counts. Default 1 each.

        Returns
        -------
        History
            A new one, which is also kept as `history`.

        Raises
        ------
        StateError
            If `compile` was not called, the last layer does not suit the loss, or there is no
            weight to train.
        ShapeError, DataError, RangeError, UnknownNameError
            If data or settings cannot be used; said before the first step.
        DivergenceError
            If the loss stops being a finite number; the weights of the last good epoch are kept.

        Notes
        -----
        Ctrl-C raises KeyboardInterrupt once weights and history are stored.
        """
        compilation = self._compiled()
        compilation.check_loss()
        if batch_size is not None:
            check_count(batch_size, "`batch_size` of fit")
        check_count(epochs, "`epochs` of fit")
        check_flag(shuffle, "`shuffle` of fit")
        display_mode = verbosity(verbose, "`verbose` of fit")
        hooks = events.read_callbacks(callbacks)
        self._ensure_built(x)
        if not self.count_params():
            raise StateError(f"{self.name!r} has no weights to train. Add a Dense layer.")
        reader = Reader(self.network, compilation.objectives, self.dtype)
        rows, held_back = reader.read(x, y, sample_weight), None
        if validation_data is not None:
            held_back = reader.read_validation(validation_data)
        else:
            rows, held_back = split_last(rows, validation_split)
        rows = reader.weighed(rows, class_weight)
        from hiddenlogic.engine.optimizing import whole_batch

        size = whole_batch(compilation.optimizer, batch_size, len(rows), "`batch_size` of fit")
        trainer = self._ready_trainer()
        events.check_callbacks(hooks, trainer.measured.places(held_back is not None), compilation)
        self.history = history = History()
        plan = Plan(rows, held_back, hooks, display_mode, epochs, size, shuffle)
        fitting.fit(self, trainer, plan, history)
        return history

    @explains_keywords
    def evaluate(
        self,
        x: Any = None,
        y: Any = None,
        batch_size: int | None = None,
        verbose: int | str = "auto",
        sample_weight: Any = None,
        return_dict: bool = False,
    ) -> float | list[Any] | dict[str, Any]:
        """Compute the loss and the metrics over rows, without dropout and without training.

        Parameters
        ----------
        x, y, sample_weight : array_like
            As in `fit`.
        batch_size : int, optional
            Taken for Keras's sake; the result does not depend on it.
        verbose : {0, 1, 2, "auto"}
            Whether a line is printed.
        return_dict : bool
            Whether the result is a dict by key.

        Returns
        -------
        float, list of float, or dict
            The loss; with metrics a list, the loss first. A metric of several numbers is an array.
        """
        compilation = self._compiled()
        size = _BATCH_SIZE if batch_size is None else batch_size
        size = check_count(size, "`batch_size` of evaluate")
        mode = verbosity(verbose, "`verbose` of evaluate")
        self._ensure_built(x)
        compilation.check_loss()
        reader = Reader(self.network, compilation.objectives, self.dtype)
        rows = reader.read(x, y, sample_weight)
        began = time.monotonic()
        found = self._ready_trainer().evaluate(
            rows.inputs, rows.targets, sample_weight=rows.sample_weight
        )
        display = Display(mode, epochs=1, steps=-(-len(rows) // size))
        display.epoch(0, found, time.monotonic() - began)
        display.close()
        if return_dict:
            return {key: found[key] for key in self.metrics_names}
        values = [found[key] for key in self.metrics_names]
        return values[0] if len(values) == 1 else values

    @explains_keywords
    def predict(
        self, x: Any, batch_size: int | None = None, verbose: int | str = "auto"
    ) -> Predicted:
        """Return the outputs of the network.

        Parameters
        ----------
        x : array_like or DataFrame of numbers
            Shape (n, features); (n,) is taken as (n, 1), where rows have one feature. Of several
            inputs: a list or a dict, as in `fit`.
        batch_size, verbose : optional
            Taken for Keras's sake: rows do not depend on each other, and nothing is printed.

        Returns
        -------
        ndarray of the model's dtype, shape (n, units), or a list of these
            A list where there are several outputs, in their order.
        """
        self._ensure_built(x)
        inputs = read_inputs(self.network, x, "x", self.dtype)
        if self._trainer is not None:
            return self._read_outputs(self._trainer.predict(inputs))
        from hiddenlogic import engine

        outputs = engine.predict(self.network, self._initial, inputs, dtype=self.dtype)
        return self._read_outputs(outputs)

    def __call__(self, inputs: Any, training: bool = False) -> Predicted:
        """Return `predict` of `inputs`; Keras's other spelling.

        Raises
        ------
        StateError
            If `training` is asked for: only `fit` trains.
        """
        if training:
            raise StateError("Calling a model with training=True is not possible. Use fit().")
        return self.predict(inputs)

    def _optimizer_numbers(self) -> int:
        """Count what the optimizer keeps, once it has taken a step."""
        if self._trainer is None or self._trainer.last_run is None:
            return 0
        return self.network.n_trainable * self._compiled().optimizer.slots

    def _compiled(self) -> Compilation:
        if self._compilation is None:
            raise StateError("You must call `compile()` before using the model.")
        return self._compilation

    def _ready_trainer(self) -> Trainer:
        """Return the trainer, made when it is first needed."""
        if self._trainer is None:
            compilation = self._compiled()
            self._trainer = fitting.new_trainer(
                compilation, self.network, self._initial, self.dtype, self.seed
            )
        return self._trainer

    def __repr__(self) -> str:
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"

    @abstractmethod
    def _ensure_built(self, x: object) -> None:
        """Take the width of the rows from the first data, if it is not known."""

    @abstractmethod
    def _read_outputs(self, outputs: NDArray[np.floating[Any]]) -> Predicted:
        """Return what `predict` does of the outputs, which lie side by side."""
