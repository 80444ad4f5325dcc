"""Robust scaling and the smooth clip, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiddenlogic.errors import DataError
from hiddenlogic.table.encodings.robust import FARTHEST, RobustScale


def test_the_spread_is_the_interquartile_range():
    # Quartiles of 1, 2, 3, 4, 100 are 2, 3 and 4.
    assert RobustScale.fit(np.array([1.0, 2, 3, 4, 100]), "x") == RobustScale(3.0, 2.0)


def test_equal_quartiles_fall_back_to_half_the_range():
    assert RobustScale.fit(np.array([5.0, 5, 5, 5, 5, 5, 5, 1, 9]), "x") == RobustScale(5.0, 4.0)


def test_equal_values_become_zero():
    scale = RobustScale.fit(np.array([5.0, 5.0]), "x")
    assert scale == RobustScale(5.0, 0.0)
    assert scale(np.array([5.0, 9.0, np.nan])).tolist() == [0.0, 0.0, 0.0]


def test_no_values_become_zero():
    assert RobustScale.fit(np.array([]), "x")(np.array([1.0])).tolist() == [0.0]


def test_the_formula_is_exact():
    x1 = (np.array([-4.0, 0.5, 3.0, 10.0]) - 3) / 2
    assert (
        RobustScale(3.0, 2.0)(np.array([-4.0, 0.5, 3.0, 10.0])) == x1 / np.sqrt(1 + (x1 / 3) ** 2)
    ).all()


def test_three_spreads_become_three_over_the_root_of_two():
    assert RobustScale(0.0, 1.0)(np.array([3.0]))[0] == 3 / np.sqrt(2)


def test_missing_becomes_zero_like_the_median():
    assert RobustScale(3.0, 2.0)(np.array([np.nan, 3.0])).tolist() == [0.0, 0.0]


@given(
    st.floats(-1e308, 1e308),
    st.floats(-1e308, 1e308),
    st.floats(0, 1e308, exclude_min=True, allow_subnormal=True),
)
def test_any_finite_number_stays_within_three(value, center, spread):
    scaled = RobustScale(center, spread)(np.array([value]))[0]
    assert -3 <= scaled <= 3
    assert np.sign(scaled) in (np.sign(value - center), 0)


def test_a_huge_outlier_becomes_three_and_not_zero():
    assert RobustScale(0.0, 1e-300)(np.array([1e308, -1e308])).tolist() == [3.0, -3.0]


def test_without_the_clip_the_scale_is_a_straight_line():
    scale = RobustScale(3.0, 2.0).without_clip()
    assert scale == RobustScale(3.0, 2.0, clip=False)
    assert scale(np.array([-4.0, 3.0, 203.0, np.nan])).tolist() == [-3.5, 0.0, 100.0, 0.0]


def test_equal_values_have_nothing_to_clip():
    assert RobustScale(5.0, 0.0).without_clip() == RobustScale(5.0, 0.0)
    scale = RobustScale(5.0, 0.0, clip=False)
    assert scale(np.array([1e300])).tolist() == [0.0]
    assert scale.far_off(np.array([1e300])) == ""


def test_what_is_too_far_counts_as_a_million_spreads():
    scale = RobustScale(1.0, 2.0, clip=False)
    values = np.array([1e300, -1e300, 1 + 2e6, 1 - 2.1e6, np.nan])
    assert scale(values).tolist() == [FARTHEST, -FARTHEST, FARTHEST, -FARTHEST, 0.0]
    assert scale.far_off(values) == (
        "3 cells further than 1,000,000 spreads of 2 from the training median 1; read as that far"
    )
    assert RobustScale(1.0, 2.0).far_off(values) == ""


@given(
    st.floats(-1.7e308, 1.7e308),
    st.floats(-1.7e308, 1.7e308),
    st.floats(0, 1e308, exclude_min=True, allow_subnormal=True),
)
def test_any_finite_number_is_finite_without_the_clip(value, center, spread):
    scaled = RobustScale(center, spread, clip=False)(np.array([value]))[0]
    assert -FARTHEST <= scaled <= FARTHEST
    assert np.sign(scaled) in (np.sign(value - center), 0)


def test_values_too_far_apart_are_refused():
    with pytest.raises(DataError) as caught:
        RobustScale.fit(np.array([-1.7e308, 1.7e308]), "x")
    assert str(caught.value) == (
        "Column 'x' runs from -1.7e+308 to 1.7e+308, further than a 64-bit number can measure."
        " Divide it by a power of ten."
    )
