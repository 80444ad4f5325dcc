"""What holds of every encoding of numbers, whatever the numbers are."""

import json

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hiddenlogic.errors import DataError
from hiddenlogic.table.encodings import FIT, ROWS, encoding_from_json
from hiddenlogic.table.encodings.choice import STRONG_SKEW, automatic, skewness
from hiddenlogic.table.kinds import USED_KINDS

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
COLUMN = st.lists(NUMBERS, min_size=2, max_size=40).map(np.array)
EACH = pytest.mark.parametrize("name", FIT)
ODD = np.array([1e308, -1e308, -0.0, 0.0, 5e-324, -5e-324, 1.0, np.nan])


def fitted(name: str, values: np.ndarray):
    """Fit an encoding, or skip values that it refuses."""
    assume(values.min() < values.max())
    try:
        return FIT[name](values, "x")
    except DataError:
        assume(False)


def test_every_encoding_of_numbers_has_a_row_and_every_kind_an_encoding():
    assert list(FIT) == [row.name for row in ROWS if "number" in row.kinds]
    assert {kind for row in ROWS for kind in row.kinds} == set(USED_KINDS)
    assert all(row.formula and row.why for row in ROWS)


@EACH
@settings(deadline=None)
@given(values=COLUMN, others=COLUMN)
def test_any_finite_number_and_a_gap_become_finite(name, values, others):
    encoding = fitted(name, values)
    found = encoding(np.concatenate([values, others, ODD])).astype(np.float32)
    assert np.isfinite(found).all()
    straight = encoding.without_clip()(np.concatenate([values, ODD])).astype(np.float32)
    assert np.isfinite(straight).all()


@EACH
@settings(deadline=None)
@given(values=COLUMN, others=COLUMN)
def test_greater_numbers_become_no_smaller(name, values, others):
    encoding = fitted(name, values)
    found = encoding(np.sort(others)).reshape(len(others), encoding.width)
    # The logarithm is right within some units of the last place.
    noise = 1e-12 if name == "log" else 0.0
    assert (np.diff(found, axis=0) >= -noise).all()


@EACH
@settings(deadline=None)
@given(values=COLUMN, seed=st.integers(0, 99))
def test_neither_the_order_of_rows_nor_their_neighbours_change_a_bit(name, values, seed):
    encoding = fitted(name, values)
    order = np.random.default_rng(seed).permutation(len(values))
    assert FIT[name](values[order], "x") == encoding
    whole = encoding(values)
    assert encoding(values[order]).tobytes() == whole[order].tobytes()
    assert encoding(values[:1]).tobytes() == whole[:1].tobytes()


@EACH
@settings(deadline=None)
@given(values=COLUMN)
def test_it_comes_back_from_a_file_and_does_the_same(name, values):
    encoding = fitted(name, values)
    for one in (encoding, encoding.without_clip()):
        again = encoding_from_json(json.loads(json.dumps(one.to_json(), allow_nan=False)), "x")
        assert again == one
        assert again(ODD).tobytes() == one(ODD).tobytes()


def test_standard_scaling_is_by_mean_and_deviation():
    values = np.array([1.0, 2.0, 6.0])
    expected = (values - 3) / values.std()
    assert FIT["standard"](values, "x")(values) == pytest.approx(expected, rel=1e-12)


def test_normal_scores_are_those_of_ranks():
    values = np.arange(10.0)
    scores = FIT["quantile"](values, "x")(np.array([0.0, 4.5, 9.0, -5.0, 99.0, np.nan]))
    assert scores == pytest.approx([-1.644853627, 0, 1.644853627, -1.644853627, 1.644853627, 0])


def test_ties_share_the_middle_of_their_ranks():
    values = np.array([0.0] * 5 + [1.0] * 5)
    encoding = FIT["quantile"](values, "x")
    assert encoding(values)[[0, -1]] == pytest.approx([-0.67448975, 0.67448975])


def test_bins_fill_one_after_the_other():
    encoding = FIT["piecewise"](np.arange(9.0), "x")
    assert encoding(np.array([2.25]))[0].tolist() == [1, 1, 0.25, 0, 0, 0, 0, 0]
    assert encoding(np.array([-9.0, 99.0])).tolist() == [[0] * 8, [1] * 8]
    assert encoding(np.array([np.nan])).tolist() == encoding(np.array([4.0])).tolist()


def test_the_logarithm_is_that_of_one_more_unit():
    values = np.array([0.0, 1.0, 10.0, 1000.0, -10.0])
    encoding = FIT["log"](values, "x")
    logs = np.sign(values) * np.log1p(np.abs(values) / encoding.unit)
    y = (logs - encoding.scale.center) / encoding.scale.spread
    expected = y / np.sqrt(1 + (y / 3) ** 2)
    assert encoding(values) == pytest.approx(expected, rel=1e-9)


def test_a_straight_line_gets_no_logarithm():
    values = np.exp(np.arange(12.0))
    straight = FIT["log"](values, "x").without_clip()
    assert straight == FIT["robust"](values, "x").without_clip()


def test_strong_skew_asks_for_the_logarithm():
    even, skewed = np.arange(100.0), np.exp(np.arange(100.0) / 9)
    assert skewness(even) == pytest.approx(0, abs=1e-12)
    cubes = ((skewed - skewed.mean()) / skewed.std()) ** 3
    assert skewness(skewed) == pytest.approx(cubes.mean())
    assert skewness(skewed) > STRONG_SKEW
    assert (automatic(even), automatic(skewed), automatic(-skewed)) == ("robust", "log", "log")
