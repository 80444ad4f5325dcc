"""Functions that are the same everywhere, and near enough to the true ones."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiddenlogic.table.portable import log, sine_and_cosine

STEP = float(np.finfo(np.float64).eps)


@given(st.floats(5e-324, 1.7e308))
def test_the_logarithm_is_right_to_the_last_digits(x):
    assert log(np.array([x]))[0] == pytest.approx(math.log(x), rel=8 * STEP, abs=STEP)


@given(st.floats(0, 1))
def test_sine_and_cosine_are_right_to_the_last_digits(turns):
    sine, cosine = (float(one[0]) for one in sine_and_cosine(np.array([turns])))
    # The reference's own angle is rounded.
    assert sine == pytest.approx(math.sin(math.tau * turns), abs=8 * STEP)
    assert cosine == pytest.approx(math.cos(math.tau * turns), abs=8 * STEP)


def test_quarters_of_a_turn_are_exact():
    sine, cosine = sine_and_cosine(np.array([0, 0.25, 0.5, 0.75, 1]))
    assert sine.tolist() == [0, 1, 0, -1, 0]
    assert cosine.tolist() == [1, 0, -1, 0, 1]
