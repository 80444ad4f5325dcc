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
        The value at a step.
    keras, torch, source : str
        What the neighbours call it, and where it was published.
    length : str
        The parameter that may be left to `fit`, whose steps it then counts; empty: none.
    """

    name: str
    aliases: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    formula: str
    keras: str
    torch: str
    source: str
    length: str = ""


def positive(name: str) -> Parameter:
    """A number that has to be given, greater than 0."""
    return Parameter(name, math.nan, low=0.0)


def not_negative(name: str, default: float = math.nan) -> Parameter:
    """A number of at least 0."""
    return Parameter(name, default, low=0.0, low_included=True)


_ALPHA = Parameter("alpha", 0.0, low=0.0, high=1.0, low_included=True, high_included=True)
_PCT_START = Parameter("pct_start", 0.3, low=0.0, high=1.0, low_included=True, high_included=True)
_TOTAL_STEPS = positive("total_steps")

ROWS: Registry[ScheduleRow] = Registry(
    (
        ScheduleRow(
            name="constant",
            aliases=(),
            parameters=(positive("learning_rate"),),
            formula="learning_rate",
            keras="",
            torch="",
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
            torch="",
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
            torch="",
            source="Loshchilov and Hutter (2017), arXiv:1608.03983, equation 5, without restarts; "
            "warm-up: Goyal et al. (2017), arXiv:1706.02677, section 2.2",
            length="decay_steps",
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
            torch="",
            source="Keras 3, keras.optimizers.schedules",
            length="decay_steps",
        ),
        ScheduleRow(
            name="piecewise_constant_decay",
            aliases=("piecewise_constant",),
            parameters=(),
            formula="values[i], i = how many of the boundaries are less than step",
            keras="PiecewiseConstantDecay",
            torch="",
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
            torch="",
            source="Robbins and Monro (1951), doi:10.1214/aoms/1177729586, steps of order 1/n",
        ),
        ScheduleRow(
            name="cosine_decay_restarts",
            aliases=("cosine_annealing_warm_restarts",),
            parameters=(
                not_negative("initial_learning_rate"),
                positive("first_decay_steps"),
                Parameter("t_mul", 2.0, low=1.0, low_included=True),
                Parameter("m_mul", 1.0, low=0.0),
                _ALPHA,
            ),
            formula="initial_learning_rate * ((1 - alpha) * 0.5 * m_mul**i * (1 + cos(pi * p)) + "
            "alpha), i restarts before step, the first after first_decay_steps and each later one "
            "after t_mul times the steps of the one before; p = share of its steps since the last",
            keras="CosineDecayRestarts",
            torch="CosineAnnealingWarmRestarts",
            source="Loshchilov and Hutter (2017), arXiv:1608.03983, equation 5; m_mul is Keras's",
        ),
        ScheduleRow(
            name="linear_warmup",
            aliases=("constant_with_warmup",),
            parameters=(
                not_negative("initial_learning_rate"),
                not_negative("warmup_target"),
                positive("warmup_steps"),
            ),
            formula="initial_learning_rate + (warmup_target - initial_learning_rate) * "
            "min(step, warmup_steps) / warmup_steps",
            keras="",
            torch="LinearLR",
            source="Goyal et al. (2017), arXiv:1706.02677, section 2.2",
        ),
        ScheduleRow(
            name="one_cycle",
            aliases=("one_cycle_lr",),
            parameters=(
                not_negative("max_lr"),
                _TOTAL_STEPS,
                _PCT_START,
                Parameter("div_factor", 25.0, low=0.0),
                Parameter("final_div_factor", 1e4, low=0.0),
            ),
            formula="from a = max_lr / div_factor to max_lr at step pct_start * total_steps - 1, "
            "then to a / final_div_factor at step total_steps - 1 (three_phase: by way of a at "
            "step 2 * (pct_start * total_steps - 1)), each along to + (from - to) * "
            "0.5 * (1 + cos(pi * p)), or a line",
            keras="",
            torch="OneCycleLR",
            source="Smith and Topin (2018), arXiv:1708.07120, as PyTorch has it",
            length="total_steps",
        ),
        ScheduleRow(
            name="one_cycle_momentum",
            aliases=(),
            parameters=(
                Parameter("base_momentum", 0.85, low=0.0, low_included=True),
                Parameter("max_momentum", 0.95, low=0.0, low_included=True),
                _TOTAL_STEPS,
                _PCT_START,
            ),
            formula="from max_momentum to base_momentum at step pct_start * total_steps - 1, then "
            "back at step total_steps - 1 (three_phase: at step 2 * (pct_start * total_steps - 1))",
            keras="",
            torch="OneCycleLR",
            source="Smith and Topin (2018), arXiv:1708.07120: momentum falls while the rate rises",
            length="total_steps",
        ),
        ScheduleRow(
            name="coslog4",
            aliases=(),
            parameters=(not_negative("base"), _TOTAL_STEPS),
            formula="base * 0.5 * (1 - cos(2 * pi * log2(1 + 15 * t))), "
            "t = min(step, total_steps) / total_steps",
            keras="",
            torch="",
            source="Holzmueller et al. (2024), arXiv:2407.04491, section 3",
            length="total_steps",
        ),
        ScheduleRow(
            name="flat_cosine",
            aliases=("flat_cos",),
            parameters=(
                not_negative("base"),
                _TOTAL_STEPS,
                Parameter("flat", 0.5, low=0.0, high=1.0, low_included=True),
            ),
            formula="(t < flat) base; then base * 0.5 * (1 + cos(pi * (t - flat) / (1 - flat))), "
            "t = min(step, total_steps) / total_steps",
            keras="",
            torch="",
            source="Holzmueller et al. (2024), arXiv:2407.04491, section 3, with flat = 1/2",
            length="total_steps",
        ),
    )
)
