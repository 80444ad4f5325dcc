"""Metrics: what 'accuracy' means, and which metric means something for which loss."""

from __future__ import annotations

import pytest

from hiddenlogic import losses, metrics
from hiddenlogic.errors import UnknownNameError
from hiddenlogic.metrics import Metric


@pytest.mark.parametrize(
    ("loss", "name"),
    [
        ("binary_crossentropy", "binary_accuracy"),
        ("categorical_crossentropy", "categorical_accuracy"),
        ("sparse_categorical_crossentropy", "sparse_categorical_accuracy"),
    ],
)
@pytest.mark.parametrize("written", ["accuracy", "acc"])
def test_accuracy_is_resolved_by_the_loss_and_keeps_its_key(loss, name, written):
    assert metrics.get(written, losses.get(loss), outputs=3) == Metric(name, written)


def test_accuracy_of_a_regression_is_refused():
    with pytest.raises(UnknownNameError) as caught:
        metrics.get("accuracy", losses.get("mse"), outputs=1)
    assert str(caught.value) == (
        "`metrics` has 'accuracy', the share of right classes, but the loss mean_squared_error "
        "learns numbers. Use 'mae' or 'rmse', or a cross-entropy as the loss."
    )


def test_keys_stay_as_written():
    mse = losses.get("mse")
    assert metrics.get("mae", mse, 1) == Metric("mean_absolute_error", "mae")
    assert metrics.get("MAE", mse, 1).key == "MAE"
    assert metrics.get(metrics.RootMeanSquaredError(), mse, 1).key == "root_mean_squared_error"
    assert metrics.get(metrics.RootMeanSquaredError("rmse"), mse, 1).key == "rmse"


def test_a_distance_to_a_class_index_is_refused():
    with pytest.raises(UnknownNameError) as caught:
        metrics.get("mae", losses.get("sparse_categorical_crossentropy"), 3)
    assert str(caught.value) == (
        "`metrics` has 'mae', which means nothing for the targets of "
        "sparse_categorical_crossentropy. Use one of sparse_categorical_accuracy, "
        "sparse_top_k_categorical_accuracy, sparse_categorical_crossentropy, brier_score, auc, "
        "precision, recall, fbeta_score, balanced_accuracy, matthews_correlation, cohen_kappa, "
        "expected_calibration_error."
    )


def test_categorical_accuracy_needs_two_outputs():
    with pytest.raises(UnknownNameError, match="Use 'binary_accuracy'"):
        metrics.get("categorical_accuracy", losses.get("mse"), 1)


def test_an_unknown_metric_is_refused():
    with pytest.raises(UnknownNameError, match=r"got 'acuracy'\.$|got 'acuracy'\. Did you mean"):
        metrics.get("acuracy", losses.get("mse"), 1)
