"""Without shuffling, weights are scikit-learn's own but for rounding: all semantics at once."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

import sklearn.neural_network as theirs
from sklearn.datasets import make_regression

import hiddenlogic.sklearn as ours

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

EPOCHS, ROWS = 25, 230
X, Y = make_regression(n_samples=ROWS, n_features=6, noise=5.0, random_state=0)
Y = Y / 50.0
WEIGHTS = np.random.RandomState(0).rand(ROWS) * 3.0

# An update of Adam or momentum is a smooth function of its gradient, which has an error of
# 2·k·eps·Σ|a||b| with k at most the rows of a batch; sums of 25 epochs of at most 8 steps.
TOLERANCE = 2 * 200 * np.finfo(float).eps * EPOCHS * 8
# Keras's Poisson loss has log(y + 1e-7): its gradient differs by t·1e-7 / y.
POISSON = 1e-7 * EPOCHS * 8

SETTINGS = [
    {},
    {"alpha": 5.0},
    {"activation": "logistic", "hidden_layer_sizes": (7, 5)},
    {"activation": "tanh", "hidden_layer_sizes": (7, 5)},
    {"activation": "identity", "hidden_layer_sizes": (7, 5)},
    {"batch_size": 32, "alpha": 5.0},
    {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3},
    {"solver": "sgd", "momentum": 0.0},
    {"solver": "sgd", "nesterovs_momentum": False},
    {"solver": "sgd", "learning_rate": "constant", "learning_rate_init": 0.01},
    {"solver": "sgd", "learning_rate": "invscaling", "power_t": 0.25, "learning_rate_init": 0.1},
    {"solver": "sgd", "learning_rate": "adaptive", "n_iter_no_change": 1, "tol": 0.05},
    {"tol": 0.02, "n_iter_no_change": 2},
    {"early_stopping": True, "n_iter_no_change": 2, "tol": 0.01},
]
TARGETS = {
    "MLPRegressor": {"one": Y, "two": np.c_[Y, Y**2]},
    "MLPClassifier": {
        "binary": np.where(Y > 0, "yes", "no"),
        "several": np.digitize(Y, [-1.0, 1.0]),
        "labels": np.c_[Y > 0, Y < 1, Y > 2].astype(int),
    },
}
CASES = [(name, kind) for name, kinds in TARGETS.items() for kind in kinds]


def fitted(module, name, y, weight=None, **settings):
    model = getattr(module, name)(random_state=3, shuffle=False, max_iter=EPOCHS, **settings)
    return model.fit(X, y, weight)


def distance(one, other):
    pairs = zip(one.coefs_ + one.intercepts_, other.coefs_ + other.intercepts_, strict=True)
    return max(np.abs(a - b).max() for a, b in pairs)


@pytest.mark.parametrize("settings", SETTINGS, ids=str)
@pytest.mark.parametrize(("name", "kind"), CASES)
def test_weights_and_curves_are_those_of_scikit_learn(name, kind, settings):
    y = TARGETS[name][kind]
    own = fitted(ours, name, y, dtype="float64", **settings)
    due = fitted(theirs, name, y, **settings)
    assert distance(own, due) < TOLERANCE
    assert own.n_iter_ == due.n_iter_
    np.testing.assert_allclose(own.loss_curve_, due.loss_curve_, rtol=TOLERANCE)
    for attribute in ("t_", "n_layers_", "n_outputs_", "out_activation_", "n_features_in_"):
        assert getattr(own, attribute) == getattr(due, attribute)
    if settings.get("early_stopping"):
        np.testing.assert_allclose(own.validation_scores_, due.validation_scores_, rtol=TOLERANCE)
        assert own.best_loss_ is due.best_loss_ is None
    np.testing.assert_array_equal(own.predict(X).shape, due.predict(X).shape)


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_weights_of_rows_and_the_penalty_count_as_in_scikit_learn(name, kind):
    y = TARGETS[name][kind]
    settings = {"alpha": 5.0, "batch_size": 32}
    own = fitted(ours, name, y, WEIGHTS, dtype="float64", **settings)
    assert distance(own, fitted(theirs, name, y, WEIGHTS, **settings)) < TOLERANCE
    # The nearest wrong: a penalty that does not follow the weights of its batch.
    wrong = fitted(ours, name, y, WEIGHTS * 1.01, dtype="float64", **settings)
    assert distance(wrong, own) > TOLERANCE


def test_poisson_learns_what_scikit_learn_does():
    own = fitted(ours, "MLPRegressor", np.abs(Y), dtype="float64", loss="poisson")
    due = fitted(theirs, "MLPRegressor", np.abs(Y), loss="poisson")
    assert distance(own, due) < POISSON
    np.testing.assert_allclose(own.loss_curve_, due.loss_curve_, atol=POISSON)


def test_first_weights_are_drawn_as_scikit_learn_draws_them():
    for activation in ("relu", "logistic"):
        settings = {"activation": activation, "learning_rate_init": 1e-300, "solver": "sgd"}
        own = fitted(ours, "MLPRegressor", Y, dtype="float64", **settings)
        assert distance(own, fitted(theirs, "MLPRegressor", Y, **settings)) == 0.0


def test_one_batch_of_all_rows_is_computed_in_float64_by_itself():
    own = fitted(ours, "MLPRegressor", Y, batch_size=ROWS)
    assert distance(own, fitted(theirs, "MLPRegressor", Y, batch_size=ROWS)) < TOLERANCE


def test_shuffled_batches_are_computed_in_float32_and_kept_as_float64():
    model = fitted(ours, "MLPRegressor", Y)
    assert model.coefs_[0].dtype == np.float64
    assert np.array_equal(model.coefs_[0], model.coefs_[0].astype(np.float32))
