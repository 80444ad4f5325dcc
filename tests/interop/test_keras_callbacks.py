"""Keras's ReduceLROnPlateau, epoch by epoch beside ours."""

from __future__ import annotations

import random
from types import SimpleNamespace

import pytest

from hiddenlogic.callbacks import ReduceLROnPlateau

keras = pytest.importorskip("keras", reason="needs Keras and PyTorch: make interop")


class Model:
    """A model that has nothing but a learning rate, where either library looks for it."""

    def __init__(self):
        self.optimizer = SimpleNamespace(learning_rate=1.0)
        self.metrics = []

    @property
    def learning_rate(self):
        return self.optimizer.learning_rate

    @learning_rate.setter
    def learning_rate(self, rate):
        self.optimizer.learning_rate = rate


def rates(callback, values):
    model, found = Model(), []
    callback.set_model(model)
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {"loss": value})
        found.append(model.learning_rate)
    return found


@pytest.mark.parametrize("seed", range(20))
def test_rates_are_those_of_keras(seed):
    draw = random.Random(seed)
    settings = {
        "monitor": "loss",
        "mode": draw.choice(["min", "max"]),
        "factor": draw.choice([0.25, 0.5]),
        "patience": draw.randrange(4),
        "min_delta": draw.choice([0.0, 0.125]),
        "cooldown": draw.randrange(4),
        "min_lr": draw.choice([0.0, 1 / 64]),
    }
    # Eighths and powers of two: Keras compares the rate with min_lr in float32, and takes min_delta
    # from the other side.
    values = [draw.randrange(16) / 8 for _ in range(60)]
    due = rates(keras.callbacks.ReduceLROnPlateau(**settings), values)
    assert rates(ReduceLROnPlateau(**settings), values) == due
    assert due[-1] < 1.0
    other = settings | {"patience": settings["patience"] + 2}
    assert rates(ReduceLROnPlateau(**other), values) != due
