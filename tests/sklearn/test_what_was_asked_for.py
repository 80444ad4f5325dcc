"""What scikit-learn's perceptrons do not have."""

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="scikit-learn is not installed")

from sklearn.datasets import load_iris, make_regression

from hiddenlogic import losses
from hiddenlogic.errors import DataError, ShapeError, StateError
from hiddenlogic.optimizers import AdamW
from hiddenlogic.sklearn import MLPClassifier, MLPRegressor
from hiddenlogic.sklearn.solver import LEAST_DESCENT
from hiddenlogic.sklearn.training import NonFiniteError

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")

X, Y = make_regression(n_samples=120, n_features=4, random_state=0)
Y = Y / 50.0
CLASS = (Y > 1.0).astype(int)
# 2·k·eps of sums of at most all rows, in float64.
SUMS = 2 * len(X) * np.finfo(float).eps


def regressor(**settings):
    return MLPRegressor(
        **{"hidden_layer_sizes": (6, 5), "max_iter": 5, "random_state": 0, **settings}
    )


def test_each_layer_has_its_activation():
    model = regressor(activation=["tanh", "relu"], dtype="float64").fit(X, Y)
    first, second, outputs = model.activations(X)
    np.testing.assert_allclose(first, np.tanh(X @ model.coefs_[0] + model.intercepts_[0]))
    np.testing.assert_allclose(
        second, np.maximum(first @ model.coefs_[1] + model.intercepts_[1], 0.0), atol=SUMS
    )
    assert np.array_equal(outputs[:, 0], model.predict(X))
    assert np.array_equal(model.transform(X), second)


def test_another_number_of_activations_is_refused():
    with pytest.raises(ShapeError) as refused:
        regressor(activation=["tanh"]).fit(X, Y)
    assert str(refused.value) == (
        "`activation` must be one value, or one for each of the 2 hidden layers; got 1."
    )


def test_no_hidden_layer_is_linear_regression():
    model = regressor(hidden_layer_sizes=(), solver="lbfgs", alpha=0.0, tol=1e-9, max_iter=200)
    model.fit(X, Y)
    design = np.c_[X, np.ones(len(X))]
    due, *_ = np.linalg.lstsq(design, Y, rcond=None)
    # It ends where the loss falls by less than 2.2e-9 of 1; near its bottom the loss is a parabola,
    # of no less than half the smallest curvature, over ten such falls at most.
    curvature = np.linalg.eigvalsh(design.T @ design / len(X))[0]
    found = np.r_[model.coefs_[0][:, 0], model.intercepts_[0]]
    assert np.linalg.norm(found - due) < np.sqrt(2 * 10 * LEAST_DESCENT / curvature)
    with pytest.raises(StateError, match="there is none"):
        model.transform(X)


@pytest.mark.parametrize("setting", [{"dropout": 0.5}, {"batch_norm": True}])
def test_dropout_and_batch_norm_change_training_and_predict_the_same_twice(setting):
    model = regressor(**setting).fit(X, Y)
    assert not np.array_equal(model.predict(X), regressor().fit(X, Y).predict(X))
    assert np.array_equal(model.predict(X), model.predict(X))
    assert np.array_equal(model.activations(X)[-1][:, 0], model.predict(X))


@pytest.mark.parametrize("row", [row for row in losses.ROWS if row.task in ("regression", "count")])
def test_every_loss_of_numbers_trains(row):
    model = regressor(loss=row.name).fit(X, np.abs(Y) + 1.0)
    assert model.predict(X).shape == (120,)
    assert np.isfinite(model.loss_curve_).all()


@pytest.mark.parametrize(
    "row", [row for row in losses.ROWS if row.task in ("binary", "multiclass", "sign")]
)
def test_every_loss_of_classes_trains_or_says_what_it_takes(row):
    rows, kind = load_iris(return_X_y=True)
    due = kind if row.task == "multiclass" else (kind == 0).astype(int)
    model = MLPClassifier(
        (6,), "tanh", loss=row.name, solver=AdamW(0.02), max_iter=100, random_state=0
    )
    if row.is_sparse:
        with pytest.raises(StateError, match="does not learn one-hot classes"):
            model.fit(rows, due)
    else:
        assert model.fit(rows, due).score(rows, due) > 0.9
        assert hasattr(model, "predict_proba") == (row.suits in ("sigmoid", "softmax"))


def test_class_weights_are_weights_of_rows():
    weight = np.where(CLASS == 1, 3.0, 1.0)
    by_class = MLPClassifier((6,), class_weight={1: 3.0}, max_iter=5, random_state=0)
    by_row = MLPClassifier((6,), max_iter=5, random_state=0)
    by_class.fit(X, CLASS)
    assert np.array_equal(by_class.coefs_[0], by_row.fit(X, CLASS, weight).coefs_[0])
    with pytest.raises(StateError, match="needs all rows"):
        MLPClassifier(class_weight="balanced").partial_fit(X, CLASS, classes=[0, 1])


def test_own_rows_are_scored_and_are_none_of_the_training():
    model = regressor().fit(X[:90], Y[:90], X_val=X[90:], y_val=Y[90:])
    assert len(model.validation_scores_) == len(model.validation_loss_curve_) == 5
    assert np.array_equal(model.coefs_[0], regressor().fit(X[:90], Y[:90]).coefs_[0])
    due = 0.5 * np.mean((model.predict(X[90:]) - Y[90:]) ** 2)
    penalty = 0.5e-4 * sum(float((one**2).sum()) for one in model.coefs_) / 30
    np.testing.assert_allclose(model.validation_loss_curve_[-1], due + penalty, rtol=SUMS)
    np.testing.assert_allclose(model.validation_scores_[-1], model.score(X[90:], Y[90:]), rtol=SUMS)


def test_partial_fit_stops_early_with_rows_to_judge_by():
    model = regressor(early_stopping=True, n_iter_no_change=2, tol=0.01, learning_rate_init=0.05)
    for _ in range(500):
        model.partial_fit(X[:90], Y[:90], X_val=X[90:], y_val=Y[90:])
        if model.stopped_early_:
            break
    assert model.stopped_early_
    best = max(model.validation_scores_)
    np.testing.assert_allclose(model.score(X[90:], Y[90:]), best, rtol=SUMS)
    with pytest.raises(StateError) as refused:
        model.partial_fit(X, Y)
    assert str(refused.value) == (
        "partial_fit does not support early_stopping=True without rows to judge by. Pass X_val "
        "and y_val."
    )


def test_unknown_classes_of_held_out_rows_are_refused():
    with pytest.raises(DataError, match="`y_val` must have classes of `y`"):
        MLPClassifier().fit(X, CLASS, X_val=X, y_val=CLASS + 1)


def test_any_number_of_threads_gives_the_same_bits():
    rows, due = make_regression(n_samples=900, n_features=40, random_state=0)
    first, *others = (
        MLPRegressor(hidden_layer_sizes=(64,), max_iter=3, random_state=0, n_threads=n).fit(
            rows, due / 100.0
        )
        for n in (1, 2, 7)
    )
    for other in others:
        assert all(map(np.array_equal, first.coefs_, other.coefs_))


def test_divergence_is_told_with_its_epoch():
    with pytest.raises(NonFiniteError) as refused:
        regressor(solver="sgd", learning_rate_init=1e30, activation="identity").fit(X, Y)
    assert str(refused.value).startswith(
        "Solver produced non-finite parameter weights. The input data may contain large values "
        "and need to be preprocessed. Training diverged in epoch "
    )


def test_an_unknown_activation_has_the_message_of_scikit_learn():
    with pytest.raises(
        ValueError, match="The 'activation' parameter of MLPRegressor must be a str"
    ):
        regressor(activation="rellu").fit(X, Y)
