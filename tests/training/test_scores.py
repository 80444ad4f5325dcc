"""Scores against hand-worked examples and scikit-learn."""

from __future__ import annotations

import math

import numpy as np
import pytest
import tolerances
from sklearn import exceptions as sklearn_errors
from sklearn import metrics as sklearn

import hiddenlogic as keras
from hiddenlogic.errors import DataError, ShapeError
from hiddenlogic.training import scores


def test_worked_examples():
    assert scores.mean_absolute_error([1, 2, 3], [1, 2, 6]) == 1.0
    assert scores.root_mean_squared_error([1, 2, 3], [1, 2, 6]) == math.sqrt(3)
    # total = 1 + 0 + 1, residual = 9
    assert scores.r2([1, 2, 3], [1, 2, 6]) == 1 - 9 / 2
    assert scores.accuracy(["a", "b", "b"], ["a", "a", "b"]) == 2 / 3
    # Of 2 * 2 pairs, (1, 0.35) loses against (0, 0.4); a tie would count half.
    assert scores.auc([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]) == 3 / 4
    assert scores.auc([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.8]) == 3.5 / 4
    assert scores.auc([0, 1], [0.5, 0.5]) == 0.5


def test_log_loss_is_the_mean_of_minus_log():
    found = scores.log_loss([0, 1, 1], [0.2, 0.5, 0.9])
    due = -(math.log(0.8) + math.log(0.5) + math.log(0.9)) / 3
    assert abs(found - due) <= tolerances.score(due, 3)


def test_a_certain_mistake_is_a_large_but_finite_loss():
    due = -math.log(np.finfo(np.float64).eps)
    assert abs(scores.log_loss([0], [1.0]) - due) <= tolerances.score(due, 1)


def test_scores_that_are_not_defined_are_nan():
    assert math.isnan(scores.r2([2], [2]))
    assert math.isnan(scores.auc([1, 1], [0.1, 0.9]))
    assert math.isnan(scores.auc([2, 2], np.eye(3)[:2]))


@pytest.mark.parametrize("predicted", [[2, 2, 2], [2, 2, 3]])
def test_a_target_that_does_not_vary_has_the_score_of_scikit_learn(predicted):
    true = [2, 2, 2]
    assert scores.r2(true, predicted) == sklearn.r2_score(true, predicted)


@pytest.mark.parametrize("unit", [1e-200, 1e300])
def test_squares_of_extreme_units_neither_overflow_nor_vanish(unit):
    true, predicted = np.array([1, 2, 3]) * unit, np.array([1, 2, 6]) * unit
    due = math.sqrt(3) * unit
    found = scores.root_mean_squared_error(true, predicted)
    assert abs(found - due) <= tolerances.score(due, 3)
    assert abs(scores.r2(true, predicted) - (1 - 9 / 2)) <= tolerances.score(3.5, 3)


def test_the_area_of_a_class_that_never_occurs_is_that_of_scikit_learn():
    shares = [[0.7, 0.2, 0.1], [0.2, 0.7, 0.1], [0.6, 0.3, 0.1]]
    with pytest.warns(sklearn_errors.UndefinedMetricWarning):
        due = sklearn.roc_auc_score([0, 1, 0], shares, multi_class="ovr", labels=range(3))
    assert math.isnan(due)
    assert math.isnan(scores.auc([0, 1, 0], shares))


@pytest.mark.parametrize("n", [1, 2, 50])
def test_scores_are_those_that_are_measured_beside_a_training(n):
    random = np.random.default_rng(n)
    rows = {
        "mse": (random.integers(0, 2, (n, 3)).astype(float), random.normal(0, 1, (n, 3))),
        "binary_crossentropy": (random.integers(0, 2, (n, 1)), random.uniform(0, 1, (n, 1))),
        "sparse_categorical_crossentropy": (
            random.integers(0, 3, (n, 1)),
            random.dirichlet([1, 1, 1], n),
        ),
    }
    for loss, name, score in (
        ("mse", "r2", scores.r2),
        ("mse", "rmse", scores.root_mean_squared_error),
        ("mse", "mae", scores.mean_absolute_error),
        ("binary_crossentropy", "log_loss", scores.log_loss),
        ("binary_crossentropy", "auc", scores.auc),
        ("sparse_categorical_crossentropy", "log_loss", scores.log_loss),
        ("sparse_categorical_crossentropy", "roc_auc_ovr", scores.auc),
    ):
        true, predicted = rows[loss]
        model = keras.Sequential(
            [keras.Input((predicted.shape[1],)), keras.layers.Activation("linear")], dtype="float64"
        )
        model.compile(loss=loss, metrics=[name])
        due = model.evaluate(predicted, true, verbose=0)[1]
        assert np.array_equal(score(true, predicted), due, equal_nan=True), name


def test_shapes_that_differ_are_refused():
    with pytest.raises(ShapeError) as caught:
        scores.root_mean_squared_error([1, 2], [[1, 2]])
    assert str(caught.value) == (
        "`true` and `predicted` must have the same shape; got (2, 1) and (1, 2)."
    )
    with pytest.raises(DataError, match=r"^A score needs at least one row; got none\.$"):
        scores.accuracy([], [])
    with pytest.raises(DataError, match=r"^`true` must hold classes from 0 to 1\.$"):
        scores.auc([0, 2], [0.1, 0.2])


def test_scores_equal_those_of_scikit_learn():
    random = np.random.default_rng(0)
    n = 200
    y, p = random.normal(3, 2, (n, 2)), random.normal(3, 2, (n, 2))
    classes = random.integers(0, 3, n)
    shares = random.dirichlet([1, 1, 1], n)
    binary = random.integers(0, 2, n)
    ranked = random.integers(0, 9, n) / 8  # many ties
    pairs = [
        (scores.r2(y, p), sklearn.r2_score(y, p)),
        (scores.mean_absolute_error(y, p), sklearn.mean_absolute_error(y, p)),
        (scores.root_mean_squared_error(y, p) ** 2, sklearn.mean_squared_error(y, p)),
        (scores.log_loss(classes, shares), sklearn.log_loss(classes, shares)),
        (scores.log_loss(binary, shares[:, 0]), sklearn.log_loss(binary, shares[:, 0])),
        (scores.auc(binary, ranked), sklearn.roc_auc_score(binary, ranked)),
        (scores.auc(classes, shares), sklearn.roc_auc_score(classes, shares, multi_class="ovr")),
    ]
    for ours, theirs in pairs:
        assert abs(ours - theirs) <= tolerances.score(theirs, n)
