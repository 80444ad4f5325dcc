"""An optimizer and its groups of weights, on their way into the core."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from hiddenlogic.engine import _core
from hiddenlogic.engine.scheduled import core_schedule
from hiddenlogic.errors import RangeError, StateError
from hiddenlogic.layers import AlphaDropout, Dropout, GaussianDropout, GaussianNoise
from hiddenlogic.layers.names import names_of
from hiddenlogic.losses import Loss
from hiddenlogic.network import Network
from hiddenlogic.optimizers import LBFGS, Optimizer
from hiddenlogic.registry import check_count
from hiddenlogic.schedules import Schedule

# Layers whose values in training are drawn anew in each step.
RANDOM = (AlphaDropout, Dropout, GaussianDropout, GaussianNoise)
BATCH_SIZE = 32
"""Rows of a batch where nothing is said, as in Keras."""
# The core's names of the limits.
_CLIPPINGS = {"clipvalue": "value", "clipnorm": "norm", "global_clipnorm": "global_norm"}


def core_optimizer(
    optimizer: Optimizer, network: Network, losses: Iterable[Loss] = ()
) -> _core.Optimizer:
    """Return the core's form; what an optimizer has no use for is 0."""

    def number(name: str) -> float:
        return float(getattr(optimizer, name, 0.0))

    def scheduled(name: str) -> _core.Schedule:
        value: float | Schedule | None = getattr(optimizer, name, 0.0)
        return core_schedule(0.0 if value is None else value)

    if isinstance(optimizer, LBFGS):
        _check_steady(network, losses)
    limits = [name for name in _CLIPPINGS if getattr(optimizer, name) is not None]
    factors = [optimizer.factors(path) for path in parameter_paths(network)]
    return _core.Optimizer(
        optimizer.name,
        learning_rate=scheduled("learning_rate"),
        momentum=scheduled("momentum"),
        beta_1=scheduled("beta_1"),
        beta_2=scheduled("rho" if hasattr(optimizer, "rho") else "beta_2"),
        weight_decay=scheduled("weight_decay"),
        epsilon=scheduled("epsilon"),
        limit=scheduled(limits[0] if limits else "no limit"),
        average_momentum=scheduled("ema_momentum"),
        first_square=number("initial_accumulator_value"),
        has_momentum=optimizer.has_momentum,
        nesterov=bool(number("nesterov")),
        centered=bool(number("centered")),
        amsgrad=bool(number("amsgrad")),
        history=int(number("history_size")),
        tolerance_grad=number("tolerance_grad"),
        tolerance_change=number("tolerance_change"),
        most_looks=int(number("max_evaluations")),
        clipping=_CLIPPINGS[limits[0]] if limits else "none",
        accumulation=optimizer.gradient_accumulation_steps or 1,
        averages=optimizer.use_ema,
        overwrites=optimizer.ema_overwrite_frequency or 0,
        rate_factors=[rate for rate, _ in factors],
        decay_factors=[decay for _, decay in factors],
    )


def _check_steady(network: Network, losses: Iterable[Loss]) -> None:
    """Refuse what makes another loss of the same weights, and weights that are held."""
    penalties = [one.regularizer for one in network.parameters]
    penalties += [getattr(node.layer, "activity_regularizer", None) for node in network.nodes]
    for one in (*losses, *penalties):
        if one is not None and any(
            isinstance(getattr(one, field.name), Schedule) for field in fields(one)
        ):
            raise StateError(
                f"LBFGS compares the loss at different weights, which {one!r} changes from step to "
                "step. Give it numbers, or use another optimizer."
            )
    for one in network.parameters:
        if one.constraint is not None:
            raise StateError(
                f"LBFGS takes no constraints; the {one.name} of {network.label(one.node)} has "
                f"{one.constraint!r}. Leave it out, or use another optimizer."
            )
    for index, node in enumerate(network.nodes):
        if isinstance(node.layer, RANDOM):
            raise StateError(
                f"LBFGS compares the loss at different weights, which {network.label(index)} makes "
                "random. Leave that layer out, or use another optimizer."
            )


def parameter_paths(network: Network) -> list[str]:
    """Return 'layer/name' of each array of weights, such as 'dense_1/bias'."""
    names = names_of(node.layer for node in network.nodes)
    return [f"{names[one.node]}/{one.name}" for one in network.parameters]


def whole_batch(
    optimizer: Optimizer, batch_size: int | None, rows: int, argument: str = "`batch_size`"
) -> int:
    """Return the rows of a batch: 32 where nothing is said, all for whoever takes all.

    Raises
    ------
    RangeError
        If it is no whole number of at least 1, or fewer than all rows for LBFGS.
    """
    if batch_size is not None:
        batch_size = check_count(batch_size, argument)
    if not optimizer.takes_whole_table:
        return BATCH_SIZE if batch_size is None else batch_size
    if batch_size is not None and batch_size < rows:
        raise RangeError(
            f"{argument} must be left out with {type(optimizer).__name__}, which takes all "
            f"{rows} rows together; got {batch_size!r}."
        )
    return rows
