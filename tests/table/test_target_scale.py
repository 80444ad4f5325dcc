"""Logarithms of targets: when they are taken, and means that are means."""

import json

import numpy as np
import polars as pl
import pytest

from hiddenlogic.errors import DataError, FormatError, UnknownNameError
from hiddenlogic.table import TargetPreparation, infer_schema
from hiddenlogic.table.target_scale import skewness

RANDOM = np.random.default_rng(0)
ROWS = 40_000
X = RANDOM.normal(0, 1, ROWS)
# The spread of the logarithm grows with its mean, which Duan's own estimate takes to be the same.
SPREAD = 0.4 + 0.4 * (X > 0)
PRICE = np.exp(10 + X + SPREAD * RANDOM.normal(size=ROWS))
FRAME = pl.DataFrame({"x": X, "price": PRICE})
TRAIN, VALIDATION = np.arange(20_000), np.arange(20_000, 40_000)


def fit(cells=PRICE, rows=TRAIN, scale="auto") -> TargetPreparation:
    """Fit the target of a table with these prices."""
    frame = pl.DataFrame({"x": X[: len(cells)], "price": cells})
    return TargetPreparation.fit(infer_schema(frame), frame, rows, scale)


def outputs(target: TargetPreparation) -> np.ndarray:
    """Return what a perfect network says: the mean logarithm of each row, standardised."""
    return ((10 + X - target.mean) / target.std).astype(np.float32)[:, None]


def test_positive_skewed_numbers_are_taught_as_their_logarithms():
    target = fit()
    assert target.scale == "log"
    logs = np.log(PRICE[TRAIN])
    assert target.transform(FRAME)[:, 0] == pytest.approx(
        (np.log(PRICE) - logs.mean()) / logs.std(), rel=1e-6, abs=1e-6
    )
    assert target.describe().startswith("'price': (log(y) - ")
    assert "as it is positive, and its skewness falls from " in target.describe()


def test_other_numbers_are_not():
    assert fit(RANDOM.normal(50, 5, ROWS)).scale == "standard"
    assert fit(PRICE - PRICE.min()).scale == "standard"
    assert fit(np.log(PRICE)).scale == "standard"
    assert fit(rows=TRAIN[:23]).scale == "standard"
    # An exponential distribution is as skewed after the logarithm, the other way.
    assert fit(RANDOM.exponential(1, ROWS)).scale == "standard"


def test_the_skewness_is_that_of_the_training_rows():
    cells = np.where(np.arange(ROWS) < 20_000, RANDOM.normal(50, 5, ROWS), PRICE)
    assert fit(cells).scale == "standard"
    assert fit(cells, rows=VALIDATION).scale == "log"


def test_the_user_may_know_better():
    assert fit(scale="standard").scale == "standard"
    assert fit(RANDOM.normal(50, 5, ROWS), scale="log").scale == "log"


def test_skewness_is_the_third_moment():
    values = RANDOM.exponential(1, 100)
    centred = values - values.mean()
    expected = np.mean(centred**3) / np.mean(centred**2) ** 1.5
    assert skewness(values) == pytest.approx(expected, rel=1e-12)
    assert skewness(values * 1e300) == pytest.approx(expected, rel=1e-12)
    assert skewness(np.ones(5)) == 0


def standard_error(values: np.ndarray) -> float:
    """Return the standard error of a mean."""
    return float(values.std() / np.sqrt(len(values)))


def test_corrected_predictions_have_the_right_mean_and_the_others_have_not():
    target = fit()
    corrected = target.corrected(outputs(target)[VALIDATION], FRAME[VALIDATION])
    said = corrected.restore(outputs(target)[TRAIN])
    error = said - PRICE[TRAIN]
    assert abs(error.mean()) < 3 * standard_error(error)
    medians = corrected.restore(outputs(target)[TRAIN], median=True)
    assert (medians - PRICE[TRAIN]).mean() < -5 * standard_error(error)
    # The nearest wrong ways: Duan's unweighted factor, and that of a lognormal of one spread.
    ratios = PRICE[VALIDATION] / corrected.restore(outputs(target)[VALIDATION], median=True)
    for factor in (ratios.mean(), np.exp(np.log(ratios).var() / 2)):
        assert abs((medians * factor - PRICE[TRAIN]).mean()) > 3 * standard_error(error)


def test_the_median_lies_in_the_middle():
    target = fit()
    corrected = target.corrected(outputs(target), FRAME)
    above = np.mean(corrected.restore(outputs(target), median=True) < PRICE)
    assert abs(above - 0.5) < 3 * 0.5 / np.sqrt(ROWS)
    assert np.mean(corrected.restore(outputs(target)) < PRICE) < 0.45


def test_numbers_need_no_correction():
    target = fit(scale="standard")
    assert target.corrected(np.zeros((ROWS, 1)), FRAME) is target
    said = np.array([[0.5]])
    assert target.restore(said) == target.restore(said, median=True)


def test_no_prediction_is_infinite():
    target = fit()
    assert np.isfinite(target.restore(np.array([[1e4], [-1e4]]))).all()


def test_the_factor_is_kept_and_checked():
    target = fit()
    corrected = target.corrected(outputs(target), FRAME)
    assert corrected.smearing > 1.1
    data = json.loads(json.dumps(corrected.to_json()))
    assert TargetPreparation.from_json(data) == corrected
    with pytest.raises(FormatError) as caught:
        TargetPreparation.from_json(data | {"smearing": 0.0})
    assert str(caught.value) == (
        "The model file is damaged: `target.smearing` must be greater than 0."
    )


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (
            lambda: fit(PRICE - PRICE[7], scale="log"),
            DataError,
            "The target 'price' holds -{:g}, whose logarithm is not defined. Pass --target-scale"
            " standard.",
        ),
        (
            lambda: fit(scale="lgo"),
            UnknownNameError,
            "`target_scale` must be one of auto, standard, log; got 'lgo'. Did you mean 'log'?",
        ),
        (
            lambda: fit().transform(pl.DataFrame({"price": [1.0, 0.0]})),
            DataError,
            "The target 'price' is not greater than 0 in row 2, and this model is taught its"
            " logarithm. Leave those rows out, or fit with --target-scale standard.",
        ),
    ],
)
def test_what_has_no_logarithm_is_refused(call, error, message):
    with pytest.raises(error) as caught:
        call()
    assert str(caught.value) == message.format(PRICE[7] - PRICE.min())
