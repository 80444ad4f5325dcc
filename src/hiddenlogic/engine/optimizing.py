"""An optimizer and its groups of weights, on their way into the core."""

from __future__ import annotations

from hiddenlogic.engine import _core
from hiddenlogic.engine.scheduled import core_schedule
from hiddenlogic.layers.names import names_of
from hiddenlogic.network import Network
from hiddenlogic.optimizers import Optimizer
from hiddenlogic.schedules import Schedule

# The core's names of the limits.
_CLIPPINGS = {"clipvalue": "value", "clipnorm": "norm", "global_clipnorm": "global_norm"}


def core_optimizer(optimizer: Optimizer, network: Network) -> _core.Optimizer:
    """Return the core's form; what an optimizer has no use for is 0."""

    def number(name: str) -> float:
        return float(getattr(optimizer, name, 0.0))

    def scheduled(name: str) -> _core.Schedule:
        value: float | Schedule | None = getattr(optimizer, name, 0.0)
        return core_schedule(0.0 if value is None else value)

    limits = [name for name in _CLIPPINGS if getattr(optimizer, name) is not None]
    factors = [optimizer.factors(path) for path in parameter_paths(network)]
    return _core.Optimizer(
        optimizer.name,
        learning_rate=scheduled("learning_rate"),
        momentum=scheduled("momentum"),
        beta_1=scheduled("beta_1"),
        beta_2=scheduled("rho" if hasattr(optimizer, "rho") else "beta_2"),
        weight_decay=scheduled("weight_decay"),
        epsilon=number("epsilon"),
        first_square=number("initial_accumulator_value"),
        has_momentum=optimizer.has_momentum,
        nesterov=bool(number("nesterov")),
        centered=bool(number("centered")),
        amsgrad=bool(number("amsgrad")),
        clipping=_CLIPPINGS[limits[0]] if limits else "none",
        limit=number(limits[0]) if limits else 0.0,
        accumulation=optimizer.gradient_accumulation_steps or 1,
        averages=optimizer.use_ema,
        average_momentum=optimizer.ema_momentum,
        overwrites=optimizer.ema_overwrite_frequency or 0,
        rate_factors=[rate for rate, _ in factors],
        decay_factors=[decay for _, decay in factors],
    )


def parameter_paths(network: Network) -> list[str]:
    """Return 'layer/name' of each array of weights, such as 'dense_1/bias'."""
    names = names_of(node.layer for node in network.nodes)
    return [f"{names[one.node]}/{one.name}" for one in network.parameters]
