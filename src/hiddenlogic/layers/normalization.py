"""Standardising by numbers that are given, or measured once on the training rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from hiddenlogic.errors import DataError, ShapeError, StateError
from hiddenlogic.layers.config import check_axis
from hiddenlogic.layers.layer import Layer
from hiddenlogic.registry import Parameter, check_flag, explains_arguments

_MEAN = Parameter("mean", 0.0)
_VARIANCE = Parameter("variance", 1.0, low=0.0, low_included=True)


@explains_arguments()
@dataclass(frozen=True)
class Normalization(Layer):
    """(x - mean) / max(sqrt(variance), 1e-7), with numbers that no training changes.

    Parameters
    ----------
    axis : int or None
        -1 or 1: numbers of each unit. None: `adapt` measures one pair for all units.
    mean, variance : float or sequence of float, optional
        One number for all units or one for each; a variance is at least 0. Both or neither: without
        them, `adapt` has to measure them before the layer is part of a network.
    invert : bool
        Whether the layer undoes the map: x * max(sqrt(variance), 1e-7) + mean. Default False.
    name : str, optional
        What summary() calls it.

    Raises
    ------
    RangeError
        If a number is out of its range.
    StateError
        If only one of mean and variance is given.

    Notes
    -----
    The numbers are part of the layer, as its other arguments, and no weights of the model; in Keras
    those that `adapt` measured are listed by get_weights().

    Examples
    --------
    >>> layer = Normalization()
    >>> layer.adapt([[1.0, 5.0], [3.0, 5.0]])
    >>> layer.mean, layer.variance
    ((2.0, 5.0), (1.0, 0.0))
    """

    # Keras's backend.epsilon().
    _LEAST = 1e-7

    axis: int | None = -1
    mean: float | Sequence[float] | None = None
    variance: float | Sequence[float] | None = None
    invert: bool = False
    name: str | None = None

    def checked(self) -> dict[str, object]:
        if (self.mean is None) != (self.variance is None):
            raise StateError(
                "`mean` and `variance` of Normalization must be given together; got one. Give "
                "both, or neither and call adapt(rows)."
            )
        return {
            "axis": None if self.axis is None else check_axis(self.axis, "Normalization"),
            "mean": _numbers(self.mean, _MEAN),
            "variance": _numbers(self.variance, _VARIANCE),
            "invert": check_flag(self.invert, "`invert` of Normalization"),
        }

    @classmethod
    def adapted(cls, data: Iterable[Any], **arguments: Any) -> Normalization:
        """Return a Normalization by the mean and the variance of the columns of `data`.

        Parameters
        ----------
        data : array_like of numbers, shape (n, units)
            The training rows.
        **arguments
            The other arguments of the layer.

        Examples
        --------
        >>> Normalization.adapted([[1.0, 5.0], [3.0, 5.0]], axis=None).variance
        (2.75,)
        """
        layer = cls(**arguments)
        layer.adapt(data)
        return layer

    def adapt(self, data: Iterable[Any]) -> None:
        """Measure mean and variance on the training rows, once, before a network has the layer.

        Parameters
        ----------
        data : array_like of numbers, shape (n, units)
            At least one row. The variance is divided by n; both are rounded once.

        Raises
        ------
        StateError
            If the layer has its numbers already.
        ShapeError
            If there are no rows, or they are not of one width.
        DataError
            If a number is NaN or infinite, or is none.
        """
        if self.mean is not None:
            raise StateError(
                "This Normalization has its mean and variance already, and a network may hold "
                "them. Make a new one: Normalization.adapted(rows)."
            )
        columns = _columns(data)
        if self.axis is None:
            columns = [[number for column in columns for number in column]]
        means = [math.fsum(column) / len(column) for column in columns]
        variances = [
            math.fsum((number - mean) ** 2 for number in column) / len(column)
            for column, mean in zip(columns, means, strict=True)
        ]
        self._set(mean=tuple(means), variance=tuple(variances))

    def check_arriving(self, arriving: Sequence[int], label: str) -> None:
        if self.mean is None or self.variance is None:
            raise StateError(
                f"{label} has no mean and variance yet. Call adapt(rows) with the training rows "
                "before the layer is part of a network, or give both."
            )
        for name, numbers in (("mean", self.mean), ("variance", self.variance)):
            count = len(cast("Sequence[float]", numbers))
            if count not in (1, arriving[0]):
                raise ShapeError(
                    f"`{name}` of {label} must be one number, or one for each of the "
                    f"{arriving[0]} units that arrive there; got {count}."
                )

    @property
    def map(self) -> tuple[list[float], list[float], list[float]]:
        """The numbers of (x - shift) * factor + offset, each one or as many as there are units."""
        means = list(cast("Sequence[float]", self.mean))
        variances = cast("Sequence[float]", self.variance)
        deviations = [max(math.sqrt(one), self._LEAST) for one in variances]
        if self.invert:
            return [0.0], deviations, means
        return means, [1.0 / one for one in deviations], [0.0]


def _numbers(given: object, each: Parameter) -> tuple[float, ...] | None:
    """Return one number or several as a tuple."""
    if given is None:
        return None
    values = _cells(given) or [given]
    return tuple(each.check(value, "Normalization") for value in values)


def _columns(data: object) -> list[list[float]]:
    """Return the columns of rows as floats, or refuse what is no table of finite numbers."""
    for plainer in ("to_numpy", "tolist"):  # of a DataFrame, of an array
        data = getattr(data, plainer, lambda data=data: data)()
    rows = [_cells(row) for row in _cells(data)]
    widths = sorted({len(row) for row in rows})
    if len(widths) != 1 or widths == [0]:
        raise ShapeError(
            "`data` of adapt must be rows of one width, at least one, such as an array of shape "
            f"(n, units); got {len(rows)} rows of the widths {widths!r}."
        )
    return [
        [_finite(value, row, place) for row, value in enumerate(column)]
        for place, column in enumerate(zip(*rows, strict=True))
    ]


def _cells(row: object) -> list[object]:
    """Return what a row holds; a number or a text holds nothing."""
    holds = isinstance(row, Iterable) and not isinstance(row, str)
    return list(cast("Iterable[object]", row)) if holds else []


def _finite(value: Any, row: int, column: int) -> float:
    """Return a cell as a float."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if math.isfinite(number):
        return number
    raise DataError(
        f"`data` of adapt must be finite numbers; got {value!r} in row {row}, column {column}. "
        "Drop that row, or fill the cell."
    )
