"""A straight stack of layers, with the methods that Keras gives it."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.callbacks import Callback, History
from hiddenlogic.errors import StateError
from hiddenlogic.layers import Input, Layer
from hiddenlogic.losses import Loss, LossSpec
from hiddenlogic.metrics import MetricSpec
from hiddenlogic.models import events, fitting, stored
from hiddenlogic.models.compilation import Compilation
from hiddenlogic.models.fit_data import reader_for, split_last
from hiddenlogic.models.fitting import Plan
from hiddenlogic.models.layered import Layered
from hiddenlogic.models.stored import Parts
from hiddenlogic.optimizers import Optimizer, OptimizerSpec
from hiddenlogic.registry import check_count, check_flag, explains_keywords
from hiddenlogic.training.arrays import matrix
from hiddenlogic.training.progress import Display, verbosity

if TYPE_CHECKING:
    from hiddenlogic.engine import Trainer

# Keras's own default, of fit and of evaluate.
_BATCH_SIZE = 32


class Sequential(Layered):
    """A network whose layers follow each other.

    Parameters
    ----------
    layers : sequence of Layer, optional
        From input to output. Without an `Input` (or `input_shape` in the first Dense) the width
        is taken from the first data.
    name : str, optional
        What summary() calls it. Default 'sequential'.
    dtype : {"float32", "float64"}
        Of weights and arithmetic. Default 'float32'.
    seed : int, optional
        Decides initial weights, shuffling and dropout: the same seed, data and layers give the
        same weights, bit for bit. Default: a fresh one, which `seed` then tells.

    Attributes
    ----------
    history : History or None
        Of the last `fit`.
    stop_training : bool
        Set by a callback, it ends the training after the epoch.

    Examples
    --------
    >>> from hiddenlogic.layers import Dense, Input
    >>> model = Sequential([Input((1,)), Dense(1)], seed=0)
    >>> model.compile(optimizer="sgd", loss="mse")
    >>> history = model.fit([-1, 0, 1, 2, 3, 4], [1, 3, 5, 7, 9, 11], epochs=500, verbose=0)
    >>> model.predict([10]).round(1)
    array([[23.]], dtype=float32)
    """

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
    def loss(self) -> Loss | None:
        """The loss given to `compile`."""
        return None if self._compilation is None else self._compilation.loss

    @property
    def metrics_names(self) -> list[str]:
        """The keys of `evaluate`: 'loss', then the metrics as they were written."""
        return ["loss", *(one.key for one in self._compiled().measured(self.network.n_outputs))]

    @explains_keywords
    def compile(
        self,
        optimizer: OptimizerSpec = "adam",
        loss: LossSpec | None = None,
        metrics: Sequence[MetricSpec] | None = None,
        weighted_metrics: Sequence[MetricSpec] | None = None,
        run_eagerly: bool = False,
        steps_per_execution: int = 1,
        jit_compile: bool | str = "auto",
    ) -> None:
        """Choose optimizer, loss and metrics. The weights stay, the optimizer starts afresh.

        Parameters
        ----------
        optimizer : str or Optimizer
            Default 'adam'; Keras's is 'rmsprop'.
        loss : str or Loss
            Needed by `fit` and `evaluate`.
        metrics, weighted_metrics : sequence of str or Metric, optional
            'accuracy' and 'log_loss' are resolved by the loss. The former count each row once, the
            latter with its `sample_weight`.
        run_eagerly, steps_per_execution, jit_compile : optional
            Taken for Keras's sake and without effect: steps always run in the native core.

        Raises
        ------
        UnknownNameError
            For an unknown name, or a metric that means nothing for the loss.
        """
        compilation = Compilation.create(optimizer, loss, metrics, weighted_metrics)
        if self._network is not None and compilation.loss is not None:
            compilation.check_output(self._network)
            compilation.metrics(self._network.n_outputs)
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
            do. The index of the class, (n,), for sparse_categorical_crossentropy.
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
        compilation.required_loss()
        if batch_size is not None:
            check_count(batch_size, "`batch_size` of fit")
        check_count(epochs, "`epochs` of fit")
        check_flag(shuffle, "`shuffle` of fit")
        display_mode = verbosity(verbose, "`verbose` of fit")
        hooks = events.read_callbacks(callbacks)
        self._ensure_built(x)
        if not self.count_params():
            raise StateError(f"{self.name!r} has no weights to train. Add a Dense layer.")
        reader = reader_for(compilation, self.network, self.dtype)
        rows, held_back = reader.read(x, y, sample_weight), None
        if validation_data is not None:
            held_back = reader.read_validation(validation_data)
        else:
            rows, held_back = split_last(rows, validation_split)
        rows = reader.weighed(rows, class_weight)
        from hiddenlogic.engine.optimizing import whole_batch

        size = whole_batch(compilation.optimizer, batch_size, len(rows), "`batch_size` of fit")
        keys = self.metrics_names
        if held_back is not None:
            keys = keys + [f"val_{key}" for key in keys]
        events.check_callbacks(hooks, keys, compilation)
        self.history = history = History()
        plan = Plan(rows, held_back, hooks, display_mode, epochs, size, shuffle)
        fitting.fit(self, self._ready_trainer(), plan, history)
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
    ) -> float | list[float] | dict[str, float]:
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
            The loss; with metrics a list, the loss first.
        """
        compilation = self._compiled()
        size = _BATCH_SIZE if batch_size is None else batch_size
        size = check_count(size, "`batch_size` of evaluate")
        mode = verbosity(verbose, "`verbose` of evaluate")
        self._ensure_built(x)
        rows = reader_for(compilation, self.network, self.dtype).read(x, y, sample_weight)
        began = time.monotonic()
        found = self._ready_trainer().evaluate(
            rows.inputs, rows.targets, sample_weight=rows.sample_weight
        )
        display = Display(mode, epochs=1, steps=-(-len(rows) // size))
        display.epoch(0, found, time.monotonic() - began)
        display.close()
        if return_dict:
            return {key: float(found[key]) for key in self.metrics_names}
        values = [float(found[key]) for key in self.metrics_names]
        return values[0] if len(values) == 1 else values

    @explains_keywords
    def predict(
        self, x: Any, batch_size: int | None = None, verbose: int | str = "auto"
    ) -> NDArray[np.floating[Any]]:
        """Return the outputs of the network.

        Parameters
        ----------
        x : array_like or DataFrame of numbers
            Shape (n, features); (n,) is taken as (n, 1), where the network has one input.
        batch_size, verbose : optional
            Taken for Keras's sake: rows do not depend on each other, and nothing is printed.

        Returns
        -------
        ndarray of the model's dtype, shape (n, outputs)
        """
        self._ensure_built(x)
        inputs = matrix(x, "x", dtype=self.dtype, columns=self.network.n_inputs)
        if self._trainer is not None:
            return self._trainer.predict(inputs)
        from hiddenlogic import engine

        return engine.predict(self.network, self._initial, inputs, dtype=self.dtype)

    def __call__(self, inputs: Any, training: bool = False) -> NDArray[np.floating[Any]]:
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

    def save(self, filepath: str | os.PathLike[str], overwrite: bool = True) -> None:
        """Write layers, weights, compilation and history to one safetensors file, atomically.

        The state of the optimizer is not kept: training after `load` starts it afresh.

        Parameters
        ----------
        filepath : path-like
        overwrite : bool
            Whether a file that is there may be replaced. Default True, as in Keras.

        Raises
        ------
        StateError
            If the model is not built, or the file is there and may not be replaced.
        FormatError
            If the file cannot be written, or its name promises a format of Keras.
        """
        from hiddenlogic.formats.safetensors import write

        stored.check_name(filepath)
        if not overwrite and Path(filepath).exists():
            raise StateError(f"`{os.fspath(filepath)}` exists. Pass overwrite=True to replace it.")
        write(filepath, stored.snapshot(self.network, self._parts()))

    @classmethod
    def load(cls, filepath: str | os.PathLike[str]) -> Sequential:
        """Return the model that `save` wrote; it predicts the same bits.

        Raises
        ------
        FormatError
            If the file is missing, foreign, truncated, or holds a model of a table.
        """
        from hiddenlogic.formats.safetensors import read

        return cls._from_parts(stored.parts(read(filepath), os.fspath(filepath)))

    def __reduce__(self) -> tuple[Callable[[Parts], Sequential], tuple[Parts]]:
        """Copy and pickle what `save` keeps: a copy starts the optimizer afresh."""
        return self._from_parts, (self._parts(),)

    def _parts(self) -> Parts:
        """Take everything that outlives this object, with layers that belong to no model."""
        width = self._stack.width
        layers: list[Layer] = [] if width is None else [Input((width,))]
        return Parts(
            layers=layers + [replace(layer) for layer in self.layers],
            weights=self.get_weights() if self.built else [],
            compilation=self._compilation,
            history={} if self.history is None else self.history.history,
            name=self.name,
            seed=self.seed,
            dtype=self.dtype,
        )

    @classmethod
    def _from_parts(cls, parts: Parts) -> Sequential:
        """Put a model together again."""
        model = cls(parts.layers, parts.name, dtype=parts.dtype, seed=parts.seed)
        if model.built:
            model.set_weights(parts.weights)
        model._compilation = parts.compilation
        if parts.history:
            model.history = History()
            model.history.set_model(model)
            model.history.record(parts.history)
        return model

    def __repr__(self) -> str:
        return f"<Sequential name={self.name}, built={self.built}>"
