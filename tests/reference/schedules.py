"""The value at each step, from the formulas of Keras's and PyTorch's documentation."""

from __future__ import annotations

import math
from copy import copy
from dataclasses import fields

import numpy as np

from hiddenlogic.engine.optimizing import RANDOM
from hiddenlogic.network import Network, Node
from hiddenlogic.regularizers import Regularizer
from hiddenlogic.schedules import (
    Constant,
    CosineDecay,
    CosineDecayRestarts,
    CosLog4,
    ExponentialDecay,
    FlatCosine,
    InverseTimeDecay,
    LinearWarmup,
    OneCycle,
    OneCycleMomentum,
    PiecewiseConstantDecay,
    PolynomialDecay,
    Schedule,
)


def settled(thing, step: int):
    """Return an optimizer, loss, penalty or layer whose schedules are numbers of a step."""
    found = copy(thing)
    for one in fields(thing):
        value = getattr(thing, one.name)
        if isinstance(value, Schedule):
            # unchecked: a schedule may come down to a rate of 0, where its number may not be
            object.__setattr__(found, one.name, rate(value, step))
        elif isinstance(value, Regularizer):
            object.__setattr__(found, one.name, settled(value, step))
    return found


def settled_network(network: Network, step: int) -> Network:
    """Return a network whose penalties are those of a step; noises read their schedules."""
    nodes = tuple(
        node if isinstance(node.layer, RANDOM) else Node(settled(node.layer, step), node.inputs)
        for node in network.nodes
    )
    return Network(nodes, network.outputs)


def rate(schedule: float | Schedule, step: int) -> float:
    """Return the value at the update that `step` updates precede."""
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
        case CosineDecayRestarts(initial, steps, t_mul, m_mul, alpha):
            return initial * _restarts(step, steps, t_mul, m_mul, alpha)
        case LinearWarmup(initial, target, warmup):
            return float(np.interp(step, [0, warmup], [initial, target]))
        case OneCycle(peak, total, share, strategy, division, final, three):
            low = peak / division
            tops = [low, peak, low, low / final] if three else [low, peak, low / final]
            return _phases(step, total, share, strategy, tops)
        case OneCycleMomentum(base, most, total, share, strategy, three):
            tops = [most, base, most, most] if three else [most, base, most]
            return _phases(step, total, share, strategy, tops)
        case CosLog4(base, total):
            t = min(step / total, 1)
            return base * math.sin(math.pi * math.log2(1 + 15 * t)) ** 2
        case FlatCosine(base, total, flat):
            past = max(min(step / total, 1) - flat, 0) / (1 - flat)
            return base * math.cos(math.pi / 2 * past) ** 2
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


def _restarts(step, steps, t_mul, m_mul, alpha):
    """The courses in turn: each t_mul times as long and m_mul times as high as the last."""
    height = 1.0
    while step >= steps:
        step, steps, height = step - steps, steps * t_mul, height * m_mul
    return alpha + (1 - alpha) * height * 0.5 * (1 + math.cos(math.pi * step / steps))


def _phases(step, total, share, strategy, stops):
    """Between the stops; a phase ends one step before its share of the whole is over."""
    ends = [0.0, share * total - 1, 2 * (share * total - 1), total - 1.0]
    if len(stops) == 3:
        del ends[2]
    step = min(step, total - 1)
    for begin, end, here, there in zip(ends, ends[1:], stops, stops[1:], strict=False):
        if step <= end:
            done = 1.0 if end == begin else (step - begin) / (end - begin)
            if strategy == "cos":
                done = 0.5 * (1 - math.cos(math.pi * done))
            return here + (there - here) * done
    raise AssertionError("a step past the end")
