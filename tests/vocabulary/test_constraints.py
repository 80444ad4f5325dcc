"""Constraints as data: Keras's names and defaults, and what is refused."""

from __future__ import annotations

import json

import pytest

from hiddenlogic import constraints
from hiddenlogic.constraints import MaxNorm, MinMaxNorm, NonNeg, UnitNorm
from hiddenlogic.errors import RangeError, UnknownNameError
from hiddenlogic.layers import Dense

SOME = [MaxNorm(3, axis=1), NonNeg(), UnitNorm(1), MinMaxNorm(0.5, 2, rate=0.25, axis=1)]


def test_names_and_defaults_are_those_of_keras():
    assert constraints.get("max_norm") == constraints.max_norm() == MaxNorm(max_value=2, axis=0)
    assert constraints.get("NonNeg") == constraints.non_neg() == NonNeg()
    assert constraints.get("unit_norm") == constraints.unit_norm() == UnitNorm(axis=0)
    due = MinMaxNorm(min_value=0.0, max_value=1.0, rate=1.0, axis=0)
    assert constraints.get("MinMaxNorm") == constraints.min_max_norm() == due
    assert constraints.get(None) is None


@pytest.mark.parametrize("row", constraints.ROWS, ids=lambda row: row.name)
def test_every_row_has_its_class_under_the_name_that_keras_gives_it(row):
    assert type(constraints.get(row.name)) is getattr(constraints, row.keras)
    assert constraints.get(row.name).row is row


@pytest.mark.parametrize("constraint", SOME, ids=repr)
def test_a_constraint_is_made_again_from_its_plain_data(constraint):
    config = json.loads(json.dumps(constraint.get_config()))
    assert constraints.get(config) == constraint


@pytest.mark.parametrize("axis", [2, -1, True, 0.0, "0", [0]])
def test_an_axis_is_zero_or_one(axis):
    with pytest.raises(RangeError) as caught:
        MaxNorm(axis=axis)
    assert str(caught.value) == (
        "`axis` of MaxNorm must be 0 (norms of the weights that arrive at each unit) or 1 (of "
        f"those that leave each input); got {axis!r}."
    )


def test_a_vector_has_no_axis_one():
    with pytest.raises(RangeError) as caught:
        Dense(3, bias_constraint=UnitNorm(axis=1))
    assert str(caught.value) == (
        "`bias_constraint` of Dense must have axis=0, for it constrains a vector of weights; got "
        "UnitNorm(axis=1)."
    )


def test_numbers_out_of_their_range_are_refused():
    with pytest.raises(RangeError) as caught:
        MinMaxNorm(2, 1)
    assert str(caught.value) == (
        "`min_value` of MinMaxNorm must be at most `max_value`; got 2 and 1."
    )
    with pytest.raises(RangeError) as caught:
        MinMaxNorm(rate=1.5)
    assert str(caught.value) == (
        "`rate` of MinMaxNorm must be a number of at least 0 and at most 1; got 1.5."
    )


def test_a_misspelt_name_is_refused_with_the_argument():
    with pytest.raises(UnknownNameError) as caught:
        Dense(3, kernel_constraint="maxnrm")
    assert str(caught.value) == (
        "`kernel_constraint` of Dense must be one of max_norm, min_max_norm, non_neg, unit_norm; "
        "got 'maxnrm'. Did you mean 'max_norm'?"
    )


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"axis": 0}, "`kernel_constraint` must have a name; got ['axis']."),
        (
            {"name": "non_neg", "axis": 0},
            "NonNeg has no argument `axis`; it takes none.",
        ),
    ],
)
def test_hostile_data_gets_a_sentence(config, message):
    with pytest.raises((RangeError, UnknownNameError)) as caught:
        constraints.get(config, "`kernel_constraint`")
    assert str(caught.value) == message
