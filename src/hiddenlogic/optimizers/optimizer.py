"""What all optimizers have: their row, decay, limits to the gradient, averages, groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, ClassVar

from hiddenlogic import schedules
from hiddenlogic.errors import RangeError
from hiddenlogic.optimizers.groups import ParameterGroup, checked_groups
from hiddenlogic.optimizers.rows import ROWS, OptimizerRow
from hiddenlogic.registry import Parameter, check_count, check_flag
from hiddenlogic.schedules import Number

CLIPPINGS = ("clipnorm", "clipvalue", "global_clipnorm")
"""Limits to the gradient; at most one of them."""

_DECAY = Parameter("weight_decay", 0.0, low=0.0, low_included=True)
_AVERAGE = Parameter("ema_momentum", 0.99, low=0.0, high=1.0, low_included=True, high_included=True)


@dataclass(frozen=True, repr=False)
class Optimizer:
    """Base of the optimizers: a row of the registry, its settings, and these of all optimizers.

    Parameters
    ----------
    learning_rate : float or Schedule
        Greater than 0.
    weight_decay : float, Schedule or None
        At least 0; each update first takes away weight_decay * learning_rate of every weight,
        biases included, as in Keras. Default None: nothing.
    clipnorm : float or Schedule, optional
        The gradient of each array of weights is shortened to this length.
    clipvalue : float or Schedule, optional
        Each element of the gradient is brought into ±clipvalue.
    global_clipnorm : float or Schedule, optional
        The gradient of all weights together is shortened to this length.
    use_ema : bool
        Keep a running mean of the weights, a = ema_momentum * a + (1 - ema_momentum) * w after each
        batch, beginning with the first weights; at the end of `fit` it takes their place.
    ema_momentum : float or Schedule
        From 0 to 1. Default 0.99.
    ema_overwrite_frequency : int, optional
        The mean also takes the weights' place after every so many updates.
    gradient_accumulation_steps : int, optional
        At least 2: the mean gradient of so many batches makes one update. Steps of schedules and of
        bias corrections are updates.
    groups : list of ParameterGroup or of dict
        Weights with factors of their own; where several match, factors are multiplied.

    Raises
    ------
    RangeError
        If a number is out of its range, or more than one limit is given.

    Notes
    -----
    Gradients are those of the loss with its penalties; limits come after the penalties and before
    the decay. The running mean moves after each batch, and overwrites at each batch of its update,
    with `gradient_accumulation_steps` too: all of this is Keras's.
    """

    name: ClassVar[str] = ""
    learning_rate: Number = 0.001
    weight_decay: Number | None = field(default=None, kw_only=True)
    clipnorm: Number | None = field(default=None, kw_only=True)
    clipvalue: Number | None = field(default=None, kw_only=True)
    global_clipnorm: Number | None = field(default=None, kw_only=True)
    use_ema: bool = field(default=False, kw_only=True)
    ema_momentum: Number = field(default=0.99, kw_only=True)
    ema_overwrite_frequency: int | None = field(default=None, kw_only=True)
    gradient_accumulation_steps: int | None = field(default=None, kw_only=True)
    groups: Iterable[ParameterGroup | Mapping[str, object]] = field(default=(), kw_only=True)

    def __post_init__(self) -> None:
        owner = type(self).__name__
        for parameter in self.row.parameters:
            self._check_number(parameter)
        for flag in (*self.row.flags, "use_ema"):
            check_flag(getattr(self, flag), f"`{flag}` of {owner}")
        if self.weight_decay is not None:
            self._check_number(_DECAY)
        for name in self.row.counts:
            count = check_count(getattr(self, name), f"`{name}` of {owner}")
            object.__setattr__(self, name, count)
        given = [name for name in CLIPPINGS if getattr(self, name) is not None]
        if len(given) > 1:
            raise RangeError(
                f"{owner} takes only one of clipnorm, clipvalue and global_clipnorm; "
                f"got {' and '.join(given)}."
            )
        for name in given:
            self._check_number(Parameter(name, 1.0, low=0.0))
        self._check_number(_AVERAGE)
        for name, least in (("ema_overwrite_frequency", 1), ("gradient_accumulation_steps", 2)):
            if getattr(self, name) is not None:
                count = check_count(getattr(self, name), f"`{name}` of {owner}", least)
                object.__setattr__(self, name, count)
        object.__setattr__(self, "groups", checked_groups(self.groups))

    def _check_number(self, parameter: Parameter) -> None:
        given, owner = getattr(self, parameter.name), type(self).__name__
        if parameter.name in self.row.steady:
            value = parameter.check(given, owner)
        else:
            value = schedules.check(given, parameter, owner)
        object.__setattr__(self, parameter.name, value)

    @property
    def takes_whole_table(self) -> bool:
        """Whether each update is of all rows together."""
        return False

    @property
    def row(self) -> OptimizerRow:
        """The row of the registry that holds formula and the names elsewhere."""
        return ROWS.find(self.name, "`optimizer`")

    @property
    def schedule(self) -> schedules.Schedule:
        """The learning rate as a schedule; a number is the same at every step."""
        rate = self.learning_rate
        return rate if isinstance(rate, schedules.Schedule) else schedules.Constant(rate)

    @property
    def has_momentum(self) -> bool:
        """Whether it keeps a velocity."""
        return getattr(self, "momentum", 0.0) != 0.0

    @property
    def slots(self) -> int:
        """Numbers kept for each weight between steps."""
        more = (
            self.has_momentum,
            *(getattr(self, flag) for flag in self.row.flags if flag != "nesterov"),
            self.use_ema,
            self.gradient_accumulation_steps is not None,
        )
        return self.row.slots + sum(more)

    def factors(self, path: str) -> tuple[float, float]:
        """Return the factors of rate and decay of the weights at a path, 'dense_1/bias'."""
        rate = decay = 1.0
        for group in checked_groups(self.groups):
            if group.matches(path):
                rate, decay = rate * group.rate_factor, decay * group.decay_factor
        return rate, decay

    def exclude_from_weight_decay(self, *, var_names: Iterable[str]) -> None:
        """Let no weights decay whose names have one of these patterns in them.

        Keras's method, to be called before `compile`; it adds a `ParameterGroup` for each.

        Parameters
        ----------
        var_names : iterable of str
            Regular expressions, such as 'bias'.

        Examples
        --------
        >>> from hiddenlogic.optimizers import AdamW
        >>> optimizer = AdamW()
        >>> optimizer.exclude_from_weight_decay(var_names=["bias"])
        >>> optimizer.factors("dense/bias"), optimizer.factors("dense/kernel")
        ((1.0, 0.0), (1.0, 1.0))
        """
        more = (ParameterGroup(name, decay_factor=0.0) for name in var_names)
        object.__setattr__(self, "groups", (*checked_groups(self.groups), *more))

    def get_config(self) -> dict[str, Any]:
        """Return the settings that make an equal optimizer again, as plain data."""
        config = {one.name: getattr(self, one.name) for one in fields(self)}
        config["groups"] = [asdict(group) for group in checked_groups(self.groups)]
        return schedules.plain(config)

    def __repr__(self) -> str:
        own = {one.name for one in self.row.parameters} | {*self.row.flags, *self.row.counts}
        shown = [
            f"{one.name}={getattr(self, one.name)!r}"
            for one in fields(self)
            if one.name in own or getattr(self, one.name) != one.default
        ]
        return f"{type(self).__name__}({', '.join(shown)})"
