"""`class_weight` of fit: what it is in weights of rows."""

from __future__ import annotations

import numpy as np
import pytest

import hiddenlogic as keras
from hiddenlogic.errors import DataError
from hiddenlogic.layers import Dense, Input

X = np.random.default_rng(0).normal(size=(30, 3))
Y = (X[:, 0] > 0.6).astype(int)


def trained(**fit):
    model = keras.Sequential([Input((3,)), Dense(4, "tanh"), Dense(1, "sigmoid")], seed=0)
    model.compile("adam", "binary_crossentropy")
    history = model.fit(X, Y, epochs=3, verbose=0, **fit)
    return [w.tobytes() for w in model.get_weights()], history.history


def test_the_weight_of_a_class_is_that_of_its_rows():
    assert trained(class_weight={1: 3.0}) == trained(sample_weight=np.where(Y == 1, 3.0, 1.0))
    assert trained(class_weight={1: 3.0}) != trained()


def test_it_is_multiplied_with_the_weights_of_the_rows():
    weight = np.linspace(0.5, 2, 30)
    both = weight.astype(np.float32) * np.where(Y == 1, 3, 1).astype(np.float32)
    assert trained(class_weight={1: 3.0}, sample_weight=weight) == trained(sample_weight=both)


def test_balanced_counts_the_rows_that_are_trained_on():
    train = Y[:20]
    share = [20 / (2 * (train == one).sum()) for one in (0, 1)]
    balanced = trained(class_weight="balanced", validation_split=1 / 3)
    assert balanced == trained(class_weight=dict(enumerate(share)), validation_split=1 / 3)


def test_the_validation_rows_are_not_weighed_by_class():
    _, weighed = trained(class_weight={0: 0.0}, validation_data=(X, Y))
    model = keras.Sequential([Input((3,)), Dense(4, "tanh"), Dense(1, "sigmoid")], seed=0)
    model.compile("adam", "binary_crossentropy")
    model.fit(X, Y, epochs=3, verbose=0, class_weight={0: 0.0})
    assert weighed["val_loss"][-1] == model.evaluate(X, Y, verbose=0)


def test_weights_that_leave_nothing_are_refused():
    with pytest.raises(DataError) as caught:
        trained(class_weight={0: 0, 1: 0})
    assert str(caught.value) == (
        "`class_weight` of fit leaves no row that weighs anything. Change it."
    )
