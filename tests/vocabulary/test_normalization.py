"""Normalization and its kin as data: what is measured, and what is refused."""

from __future__ import annotations

import fractions
import math

import numpy as np
import pytest

from hiddenlogic import layers
from hiddenlogic.errors import DataError, RangeError, ShapeError, StateError
from hiddenlogic.layers import BatchNormalization, Dense, GaussianNoise, Input, Normalization
from hiddenlogic.network import Network

ROWS = [[1.0, 5.0], [2.0, 5.0], [6.0, 5.0]]


def test_keras_defaults():
    norm = BatchNormalization()
    assert (norm.axis, norm.momentum, norm.epsilon) == (-1, 0.99, 1e-3)
    assert (norm.center, norm.scale) == (True, True)
    assert layers.LayerNormalization().epsilon == 1e-3
    assert layers.RMSNormalization().epsilon == 1e-6
    assert Normalization().axis == -1


def test_weights_come_in_the_order_of_keras():
    found = [(one.name, one.shape, one.trainable) for one in BatchNormalization().weights([3])]
    assert found == [
        ("gamma", (3,), True),
        ("beta", (3,), True),
        ("moving_mean", (3,), False),
        ("moving_variance", (3,), False),
    ]
    network = Network.sequential(3, [BatchNormalization(), Dense(2)])
    assert (network.n_parameters, network.n_trainable) == (20, 14)


@pytest.mark.parametrize(
    "data",
    [ROWS, tuple(map(tuple, ROWS)), np.array(ROWS), np.array(ROWS, np.int64), iter(ROWS)],
    ids=["lists", "tuples", "floats", "whole numbers", "iterator"],
)
def test_adapt_measures_the_mean_and_the_biased_variance_of_each_column(data):
    layer = Normalization()
    layer.adapt(data)
    assert layer.mean == (3.0, 5.0)
    assert layer.variance == (14 / 3, 0.0)
    assert layer.units_after([2]) == 2


def test_one_pair_for_all_columns_where_there_is_no_axis():
    layer = Normalization.adapted(ROWS, axis=None)
    assert layer.mean == (4.0,)
    assert layer.variance == (20 / 6,)


def test_sums_are_rounded_once():
    column = [1e16, 1.0, -1e16, 3.0]
    layer = Normalization.adapted([[one] for one in column])
    mean = fractions.Fraction(sum(map(fractions.Fraction, column))) / 4
    assert layer.mean == (float(mean),)


def test_adapting_makes_it_equal_to_one_that_is_given_the_numbers():
    assert Normalization.adapted(ROWS) == Normalization(mean=[3, 5], variance=[14 / 3, 0])
    assert Normalization(mean=1, variance=2) == Normalization(mean=[1], variance=[2])


def test_a_constant_column_is_divided_by_epsilon_as_in_keras():
    shift, factor, offset = Normalization.adapted(ROWS).map
    assert (shift, offset) == ([3.0, 5.0], [0.0])
    assert factor == [1 / math.sqrt(14 / 3), 1 / 1e-7]
    assert Normalization.adapted(ROWS, invert=True).map == (
        [0.0],
        [math.sqrt(14 / 3), 1e-7],
        [3.0, 5.0],
    )


def test_adapt_comes_once():
    layer = Normalization.adapted(ROWS)
    with pytest.raises(StateError) as caught:
        layer.adapt(ROWS)
    assert str(caught.value) == (
        "This Normalization has its mean and variance already, and a network may hold them. Make "
        "a new one: Normalization.adapted(rows)."
    )


def test_it_is_part_of_no_network_before():
    for label, make in (
        ("Normalization", lambda: Normalization()(Input(2))),
        ("layer 1 (Normalization)", lambda: network_of(Normalization())),
    ):
        with pytest.raises(StateError) as caught:
            make()
        assert str(caught.value) == (
            f"{label} has no mean and variance yet. Call adapt(rows) with the training rows "
            "before the layer is part of a network, or give both."
        )


def network_of(layer):
    return Network.sequential(2, [layer, Dense(1)])


@pytest.mark.parametrize("given", [{"mean": 1.0}, {"variance": 1.0}])
def test_mean_and_variance_come_together(given):
    with pytest.raises(StateError) as caught:
        Normalization(**given)
    assert str(caught.value) == (
        "`mean` and `variance` of Normalization must be given together; got one. Give both, or "
        "neither and call adapt(rows)."
    )


def test_numbers_are_one_or_one_for_each_unit():
    with pytest.raises(ShapeError) as caught:
        network_of(Normalization(mean=[1, 2, 3], variance=1))
    assert str(caught.value) == (
        "`mean` of layer 1 (Normalization) must be one number, or one for each of the 2 units "
        "that arrive there; got 3."
    )


def test_a_variance_is_not_negative():
    with pytest.raises(RangeError) as caught:
        Normalization(mean=0, variance=[1, -1])
    assert str(caught.value) == (
        "`variance` of Normalization must be a finite number of at least 0; got -1."
    )


@pytest.mark.parametrize(
    ("data", "rows", "widths"),
    [([], 0, []), ([1.0, 2.0], 2, [0]), ([[1.0], [1.0, 2.0]], 2, [1, 2]), (3.0, 0, [])],
)
def test_adapt_takes_rows_of_one_width(data, rows, widths):
    with pytest.raises(ShapeError) as caught:
        Normalization().adapt(data)
    assert str(caught.value) == (
        "`data` of adapt must be rows of one width, at least one, such as an array of shape "
        f"(n, units); got {rows} rows of the widths {widths}."
    )


@pytest.mark.parametrize("bad", [math.nan, math.inf, "x", None])
def test_adapt_names_the_cell_that_is_no_number(bad):
    with pytest.raises(DataError) as caught:
        Normalization().adapt([[1.0, 2.0], [3.0, bad]])
    assert str(caught.value) == (
        f"`data` of adapt must be finite numbers; got {bad!r} in row 1, column 1. Drop that row, "
        "or fill the cell."
    )


@pytest.mark.parametrize("kind", ["BatchNormalization", "LayerNormalization", "UnitNormalization"])
def test_the_axis_is_that_of_the_units(kind):
    assert layers.KINDS[kind](axis=1) == layers.KINDS[kind]()
    with pytest.raises(RangeError) as caught:
        layers.KINDS[kind](axis=0)
    assert str(caught.value) == (
        f"`axis` of {kind} must be -1 or 1, the units of a row; got 0. A dense network takes each "
        "row as a vector."
    )


@pytest.mark.parametrize("momentum", [-0.1, 1.1, math.nan, "0.9"])
def test_a_momentum_is_between_nothing_and_all(momentum):
    with pytest.raises(RangeError) as caught:
        BatchNormalization(momentum=momentum)
    assert str(caught.value) == (
        "`momentum` of BatchNormalization must be a number of at least 0 and at most 1; "
        f"got {momentum!r}."
    )


def test_a_standard_deviation_is_not_negative():
    assert GaussianNoise(3.0).stddev == 3.0
    with pytest.raises(RangeError) as caught:
        GaussianNoise(-0.1)
    assert str(caught.value) == (
        "`stddev` of GaussianNoise must be a finite number of at least 0; got -0.1."
    )
