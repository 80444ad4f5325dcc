"""What a fitted estimator does: its weights, the values of its layers, its file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hiddenlogic import activations, losses, optimizers, schedules
from hiddenlogic.errors import StateError
from hiddenlogic.network import Network
from hiddenlogic.sklearn import door, files, solver
from hiddenlogic.sklearn.architecture import Hidden, Weights
from hiddenlogic.sklearn.forward import Array, Compiled
from hiddenlogic.sklearn.parameters import CONSTRAINTS

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence
    from typing import Self


class Fitted(door.ClassNamePrefixFeaturesOutMixin, door.TransformerMixin, door.BaseEstimator):
    """Base of the perceptrons: parameters and fitted attributes, and what follows from them."""

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = CONSTRAINTS

    loss: str | losses.Loss
    hidden_layer_sizes: int | Sequence[int]
    activation: str | activations.Activation | Sequence[str | activations.Activation]
    solver: str | optimizers.Optimizer
    alpha: float
    batch_size: int | str
    learning_rate: str | schedules.Schedule
    learning_rate_init: float
    power_t: float
    max_iter: int
    shuffle: bool
    random_state: object
    tol: float
    verbose: bool | int
    warm_start: bool
    momentum: float
    nesterovs_momentum: bool
    early_stopping: bool
    validation_fraction: float
    beta_1: float
    beta_2: float
    epsilon: float
    n_iter_no_change: float
    max_fun: int
    dropout: float | Sequence[float]
    batch_norm: bool
    dtype: str
    n_threads: int | None

    coefs_: list[Array]
    intercepts_: list[Array]
    norms_: list[Array]
    n_features_in_: int
    n_outputs_: int
    n_iter_: int
    _optimizer: solver.Descent
    _network: Network
    _compiled: Compiled

    def _keep(self, given: Mapping[str, object]) -> None:
        """Store the arguments of `__init__` as they are, as scikit-learn's estimators do."""
        for name, value in given.items():
            if name not in ("self", "__class__"):
                setattr(self, name, value)

    def transform(self, X: object) -> Array:
        """Return the values of the last hidden layer.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples, units)

        Raises
        ------
        StateError
            If there is no hidden layer.
        """
        values = self.activations(X)
        if len(values) < 2:
            raise StateError("`transform` gives the last hidden layer, and there is none.")
        return values[-2]

    def activations(self, X: object) -> list[Array]:
        """Return the values of every layer for some rows.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)

        Returns
        -------
        list of ndarray of shape (n_samples, units)
            Of the hidden layers, behind their activations, and of the outputs.
        """
        door.check_is_fitted(self)
        network = self._network
        shown = Network(network.nodes, Hidden.values_in(network))
        joined = self._outputs(X, shown)
        ends = np.cumsum([shown.units[node] for node in shown.outputs])[:-1]
        return np.split(joined, ends, axis=1)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write parameters, weights and curves to one safetensors file, which holds no code.

        Raises
        ------
        NotFittedError
            If it is not fitted.
        FormatError
            If the file cannot be written.
        """
        door.check_is_fitted(self)
        files.save(path, self, self._network, self._weights().in_order(self._network))

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Return the estimator that `save` wrote; it predicts the same bits.

        Raises
        ------
        FormatError
            If the file is missing, foreign, truncated, or holds another kind of model.
        """
        estimator, found = files.load(path, cls)
        estimator._become(found.network, Weights.of(found.network, found.weights))  # noqa: SLF001
        return estimator

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.sparse = True
        tags.transformer_tags.preserves_dtype = ["float64", "float32"]
        return tags

    def __getstate__(self) -> dict[str, Any]:
        """Return what copies and pickles hold: all but the state of the optimizer."""
        state = super().__getstate__()
        return {name: value for name, value in state.items() if name != "_optimizer"}

    @property
    def _n_features_out(self) -> int:
        """Columns of `transform`, for `get_feature_names_out`."""
        return int(self.intercepts_[-2].shape[0])

    def _hidden(self) -> Hidden:
        return Hidden.of(self.hidden_layer_sizes, self.activation, self.dropout, self.batch_norm)

    def _weights(self) -> Weights:
        return Weights(self.coefs_, self.intercepts_, getattr(self, "norms_", []))

    def _become(self, network: Network, weights: Weights) -> None:
        self._network = network
        self._store(weights)

    def _store(self, weights: Weights) -> None:
        self.coefs_, self.intercepts_ = weights.coefs, weights.intercepts
        self.norms_ = weights.norms
        self._compiled = Compiled()

    def _outputs(self, X: object, network: Network | None = None) -> Array:
        """Return what the network, or another of the same weights, makes of checked rows."""
        door.check_is_fitted(self)
        rows = door.validate_data(self, X, accept_sparse=["csr", "csc"], reset=False)
        network = network or self._network
        weights = self._weights().in_order(network)
        return self._compiled.outputs(network, weights, rows, self.n_threads)
