"""Optimizers: Keras's names and defaults, and what is refused."""

from __future__ import annotations

import pytest

from hiddenlogic import optimizers
from hiddenlogic.errors import RangeError
from hiddenlogic.optimizers import SGD, Adam, AdamW


@pytest.mark.parametrize("row", optimizers.ROWS, ids=lambda row: row.name)
def test_defaults_of_the_classes_are_those_of_the_rows(row):
    optimizer = optimizers.get(row.name)
    assert type(optimizer).__name__ == (row.keras or row.torch)
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
