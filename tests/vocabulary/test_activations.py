"""The activations by name, alias and parameter."""

from __future__ import annotations

import ctypes
import math
import shutil
import subprocess

import numpy as np
import pytest
import tolerances
from reference import activations as reference

from hiddenlogic import activations
from hiddenlogic.activations import Activation
from hiddenlogic.errors import RangeError, UnknownNameError


def test_names_and_aliases_are_all_different():
    names = [name for row in activations.ROWS for name in (row.name, *row.aliases)]
    assert len({name.replace("_", "") for name in names}) == len(names)


def test_none_is_linear_and_an_activation_stays_itself():
    assert activations.get(None) == activations.linear == Activation("linear")
    assert activations.get(activations.relu) is activations.relu
    assert activations.get("swish").name == "silu"


def test_module_names_are_the_rows():
    for row in activations.ROWS:
        for name in (row.name, *row.aliases):
            assert getattr(activations, name) == Activation(row.name)
        assert row.name in dir(activations)
    with pytest.raises(AttributeError, match="Did you mean 'softplus'"):
        _ = activations.soft_pluss


def test_defaults_are_those_of_keras_activations():
    defaults = {row.name: Activation(row.name).parameters for row in activations.ROWS}
    assert {name: numbers for name, numbers in defaults.items() if numbers} == {
        "leaky_relu": (0.2,),
        "bounded_relu": (0.0, math.inf, 0.0),
        "threshold": (0.0, 0.0),
        "hard_shrink": (0.5,),
        "soft_shrink": (0.5,),
        "elu": (1.0,),
        "celu": (1.0,),
        "squareplus": (4.0,),
    }


def test_parameters_come_in_order_or_by_name_and_survive_plain_data():
    bounded = Activation("bounded_relu", 0.1, threshold=0.5)
    assert bounded.parameters == (0.1, math.inf, 0.5)
    assert bounded == Activation("bounded_relu", 0.1, None, 0.5)
    assert repr(bounded) == (
        "Activation('bounded_relu', negative_slope=0.1, max_value=inf, threshold=0.5)"
    )
    assert bounded.get_config() == {
        "name": "bounded_relu",
        "negative_slope": 0.1,
        "max_value": None,
        "threshold": 0.5,
    }
    assert Activation(**bounded.get_config()) == bounded


def test_a_misspelt_activation_says_which_there_are():
    with pytest.raises(UnknownNameError) as caught:
        activations.get("rellu")
    names = ", ".join(sorted(activations.ROWS.names))
    assert str(caught.value) == (
        f"`activation` of Dense must be one of {names}; got 'rellu'. Did you mean 'relu'?"
    )


def test_a_parameter_out_of_range_is_refused():
    with pytest.raises(RangeError) as caught:
        Activation("leaky_relu", -0.1)
    assert str(caught.value) == (
        "`negative_slope` of leaky_relu must be a finite number of at least 0; got -0.1."
    )
    for make, message in [
        (lambda: Activation("relu", 0.3), "relu takes no parameter; got 0.3."),
        (lambda: Activation("elu", beta=1), "elu takes alpha; got 'beta'."),
        (lambda: Activation("elu", 1.0, alpha=1.0), "elu takes one alpha; got two."),
    ]:
        with pytest.raises(UnknownNameError) as refused:
            make()
        assert str(refused.value) == message


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """Compile the C expressions of all rows, as functions of z and the parameters."""
    folder = tmp_path_factory.mktemp("c")
    lines = ["#include <math.h>"]
    for row in activations.ROWS:
        arguments = ", ".join(f"double {name}" for name in ["z", *(p.name for p in row.parameters)])
        if row.c:
            lines.append(f'extern "C" double f_{row.name}({arguments}) {{ return {row.c}; }}')
    source, library = folder / "rows.cpp", folder / "rows.so"
    source.write_text("\n".join(lines))
    compiler = shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    if compiler is None:
        pytest.skip("needs a C++ compiler")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
    return ctypes.CDLL(str(library))


@pytest.mark.parametrize("row", [row for row in activations.ROWS if row.c], ids=lambda r: r.name)
def test_the_c_expression_is_the_function(row, compiled):
    activation = Activation(row.name)
    function = compiled[f"f_{row.name}"]
    function.restype = ctypes.c_double
    function.argtypes = [ctypes.c_double] * (1 + len(activation.parameters))
    for z in np.linspace(-4, 4, 33):
        value = function(z, *activation.parameters)
        due = reference.apply(activation, np.array([[z]]))[0, 0]
        # tanh_shrink is written as the difference that it is, which cancels near 0.
        assert abs(value - due) <= tolerances.elementwise(activation, due, "float64", z) + (
            2.0**-53 * abs(z)
        )
