"""Metrics as Keras's programs ask for them."""

from __future__ import annotations

import json

import numpy as np
import pytest
import tolerances
from sklearn import metrics as sk

import hiddenlogic as keras
from hiddenlogic.callbacks import Callback, EarlyStopping
from hiddenlogic.errors import DataError, RangeError, UnknownNameError
from hiddenlogic.layers import Dense, Input
from hiddenlogic.models.compilation import Compilation

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(120, 3))
Y = (X[:, 0] + RANDOM.normal(size=120) > 0).astype(int)
WEIGHT = RANDOM.integers(0, 4, 120) / 2


def classifier(loss="binary_crossentropy", activation="sigmoid", **compiled):
    model = keras.Sequential([Input((3,)), Dense(8, "tanh"), Dense(1, activation)], seed=0)
    model.compile(**{"optimizer": "adam", "loss": loss, **compiled})
    return model


def test_fit_validation_and_evaluate_agree_with_scikit_learn():
    model = classifier(metrics=["AUC", "f1", keras.metrics.Precision(name="p")])
    history = model.fit(X, Y, epochs=3, validation_data=(X[:40], Y[:40]), verbose=0).history
    assert list(history) == [
        "AUC", "f1", "loss", "p", "val_AUC", "val_f1", "val_loss", "val_p",
    ]  # fmt: skip
    p = model.predict(X[:40])[:, 0]
    due = {
        "AUC": sk.roc_auc_score(Y[:40], p),
        "f1": sk.f1_score(Y[:40], p > 0.5),
        "p": sk.precision_score(Y[:40], p > 0.5),
    }
    found = model.evaluate(X[:40], Y[:40], verbose=0, return_dict=True)
    for key, value in due.items():
        assert abs(history[f"val_{key}"][-1] - value) <= tolerances.score(value, 160)
        assert found[key] == history[f"val_{key}"][-1]


def test_weighted_metrics_count_rows_with_their_weights():
    model = classifier(metrics=["accuracy", "auc"], weighted_metrics=["accuracy", "auc", "brier"])
    assert model.metrics_names == [
        "loss", "accuracy", "auc", "weighted_accuracy", "weighted_auc", "brier",
    ]  # fmt: skip
    found = model.evaluate(X, Y, sample_weight=WEIGHT, verbose=0, return_dict=True)
    p = model.predict(X)[:, 0].astype(np.float64)
    due = {
        "accuracy": sk.accuracy_score(Y, p > 0.5),
        "auc": sk.roc_auc_score(Y, p),
        "weighted_accuracy": sk.accuracy_score(Y, p > 0.5, sample_weight=WEIGHT),
        "weighted_auc": sk.roc_auc_score(Y, p, sample_weight=WEIGHT),
        "brier": sk.brier_score_loss(Y, p, sample_weight=WEIGHT),
    }
    for key, value in due.items():
        bound = tolerances.score(value, 480) + 8 * tolerances.UNIT["float32"]
        assert abs(found[key] - value) <= bound, key
    assert abs(due["accuracy"] - due["weighted_accuracy"]) > 8 * tolerances.UNIT["float32"]


def test_the_share_of_the_variance_of_a_line():
    model = keras.Sequential([Input((3,)), Dense(1)], seed=0, dtype="float64")
    model.compile(keras.optimizers.SGD(0.1), "mse", metrics=["r2"])
    y = X @ [1.0, 2.0, 3.0] + 4
    history = model.fit(X, y, epochs=200, verbose=0).history["r2"]
    due = sk.r2_score(y, model.predict(X))
    assert history[0] < history[-1] <= 1
    assert abs(model.evaluate(X, y, verbose=0)[1] - due) <= tolerances.score(1.0, 480)


@pytest.mark.parametrize("others", [[], [Callback]])
def test_early_stopping_knows_which_way_each_is_better(others):
    for name in ("val_f1", "val_mine", "val_ece", "val_logloss"):
        model = classifier(
            metrics=["f1", keras.metrics.MatthewsCorrelation("mine"), "ece", "logloss"],
            optimizer=keras.optimizers.Adam(0.01),
        )
        stopping = EarlyStopping(name, patience=4)
        history = model.fit(
            X, Y, epochs=400, validation_data=(X[:50], Y[:50]), verbose=0,
            callbacks=[stopping, *(other() for other in others)],
        ).history[name]  # fmt: skip
        best = max if name in ("val_f1", "val_mine") else min
        assert stopping.direction == best.__name__
        assert stopping.best == best(history)
        assert len(history) < 400


def test_a_loss_of_signs_has_an_accuracy_about_0():
    model = classifier(loss="hinge", activation="linear", metrics=["accuracy", "auc", "mcc"])
    found = model.evaluate(X, Y, verbose=0, return_dict=True)
    z = model.predict(X)[:, 0]
    for key, due in {
        "accuracy": sk.accuracy_score(Y, z > 0),
        "auc": sk.roc_auc_score(Y, z),
        "mcc": sk.matthews_corrcoef(Y, z > 0),
    }.items():
        assert abs(found[key] - due) <= tolerances.score(due, 480) + tolerances.UNIT["float32"]


def test_numbers_are_no_labels():
    model = classifier(loss="mse", activation="linear", metrics=["auc"])
    model.evaluate(X, Y, verbose=0)
    with pytest.raises(DataError) as caught:
        model.fit(X, Y + 0.5, verbose=0)
    assert str(caught.value) == (
        "`y` must be 0 or 1 for the metric 'auc'; got "
        f"{Y[0] + 0.5:g} in row 0. Leave the metric out, or judge numbers by 'mae', 'rmse' or 'r2'."
    )


def test_metrics_that_are_not_there_are_refused_before_training():
    with pytest.raises(UnknownNameError, match=r"^`weighted_metrics` must be one of .*'aux'"):
        classifier(weighted_metrics=["aux"])
    with pytest.raises(RangeError, match=r"^`weighted_metrics` must be a list"):
        classifier(weighted_metrics="auc")
    with pytest.raises(RangeError, match=r"^`metrics` must have different keys"):
        classifier(metrics=["auc", "auc"])
    with pytest.raises(UnknownNameError, match="which means nothing for the targets of"):
        classifier(metrics=["r2"])


def test_a_score_that_is_not_defined_is_kept_printed_and_saved(tmp_path, capsys):
    model = classifier(metrics=["auc"])
    history = model.fit(X, np.ones(120), epochs=2, verbose=2).history
    assert np.isnan(history["auc"]).all()
    assert " - auc: nan - loss: " in capsys.readouterr().out
    model.save(tmp_path / "m.safetensors")
    again = keras.Sequential.load(tmp_path / "m.safetensors").history.history
    assert np.array_equal(again["auc"], history["auc"], equal_nan=True)
    assert again["loss"] == history["loss"]


def test_a_file_keeps_metrics_with_their_settings(tmp_path):
    chosen = [
        "accuracy",
        keras.metrics.FBetaScore("weighted", 2.0, name="f2"),
        keras.metrics.AUC(curve="PR"),
        keras.metrics.ExpectedCalibrationError,
        "recall_macro",
    ]
    model = classifier(metrics=chosen, weighted_metrics=chosen)
    model.fit(X, Y, sample_weight=WEIGHT, verbose=0)
    model.save(tmp_path / "m.safetensors")
    again = keras.Sequential.load(tmp_path / "m.safetensors")
    assert again.metrics_names == model.metrics_names
    assert again.evaluate(X, Y, sample_weight=WEIGHT, verbose=0) == model.evaluate(
        X, Y, sample_weight=WEIGHT, verbose=0
    )
    compilation = Compilation.create("adam", "binary_crossentropy", chosen, chosen)
    document = json.loads(json.dumps(compilation.to_json(), allow_nan=False))
    assert Compilation.from_json(document).measured(1) == compilation.measured(1)


def test_a_file_of_before_the_settings_is_read():
    document = {
        "optimizer": {"name": "adam", "config": {}},
        "loss": {"name": "mean_squared_error", "config": {}},
        "metrics": ["mae", {"name": "root_mean_squared_error", "key": "rmse"}],
    }
    assert [one.key for one in Compilation.from_json(document).measured(1)] == ["mae", "rmse"]
