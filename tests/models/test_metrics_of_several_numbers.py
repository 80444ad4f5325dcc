"""Metrics that are an array an epoch, from `fit` to the file."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from sklearn import metrics as sk

import hiddenlogic as keras
from hiddenlogic.callbacks import Callback, EarlyStopping, ReduceLROnPlateau
from hiddenlogic.errors import RangeError
from hiddenlogic.layers import Dense, Input

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(120, 3))
Y = (X @ RANDOM.normal(size=(3, 3)) + RANDOM.normal(size=(120, 3))).argmax(axis=1)
THRESHOLDS = [0.2, 0.3, 0.5]


def classifier():
    model = keras.Sequential([Input((3,)), Dense(3, "softmax")], seed=0)
    model.compile(
        keras.optimizers.Adam(0.05),
        "sparse_categorical_crossentropy",
        metrics=["f1_score", keras.metrics.Precision(THRESHOLDS, name="p"), "accuracy"],
    )
    return model


class Heard(Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.logs = logs


def test_history_logs_and_evaluate_have_an_array_a_metric():
    model, heard = classifier(), Heard()
    history = model.fit(
        X, Y, epochs=3, validation_data=(X[:50], Y[:50]), callbacks=[heard], verbose=0
    ).history
    p = model.predict(X[:50])
    found = model.evaluate(X[:50], Y[:50], verbose=0, return_dict=True)
    due = {
        "f1_score": sk.f1_score(Y[:50], p.argmax(axis=1), average=None),
        "p": [
            sk.precision_score(np.eye(3)[Y[:50]], p > one, average="micro") for one in THRESHOLDS
        ],
    }
    for key, value in due.items():
        assert np.abs(found[key] - value).max() <= tolerances.score(1.0, 600)
        assert len(history[key]) == 3
        for same in (history[f"val_{key}"][-1], heard.logs[f"val_{key}"]):
            assert isinstance(same, np.ndarray)
            assert np.array_equal(same, found[key])
    assert isinstance(found["accuracy"], float)
    listed = model.evaluate(X[:50], Y[:50], verbose=0)
    assert [np.shape(one) for one in listed] == [(), (3,), (3,), ()]


def test_an_array_is_printed_in_brackets(capsys):
    model = classifier()
    history = model.fit(X, Y, verbose=2).history
    numbers = " ".join(f"{one:.4f}" for one in history["p"][0])
    assert f" - p: [{numbers}]\n" in capsys.readouterr().out


def test_arrays_are_kept_in_the_file(tmp_path):
    model = classifier()
    model.fit(X, Y, epochs=2, verbose=0)
    model.save(tmp_path / "m.safetensors")
    again = keras.Sequential.load(tmp_path / "m.safetensors")
    assert list(again.history.history) == list(model.history.history)
    for key, values in model.history.history.items():
        assert np.array_equal(again.history.history[key], values)
    assert [np.shape(one) for one in again.history.history["p"]] == [(3,), (3,)]
    before, after = (one.evaluate(X, Y, verbose=0, return_dict=True) for one in (model, again))
    assert all(np.array_equal(before[key], after[key]) for key in before)


@pytest.mark.parametrize("others", [[], [Callback]])
@pytest.mark.parametrize("watcher", [EarlyStopping, ReduceLROnPlateau])
def test_an_array_cannot_be_watched(watcher, others):
    with pytest.raises(RangeError) as caught:
        classifier().fit(X, Y, callbacks=[watcher("p"), *(one() for one in others)], verbose=0)
    assert str(caught.value) == (
        f"{watcher.__name__} watches 'p', which is 3 numbers an epoch; it takes one. Give the "
        "metric average='macro', a `class_id` or one threshold."
    )


def test_what_stands_behind_an_array_is_watched_by_its_own_value():
    stopping = EarlyStopping("val_accuracy", patience=3)
    model = classifier()
    history = model.fit(
        X, Y, epochs=200, validation_data=(X[:50], Y[:50]), callbacks=[stopping], verbose=0
    ).history
    assert stopping.best == max(history["val_accuracy"]) < 1
    assert len(history["loss"]) < 200


def test_outputs_of_a_model_have_arrays_of_their_own():
    inputs = Input((3,))
    outputs = [Dense(1, "sigmoid", name="a")(inputs), Dense(3, "softmax", name="b")(inputs)]
    model = keras.Model(inputs, outputs)
    model.compile(
        loss=["binary_crossentropy", "sparse_categorical_crossentropy"],
        metrics=[[keras.metrics.Recall([0.4, 0.5], name="r")], ["f1_score", "accuracy"]],
    )
    found = model.evaluate(X, [Y > 0, Y], verbose=0, return_dict=True)
    assert {key: np.shape(value) for key, value in found.items()} == {
        "loss": (), "a_loss": (), "b_loss": (), "a_r": (2,), "b_f1_score": (3,), "b_accuracy": (),
    }  # fmt: skip
    p, q = model.predict(X)
    assert found["a_r"].tolist() == [sk.recall_score(Y > 0, p > one) for one in (0.4, 0.5)]
    assert found["b_accuracy"] == sk.accuracy_score(Y, q.argmax(axis=1))
