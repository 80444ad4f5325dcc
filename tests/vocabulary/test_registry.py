"""Look-ups, ranges and the sentences that refuse."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiddenlogic import (
    activations,
    constraints,
    initializers,
    losses,
    metrics,
    optimizers,
    regularizers,
)
from hiddenlogic.errors import RangeError, UnknownNameError
from hiddenlogic.registry import Parameter, check_count, check_flag, explains_arguments

REGISTRIES = [
    activations.ROWS,
    constraints.ROWS,
    initializers.ROWS,
    losses.ROWS,
    metrics.ROWS,
    optimizers.ROWS,
    regularizers.ROWS,
]
PARAMETERS = [
    (row.name, parameter)
    for registry in (
        activations.ROWS,
        constraints.ROWS,
        losses.ROWS,
        metrics.ROWS,
        optimizers.ROWS,
        regularizers.ROWS,
    )
    for row in registry
    for parameter in row.parameters
]


NAMES = ", ".join(sorted(optimizers.ROWS.names))


@pytest.mark.parametrize("registry", REGISTRIES)
def test_every_row_is_found_by_its_name_and_its_aliases(registry):
    for row in registry:
        for name in (row.name, *row.aliases, row.name.upper(), row.name.replace("_", "-")):
            assert registry.find(name, "`it`") is row
        assert registry.names[registry.index(row.name)] == row.name


def test_keras_class_names_find_the_rows_too():
    assert losses.ROWS.find("MeanSquaredError", "`loss`").name == "mean_squared_error"
    assert initializers.ROWS.find("GlorotUniform", "`it`").name == "glorot_uniform"


def test_an_unknown_name_is_refused_with_the_choices_and_the_nearest():
    with pytest.raises(UnknownNameError) as caught:
        optimizers.ROWS.find("adamm", "`optimizer`")
    assert str(caught.value) == (
        f"`optimizer` must be one of {NAMES}; got 'adamm'. Did you mean 'adam'?"
    )


def test_what_is_no_name_is_refused_without_a_guess():
    with pytest.raises(UnknownNameError) as caught:
        optimizers.ROWS.find(3, "`optimizer`")
    assert str(caught.value) == f"`optimizer` must be one of {NAMES}; got 3."


@pytest.mark.parametrize(("row", "parameter"), PARAMETERS)
def test_defaults_lie_in_their_own_range(row, parameter):
    assert parameter.check(parameter.default, row) == parameter.default


@pytest.mark.parametrize(("row", "parameter"), PARAMETERS)
@given(st.one_of(st.floats(), st.integers(-(10**400), 10**400), st.booleans(), st.text()))
def test_a_parameter_takes_its_range_and_refuses_all_else(row, parameter, value):
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    inside = number and abs(value) <= 1e308 and parameter.low <= value <= parameter.high
    inside = inside and (parameter.low_included or value != parameter.low)
    inside = inside and (parameter.high_included or value != parameter.high)
    infinite = number and abs(value) > 1e308
    if inside and math.isfinite(float(value)):
        assert parameter.check(value, row) == float(value)
    elif infinite and value > 0 and not parameter.finite:
        assert parameter.check(value, row) > 1e308
    elif not number or not abs(value) < 10**309:
        with pytest.raises(RangeError, match=f"`{parameter.name}` of {row} must be"):
            parameter.check(value, row)


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        (Parameter("p", 1.0, low=0.0), "a finite number greater than 0"),
        (Parameter("p", 1.0, low=0.0, low_included=True), "a finite number of at least 0"),
        (
            Parameter("p", 0.5, low=0.0, high=1.0, low_included=True),
            "a number of at least 0 and less than 1",
        ),
        (
            Parameter("p", 0.5, low=0.0, high=1.0, high_included=True),
            "a number greater than 0 and at most 1",
        ),
        (Parameter("p", 0.0), "a finite number"),
        (Parameter("p", 1.0, low=0.0, finite=False), "a number greater than 0"),
    ],
)
def test_ranges_read_as_words(parameter, words):
    assert parameter.words == words


def test_numpy_numbers_are_numbers():
    assert Parameter("p", 1.0, low=0.0).check(np.float32(0.5), "X") == 0.5
    assert check_count(np.int64(3), "`n`") == 3


@pytest.mark.parametrize("value", [0, -1, 1.0, 1.5, "3", True, None, float("nan")])
def test_a_count_is_a_whole_number_of_at_least_one(value):
    with pytest.raises(RangeError) as caught:
        check_count(value, "`units` of Dense")
    assert str(caught.value) == (
        f"`units` of Dense must be a whole number of at least 1; got {value!r}."
    )


def test_a_flag_is_true_or_false_and_not_one():
    assert check_flag(True, "`use_bias`") is True
    with pytest.raises(RangeError, match=r"^`use_bias` must be True or False; got 1\.$"):
        check_flag(1, "`use_bias`")


def test_two_rows_with_one_name_are_a_mistake_of_ours():
    rows = [activations.ROWS.find("relu", ""), losses.ROWS.find("mse", "")]
    from hiddenlogic.registry import Registry

    assert len(Registry(rows)) == 2
    with pytest.raises(ValueError, match="two rows answer to the name 'mean_squared_error'"):
        Registry([losses.ROWS.find("mse", ""), metrics.ROWS.find("mse", "")])


def test_an_unknown_keyword_names_those_that_there_are():
    @explains_arguments({"old": "width"})
    class Thing:
        def __init__(self, width: int = 1, height: int = 1) -> None:
            self.width, self.height = width, height

    assert Thing(old=3).width == 3
    with pytest.raises(UnknownNameError) as caught:
        Thing(hieght=2)
    assert str(caught.value) == (
        "Thing has no argument `hieght`; it takes width, height. Did you mean 'height'?"
    )


MADE = [
    (losses.get, losses.Huber(2.0)),
    (optimizers.get, optimizers.SGD(0.5, momentum=0.9)),
    (optimizers.schedules.get, optimizers.schedules.OneCycleMomentum(total_steps=9)),
    (initializers.get, initializers.RandomUniform(-2.0, 2.0)),
    (regularizers.get, regularizers.L2(0.5)),
    (constraints.get, constraints.MaxNorm(3.0)),
]


@pytest.mark.parametrize(("get", "made"), MADE, ids=lambda one: getattr(one, "name", ""))
def test_each_vocabulary_takes_an_object_its_name_its_class_and_its_plain_form(get, made):
    config = made.get_config()
    plain = config if "name" in config else {"name": made.name, "config": config}
    assert get(made) is made
    assert get(plain) == made
    assert get(made.name) == get(made.name.upper()) == get(type(made)) == type(made)()


@pytest.mark.parametrize(
    ("get", "argument"), [(losses.get, "`loss`"), (optimizers.get, "`optimizer`")]
)
@pytest.mark.parametrize(
    "entry",
    [{"name": "x"}, {"config": {}}, {"name": "x", "config": 3}, {"name": 1, "config": {}, "x": 2}],
)
def test_what_is_no_name_and_config_is_refused(get, argument, entry):
    with pytest.raises(RangeError) as caught:
        get(entry)
    assert str(caught.value) == f"{argument} must have a name and a config; got {sorted(entry)}."
