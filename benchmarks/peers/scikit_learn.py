"""scikit-learn's MLPRegressor.

Its squared loss is half the mean of squares, so that the same update takes twice the learning rate
with SGD (Adam divides the factor out, but for epsilon). Its biases start at random numbers, not 0.
"""

import warnings

import numpy as np
from measure import Variant

NAME = "scikit-learn"


def load() -> str:
    import sklearn
    import sklearn.neural_network

    return sklearn.__version__


def _regressor(x: np.ndarray, y: np.ndarray, **options):
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPRegressor

    def train():
        model = MLPRegressor(alpha=0.0, tol=0.0, n_iter_no_change=10**6, **options)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit(x, y)
        return lambda inputs: model.predict(inputs.reshape(len(inputs), -1))

    return train


def beginners(x: np.ndarray, y: np.ndarray) -> list[Variant]:
    train = _regressor(
        x[:, None],
        y,
        hidden_layer_sizes=(),
        solver="sgd",
        momentum=0.0,
        learning_rate_init=0.02,
        batch_size=6,
        max_iter=500,
    )
    return [Variant(NAME, "MLPRegressor", train)]


def table(x: np.ndarray, y: np.ndarray) -> list[Variant]:
    train = _regressor(
        x,
        y,
        hidden_layer_sizes=(64, 64),
        solver="adam",
        learning_rate_init=0.001,
        epsilon=1e-7,
        batch_size=64,
        max_iter=10,
    )
    return [Variant(NAME, "MLPRegressor", train)]
