"""Whether a network is taught a number or its logarithm, and the factor its mean then needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import DataError, UnknownNameError, did_you_mean
from hiddenlogic.table.skewness import skewness

SCALES = ("auto", "standard", "log")
# Bulmer (1979), "Principles of Statistics", chapter 4: beyond 1 a distribution is highly skewed.
_HIGHLY_SKEWED = 1.0
# From so many rows on that is two standard errors, 2·√(6/n), of a skewness: of fewer it is chance.
_LEAST_ROWS = 24
_LOG_MAX = float(np.log(np.finfo(np.float64).max))


def choose_scale(
    name: str, wished: str, training: NDArray[np.float64], least: float
) -> tuple[str, str]:
    """Return 'standard' or 'log', and why where that is worth a note.

    Parameters
    ----------
    name : str
        Of the target.
    wished : {'auto', 'standard', 'log'}
    training : ndarray of float64
        The target of the training rows, from which the skewness is measured.
    least : float
        The least target of all rows: a logarithm must be defined for each.

    Raises
    ------
    UnknownNameError
        If `wished` is none of these.
    DataError
        If 'log' is wished for and a target is not greater than 0.

    Examples
    --------
    >>> prices = np.exp(np.random.default_rng(0).normal(10, 1, 1000))
    >>> choose_scale("price", "auto", prices, prices.min())
    ('log', 'is positive, and its skewness falls from 3.9 to -0.1')
    """
    if wished not in SCALES:
        raise UnknownNameError(
            f"`target_scale` must be one of {', '.join(SCALES)}; got {wished!r}."
            f"{did_you_mean(wished, SCALES)}"
        )
    if wished == "log" and least <= 0:
        raise DataError(
            f"The target {name!r} holds {least:g}, whose logarithm is not defined. Pass"
            " --target-scale standard."
        )
    if wished != "auto" or least <= 0 or len(training) < _LEAST_ROWS:
        return ("log" if wished == "log" else "standard"), ""
    before, after = skewness(training), skewness(np.log(training))
    if before > _HIGHLY_SKEWED > abs(after):
        return "log", f"is positive, and its skewness falls from {before:.1f} to {after + 0.0:.1f}"
    return "standard", ""


def exponential(logarithms: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    """Return factor · exp(x), at most the largest number of float64, so that none is infinite."""
    return np.exp(np.minimum(logarithms + np.log(factor), _LOG_MAX))


def smearing(observed: NDArray[np.float64], medians: NDArray[np.float64]) -> float:
    """Return the factor from exp(prediction of the logarithm) to the mean: Σ y / Σ exp(ẑ).

    Parameters
    ----------
    observed : ndarray of float64
        Targets of rows that the network was not trained on, greater than 0.
    medians : ndarray of float64
        exp of what the network says of the same rows.

    Returns
    -------
    float
        Greater than 0; 1 where the sums are too large or too small to say.

    Notes
    -----
    The exp of a mean logarithm is a median, and too small as a mean. Duan's smearing estimate, the
    mean of y / exp(ẑ), is right where the spread of the logarithm is the same for all rows. This
    one weights each of his terms by exp(ẑ): it is right there too, it makes the predicted total
    right whatever the spread, and a row that is predicted far too small cannot dominate it.
    Residuals are those of validation rows, as a network has made those of its training rows small.

    References
    ----------
    Duan (1983), "Smearing estimate: a nonparametric retransformation method", JASA 78, 605-610.
    """
    # Shares of the largest, so that no sum overflows.
    top = float(observed.max(initial=0.0))
    if not len(observed) or top == 0:
        return 1.0
    factor = float(np.sum(observed / top)) / max(float(np.sum(medians / top)), 1e-300)
    return factor if np.isfinite(factor) and 1e-100 < factor < 1e100 else 1.0
