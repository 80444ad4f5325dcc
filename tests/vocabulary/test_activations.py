"""The activations by name, alias and parameter."""

from __future__ import annotations

import math

import numpy as np
import pytest
import tolerances
from reference import activations as reference

from hiddenlogic import activations
from hiddenlogic.activations import Activation
from hiddenlogic.errors import RangeError, UnknownNameError


def test_the_order_of_the_rows_is_that_of_the_core():
    assert activations.ROWS.names == (
        "linear",
        "relu",
        "leaky_relu",
        "elu",
        "selu",
        "gelu",
        "silu",
        "mish",
        "softplus",
        "tanh",
        "sigmoid",
        "softmax",
    )


def test_none_is_linear_and_an_activation_stays_itself():
    assert activations.get(None) is activations.linear
    assert activations.get(activations.relu) is activations.relu
    assert activations.get("swish").name == "silu"


def test_module_names_are_the_rows():
    for name in activations.ROWS.names:
        assert getattr(activations, name) == Activation(name)


def test_defaults_are_those_of_keras_activations():
    assert Activation("leaky_relu").parameter == 0.2
    assert Activation("elu").parameter == 1.0
    assert Activation("relu").parameter == 0.0


def test_a_misspelt_activation_says_which_there_are():
    with pytest.raises(UnknownNameError) as caught:
        activations.get("rellu")
    assert str(caught.value) == (
        "`activation` of Dense must be one of elu, gelu, leaky_relu, linear, mish, relu, selu, "
        "sigmoid, silu, softmax, softplus, tanh; got 'rellu'. Did you mean 'relu'?"
    )


def test_a_parameter_out_of_range_is_refused():
    with pytest.raises(RangeError) as caught:
        Activation("leaky_relu", -0.1)
    assert str(caught.value) == (
        "`negative_slope` of leaky_relu must be a finite number of at least 0; got -0.1."
    )
    with pytest.raises(UnknownNameError, match=r"^relu takes no parameter; got 0.3\.$"):
        Activation("relu", 0.3)


@pytest.mark.parametrize("row", [row for row in activations.ROWS if row.c], ids=lambda r: r.name)
def test_the_c_expression_is_the_function(row):
    names = {
        name: getattr(math, name) for name in ("exp", "expm1", "log1p", "tanh", "erfc", "fabs")
    }
    activation = Activation(row.name)
    for z in np.linspace(-4, 4, 33):
        value = eval(_python(row.c), {**names, "z": z, "p": activation.parameter})
        due = reference.apply(activation, np.array([[z]]))[0, 0]
        assert abs(value - due) <= tolerances.elementwise(activation, due, "float64", z)


def _python(expression: str) -> str:
    """Turn the one conditional that C expressions here have into Python's."""
    for whole, condition, yes, no in [
        ("z < 0 ? 0 : z", "z < 0", "0", "z"),
        ("z < 0 ? p * z : z", "z < 0", "p * z", "z"),
        ("z < 0 ? p * expm1(z) : z", "z < 0", "p * expm1(z)", "z"),
        (
            "z < 0 ? 1.6732632423543772 * expm1(z) : z",
            "z < 0",
            "1.6732632423543772 * expm1(z)",
            "z",
        ),
        ("z > 0 ? z : 0", "z > 0", "z", "0"),
    ]:
        expression = expression.replace(whole, f"({yes} if {condition} else {no})")
    return expression
