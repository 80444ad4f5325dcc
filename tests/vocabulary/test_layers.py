"""Layers as data: Keras's spellings, defaults, and what is refused."""

from __future__ import annotations

import dataclasses
import json

import pytest
from layer_examples import EXAMPLES

from hiddenlogic import activations, initializers, layers, regularizers
from hiddenlogic.errors import RangeError, ShapeError, StateError, UnknownNameError
from hiddenlogic.layers import Activation, Dense, Dropout, Input
from hiddenlogic.layers.config import read


def test_dense_has_keras_defaults():
    dense = Dense(3)
    assert dense.function == activations.linear
    assert dense.use_bias is True
    assert dense.kernel_initializer == initializers.GlorotUniform()
    assert dense.bias_initializer == initializers.Zeros()
    assert dense.kernel_regularizer is None


def test_older_spellings_of_the_input_work():
    assert Dense(units=1, input_shape=[1]).input_shape == (1,)
    assert Dense(1, input_dim=3).input_shape == (3,)
    assert Dense(1, input_shape=(3,)) == Dense(1, input_dim=3)
    assert Input((4,)) == Input(shape=[4]) == Input(4)


@pytest.mark.parametrize("units", [0, -1, 1.5, 8.0, True, "8", None])
def test_units_are_a_whole_number_of_at_least_one(units):
    with pytest.raises(RangeError) as caught:
        Dense(units)
    assert str(caught.value) == (
        f"`units` of Dense must be a whole number of at least 1; got {units!r}."
    )


@pytest.mark.parametrize("rate", [1, 1.0, -0.1, float("nan"), True, "0.5"])
def test_a_dropout_rate_is_at_least_zero_and_less_than_one(rate):
    with pytest.raises(RangeError) as caught:
        Dropout(rate)
    assert str(caught.value) == (
        f"`rate` of Dropout must be a number of at least 0 and less than 1; got {rate!r}."
    )


def test_a_misspelt_keyword_is_refused():
    with pytest.raises(UnknownNameError) as caught:
        Dense(8, activaton="relu")
    assert str(caught.value) == (
        "Dense has no argument `activaton`; it takes units, activation, use_bias, "
        "kernel_initializer, bias_initializer, kernel_regularizer, bias_regularizer, "
        "activity_regularizer, kernel_constraint, bias_constraint, name, input_shape, input_dim. "
        "Did you mean 'activation'?"
    )


def test_a_misspelt_activation_is_refused():
    with pytest.raises(UnknownNameError, match=r"got 'rellu'\. Did you mean 'relu'\?$"):
        Dense(8, "rellu")
    with pytest.raises(UnknownNameError, match=r"^`activation` of Activation must be one of"):
        Activation("rellu")
    with pytest.raises(UnknownNameError, match=r"^`bias_initializer` of Dense must be one of"):
        Dense(8, bias_initializer="zerros")


def test_an_input_has_one_dimension():
    with pytest.raises(ShapeError) as caught:
        Input((28, 28))
    assert str(caught.value) == (
        "`shape` of Input must hold one number, the features of a row, such as (4,); got "
        "(28, 28). A dense network takes each row as a vector: flatten the rest."
    )
    with pytest.raises(ShapeError, match="must agree; got 3 and 4"):
        Dense(1, input_shape=(3,), input_dim=4)


def test_layers_are_frozen_and_equal_by_what_they_say():
    assert Dense(8, "relu") == Dense(8, activations.relu)
    assert hash(Dense(8)) == hash(Dense(8))
    with pytest.raises(dataclasses.FrozenInstanceError):
        Dense(8).units = 9


def test_binding_changes_neither_equality_nor_repr():
    plain, bound = Dense(8), Dense(8)
    bound.bind(list)
    assert bound.get_weights() == []
    assert plain == bound
    assert repr(plain) == repr(bound)
    assert not plain.is_bound


def test_a_layer_without_a_model_has_no_weights():
    with pytest.raises(StateError) as caught:
        Dense(8).get_weights()
    assert str(caught.value) == (
        "This Dense has no weights yet. Add it to a Sequential and call build() or fit() first."
    )
    assert Dropout(0.5).get_weights() == []


@pytest.mark.parametrize("kind", layers.KINDS)
def test_a_layer_is_made_again_from_its_plain_data(kind):
    for example in EXAMPLES[kind]:
        config = json.loads(json.dumps(example.get_config(), allow_nan=False))
        assert set(config) == {f.name for f in dataclasses.fields(example) if f.init}
        arguments = {name: read(name, value) for name, value in config.items()}
        assert layers.KINDS[kind](**arguments) == example


def test_l2_refuses_a_negative_penalty():
    with pytest.raises(RangeError, match="`l2` of L2 must be a finite number of at least 0"):
        regularizers.L2(-0.1)
    assert regularizers.l2(0.5) == regularizers.L2(0.5)
