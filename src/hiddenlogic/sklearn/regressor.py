"""The regressor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from hiddenlogic.activations import Activation
from hiddenlogic.losses import Loss
from hiddenlogic.optimizers import Optimizer
from hiddenlogic.schedules import Schedule
from hiddenlogic.sklearn import aim, door
from hiddenlogic.sklearn.forward import Array
from hiddenlogic.sklearn.perceptron import Perceptron
from hiddenlogic.sklearn.solver import is_stepwise

if TYPE_CHECKING:
    from typing import Self


class MLPRegressor(door.RegressorMixin, Perceptron):
    """scikit-learn's MLPRegressor on this library's core, with what its users asked for.

    Parameters
    ----------
    loss : str or Loss
        'squared_error' (half of it) and 'poisson' (its deviance, of an exponential output) as in
        scikit-learn, or a loss of `hiddenlogic.losses`. Default 'squared_error'.
    hidden_layer_sizes : int or sequence of int
        Units of each hidden layer; ``()`` makes a linear model. Default (100,).
    activation : str, Activation, or a list of them
        Of the hidden layers, of `hiddenlogic.activations`. Default 'relu'.
    solver : str or Optimizer
        'adam', 'sgd' and 'lbfgs' as scikit-learn has them; any other name of
        `hiddenlogic.optimizers` with `learning_rate_init`; or an optimizer, which has a rate of its
        own. Default 'adam'.
    alpha : float
        Each batch's loss has alpha / 2 · Σw² of the kernels, divided by what its rows weigh.
    batch_size : int or 'auto'
        'auto' is min(200, n_samples). L-BFGS takes all rows.
    learning_rate : {'constant', 'invscaling', 'adaptive'} or Schedule
        The latter two rule 'sgd' only; a schedule is of the steps.
    learning_rate_init, power_t : float
        The rate, and the exponent of 'invscaling'.
    max_iter, max_fun : int
        Epochs at most; of L-BFGS iterations, and looks at the loss.
    shuffle : bool
        Whether each epoch has an order of its own.
    random_state : int, RandomState instance or None
        Of first weights, which are scikit-learn's own, of the rows held out, and of the order.
    tol, n_iter_no_change : float, int
        Training ends when more than `n_iter_no_change` epochs have not improved loss or score by
        `tol`; L-BFGS when no element of the gradient is larger than `tol`.
    verbose, warm_start : bool
        Whether epochs are printed; whether `fit` goes on from the last weights.
    momentum, nesterovs_momentum, beta_1, beta_2, epsilon : float, bool, float, float, float
        Of 'sgd' and of 'adam'.
    early_stopping, validation_fraction : bool, float
        Whether a share of the rows is held out to stop by their R².
    dropout : float or list of float
        Share of a hidden layer's units that is dropped in training. Default 0.
    batch_norm : bool
        Whether hidden values are normalised over the batch before their activation.
    dtype : {'auto', 'float32', 'float64'}
        What is computed in. 'auto' is float64 for L-BFGS and where one batch has all rows, unless
        `X` is float32; else float32. Attributes have the dtype of `X`.
    n_threads : int or None
        At most; default every core. The bits are the same for any number.

    Attributes
    ----------
    coefs_, intercepts_ : list of ndarray
        Kernels (inputs, units) and biases (units,) of the layers.
    norms_ : list of ndarray
        Of batch_norm, a layer: gamma, beta, moving mean, moving variance.
    loss_, loss_curve_, best_loss_ : float, list of float, float or None
        Of the last epoch, of each, and the lowest, which is None with early stopping.
    validation_scores_, best_validation_score_, validation_loss_curve_ : list, float, list, or None
        Of the held-out rows, if there are any.
    stopped_early_ : bool
        Whether patience ended the training.
    n_iter_, t_, n_layers_, n_outputs_, out_activation_
        Epochs, rows seen, layers with the inputs, columns of targets, last activation.
    n_features_in_, feature_names_in_
        What `X` had.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.linspace(-1, 1, 100)[:, None]
    >>> model = MLPRegressor(hidden_layer_sizes=(20,), solver="lbfgs", random_state=0)
    >>> round(model.fit(X, X[:, 0] ** 2).score(X, X[:, 0] ** 2), 2)
    1.0
    """

    def __init__(
        self,
        loss: str | Loss = "squared_error",
        hidden_layer_sizes: int | Sequence[int] = (100,),
        activation: str | Activation | Sequence[str | Activation] = "relu",
        *,
        solver: str | Optimizer = "adam",
        alpha: float = 0.0001,
        batch_size: int | str = "auto",
        learning_rate: str | Schedule = "constant",
        learning_rate_init: float = 0.001,
        power_t: float = 0.5,
        max_iter: int = 200,
        shuffle: bool = True,
        random_state: object = None,
        tol: float = 1e-4,
        verbose: bool | int = False,
        warm_start: bool = False,
        momentum: float = 0.9,
        nesterovs_momentum: bool = True,
        early_stopping: bool = False,
        validation_fraction: float = 0.1,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-8,
        n_iter_no_change: float = 10,
        max_fun: int = 15000,
        dropout: float | Sequence[float] = 0.0,
        batch_norm: bool = False,
        dtype: str = "auto",
        n_threads: int | None = None,
    ) -> None:
        self._keep(locals())

    def predict(self, X: object) -> Array:
        """Return what is expected for rows.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples,) or (n_samples, n_outputs)
            Of a loss with several outputs a target, such as quantiles, that in the middle, or the
            mean; `activations` has them all.
        """
        outputs = self._outputs(X)
        width = outputs.shape[1] // self.n_outputs_
        middle = outputs[:, (width - 1) // 2 :: width]
        return middle.ravel() if self.n_outputs_ == 1 else middle

    @door.available_if(is_stepwise)
    @door.checks_parameters(prefer_skip_nested_validation=True)
    def partial_fit(
        self,
        X: object,
        y: object,
        sample_weight: object = None,
        *,
        X_val: object = None,
        y_val: object = None,
        sample_weight_val: object = None,
    ) -> Self:
        """Go over the rows once; arguments are those of `fit`.

        With `early_stopping`, which needs `X_val` and `y_val`, `stopped_early_` says that patience
        is over; the best weights are back then.
        """
        return self._fit(X, y, sample_weight, (X_val, y_val, sample_weight_val), incremental=True)

    def _aim(self, columns: int) -> aim.Aim:
        return aim.of_numbers(self.loss, columns)

    def _validated(self, X: object, y: object, *, incremental: bool, reset: bool) -> Any:
        del incremental
        rows, due = door.validate_data(
            self,
            X,
            y,
            accept_sparse=["csr", "csc"],
            multi_output=True,
            y_numeric=True,
            dtype=(np.float64, np.float32),
            reset=reset,
        )
        return rows, _matrix(due)

    def _encoded(self, y: object) -> Array:
        return _matrix(np.asarray(y, dtype=float))


def _matrix(due: Array) -> Array:
    """Return targets as a matrix; a column of them is taken with a warning, as everywhere there."""
    if due.ndim == 2 and due.shape[1] == 1:
        due = door.column_or_1d(due, warn=True)
    return due.reshape(-1, 1) if due.ndim == 1 else due
