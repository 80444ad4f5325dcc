"""Losses of numbers, which are distances between output and target."""

from __future__ import annotations

from dataclasses import dataclass

from hiddenlogic.losses.loss import Loss
from hiddenlogic.losses.row import LossRow
from hiddenlogic.registry import Parameter, explains_arguments
from hiddenlogic.schedules import Number


@explains_arguments()
@dataclass(frozen=True, repr=False)
class MeanSquaredError(Loss):
    """The mean of squares, mean((y - t)**2), with no half.

    Examples
    --------
    >>> MeanSquaredError().name
    'mean_squared_error'
    """

    row = LossRow(
        name="mean_squared_error",
        aliases=("mse",),
        parameters=(),
        output="",
        suits="linear",
        task="regression",
        formula="mean((y - t)**2)",
        keras="MeanSquaredError",
        torch="MSELoss",
        source="Legendre (1805), least squares",
    )


@explains_arguments()
@dataclass(frozen=True, repr=False)
class MeanAbsoluteError(Loss):
    """The mean of distances, mean(|y - t|); its gradient at a distance of 0 is 0."""

    row = LossRow(
        name="mean_absolute_error",
        aliases=("mae",),
        parameters=(),
        output="",
        suits="linear",
        task="regression",
        formula="mean(|y - t|)",
        keras="MeanAbsoluteError",
        torch="L1Loss",
        source="Boscovich (1757), least absolute deviations",
    )


@explains_arguments()
@dataclass(frozen=True, repr=False)
class Huber(Loss):
    """Half the square up to a distance of `delta`, straight beyond it: few outliers weigh less.

    Parameters
    ----------
    delta : float or Schedule
        Greater than 0, in units of the target. Default 1, as in Keras.

    Raises
    ------
    RangeError
        If `delta` is not a finite number greater than 0.
    """

    row = LossRow(
        name="huber",
        aliases=("huber_loss",),
        parameters=(Parameter("delta", 1.0, low=0.0),),
        output="",
        suits="linear",
        task="regression",
        formula="mean(e**2 / 2 if |e| <= delta else delta * (|e| - delta / 2)), e = y - t",
        keras="Huber",
        torch="HuberLoss",
        source="Huber (1964), Annals of Math. Statistics 35, doi:10.1214/aoms/1177703732",
    )
    delta: Number = 1.0


@explains_arguments()
@dataclass(frozen=True, repr=False)
class LogCosh(Loss):
    """mean(log(cosh(y - t))): half the square near the target, straight far from it."""

    row = LossRow(
        name="log_cosh",
        aliases=("logcosh",),
        parameters=(),
        output="",
        suits="linear",
        task="regression",
        formula="mean(log(cosh(y - t)))",
        keras="LogCosh",
        torch="",
        source="Green (1990), doi:10.1109/42.52985",
    )


@explains_arguments()
@dataclass(frozen=True, repr=False)
class MeanAbsolutePercentageError(Loss):
    """The mean of distances in percent of the target, mean(100 * |y - t| / |t|).

    A target nearer to 0 than 1e-7 counts as 1e-7.
    """

    row = LossRow(
        name="mean_absolute_percentage_error",
        aliases=("mape",),
        parameters=(),
        output="",
        suits="linear",
        task="regression",
        formula="mean(100 * |y - t| / max(|t|, 1e-7))",
        keras="MeanAbsolutePercentageError",
        torch="",
        source="Makridakis et al. (1982), doi:10.1002/for.3980010202",
    )


@explains_arguments()
@dataclass(frozen=True, repr=False)
class MeanSquaredLogarithmicError(Loss):
    """The mean of squares of log(1 + y) - log(1 + t), for targets of at least 0.

    An output below 1e-7 counts as 1e-7, and has no gradient: softplus or exponential give better
    ones.
    """

    row = LossRow(
        name="mean_squared_logarithmic_error",
        aliases=("msle",),
        parameters=(),
        output="",
        suits="softplus",
        task="count",
        formula="mean((log(1 + max(y, 1e-7)) - log(1 + max(t, 1e-7)))**2)",
        keras="MeanSquaredLogarithmicError",
        torch="",
        source="least squares of log(1 + t)",
    )


@explains_arguments()
@dataclass(frozen=True, repr=False)
class CosineSimilarity(Loss):
    """Minus the cosine of the angle between output and target: -1 where they point the same way."""

    row = LossRow(
        name="cosine_similarity",
        aliases=(),
        parameters=(),
        output="",
        suits="linear",
        task="regression",
        formula="-sum(t * y) / (norm(t) * norm(y)), norms taken as at least 1e-6",
        keras="CosineSimilarity",
        torch="",
        source="Salton, Wong and Yang (1975), doi:10.1145/361219.361220, with a minus",
    )


LOSSES = (
    MeanSquaredError,
    MeanAbsoluteError,
    Huber,
    LogCosh,
    MeanAbsolutePercentageError,
    MeanSquaredLogarithmicError,
    CosineSimilarity,
)
