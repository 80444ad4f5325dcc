"""Losses and optimizers: Keras's names and defaults, and what is refused."""

from __future__ import annotations

import dataclasses

import pytest

from hiddenlogic import losses, optimizers
from hiddenlogic.errors import RangeError, UnknownNameError
from hiddenlogic.losses import BinaryCrossentropy, Huber, MeanSquaredError
from hiddenlogic.optimizers import SGD, Adam, AdamW


@pytest.mark.parametrize("name", losses.ROWS.names)
def test_every_loss_has_a_class_that_makes_itself_again(name):
    loss = losses.get(name)
    assert loss.name == name
    assert losses.get(name, **loss.get_config()) == loss
    assert repr(loss).startswith(f"{loss.row.keras}(")


def test_losses_have_their_settings_and_zeros_elsewhere():
    assert (Huber(2).delta, Huber(2).from_logits) == (2.0, False)
    assert (MeanSquaredError().delta, MeanSquaredError().from_logits) == (0.0, False)
    assert BinaryCrossentropy(from_logits=True).from_logits
    assert Huber(2) != Huber(3)
    assert losses.get("mse") == MeanSquaredError()


def test_a_loss_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        Huber().delta = 3


@pytest.mark.parametrize("delta", [0, -1, float("inf"), "1", True])
def test_huber_needs_a_delta_above_zero(delta):
    with pytest.raises(RangeError) as caught:
        Huber(delta)
    assert str(caught.value) == (
        f"`delta` of Huber must be a finite number greater than 0; got {delta!r}."
    )


def test_an_unknown_loss_is_refused():
    with pytest.raises(UnknownNameError) as caught:
        losses.get("binary_crossentropi")
    assert str(caught.value) == (
        f"`loss` must be one of {', '.join(sorted(losses.ROWS.names))}; got "
        "'binary_crossentropi'. Did you mean 'binary_crossentropy'?"
    )


def test_a_keyword_that_a_loss_lacks_is_refused():
    with pytest.raises(UnknownNameError) as caught:
        BinaryCrossentropy(from_logit=True)
    assert str(caught.value) == (
        "BinaryCrossentropy has no argument `from_logit`; it takes from_logits. "
        "Did you mean 'from_logits'?"
    )
    with pytest.raises(UnknownNameError, match=r"no argument `delta`; it takes none\.$"):
        MeanSquaredError(delta=1)


@pytest.mark.parametrize("row", optimizers.ROWS, ids=lambda row: row.name)
def test_defaults_of_the_classes_are_those_of_the_rows(row):
    optimizer = optimizers.get(row.name)
    assert type(optimizer).__name__ == row.keras
    for parameter in row.parameters:
        assert getattr(optimizer, parameter.name) == parameter.default
    assert optimizers.get(row.name, **optimizer.get_config()) == optimizer


def test_lr_is_taken_for_learning_rate():
    assert Adam(lr=0.1) == Adam(learning_rate=0.1) == Adam(0.1)


def test_whole_numbers_become_floats():
    assert isinstance(SGD(1).learning_rate, float)


@pytest.mark.parametrize("value", [0, -0.001, float("nan"), float("inf"), "0.1", True])
def test_a_learning_rate_is_greater_than_zero(value):
    with pytest.raises(RangeError) as caught:
        Adam(value)
    assert str(caught.value) == (
        f"`learning_rate` of Adam must be a finite number greater than 0; got {value!r}."
    )


def test_momentum_beta_and_decay_stay_in_their_ranges():
    with pytest.raises(RangeError) as caught:
        SGD(momentum=1.0)
    assert str(caught.value) == (
        "`momentum` of SGD must be a number of at least 0 and less than 1; got 1.0."
    )
    with pytest.raises(RangeError, match="`beta_2` of Adam"):
        Adam(beta_2=-0.1)
    with pytest.raises(RangeError, match="`weight_decay` of AdamW"):
        AdamW(weight_decay=-1)
    with pytest.raises(RangeError, match=r"^`nesterov` of SGD must be True or False; got 1\.$"):
        SGD(nesterov=1)


def test_a_class_stands_for_one_with_its_defaults():
    assert optimizers.get(optimizers.Adam) == optimizers.Adam()
    assert losses.get(losses.Huber) == losses.Huber()
