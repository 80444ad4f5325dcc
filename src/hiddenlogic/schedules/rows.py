"""One frozen row a schedule; their order is that of the schedules in the C++ core."""

from __future__ import annotations

import math
from dataclasses import dataclass

from hiddenlogic.registry import Parameter, Registry


@dataclass(frozen=True)
class ScheduleRow:
    """All that is known of a schedule.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    parameters : tuple of Parameter
        Its numbers; NaN as default stands for "has to be given".
    formula : str
        The rate at a step.
    keras, source : str
        What Keras calls it, and where it was published.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    formula: str
    keras: str
    source: str


def positive(name: str) -> Parameter:
    """A number that has to be given, greater than 0."""
    return Parameter(name, math.nan, low=0.0)


def not_negative(name: str, default: float = math.nan) -> Parameter:
    """A number of at least 0."""
    return Parameter(name, default, low=0.0, low_included=True)


_ALPHA = Parameter("alpha", 0.0, low=0.0, high=1.0, low_included=True, high_included=True)

ROWS: Registry[ScheduleRow] = Registry(
    (
        ScheduleRow(
            name="constant",
            aliases=(),
            parameters=(positive("learning_rate"),),
            formula="learning_rate",
            keras="",
            source="Robbins and Monro (1951), doi:10.1214/aoms/1177729586, with equal steps",
        ),
        ScheduleRow(
            name="exponential_decay",
            aliases=(),
            parameters=(
                positive("initial_learning_rate"),
                positive("decay_steps"),
                positive("decay_rate"),
            ),
            formula="initial_learning_rate * decay_rate**p, p = step / decay_steps "
            "(staircase: floor(p))",
            keras="ExponentialDecay",
            source="Keras 3, keras.optimizers.schedules",
        ),
        ScheduleRow(
            name="cosine_decay",
            aliases=(),
            parameters=(
                not_negative("initial_learning_rate"),
                positive("decay_steps"),
                _ALPHA,
                not_negative("warmup_steps", 0.0),
            ),
            formula="(step < warmup_steps) initial_learning_rate + (warmup_target - "
            "initial_learning_rate) * step / warmup_steps; then top * ((1 - alpha) * 0.5 * "
            "(1 + cos(pi * p)) + alpha), p = min(step - warmup_steps, decay_steps) / decay_steps, "
            "top = warmup_target, or initial_learning_rate without one",
            keras="CosineDecay",
            source="Loshchilov and Hutter (2017), arXiv:1608.03983, equation 5, without restarts; "
            "warm-up: Goyal et al. (2017), arXiv:1706.02677, section 2.2",
        ),
        ScheduleRow(
            name="polynomial_decay",
            aliases=(),
            parameters=(
                not_negative("initial_learning_rate"),
                positive("decay_steps"),
                not_negative("end_learning_rate", 1e-4),
                Parameter("power", 1.0, low=0.0),
            ),
            formula="(initial_learning_rate - end_learning_rate) * (1 - p)**power + "
            "end_learning_rate, p = min(step, decay_steps) / decay_steps "
            "(cycle: p = step / (decay_steps * max(1, ceil(step / decay_steps))))",
            keras="PolynomialDecay",
            source="Keras 3, keras.optimizers.schedules",
        ),
        ScheduleRow(
            name="piecewise_constant_decay",
            aliases=("piecewise_constant",),
            parameters=(),
            formula="values[i], i = how many of the boundaries are less than step",
            keras="PiecewiseConstantDecay",
            source="Keras 3, keras.optimizers.schedules",
        ),
        ScheduleRow(
            name="inverse_time_decay",
            aliases=(),
            parameters=(
                positive("initial_learning_rate"),
                positive("decay_steps"),
                not_negative("decay_rate"),
            ),
            formula="initial_learning_rate / (1 + decay_rate * p), p = step / decay_steps "
            "(staircase: floor(p))",
            keras="InverseTimeDecay",
            source="Robbins and Monro (1951), doi:10.1214/aoms/1177729586, steps of order 1/n",
        ),
    )
)
