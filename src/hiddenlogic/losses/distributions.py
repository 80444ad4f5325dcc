"""Losses whose outputs say how targets are distributed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hiddenlogic.losses.loss import Loss
from hiddenlogic.losses.row import LossRow
from hiddenlogic.registry import Parameter, explains_arguments
from hiddenlogic.schedules import Number


@explains_arguments()
@dataclass(frozen=True, repr=False)
class Poisson(Loss):
    """The likelihood of counts whose expectation is the output, mean(y - t * log(y)).

    Outputs must be positive: exponential or softplus give such.
    """

    row = LossRow(
        name="poisson",
        aliases=(),
        parameters=(),
        output="",
        suits="softplus",
        task="count",
        formula="mean(y - t * log(y + 1e-7))",
        keras="Poisson",
        torch="PoissonNLLLoss",
        source="McCullagh and Nelder (1989), Generalized Linear Models, section 6.2",
    )


@explains_arguments()
@dataclass(frozen=True, repr=False)
class GaussianNLL(Loss):
    """The likelihood of numbers around a mean, with a variance that is learned beside it.

    Each target needs two outputs, side by side: the mean m and s, the logarithm of the variance.
    So the last layer has twice as many units as the targets have columns, and is linear: any s is
    a variance, none is divided by 0, and the gradient neither vanishes nor explodes where a
    variance from a softplus is small. The variance is ``exp(outputs[:, 1::2])``.

    Parameters
    ----------
    eps : float or Schedule
        A variance below it counts as `eps`; the gradient stays that of the variance, as in torch.
        At least 1e-30. Default 1e-6.
    full : bool
        Whether the constant log(2 * pi) / 2 is added, which changes no gradient. Default False.

    Raises
    ------
    RangeError
        If `eps` is out of its range.

    Notes
    -----
    Keras has no such loss. torch.nn.GaussianNLLLoss takes the variance itself: with
    ``var=s.exp()`` it is the same.
    """

    row = LossRow(
        name="gaussian_nll",
        aliases=("gaussian_negative_log_likelihood", "gaussian_nll_loss"),
        parameters=(Parameter("eps", 1e-6, low=1e-30, low_included=True),),
        flags=("full",),
        output="",
        suits="linear",
        task="regression",
        outputs_per_target=2,
        formula="mean((log(v) + (m - t)**2 / v) / 2), v = max(exp(s), eps), outputs m and s",
        keras="",
        torch="GaussianNLLLoss",
        source="Nix and Weigend (1994), doi:10.1109/ICNN.1994.374138; the logarithm of the "
        "variance from Kendall and Gal (2017), arXiv:1703.04977, equation 8",
    )
    eps: Number = 1e-6
    full: bool = False


@explains_arguments()
@dataclass(frozen=True, repr=False)
class Quantile(Loss):
    """The pinball loss, whose outputs are quantiles of the target: 0.1 lies above a tenth of them.

    Each target needs an output for each quantile, side by side: with targets a and b and the
    quantiles 0.1 and 0.9 the outputs are a's 0.1, a's 0.9, b's 0.1, b's 0.9.

    Parameters
    ----------
    quantiles : float or sequence of float
        Each greater than 0 and less than 1. Default 0.5, the median, which makes it half the mean
        absolute error.

    Raises
    ------
    RangeError
        If a quantile is out of its range, or there is none.

    Examples
    --------
    >>> Quantile((0.1, 0.9)).outputs_per_target
    2

    Notes
    -----
    Nothing keeps the quantiles of a row in order; few rows and long training make them cross.
    The gradient at a distance of 0 is 0. Keras and torch have no such loss.
    """

    row = LossRow(
        name="quantile",
        aliases=("pinball", "quantile_loss", "pinball_loss"),
        parameters=(),
        several=Parameter("quantiles", 0.5, low=0.0, high=1.0),
        output="",
        suits="linear",
        task="regression",
        outputs_per_target=0,
        formula="mean(max(q * (t - y), (q - 1) * (t - y))) over targets and quantiles q",
        keras="",
        torch="",
        source="Koenker and Bassett (1978), doi:10.2307/1913643",
    )
    quantiles: float | Sequence[float] = (0.5,)


@explains_arguments()
@dataclass(frozen=True, repr=False)
class KLDivergence(Loss):
    """How far the outputs are from the targets as distributions, sum(t * log(t / y))."""

    row = LossRow(
        name="kl_divergence",
        aliases=("kld", "kullback_leibler_divergence"),
        parameters=(),
        output="",
        suits="softmax",
        task="share",
        formula="sum(t * log(t / y)), t and y taken as at least 1e-7 and at most 1",
        keras="KLDivergence",
        torch="",
        source="Kullback and Leibler (1951), doi:10.1214/aoms/1177729694",
    )


LOSSES = (Poisson, GaussianNLL, Quantile, KLDivergence)
