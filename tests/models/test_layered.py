"""Layers, shapes and weights of a Sequential, and its summary."""

from __future__ import annotations

import numpy as np
import pytest

import hiddenlogic as keras
from hiddenlogic.errors import (
    DataError,
    ShapeError,
    StateError,
    UnknownNameError,
)
from hiddenlogic.layers import Activation, Dense, Dropout, Input


def table(n=64, features=3, seed=0):
    random = np.random.default_rng(seed)
    x = random.normal(0, 1, (n, features)).astype(np.float32)
    return x, (x.sum(axis=1, keepdims=True) ** 2).astype(np.float32)


def line_of(width, **compiled):
    model = keras.Sequential([Input((width,)), Dense(4, "tanh"), Dense(1)], seed=0)
    model.compile(**{"optimizer": "adam", "loss": "mse", **compiled})
    return model


def test_a_network_without_input_takes_its_width_from_the_first_data():
    model = keras.Sequential([Dense(4, "relu"), Dense(1)])
    assert not model.built
    assert model.predict(np.ones((5, 3))).shape == (5, 1)
    assert (model.input_shape, model.output_shape) == ((None, 3), (None, 1))
    assert model.count_params() == 21


def test_an_unbuilt_network_says_what_is_missing():
    model = keras.Sequential([Dense(1)])
    with pytest.raises(StateError) as caught:
        model.get_weights()
    assert str(caught.value) == (
        "'sequential' is not built: the width of its rows is not known. Start it with Input((n,)), "
        "or call build((None, n)) or fit()."
    )
    model.build((None, 4))
    assert [w.shape for w in model.get_weights()] == [(4, 1), (1,)]
    with pytest.raises(ShapeError) as other:
        model.build((None, 5))
    assert str(other.value) == (
        "`input_shape` of build must be (None, 4), as the first layer says; got (None, 5)."
    )


def test_layers_are_added_and_taken_away():
    model = keras.models.Sequential()
    model.add(keras.Input(shape=(2,)))
    model.add(Dense(4))
    first = model.get_weights()
    model.add(Activation("relu"))
    model.add(Dropout(0.5))
    model.add(Dense(1))
    assert [type(one).__name__ for one in model.layers] == [
        "Dense",
        "Activation",
        "Dropout",
        "Dense",
    ]
    assert all(np.array_equal(a, b) for a, b in zip(first, model.get_weights(), strict=False))
    taken = model.pop()
    assert not taken.is_bound
    assert len(model.get_weights()) == 2


def test_layers_have_names():
    model = keras.Sequential([Input((2,)), Dense(4), Dense(4, name="middle"), Dense(1)])
    assert model.get_layer("dense_1") is model.layers[2]
    assert model.get_layer(index=1).name == "middle"
    with pytest.raises(UnknownNameError) as caught:
        model.get_layer("dense_2")
    assert str(caught.value) == (
        "There is no layer 'dense_2'. There are: dense, middle, dense_1. Did you mean 'dense_1'?"
    )


def test_a_layer_belongs_to_one_model():
    layer = Dense(1, input_shape=(2,))
    keras.Sequential([layer])
    with pytest.raises(StateError) as caught:
        keras.Sequential([layer])
    assert str(caught.value) == (
        "Layer 1 (Dense) is already part of a Sequential. Each layer has weights of its own: make "
        "a new Dense."
    )


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        (
            [3],
            "A Sequential must be made of layers (Input, Dense, Activation, Dropout); got 3.",
        ),
        (
            [Dense(1), Input((2,))],
            "An Input must be the first layer of a Sequential, and only once.",
        ),
        (
            [Dense(1, name="a"), Dense(1, name="a")],
            "The layers of a Sequential must have different names; 'a' is there twice.",
        ),
        (
            [Input((2,)), Dense(1, input_dim=3)],
            "`input_shape` of layer 1 (Dense) must be (2,), as its Input says; got (3,). Leave it "
            "out.",
        ),
    ],
)
def test_layers_that_do_not_fit_are_refused(layers, message):
    with pytest.raises((StateError, ShapeError)) as caught:
        keras.Sequential(layers)
    assert str(caught.value) == message


def test_a_model_tells_the_seed_that_it_drew():
    model = keras.Sequential([Input((3,)), Dense(8)])
    again = keras.Sequential([Input((3,)), Dense(8)], seed=model.seed)
    assert np.array_equal(model.get_weights()[0], again.get_weights()[0])


def test_set_weights_takes_what_get_weights_gives():
    a, b = line_of(3), line_of(3)
    a.fit(*table(), verbose=0)
    b.set_weights(a.get_weights())
    x, _ = table()
    assert np.array_equal(a.predict(x), b.predict(x))
    b.fit(*table(), verbose=0)
    b.set_weights([w.tolist() for w in a.get_weights()])
    assert np.array_equal(a.predict(x), b.predict(x))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            lambda w: w[:3],
            "`weights` must be a list of 4 arrays, kernel and bias of each layer; got 3.",
        ),
        (
            lambda w: [w[0].T, *w[1:]],
            "`weights`[0], the kernel of layer 1 (Dense), must have shape (3, 4); got (4, 3).",
        ),
        (
            lambda w: [*w[:3], np.array([np.nan])],
            "`weights`[3], the bias of layer 2 (Dense), must hold finite numbers; it has a NaN or "
            "an infinity.",
        ),
    ],
)
def test_weights_that_do_not_fit_are_refused(change, message):
    model = line_of(3)
    with pytest.raises((ShapeError, DataError)) as caught:
        model.set_weights(change(model.get_weights()))
    assert str(caught.value) == message


def test_get_weights_are_copies():
    model = line_of(3)
    model.get_weights()[0][:] = 0
    assert model.get_weights()[0].any()
    model.fit(*table(), verbose=0)
    model.get_weights()[0][:] = 0
    assert model.get_weights()[0].any()


def test_the_summary_is_laid_out_as_in_keras(capsys):
    model = keras.Sequential([Input((4,)), Dense(8, "relu"), Dropout(0.1), Dense(1)], name="iris")
    model.summary()
    assert capsys.readouterr().out == (
        'Model: "iris"\n'
        "┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓\n"
        "┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃\n"
        "┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩\n"
        "│ dense (Dense)                   │ (None, 8)              │            40 │\n"
        "├─────────────────────────────────┼────────────────────────┼───────────────┤\n"
        "│ dropout (Dropout)               │ (None, 8)              │             0 │\n"
        "├─────────────────────────────────┼────────────────────────┼───────────────┤\n"
        "│ dense_1 (Dense)                 │ (None, 1)              │             9 │\n"
        "└─────────────────────────────────┴────────────────────────┴───────────────┘\n"
        " Total params: 49 (196.00 B)\n"
        " Trainable params: 49 (196.00 B)\n"
        " Non-trainable params: 0 (0.00 B)\n"
    )


def test_the_summary_of_an_unbuilt_model_says_so():
    lines = []
    keras.Sequential([Dense(8)]).summary(print_fn=lines.append)
    assert len(lines) == 1
    assert (
        "│ dense (Dense)                   │ ?                      │   0 (unbuilt) │" in lines[0]
    )


def test_the_summary_counts_what_the_optimizer_keeps():
    model = line_of(3)
    model.fit(*table(), verbose=0)
    lines = []
    model.summary(print_fn=lines.append)
    assert " Total params: 63 (252.00 B)" in lines[0]
    assert " Optimizer params: 42 (168.00 B)" in lines[0]


@pytest.mark.parametrize(
    ("kernel", "kind"),
    [([["a"], ["b"]], "list"), ([[1.0], [2.0, 3.0]], "list"), ("ab", "str")],
)
def test_weights_that_are_no_numbers_are_refused(kernel, kind):
    model = keras.Sequential([Input((2,)), Dense(1)])
    with pytest.raises(DataError) as caught:
        model.set_weights([kernel, [0.0]])
    assert str(caught.value) == (
        "`weights`[0], the kernel of layer 1 (Dense), must be an array of numbers in shape (2, 1); "
        f"got {kind} that is none."
    )


def test_weights_beyond_the_dtype_are_refused_without_a_warning():
    model = keras.Sequential([Input((1,)), Dense(1)])
    with pytest.raises(DataError) as caught:
        model.set_weights([[[1e300]], [0.0]])
    assert str(caught.value) == (
        "`weights`[0], the kernel of layer 1 (Dense), must hold finite numbers; "
        "it has a NaN or an infinity."
    )


def test_a_lone_layer_is_no_list_of_layers():
    with pytest.raises(StateError) as caught:
        keras.Sequential(Dropout(0.5))
    assert str(caught.value) == (
        "`layers` of Sequential must be a list; got Dropout(rate=0.5, name=None). Write [layer]."
    )


@pytest.mark.parametrize("layer", [Dropout(0.5), Activation("relu")])
def test_a_model_without_weights_predicts_but_does_not_train(layer):
    model = keras.Sequential([Input((1,)), layer])
    model.compile(loss="mse")
    assert (model.predict([1.0, 2.0]) == [[1.0], [2.0]]).all()
    assert model.evaluate([1.0, 2.0], [1.0, 3.0], verbose=0) == 0.5
    with pytest.raises(StateError) as caught:
        model.fit([1.0], [1.0])
    assert str(caught.value) == "'sequential' has no weights to train. Add a Dense layer."
