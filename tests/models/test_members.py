"""A network of members as a model: fit, predict, weights, a file and back."""

from __future__ import annotations

import numpy as np
import pytest

import hiddenlogic as keras
from hiddenlogic import layers


def model_of(dtype="float32"):
    stack = [
        layers.Input((3,)),
        layers.Members(4),
        layers.Dense(16, "relu"),
        layers.BatchEnsembleDense(8, "tanh"),
        layers.MemberDense(2, "softmax", name="heads"),
    ]
    model = keras.Sequential(stack, dtype=dtype, seed=5)
    model.compile(
        keras.optimizers.AdamW(0.01), "sparse_categorical_crossentropy", metrics=["accuracy"]
    )
    return model


def rows():
    x = np.random.default_rng(0).normal(0, 1, (60, 3))
    return x, (x[:, 0] > 0).astype(int)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_weights_and_files_go_round(tmp_path, dtype):
    model, (x, y) = model_of(dtype), rows()
    history = model.fit(x, y, epochs=20, validation_data=(x, y), verbose=0).history
    assert history["val_loss"][-1] < history["val_loss"][0]
    assert np.allclose(model.predict(x).sum(axis=1), 1)
    weights = model.get_weights()
    assert [w.shape for w in weights] == [
        (4, 3), (3, 16), (16,), (4, 16), (16, 8), (4, 8), (4, 8), (4, 8, 2), (4, 2)
    ]  # fmt: skip
    assert [w.shape for w in model.get_layer("heads").get_weights()] == [(4, 8, 2), (4, 2)]

    model.save(tmp_path / "members.safetensors")
    again = keras.Sequential.load(tmp_path / "members.safetensors")
    assert again.layers == model.layers
    assert np.array_equal(again.predict(x), model.predict(x))

    other = model_of(dtype)
    other.set_weights(weights)
    for a, b in zip(other.get_weights(), weights, strict=True):
        assert np.array_equal(a, b)
    assert np.array_equal(other.predict(x), model.predict(x))


def test_the_summary_counts_the_weights_of_all_members():
    text = []
    model_of().summary(print_fn=text.append)
    assert "Total params: 404" in text[0]
    assert "(None, 4, 16)" in text[0]
