"""The classifier."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from hiddenlogic.activations import Activation
from hiddenlogic.errors import DataError, StateError
from hiddenlogic.losses import Loss
from hiddenlogic.optimizers import Optimizer
from hiddenlogic.schedules import Schedule
from hiddenlogic.sklearn import aim, door
from hiddenlogic.sklearn.forward import Array
from hiddenlogic.sklearn.parameters import CONSTRAINTS, StrOptions
from hiddenlogic.sklearn.perceptron import Perceptron
from hiddenlogic.sklearn.solver import is_stepwise

if TYPE_CHECKING:
    from typing import Self


class MLPClassifier(door.ClassifierMixin, Perceptron):
    """scikit-learn's MLPClassifier on this library's core, with what its users asked for.

    Parameters
    ----------
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
        Whether a share of the rows is held out to stop by their accuracy.
    loss : str or Loss
        'log_loss', or a loss of classes of `hiddenlogic.losses`. Default 'log_loss'.
    class_weight : dict, list of dict, 'balanced' or None
        What rows weigh by their class, beside `sample_weight`; as elsewhere in scikit-learn.
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
    classes_ : ndarray
        Classes, sorted.

    Examples
    --------
    >>> import numpy as np
    >>> X = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> model = MLPClassifier(hidden_layer_sizes=(5,), solver="lbfgs", random_state=0)
    >>> model.fit(X, ["low", "low", "high", "high"]).predict([[0.2], [2.8]]).tolist()
    ['low', 'high']
    """

    _parameter_constraints: ClassVar[dict[str, list[Any]]] = CONSTRAINTS | {
        "class_weight": [dict, list, StrOptions({"balanced"}), None]
    }

    class_weight: object
    classes_: Array
    _label_binarizer: door.LabelBinarizer

    def __init__(
        self,
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
        loss: str | Loss = "log_loss",
        class_weight: object = None,
        dropout: float | Sequence[float] = 0.0,
        batch_norm: bool = False,
        dtype: str = "auto",
        n_threads: int | None = None,
    ) -> None:
        self._keep(locals())

    def predict(self, X: object) -> Array:
        """Return the classes of rows.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples,), or (n_samples, n_classes) of 0 and 1 where rows have labels
        """
        outputs = self._outputs(X)
        decided = outputs.ravel() if self.n_outputs_ == 1 else outputs
        return self._label_binarizer.inverse_transform(decided, self._yes_above())

    @door.available_if(aim.has_probabilities)
    def predict_proba(self, X: object) -> Array:
        """Return the probabilities of classes.

        Parameters
        ----------
        X : {array-like, sparse matrix} of shape (n_samples, n_features)

        Returns
        -------
        ndarray of shape (n_samples, n_classes)
            In the order of ``classes_``.
        """
        outputs = self._outputs(X)
        return np.hstack([1.0 - outputs, outputs]) if self.n_outputs_ == 1 else outputs

    @door.available_if(aim.has_probabilities)
    def predict_log_proba(self, X: object) -> Array:
        """Return the logarithms of `predict_proba`."""
        shares = self.predict_proba(X)
        return np.log(shares, out=shares)

    @door.available_if(is_stepwise)
    @door.checks_parameters(prefer_skip_nested_validation=True)
    def partial_fit(
        self,
        X: object,
        y: object,
        sample_weight: object = None,
        classes: object = None,
        *,
        X_val: object = None,
        y_val: object = None,
        sample_weight_val: object = None,
    ) -> Self:
        """Go over the rows once; arguments are those of `fit`.

        With `early_stopping`, which needs `X_val` and `y_val`, `stopped_early_` says that patience
        is over; the best weights are back then.

        Parameters
        ----------
        classes : array-like of shape (n_classes,), optional
            All that will come; required in the first call.
        """
        if door.first_call_of_partial_fit(self, classes):
            labels = door.type_of_target(y).startswith("multilabel")
            self._label_binarizer = door.LabelBinarizer().fit(y if labels else classes)
        return self._fit(X, y, sample_weight, (X_val, y_val, sample_weight_val), incremental=True)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_label = True
        return tags

    def _aim(self, columns: int) -> aim.Aim:
        return aim.of_classes(self.loss, self._label_binarizer.y_type_, columns)

    def _yes_above(self) -> float:
        if self._label_binarizer.y_type_ == "multiclass":
            return math.inf
        return 0.5 if aim.has_probabilities(self) else 0.0

    def _validated(self, X: object, y: object, *, incremental: bool, reset: bool) -> Any:
        rows, due = door.validate_data(
            self,
            X,
            y,
            accept_sparse=["csr", "csc"],
            multi_output=True,
            dtype=(np.float64, np.float32),
            reset=reset,
        )
        if due.ndim == 2 and due.shape[1] == 1:
            due = door.column_or_1d(due, warn=True)
        if not hasattr(self, "classes_") or not (self.warm_start or incremental):
            self._label_binarizer = door.LabelBinarizer().fit(due)
            self.classes_ = self._label_binarizer.classes_
        else:
            self._check_classes(door.unique_labels(due))
        return rows, self._label_binarizer.transform(due)

    def _check_classes(self, found: Array) -> None:
        """Refuse classes that the last fit did not have."""
        if self.warm_start:
            if set(found) != set(self.classes_):
                raise DataError(
                    "warm_start can only be used where `y` has the same classes as in the previous "
                    f"call to fit. Previously got {self.classes_}, `y` has {found}"
                )
        elif len(np.setdiff1d(found, self.classes_, assume_unique=True)):
            raise DataError(
                "`y` has classes not in `self.classes_`. "
                f"`self.classes_` has {self.classes_}. 'y' has {found}."
            )

    def _encoded(self, y: object) -> Array:
        found = door.unique_labels(y)
        if new := sorted(set(found) - set(self.classes_)):
            raise DataError(
                f"`y_val` must have classes of `y`, {list(self.classes_)}; got {new[0]!r}."
            )
        return self._label_binarizer.transform(y)

    def _weights_of_classes(self, y: object, incremental: bool) -> Array | None:
        if self.class_weight is None:
            return None
        if incremental and self.class_weight == "balanced":
            raise StateError(
                "class_weight='balanced' needs all rows, of which partial_fit sees some. Pass the "
                "weights of the classes as a dict."
            )
        return door.compute_sample_weight(self.class_weight, y)
