"""What all optimizers take, and what they refuse."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from hiddenlogic import optimizers
from hiddenlogic.errors import RangeError, UnknownNameError
from hiddenlogic.optimizers import LBFGS, SGD, Adam, AdamW, ParameterGroup, RMSprop
from hiddenlogic.schedules import CosineDecay

ALL = {
    "weight_decay": CosineDecay(0.1, 10),
    "global_clipnorm": 1.5,
    "use_ema": True,
    "ema_momentum": 0.9,
    "ema_overwrite_frequency": 3,
    "gradient_accumulation_steps": 2,
    "groups": [{"pattern": "bias", "rate_factor": 0.1, "decay_factor": 0.0}],
}


@pytest.mark.parametrize("row", optimizers.ROWS, ids=lambda row: row.name)
def test_plain_data_makes_the_same_optimizer_again(row):
    optimizer = optimizers.get(row.name, **({} if row.name == "lbfgs" else ALL))
    config = json.loads(json.dumps(optimizer.get_config()))
    assert optimizers.get(row.name, **config) == optimizer
    assert hash(optimizers.get(row.name, **config)) == hash(optimizer)
    assert type(optimizer).__name__ == (row.keras or row.torch)


@pytest.mark.parametrize("row", optimizers.ROWS, ids=lambda row: row.name)
def test_rows_list_every_setting_of_their_own(row):
    common = {one.name for one in fields(optimizers.Optimizer)}
    own = {one.name for one in fields(optimizers.get(row.name))} - common
    assert own | {"learning_rate"} == {
        *(one.name for one in row.parameters if one.name != "weight_decay"),
        *row.flags,
        *row.counts,
    }


def test_settings_of_all_optimizers_are_shown_where_they_were_given():
    assert repr(SGD(0.1, clipnorm=1)) == (
        "SGD(learning_rate=0.1, clipnorm=1.0, momentum=0.0, nesterov=False)"
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"clipnorm": 1.0, "clipvalue": 1.0},
            "Adam takes only one of clipnorm, clipvalue and global_clipnorm; "
            "got clipnorm and clipvalue.",
        ),
        (
            {"clipnorm": 0.0},
            "`clipnorm` of Adam must be a finite number greater than 0; got 0.0.",
        ),
        (
            {"weight_decay": -1},
            "`weight_decay` of Adam must be a finite number of at least 0; got -1.",
        ),
        (
            {"ema_momentum": 1.5},
            "`ema_momentum` of Adam must be a number of at least 0 and at most 1; got 1.5.",
        ),
        (
            {"ema_overwrite_frequency": 0},
            "`ema_overwrite_frequency` of Adam must be a whole number of at least 1; got 0.",
        ),
        (
            {"gradient_accumulation_steps": 1},
            "`gradient_accumulation_steps` of Adam must be a whole number of at least 2; got 1.",
        ),
        ({"use_ema": 1}, "`use_ema` of Adam must be True or False; got 1."),
        ({"amsgrad": None}, "`amsgrad` of Adam must be True or False; got None."),
        (
            {"groups": "bias"},
            "`groups` must be a list such as [{'pattern': 'bias', 'rate_factor': 0.1}]; "
            "got 'bias'.",
        ),
        (
            {"groups": [{"pattern": "(", "rate_factor": 1}]},
            "`pattern` of ParameterGroup must be a regular expression, such as 'bias'; got '('.",
        ),
        (
            {"groups": [{"pattern": "bias", "rate_factor": -1}]},
            "`rate_factor` of ParameterGroup must be a finite number of at least 0; got -1.",
        ),
    ],
)
def test_what_is_out_of_its_range_is_refused(settings, message):
    with pytest.raises(RangeError) as caught:
        Adam(**settings)
    assert str(caught.value) == message


def test_a_factor_that_a_group_lacks_is_refused():
    with pytest.raises(UnknownNameError, match="ParameterGroup has no argument `lr`"):
        Adam(groups=[{"pattern": "bias", "lr": 0.1}])


def test_factors_of_several_groups_are_multiplied():
    optimizer = SGD(
        groups=[
            ParameterGroup("bias", rate_factor=0.5),
            ParameterGroup("^dense_1/", rate_factor=3, decay_factor=2),
            ParameterGroup("^kernel$", decay_factor=0.5),
        ]
    )
    assert optimizer.factors("dense/bias") == (0.5, 1.0)
    assert optimizer.factors("dense_1/bias") == (1.5, 2.0)
    assert optimizer.factors("dense_1/kernel") == (3.0, 1.0)
    assert optimizer.factors("dense_10/kernel") == (1.0, 0.5)


def test_keras_way_of_excluding_weights_from_decay_is_a_group():
    optimizer = AdamW()
    optimizer.exclude_from_weight_decay(var_names=["bias", "scale"])
    assert optimizer == AdamW(
        groups=[ParameterGroup("bias", decay_factor=0), ParameterGroup("scale", decay_factor=0)]
    )


def test_slots_are_what_the_settings_need():
    assert [one.slots for one in (SGD(), SGD(momentum=0.5), SGD(momentum=0.5, nesterov=True))] == [
        0,
        1,
        1,
    ]
    assert RMSprop(momentum=0.5, centered=True, use_ema=True).slots == 4
    assert Adam(amsgrad=True, gradient_accumulation_steps=2).slots == 4


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"clipnorm": 1.0},
            "LBFGS takes no `clipnorm`: its search along a line needs the gradient and the weights "
            "as they are. Leave it out.",
        ),
        (
            {"learning_rate": CosineDecay(1.0, 10)},
            f"`learning_rate` of LBFGS must be one number; got {CosineDecay(1.0, 10)!r}.",
        ),
        (
            {"history_size": 0},
            "`history_size` of LBFGS must be a whole number of at least 1; got 0.",
        ),
        (
            {"tolerance_grad": -1.0},
            "`tolerance_grad` of LBFGS must be a finite number of at least 0; got -1.0.",
        ),
    ],
)
def test_what_lbfgs_has_no_use_for_is_refused(settings, message):
    with pytest.raises(RangeError) as caught:
        LBFGS(**settings)
    assert str(caught.value) == message


def test_lbfgs_keeps_two_numbers_an_iteration_that_it_remembers():
    assert LBFGS(history_size=3).slots == 10
