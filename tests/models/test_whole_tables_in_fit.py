"""What reads all rows at once, in `fit`: starts that the rows decide, and L-BFGS."""

from __future__ import annotations

import numpy as np
import pytest

from hiddenlogic.errors import RangeError
from hiddenlogic.initializers import DataDriven, DataDrivenBias
from hiddenlogic.layers import Dense, Input
from hiddenlogic.models import Sequential
from hiddenlogic.optimizers import LBFGS
from hiddenlogic.regularizers import L2

DRIVEN = {"kernel_initializer": DataDriven(), "bias_initializer": DataDrivenBias()}
RANDOM = np.random.default_rng(0)
ROWS = RANDOM.normal(0, 3, (57, 4)) + 2
TARGETS = RANDOM.normal(size=(57, 2))


def same(found, wanted):
    return [a.tobytes() for a in found] == [a.tobytes() for a in wanted]


def test_a_sequential_finishes_its_weights_in_fit_also_when_it_was_loaded(tmp_path):
    def model():
        made = Sequential([Input((4,)), Dense(9, "tanh", **DRIVEN), Dense(2)], seed=5)
        made.compile("adam", "mse")
        return made

    one, other = model(), model()
    other.evaluate(ROWS, TARGETS, verbose=0)
    other.compile("adam", "mse")
    other.save(tmp_path / "untrained.safetensors")
    loaded = Sequential.load(tmp_path / "untrained.safetensors")
    before = one.get_weights()
    for each in (one, other, loaded):
        each.fit(ROWS, TARGETS, epochs=1, batch_size=57, verbose=0)
        assert same(each.get_weights(), one.get_weights())
    # a step of Adam moves no weight by more than about its rate
    assert max(abs(a - b).max() for a, b in zip(before, one.get_weights(), strict=True)) > 0.1


def test_lbfgs_takes_all_rows_together_in_fit():
    model = Sequential([Dense(3, "tanh", kernel_regularizer=L2(0.01)), Dense(2)], seed=0)
    model.compile(LBFGS(), loss="mse")
    with pytest.raises(RangeError, match=r"^`batch_size` of fit must be left out with LBFGS"):
        model.fit(ROWS, TARGETS, batch_size=8)
    history = model.fit(ROWS, TARGETS, epochs=5, batch_size=1000, verbose=0)
    assert history.history["loss"] == sorted(history.history["loss"], reverse=True)
