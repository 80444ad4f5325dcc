"""Schedules: Keras's names and defaults, and what is refused."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest

import hiddenlogic as keras
from hiddenlogic import optimizers, schedules
from hiddenlogic.errors import RangeError, UnknownNameError
from hiddenlogic.optimizers import SGD, Adam
from hiddenlogic.schedules import (
    Constant,
    CosineDecay,
    ExponentialDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)

MADE = [
    Constant(0.1),
    ExponentialDecay(0.1, 100, 0.9, staircase=True),
    CosineDecay(0.1, 100, 0.1, warmup_target=0.2, warmup_steps=5),
    CosineDecay(0.1, 100),
    PolynomialDecay(0.1, 100, cycle=True),
    PiecewiseConstantDecay([10, 20], [0.3, 0.2, 0.1]),
    schedules.InverseTimeDecay(0.1, 10, 2),
]


@pytest.mark.parametrize("schedule", MADE, ids=repr)
def test_plain_data_makes_an_equal_schedule_again(schedule):
    plain = json.loads(json.dumps(schedules.describe(schedule)))
    assert schedules.get(plain) == schedule
    assert schedules.get(schedule.name, **schedule.get_config()) == schedule
    adam = Adam(schedule, beta_1=0.5)
    again = optimizers.get("adam", **json.loads(json.dumps(adam.get_config())))
    assert again == adam
    assert hash(again) == hash(adam)


@pytest.mark.parametrize("row", schedules.ROWS, ids=lambda row: row.name)
def test_classes_have_the_names_arguments_and_defaults_of_their_rows(row):
    (made,) = {type(one) for one in MADE if one.name == row.name}
    assert row.keras in ("", made.__name__)
    fields = {field.name: field.default for field in dataclasses.fields(made)}
    for parameter in row.parameters:
        default = fields[parameter.name]
        if math.isnan(parameter.default):
            assert default is dataclasses.MISSING
        else:
            assert default == parameter.default
        assert parameter.name in row.formula


def test_keras_spellings_reach_the_schedules():
    assert keras.optimizers.schedules is keras.schedules
    rate = keras.optimizers.schedules.CosineDecay(0.1, decay_steps=1000)
    assert keras.optimizers.Adam(learning_rate=rate).learning_rate is rate


def test_a_number_stays_a_number_and_is_a_constant():
    assert SGD(1).learning_rate == 1.0
    assert SGD(1).schedule == Constant(1.0)
    assert SGD(CosineDecay(0.1, 5)).schedule == CosineDecay(0.1, 5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: ExponentialDecay(0.1, 0, 0.9),
            "`decay_steps` of ExponentialDecay must be a finite number greater than 0; got 0.",
        ),
        (
            lambda: ExponentialDecay(0.1, 10, 0.9, staircase=1),
            "`staircase` of ExponentialDecay must be True or False; got 1.",
        ),
        (
            lambda: CosineDecay(0.1, 10, alpha=2),
            "`alpha` of CosineDecay must be a number of at least 0 and at most 1; got 2.",
        ),
        (
            lambda: CosineDecay(0.1, 10, warmup_steps=5),
            "`warmup_steps` of CosineDecay is 5, but there is no `warmup_target` to warm up to. "
            "Give the highest rate as warmup_target.",
        ),
        (
            lambda: CosineDecay(0.1, 10, warmup_target=-1),
            "`warmup_target` of CosineDecay must be a finite number of at least 0; got -1.",
        ),
        (
            lambda: PolynomialDecay(0.1, 10, power=0),
            "`power` of PolynomialDecay must be a finite number greater than 0; got 0.",
        ),
        (
            lambda: PolynomialDecay(0.1, 10, cycle="yes"),
            "`cycle` of PolynomialDecay must be True or False; got 'yes'.",
        ),
        (
            lambda: PiecewiseConstantDecay(10, [0.1, 0.01]),
            "`boundaries` of PiecewiseConstantDecay must be a list; got 10.",
        ),
        (
            lambda: PiecewiseConstantDecay([1.5], [0.1, 0.01]),
            "Each of `boundaries` of PiecewiseConstantDecay must be a whole number of at least 0; "
            "got 1.5.",
        ),
        (
            lambda: PiecewiseConstantDecay([20, 10], [0.1, 0.01, 0.001]),
            "`boundaries` of PiecewiseConstantDecay must be at least one step, each greater than "
            "the one before; got [20, 10].",
        ),
        (
            lambda: PiecewiseConstantDecay([10, 20], [0.1, 0.01]),
            "`values` of PiecewiseConstantDecay must be one more than its 2 boundaries: a rate "
            "before each and one after the last; got 2.",
        ),
        (
            lambda: PiecewiseConstantDecay([10], [0.1, -0.1]),
            "`values` of PiecewiseConstantDecay must be a finite number of at least 0; got -0.1.",
        ),
        (
            lambda: Adam({"rate": 3}),
            "`learning_rate` of Adam must have a name and a config; got ['rate'].",
        ),
    ],
)
def test_what_a_schedule_refuses_is_said_in_a_sentence(make, message):
    with pytest.raises(RangeError) as caught:
        make()
    assert str(caught.value) == message


def test_unknown_names_and_arguments_are_refused():
    with pytest.raises(UnknownNameError) as caught:
        Adam({"name": "cosine_decai", "config": {}})
    assert str(caught.value) == (
        "`learning_rate` of Adam must be one of constant, cosine_decay, exponential_decay, "
        "inverse_time_decay, piecewise_constant_decay, polynomial_decay; got 'cosine_decai'. "
        "Did you mean 'cosine_decay'?"
    )
    with pytest.raises(UnknownNameError) as caught:
        CosineDecay(0.1, 10, warm_up_steps=3)
    assert str(caught.value) == (
        "CosineDecay has no argument `warm_up_steps`; it takes initial_learning_rate, "
        "decay_steps, alpha, warmup_target, warmup_steps. Did you mean 'warmup_steps'?"
    )
