"""Weights with factors of their own on the learning rate and the weight decay."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from hiddenlogic.errors import RangeError
from hiddenlogic.registry import Parameter, explains_arguments

_FACTORS = (
    Parameter("rate_factor", 1.0, low=0.0, low_included=True),
    Parameter("decay_factor", 1.0, low=0.0, low_included=True),
)


@explains_arguments()
@dataclass(frozen=True)
class ParameterGroup:
    """Weights whose names have something in common, and the factors of their steps.

    Parameters
    ----------
    pattern : str
        A regular expression, searched in the name of an array of weights ('kernel', 'bias') and in
        its path ('dense_1/bias', after the name of its layer).
    rate_factor : float
        Of the learning rate; at least 0. 0 leaves the weights as they are. Default 1.
    decay_factor : float
        Of the weight decay, beside that of the rate; at least 0. Default 1.

    Raises
    ------
    RangeError
        If `pattern` is no regular expression, or a factor is out of its range.

    Examples
    --------
    >>> ParameterGroup("bias", rate_factor=0.1, decay_factor=0).matches("dense/bias")
    True
    """

    pattern: str
    rate_factor: float = 1.0
    decay_factor: float = 1.0

    def __post_init__(self) -> None:
        given = self.pattern
        try:
            re.compile(given)
        except (re.error, TypeError):
            raise RangeError(
                f"`pattern` of ParameterGroup must be a regular expression, such as 'bias'; "
                f"got {given!r}."
            ) from None
        for factor in _FACTORS:
            value = factor.check(getattr(self, factor.name), "ParameterGroup")
            object.__setattr__(self, factor.name, value)

    def matches(self, path: str) -> bool:
        """Return whether the weights at this path, 'layer/name', belong to the group."""
        name = path.rpartition("/")[2]
        return any(re.search(self.pattern, text) is not None for text in (path, name))


def checked_groups(value: object) -> tuple[ParameterGroup, ...]:
    """Return the groups of a list; each may be a mapping of its arguments.

    Raises
    ------
    RangeError, UnknownNameError
        If something in it is no group.
    """
    if isinstance(value, Iterable) and not isinstance(value, (str, Mapping)):
        groups: list[ParameterGroup] = []
        for one in cast("Iterable[object]", value):
            if isinstance(one, Mapping) and "pattern" in one:
                one = ParameterGroup(**cast("Mapping[str, Any]", one))
            if not isinstance(one, ParameterGroup):
                break
            groups.append(one)
        else:
            return tuple(groups)
    raise RangeError(
        "`groups` must be a list such as [{'pattern': 'bias', 'rate_factor': 0.1}]; "
        f"got {value!r}."
    )
