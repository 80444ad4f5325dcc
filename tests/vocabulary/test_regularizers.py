"""Regularizers as data: Keras's names and defaults, and what is refused."""

from __future__ import annotations

import json

import pytest

from hiddenlogic import layers, regularizers
from hiddenlogic.errors import RangeError, ShapeError, UnknownNameError
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network
from hiddenlogic.regularizers import L1, L1L2, L2, OrthogonalRegularizer

SOME = [L1(0.1), L2(0.2), L1L2(0.3, 0.4), OrthogonalRegularizer(0.5, mode="columns")]


def test_names_and_defaults_are_those_of_keras():
    assert regularizers.get("l1") == regularizers.l1() == L1(l1=0.01)
    assert regularizers.get("L2") == regularizers.l2() == L2(l2=0.01)
    assert regularizers.get("l1_l2") == regularizers.l1_l2() == L1L2(l1=0.0, l2=0.0)
    plain = regularizers.get("OrthogonalRegularizer")
    assert plain == regularizers.get("orthogonal") == OrthogonalRegularizer(0.01, mode="rows")
    assert regularizers.get(None) is None


@pytest.mark.parametrize("row", regularizers.ROWS, ids=lambda row: row.name)
def test_every_row_has_its_class_under_the_name_that_keras_gives_it(row):
    assert type(regularizers.get(row.name)) is getattr(regularizers, row.keras)
    assert regularizers.get(row.name).row is row


@pytest.mark.parametrize("regularizer", SOME, ids=repr)
def test_a_regularizer_is_made_again_from_its_plain_data(regularizer):
    config = json.loads(json.dumps(regularizer.get_config()))
    assert regularizers.get(config) == regularizer


def test_a_negative_factor_is_refused():
    with pytest.raises(RangeError) as caught:
        L1L2(0.1, -0.1)
    assert str(caught.value) == "`l2` of L1L2 must be a finite number of at least 0; got -0.1."


def test_modes_are_rows_and_columns():
    with pytest.raises(UnknownNameError) as caught:
        OrthogonalRegularizer(mode="row")
    assert str(caught.value) == (
        "`mode` of OrthogonalRegularizer must be rows or columns; got 'row'."
    )


@pytest.mark.parametrize("role", ["bias", "activity"])
def test_only_a_kernel_can_have_orthogonal_lines(role):
    argument = f"{role}_regularizer"
    with pytest.raises(UnknownNameError) as caught:
        Dense(3, **{argument: "orthogonal"})
    assert str(caught.value) == (
        f"`{argument}` of Dense must be one of l1, l1_l2, l2, which penalise each number by "
        "itself; orthogonal compares the rows or columns of a kernel."
    )


@pytest.mark.parametrize(
    "layer", [Dense(3, activity_regularizer="l1"), layers.ActivityRegularization(0.1)], ids=repr
)
def test_values_of_members_have_no_penalty(layer):
    with pytest.raises(ShapeError) as caught:
        Network.sequential(3, [layers.Members(4), layer, layers.MemberDense(1)])
    assert str(caught.value) == (
        f"layer 2 ({type(layer).__name__}) must take a value without members, for its own is "
        "penalised. Put it before the Members, or leave out the penalty."
    )


def test_a_misspelt_name_is_refused_with_the_argument():
    with pytest.raises(UnknownNameError) as caught:
        layers.PReLU(alpha_regularizer="ortogonal")
    assert str(caught.value) == (
        "`alpha_regularizer` of PReLU must be one of l1, l1_l2, l2, orthogonal; got 'ortogonal'. "
        "Did you mean 'orthogonal'?"
    )


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ({"l2": 0.1}, "`kernel_regularizer` must have a name; got ['l2']."),
        (
            {"name": "l2", "l2": 0.1, "x": 1},
            "L2 has no argument `x`; it takes l2.",
        ),
        (
            {"name": ["l2"]},
            "`kernel_regularizer` must be one of l1, l1_l2, l2, orthogonal; got ['l2'].",
        ),
    ],
)
def test_hostile_data_gets_a_sentence(config, message):
    with pytest.raises((RangeError, UnknownNameError)) as caught:
        regularizers.get(config, "`kernel_regularizer`")
    assert str(caught.value) == message
