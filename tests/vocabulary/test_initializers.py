"""Initializers as data: Keras's names, arguments and defaults, and what is refused."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest
import tolerances

import hiddenlogic as keras
from hiddenlogic import initializers
from hiddenlogic.errors import RangeError, UnknownNameError
from hiddenlogic.initializers import (
    Constant,
    DataDriven,
    DataDrivenBias,
    GlorotNormal,
    GlorotUniform,
    HeNormal,
    Identity,
    Normal,
    Orthogonal,
    RandomNormal,
    RandomUniform,
    TruncatedNormal,
    Uniform,
    VarianceScaling,
    Zeros,
)
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network

MADE = [
    *(initializers.get(row.name) for row in initializers.ROWS),
    Constant(0.5),
    Identity(2.0),
    GlorotUniform(seed=7),
    VarianceScaling(2.0, "fan_out", "uniform", seed=3),
    RandomUniform(-1, 2),
    RandomNormal(1, 0, seed=2**64 - 1),
    TruncatedNormal(stddev=1),
    Orthogonal(0.5),
    DataDriven("he_normal"),
    DataDriven(VarianceScaling(3.0)),
    DataDrivenBias(3, seed=1),
]


@pytest.mark.parametrize("initializer", MADE, ids=repr)
def test_plain_data_makes_an_equal_initializer_again(initializer):
    plain = json.loads(json.dumps(initializers.describe(initializer)))
    assert initializers.get(plain) == initializer
    assert hash(initializers.get(plain)) == hash(initializer)
    network = Network.sequential(
        3, [Dense(4, kernel_initializer=initializer, bias_initializer=initializer)]
    )
    assert Network.from_json(json.loads(json.dumps(network.to_json()))) == network


@pytest.mark.parametrize("row", initializers.ROWS, ids=lambda row: row.name)
def test_classes_have_the_names_arguments_and_defaults_of_their_rows(row):
    made = initializers.get(row.name)
    assert initializers.describe(made) == row.name
    assert row.keras in ("", type(made).__name__)
    fields = {field.name: field.default for field in dataclasses.fields(made)}
    for parameter in row.parameters:
        assert fields[parameter.name] == parameter.default
        assert parameter.name in row.formula or row.name == "data_driven_bias"
    assert initializers.get(type(made)) == made


def test_pytorch_names_and_keras_spellings_find_the_rows():
    for row in initializers.ROWS:
        for name in (row.keras, row.torch):
            assert not name or initializers.get(name).row is row
    for name, due in {
        "normal": "random_normal",
        "uniform": "random_uniform",
        "kaiming_normal_": "he_normal",
        "IdentityInitializer": "identity",
        "LSUV": "data_driven",
        "he+5": "data_driven_bias",
    }.items():
        assert initializers.get(name).name == due
    assert keras.initializers.HeNormal(seed=3).seed == 3


def test_fans_are_those_of_the_last_two_axes():
    assert initializers.fans((3, 4)) == (3, 4)
    assert initializers.fans((5,)) == (5, 5)
    # kernels of five members: Keras would count them as fields of a convolution
    assert initializers.fans((5, 3, 4)) == (3, 4)


def test_limits_and_deviations_are_keras_formulas():
    shape = (6, 3)
    cut = initializers.TRUNCATED_DEVIATION
    assert initializers.get("he_uniform").draws_from(shape) == Uniform(-1.0, 1.0)
    assert initializers.get("glorot_uniform").draws_from((2, 4)) == Uniform(-1.0, 1.0)
    assert initializers.get("lecun_uniform").draws_from((3, 9)) == Uniform(-1.0, 1.0)
    assert HeNormal().draws_from((8, 3)) == Normal(0.0, 0.5 / cut, truncated=True)
    assert GlorotNormal().draws_from((3, 5)) == Normal(0.0, 0.5 / cut, truncated=True)
    assert VarianceScaling(4.0, "fan_out", "untruncated_normal").draws_from((9, 4)) == Normal(0, 1)
    assert VarianceScaling(distribution="normal") == VarianceScaling()
    # what is left of a normal number between -2 and 2: 1 - 2 * 2 * phi(2) / P(|Z| < 2)
    density, inside = math.exp(-2) / math.sqrt(2 * math.pi), math.erf(math.sqrt(2))
    due = math.sqrt(1 - 4 * density / inside)
    assert abs(cut - due) <= 4 * tolerances.UNIT["float64"]


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: VarianceScaling(0),
            "`scale` of VarianceScaling must be a finite number greater than 0; got 0.",
        ),
        (
            lambda: RandomNormal(stddev=-1),
            "`stddev` of RandomNormal must be a finite number of at least 0; got -1.",
        ),
        (
            lambda: RandomUniform(1, 0),
            "`maxval` of RandomUniform must be at least minval, 1; got 0.",
        ),
        (
            lambda: Constant(math.nan),
            "`value` of Constant must be a finite number; got nan.",
        ),
        (
            lambda: HeNormal(seed=-1),
            "`seed` of HeNormal must be a whole number of at least 0; got -1.",
        ),
        (
            lambda: Orthogonal(seed=2**64),
            f"`seed` of Orthogonal must be less than 2**64; got {2**64}.",
        ),
        (
            lambda: DataDrivenBias(0),
            "`rows` of DataDrivenBias must be a whole number of at least 1; got 0.",
        ),
        (
            lambda: initializers.get({"name": "zeros"}),
            "`kernel_initializer` of Dense must have a name and a config; got ['name'].",
        ),
    ],
)
def test_what_an_initializer_refuses_is_said_in_a_sentence(make, message):
    with pytest.raises(RangeError) as caught:
        make()
    assert str(caught.value) == message


def test_unknown_names_are_refused():
    with pytest.raises(UnknownNameError) as caught:
        VarianceScaling(mode="fan_average")
    assert str(caught.value) == (
        "`mode` of VarianceScaling must be one of fan_in, fan_out, fan_avg; got 'fan_average'. "
        "Did you mean 'fan_avg'?"
    )
    with pytest.raises(UnknownNameError) as caught:
        DataDriven("he_norml")
    assert str(caught.value).startswith("`initializer` of DataDriven must be one of constant, ")
    assert str(caught.value).endswith("got 'he_norml'. Did you mean 'he_normal'?")
    with pytest.raises(UnknownNameError) as caught:
        Zeros(seed=3)
    assert str(caught.value) == "Zeros has no argument `seed`; it takes none."
