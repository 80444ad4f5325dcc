"""The learning rate of each step, from the formulas of Keras 3's documentation."""

from __future__ import annotations

import math

from hiddenlogic.schedules import (
    Constant,
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
    Schedule,
)


def rate(schedule: float | Schedule, step: int) -> float:
    """Return the rate of the update that `step` updates precede."""
    match schedule:
        case float():
            return schedule
        case Constant(value):
            return value
        case ExponentialDecay(initial, steps, decay, staircase):
            return initial * math.exp(math.log(decay) * _decays(step, steps, staircase))
        case InverseTimeDecay(initial, steps, decay, staircase):
            return initial / (1 + decay * _decays(step, steps, staircase))
        case CosineDecay(initial, steps, alpha, warmup_target=target, warmup_steps=warmup):
            return _cosine(initial, steps, alpha, target, warmup, step)
        case PolynomialDecay(initial, steps, end, power, cycle):
            if cycle:
                steps = steps * (math.ceil(step / steps) if step > 0 else 1)
            else:
                step = min(step, steps)
            return (initial - end) * math.pow(1 - step / steps, power) + end
        case PiecewiseConstantDecay(boundaries, values):
            for boundary, value in zip(boundaries, values[:-1], strict=True):
                if step <= boundary:
                    return value
            return values[-1]
    raise AssertionError(f"the reference lacks {schedule}")


def _decays(step, steps, staircase):
    return step // steps if staircase else step / steps


def _cosine(initial, steps, alpha, target, warmup, step):
    if target is None:
        target, warmup = initial, 0
    if step < warmup:
        return initial + (step / warmup) * (target - initial)
    done = min(step - warmup, steps)
    return target * ((1 - alpha) * 0.5 * (1 + math.cos(math.pi * done / steps)) + alpha)
