"""Schedules: Keras's names and defaults, and what is refused."""

from __future__ import annotations

import dataclasses
import json
import math

import pytest

import hiddenlogic as keras
from hiddenlogic import optimizers, schedules
from hiddenlogic.errors import RangeError, StateError, UnknownNameError
from hiddenlogic.layers import Dense, Dropout
from hiddenlogic.network import Network
from hiddenlogic.optimizers import SGD, Adam
from hiddenlogic.schedules import (
    Constant,
    CosineDecay,
    CosineDecayRestarts,
    CosLog4,
    ExponentialDecay,
    FlatCosine,
    LinearWarmup,
    OneCycle,
    OneCycleMomentum,
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
    CosineDecayRestarts(0.1, 10, m_mul=0.5),
    LinearWarmup(0.0, 0.1, 10),
    OneCycle(0.1, anneal_strategy="linear"),
    OneCycleMomentum(total_steps=50, three_phase=True),
    CosLog4(0.2),
    FlatCosine(0.15, 100),
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
        if parameter.name == row.length:
            assert default is None
        elif math.isnan(parameter.default):
            assert default is dataclasses.MISSING
        else:
            assert default == parameter.default
        assert parameter.name in row.formula


def test_keras_spellings_reach_the_schedules():
    assert keras.optimizers.schedules is keras.schedules
    rate = keras.optimizers.schedules.CosineDecay(0.1, decay_steps=1000)
    assert keras.optimizers.Adam(learning_rate=rate).learning_rate is rate


def test_a_dropout_rate_may_be_a_schedule_and_is_plain_data_in_a_network():
    fading = Dropout(FlatCosine(0.15))
    network = Network.sequential(
        3, [fading, Dense(1), Dropout(PiecewiseConstantDecay([2], [0, 0.5]))]
    )
    assert Network.from_json(json.loads(json.dumps(network.to_json()))) == network
    assert Dropout(schedules.describe(fading.rate)) == fading


@pytest.mark.parametrize(
    ("schedule", "ends"),
    [
        (CosLog4(1.0), "0 to 1"),
        (ExponentialDecay(0.1, 10, 1.1), "0.1 to inf"),
        (PiecewiseConstantDecay([5], [0.5, 1.5]), "0.5 to 1.5"),
        (CosineDecayRestarts(0.1, 10, m_mul=1.5), "0 to inf"),
    ],
    ids=repr,
)
def test_a_schedule_that_leaves_the_range_is_refused(schedule, ends):
    with pytest.raises(RangeError) as caught:
        Dropout(schedule)
    assert str(caught.value) == (
        "`rate` of Dropout must be a number of at least 0 and less than 1 at every step; "
        f"{schedule!r} goes from {ends}."
    )


def test_a_rate_may_fade_out_or_grow():
    # though 0 itself is no learning rate
    assert SGD(FlatCosine(0.1)).learning_rate == FlatCosine(0.1)
    growing = ExponentialDecay(0.1, 10, 1.1)
    assert SGD(growing).schedule == growing


def test_a_schedule_without_a_length_has_no_value_yet():
    with pytest.raises(StateError) as caught:
        CosLog4(0.1)(3)
    assert str(caught.value) == (
        "The length of this CosLog4 is left to `fit`. Give it total_steps, or take "
        "bound(total_steps) of it."
    )
    assert CosLog4(0.1).bound(15) == CosLog4(0.1, 15)
    assert CosineDecay(0.0, warmup_target=1, warmup_steps=4).bound(10).decay_steps == 6
    with pytest.raises(RangeError) as caught:
        CosineDecay(0.0, warmup_target=1, warmup_steps=4).bound(4)
    assert str(caught.value) == (
        "`warmup_steps` of CosineDecay is 4, but the training has 4 steps. Warm up for less, or "
        "give decay_steps."
    )


def test_keras_restarts_are_a_step_late_where_logarithms_round():
    # 10 + 30 + 90 + 270 steps make four courses; ln(81) / ln(3) is less than 4
    assert math.floor(math.log(243) / math.log(3)) == 4
    assert CosineDecayRestarts(0.1, 10, t_mul=3)(10 * (243 - 1) // 2) == 0.1


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
            lambda: CosineDecayRestarts(0.1, 10, t_mul=0.5),
            "`t_mul` of CosineDecayRestarts must be a finite number of at least 1; got 0.5.",
        ),
        (
            lambda: OneCycle(0.1, 10, three_phase=None),
            "`three_phase` of OneCycle must be True or False; got None.",
        ),
        (
            lambda: OneCycleMomentum(total_steps=0),
            "`total_steps` of OneCycleMomentum must be a finite number greater than 0; got 0.",
        ),
        (
            lambda: FlatCosine(0.1, flat=1),
            "`flat` of FlatCosine must be a number of at least 0 and less than 1; got 1.",
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
        f"`learning_rate` of Adam must be one of {', '.join(sorted(schedules.ROWS.names))}; "
        "got 'cosine_decai'. Did you mean 'cosine_decay'?"
    )
    with pytest.raises(UnknownNameError) as caught:
        OneCycle(0.1, anneal_strategy="cosine")
    assert str(caught.value) == (
        "`anneal_strategy` of OneCycle must be one of cos, linear; got 'cosine'. "
        "Did you mean 'cos'?"
    )
    with pytest.raises(UnknownNameError) as caught:
        CosineDecay(0.1, 10, warm_up_steps=3)
    assert str(caught.value) == (
        "CosineDecay has no argument `warm_up_steps`; it takes initial_learning_rate, "
        "decay_steps, alpha, warmup_target, warmup_steps. Did you mean 'warmup_steps'?"
    )
