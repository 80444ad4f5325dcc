"""Weights that no optimizer changes, from the first step to a file."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances

import hiddenlogic as keras
from hiddenlogic.errors import StateError
from hiddenlogic.layers import BatchNormalization, Dense, Input, Normalization


def rows(n=50):
    x = np.random.default_rng(0).normal(3, 2, (n, 4)).astype(np.float32)
    return x, np.sin(x[:, :1])


def normalised(**compiled):
    model = keras.Sequential(
        [Input((4,)), Dense(8), BatchNormalization(), Dense(1)], name="normalised", seed=0
    )
    model.compile(**{"optimizer": "adam", "loss": "mse", **compiled})
    return model


def summary_of(model):
    lines: list[str] = []
    model.summary(print_fn=lines.append)
    return lines[0].splitlines()


def test_the_summary_counts_what_is_not_trained_apart_as_in_keras():
    model = normalised()
    assert model.count_params() == 40 + 32 + 9
    assert summary_of(model)[-3:] == [
        " Total params: 81 (324.00 B)",
        " Trainable params: 65 (260.00 B)",
        " Non-trainable params: 16 (64.00 B)",
    ]
    model.fit(*rows(), verbose=0)
    # Adam keeps two numbers for each weight that it changes.
    assert summary_of(model)[-4:] == [
        " Total params: 211 (844.00 B)",
        " Trainable params: 65 (260.00 B)",
        " Non-trainable params: 16 (64.00 B)",
        " Optimizer params: 130 (520.00 B)",
    ]


def test_moving_statistics_go_through_a_file(tmp_path):
    model = normalised()
    x, y = rows()
    model.fit(x, y, epochs=3, verbose=0)
    model.save(tmp_path / "model.safetensors")
    again = keras.Sequential.load(tmp_path / "model.safetensors")
    assert all(map(np.array_equal, model.get_weights(), again.get_weights()))
    assert np.array_equal(model.predict(x, verbose=0), again.predict(x, verbose=0))
    moving = model.layers[1].get_weights()[2:]
    assert not np.array_equal(moving[0], np.zeros(8))
    assert not np.array_equal(moving[1], np.ones(8))


def test_set_weights_sets_them():
    model = normalised()
    weights = [np.full_like(w, 2.0) for w in model.get_weights()]
    model.set_weights(weights)
    assert all(map(np.array_equal, model.get_weights(), weights))


@pytest.mark.parametrize(
    "optimizer",
    [
        keras.optimizers.SGD(0.1, global_clipnorm=1e-3),
        keras.optimizers.SGD(0.1, clipnorm=1e-3, weight_decay=0.5),
        keras.optimizers.SGD(0.1, clipvalue=1e-3),
        keras.optimizers.SGD(0.1, gradient_accumulation_steps=3),
        keras.optimizers.Lion(0.1, weight_decay=0.5),
        keras.optimizers.Adam(0.1, use_ema=True, ema_momentum=0.9),
        keras.optimizers.Adam(0.1, use_ema=True, ema_overwrite_frequency=2),
    ],
    ids=repr,
)
def test_moving_statistics_are_those_of_the_batches_whatever_the_optimizer_does(optimizer):
    model = keras.Sequential([Input((4,)), BatchNormalization(), Dense(1)], seed=0)
    model.compile(optimizer=optimizer, loss="mse")
    plain = keras.Sequential([Input((4,)), BatchNormalization(), Dense(1)], seed=0)
    plain.compile(optimizer=keras.optimizers.SGD(1e-3), loss="mse")
    for one in (model, plain):
        one.fit(*rows(), epochs=3, batch_size=16, shuffle=False, verbose=0)
    # What comes in does not depend on the weights, so the statistics do not.
    assert all(map(np.array_equal, model.get_weights()[2:4], plain.get_weights()[2:4]))
    assert not np.array_equal(model.get_weights()[4], plain.get_weights()[4])


def test_a_layer_that_is_not_adapted_is_not_added():
    model = keras.Sequential([Input((4,))])
    with pytest.raises(StateError, match="has no mean and variance yet"):
        model.add(Normalization())
    x, _ = rows()
    model.add(Normalization.adapted(x))
    # Standardised, their mean is what the rounding of a few operations leaves.
    near = 4 * tolerances.UNIT["float32"] * abs(x).max(axis=0) / x.std(axis=0)
    assert (abs(model.predict(x, verbose=0).mean(axis=0, dtype=np.float64)) <= near).all()


def test_a_layer_is_adapted_after_it_was_put_into_a_model_of_unknown_width():
    layer = Normalization()
    model = keras.Sequential([layer, Dense(1)])
    x, y = rows()
    layer.adapt(x)
    model.compile("adam", "mse")
    model.fit(x, y, verbose=0)
    assert [w.shape for w in model.get_weights()] == [(4, 1), (1,)]
