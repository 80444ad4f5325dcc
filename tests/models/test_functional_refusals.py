"""What functional models refuse, and with which words."""

from __future__ import annotations

import pytest
from functional_examples import DEEP, KIND, PRICE, WIDE, X, Y, compiled, two_by_two

import hiddenlogic as keras
from hiddenlogic.errors import RangeError, ShapeError, StateError, UnknownNameError
from hiddenlogic.layers import Add, Dense, Input


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [
        (
            WIDE,
            Y,
            "`x` must be a list or a dict with an entry for each of the 2 inputs (wide, deep); "
            "got ndarray.",
        ),
        (
            [WIDE],
            Y,
            "`x` must have an entry for each of the 2 inputs (wide, deep); got 1.",
        ),
        (
            [WIDE, WIDE],
            Y,
            "`x['deep']` must have 4 columns, the features of that Input; got shape (40, 3).",
        ),
        (
            [WIDE, DEEP[:9]],
            Y,
            "`x['wide']` and `x['deep']` must have the same number of rows; got 40 and 9.",
        ),
        (
            {"wide": WIDE},
            Y,
            "`x` must have a key for each input of the model; 'deep' is missing.",
        ),
        (
            {"wide": WIDE, "deeep": DEEP},
            Y,
            "`x` has the key 'deeep', but the model has no such input. There are: wide, deep. Did "
            "you mean 'deep'?",
        ),
        (
            X,
            {},
            "`y` must have a key for each output of the model; 'price', 'kind' are missing.",
        ),
        (
            X,
            [DEEP, KIND],
            "`y['price']` must have 1 column, the units of the layer 'price'; got shape (40, 4).",
        ),
        (
            X,
            [PRICE, KIND[:9]],
            "`y['price']` and `y['kind']` must have the same number of rows; got 40 and 9.",
        ),
        (
            X,
            [PRICE[:9], KIND[:9]],
            "`x` and `y` must have the same number of rows; got 40 and 9.",
        ),
    ],
)
def test_arrays_that_do_not_fit_are_refused(x, y, message):
    for prefix, call in [
        ("", lambda: compiled().fit(x, y, verbose=0)),
        ("", lambda: compiled().evaluate(x, y, verbose=0)),
        ("validation ", lambda: compiled().fit(X, Y, validation_data=(x, y), verbose=0)),
    ]:
        with pytest.raises((ShapeError, UnknownNameError)) as caught:
            call()
        named = message.replace("`x", f"`{prefix}x").replace("`y", f"`{prefix}y")
        assert str(caught.value) == named


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"loss": {"price": "mse"}},
            "`loss` must have a key for each output of the model; 'kind' is missing.",
        ),
        (
            {"loss": ["mse", None]},
            "`loss` must be a loss for each output; got None for 'kind'. Leave that output out of "
            "the model.",
        ),
        (
            {"metrics": ["mae"]},
            "`metrics` must have an entry for each of the 2 outputs (price, kind); got 1.",
        ),
        (
            {"weighted_metrics": {"prise": ["mae"]}},
            "`weighted_metrics` has the key 'prise', but the model has no such output. There are: "
            "price, kind. Did you mean 'price'?",
        ),
        (
            {"loss_weights": 0.5},
            "`loss_weights` must be a list or a dict with an entry for each of the 2 outputs "
            "(price, kind); got float.",
        ),
        (
            {"loss_weights": [1, -1]},
            "`loss_weights` of compile must be a finite number of at least 0; got -1.",
        ),
    ],
)
def test_a_compilation_that_does_not_fit_is_refused(settings, message):
    with pytest.raises((ShapeError, UnknownNameError, RangeError)) as caught:
        compiled(**settings)
    assert str(caught.value) == message


def test_an_output_may_not_be_named_so_that_keys_clash():
    rows = Input((3,))
    model = keras.Model(rows, [Dense(1, name="val")(rows), Dense(1, name="b")(rows)])
    with pytest.raises(RangeError) as caught:
        model.compile(loss="mse")
    assert str(caught.value) == (
        "The history would have the key 'val_loss' twice. Name an output or a metric otherwise."
    )


def test_a_loss_is_needed_to_train_and_not_to_predict():
    model = two_by_two()
    model.compile("adam")
    assert model.loss is None
    assert [one.shape for one in model.predict(X)] == [(40, 1), (40, 2)]
    with pytest.raises(StateError, match=r"^No loss to compute\."):
        model.fit(X, Y)


def test_classes_have_no_weights_where_there_are_several_outputs():
    with pytest.raises(RangeError) as caught:
        compiled().fit(X, Y, class_weight={0: 2.0}, verbose=0)
    assert str(caught.value) == (
        "`class_weight` of fit is for one output; the model has 2. Use sample_weight."
    )


def test_graphs_that_are_none_are_refused():
    rows, other, taken = Input((3,)), Input((3,)), Dense(2)
    value = taken(rows)
    for make, message in [
        (
            lambda: keras.Model(rows, "x"),
            "`outputs` of Model must be an Input, what a layer returned, or a list of these; got "
            "'x'.",
        ),
        (
            lambda: keras.Model(value, value),
            "`inputs` of Model must be Input layers; got ",
        ),
        (
            lambda: keras.Model(rows, Add()([value, Dense(2)(other)])),
            "The outputs of Model need Input(shape=(3,), name=None), which is not among its "
            "inputs. Pass it in `inputs`.",
        ),
        (
            lambda: keras.Model(rows, Add()([taken(rows), taken(rows)])),
            "Dense was called twice. Each layer has weights of its own: make a new Dense.",
        ),
        (
            lambda: keras.Model(rows, Dense(2, name="a")(Dense(2, name="a")(rows))),
            "The layers of a Model must have different names; 'a' is there twice.",
        ),
    ]:
        with pytest.raises((ShapeError, StateError)) as caught:
            make()
        assert str(caught.value).startswith(message)
    keras.Model(rows, value)
    with pytest.raises(StateError) as caught:
        keras.Model(rows, value)
    assert str(caught.value) == (
        "This Dense is already part of a model. Each layer has weights of its own: make a new "
        "Dense."
    )
    with pytest.raises(StateError, match=r"^`dtype` of Model must be 'float32' or 'float64'"):
        keras.Model(rows, Dense(1)(rows), dtype="float16")


def test_a_misspelt_argument_gets_a_sentence():
    rows = Input((3,))
    with pytest.raises(UnknownNameError) as caught:
        keras.Model(input=rows, outputs=Dense(1)(rows))
    assert str(caught.value) == (
        "Model has no argument `input`; it takes inputs, outputs, name, dtype, seed. Did you mean "
        "'inputs'?"
    )
