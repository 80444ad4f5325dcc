"""Layers that disturb values while training and do nothing otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from hiddenlogic import schedules
from hiddenlogic.layers.layer import Layer
from hiddenlogic.registry import Parameter, explains_arguments

_RATE = Parameter("rate", 0.5, low=0.0, high=1.0, low_included=True)
_STDDEV = Parameter("stddev", 0.1, low=0.0, low_included=True)


@explains_arguments()
@dataclass(frozen=True)
class Dropout(Layer):
    """While training, each value is 0 with probability `rate`, else divided by 1 - rate.

    Parameters
    ----------
    rate : float or Schedule
        At least 0, less than 1; a schedule at every step.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If `rate` is out of its range.

    References
    ----------
    Srivastava et al. (2014), Journal of Machine Learning Research 15; scaled while training.
    """

    rate: float | schedules.Schedule
    name: str | None = None

    def checked(self) -> dict[str, object]:
        return {"rate": schedules.check(self.rate, _RATE, "Dropout")}


@explains_arguments()
@dataclass(frozen=True)
class AlphaDropout(Layer):
    """Dropout for selu: while training, a * x + b, where x is -1.758 with probability `rate`.

    With L = -1.758…, the lowest value of selu, a = ((1 - rate) * (1 + rate * L**2))**-0.5 and
    b = -a * L * rate leave values of mean 0 and variance 1 with these moments.

    Parameters
    ----------
    rate : float or Schedule
        At least 0, less than 1; a schedule at every step.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If `rate` is out of its range.

    References
    ----------
    Klambauer et al. (2017), arXiv:1706.02515, "New dropout technique".
    """

    rate: float | schedules.Schedule
    name: str | None = None

    def checked(self) -> dict[str, object]:
        return {"rate": schedules.check(self.rate, _RATE, "AlphaDropout")}


@explains_arguments()
@dataclass(frozen=True)
class GaussianNoise(Layer):
    """While training, each value plus a normal number of mean 0.

    Parameters
    ----------
    stddev : float or Schedule
        Standard deviation of the numbers, at least 0 (Keras refuses more than 1); a schedule at
        every step.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If `stddev` is out of its range.

    References
    ----------
    Bishop (1995), Neural Computation 7, doi:10.1162/neco.1995.7.1.108.
    """

    stddev: float | schedules.Schedule
    name: str | None = None

    def checked(self) -> dict[str, object]:
        return {"stddev": schedules.check(self.stddev, _STDDEV, "GaussianNoise")}


@explains_arguments()
@dataclass(frozen=True)
class GaussianDropout(Layer):
    """While training, each value times a normal number of mean 1.

    Parameters
    ----------
    rate : float or Schedule
        At least 0, less than 1; a schedule at every step. The standard deviation of the numbers is
        sqrt(rate / (1 - rate)), that of what Dropout multiplies with.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If `rate` is out of its range.

    References
    ----------
    Srivastava et al. (2014), Journal of Machine Learning Research 15, section 10.
    """

    rate: float | schedules.Schedule
    name: str | None = None

    def checked(self) -> dict[str, object]:
        return {"rate": schedules.check(self.rate, _RATE, "GaussianDropout")}
