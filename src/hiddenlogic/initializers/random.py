"""Initializers that draw."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, cast

from hiddenlogic.errors import RangeError, UnknownNameError, did_you_mean
from hiddenlogic.initializers.initializer import Initializer
from hiddenlogic.initializers.row import (
    MODES,
    SHAPES,
    Distribution,
    Mode,
    Normal,
    Scaling,
    Shape,
    Signs,
    Uniform,
    scaled,
)
from hiddenlogic.registry import explains_arguments


@dataclass(frozen=True)
class _Named(Initializer):
    """An initializer that is named for its variance."""

    seed: int | None = None

    def draws_from(self, shape: Sequence[int]) -> Distribution:
        """Return that of the row's variance."""
        assert self.row.scaling is not None
        return scaled(self.row.scaling, shape)


@explains_arguments()
@dataclass(frozen=True)
class GlorotUniform(_Named):
    """Uniform up to sqrt(6 / (fan_in + fan_out)); for linear, tanh and sigmoid layers.

    Parameters
    ----------
    seed : int, optional
        See `Initializer`.

    Examples
    --------
    >>> GlorotUniform().draws_from((2, 4))
    Uniform(low=-1.0, high=1.0)
    """

    name: ClassVar[str] = "glorot_uniform"


@explains_arguments()
@dataclass(frozen=True)
class GlorotNormal(_Named):
    """Truncated normal of deviation sqrt(2 / (fan_in + fan_out)); PyTorch's is not truncated.

    Parameters
    ----------
    seed : int, optional
        See `Initializer`.
    """

    name: ClassVar[str] = "glorot_normal"


@explains_arguments()
@dataclass(frozen=True)
class HeUniform(_Named):
    """Uniform up to sqrt(6 / fan_in); for the relu family.

    Parameters
    ----------
    seed : int, optional
        See `Initializer`.
    """

    name: ClassVar[str] = "he_uniform"


@explains_arguments()
@dataclass(frozen=True)
class HeNormal(_Named):
    """Truncated normal of deviation sqrt(2 / fan_in); PyTorch's is not truncated.

    Parameters
    ----------
    seed : int, optional
        See `Initializer`.
    """

    name: ClassVar[str] = "he_normal"


@explains_arguments()
@dataclass(frozen=True)
class LecunUniform(_Named):
    """Uniform up to sqrt(3 / fan_in); for selu.

    Parameters
    ----------
    seed : int, optional
        See `Initializer`.
    """

    name: ClassVar[str] = "lecun_uniform"


@explains_arguments()
@dataclass(frozen=True)
class LecunNormal(_Named):
    """Truncated normal of deviation sqrt(1 / fan_in); for selu.

    Parameters
    ----------
    seed : int, optional
        See `Initializer`.
    """

    name: ClassVar[str] = "lecun_normal"


@explains_arguments()
@dataclass(frozen=True)
class VarianceScaling(Initializer):
    """Any variance that goes with the size of the layer.

    Parameters
    ----------
    scale : float
        The variance of a weight times the fan; greater than 0. Default 1.
    mode : {"fan_in", "fan_out", "fan_avg"}
        The fan: inputs, units, or the mean of both. Default 'fan_in'.
    distribution : {"truncated_normal", "untruncated_normal", "uniform"}
        Default 'truncated_normal', which 'normal' means too, as in Keras.
    seed : int, optional
        See `Initializer`.

    Raises
    ------
    RangeError
        If a number is out of its range.
    UnknownNameError
        For an unknown mode or distribution.

    Examples
    --------
    PyTorch's own start of a Linear's kernel, uniform up to 1 / sqrt(fan_in):

    >>> VarianceScaling(1 / 3, distribution="uniform").draws_from((4, 9))
    Uniform(low=-0.5, high=0.5)
    """

    name: ClassVar[str] = "variance_scaling"
    scale: float = 1.0
    mode: Mode = "fan_in"
    distribution: Shape = "truncated_normal"
    seed: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if cast("str", self.distribution) == "normal":
            object.__setattr__(self, "distribution", "truncated_normal")
        for argument, choices in (("mode", MODES), ("distribution", SHAPES)):
            given = getattr(self, argument)
            if given not in choices:
                raise UnknownNameError(
                    f"`{argument}` of VarianceScaling must be one of {', '.join(choices)}; "
                    f"got {given!r}." + did_you_mean(str(given), choices)
                )

    def draws_from(self, shape: Sequence[int]) -> Distribution:
        """Return that of the variance."""
        return scaled(Scaling(self.scale, self.mode, self.distribution), shape)


@explains_arguments()
@dataclass(frozen=True)
class RandomUniform(Initializer):
    """Evenly between two numbers.

    Parameters
    ----------
    minval, maxval : float
        Default -0.05 and 0.05.
    seed : int, optional
        See `Initializer`.

    Raises
    ------
    RangeError
        If one is no finite number, or `maxval` is less than `minval`.
    """

    name: ClassVar[str] = "random_uniform"
    minval: float = -0.05
    maxval: float = 0.05
    seed: int | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.maxval < self.minval:
            raise RangeError(
                f"`maxval` of RandomUniform must be at least minval, {self.minval:g}; "
                f"got {self.maxval:g}."
            )

    def draws_from(self, shape: Sequence[int]) -> Distribution:
        """Return it."""
        return Uniform(self.minval, self.maxval)


@explains_arguments()
@dataclass(frozen=True)
class RandomNormal(Initializer):
    """Normal numbers.

    Parameters
    ----------
    mean : float
        Default 0.
    stddev : float
        At least 0. Default 0.05.
    seed : int, optional
        See `Initializer`.

    Raises
    ------
    RangeError
        If a number is out of its range.
    """

    name: ClassVar[str] = "random_normal"
    mean: float = 0.0
    stddev: float = 0.05
    seed: int | None = None

    def draws_from(self, shape: Sequence[int]) -> Distribution:
        """Return it."""
        return Normal(self.mean, self.stddev)


@explains_arguments()
@dataclass(frozen=True)
class TruncatedNormal(Initializer):
    """Normal numbers within two deviations of their mean.

    Parameters
    ----------
    mean : float
        Default 0.
    stddev : float
        Before cutting, as in Keras: what is left has 0.88 times this; at least 0. Default 0.05.
    seed : int, optional
        See `Initializer`.

    Raises
    ------
    RangeError
        If a number is out of its range.
    """

    name: ClassVar[str] = "truncated_normal"
    mean: float = 0.0
    stddev: float = 0.05
    seed: int | None = None

    def draws_from(self, shape: Sequence[int]) -> Distribution:
        """Return it."""
        return Normal(self.mean, self.stddev, truncated=True)


@explains_arguments()
@dataclass(frozen=True)
class RandomSign(Initializer):
    """-1 or 1, each as likely: what tells the members of an ensemble apart.

    Parameters
    ----------
    seed : int, optional
        See `Initializer`.
    """

    name: ClassVar[str] = "random_sign"
    seed: int | None = None

    def draws_from(self, shape: Sequence[int]) -> Distribution:
        """Return it."""
        return Signs()


@explains_arguments()
@dataclass(frozen=True)
class Orthogonal(Initializer):
    """A kernel that keeps lengths and angles: each such matrix is as likely as any other.

    Parameters
    ----------
    gain : float
        What it is multiplied with. Default 1.
    seed : int, optional
        See `Initializer`.

    Raises
    ------
    RangeError
        If `gain` is no finite number.
    """

    name: ClassVar[str] = "orthogonal"
    gain: float = 1.0
    seed: int | None = None
