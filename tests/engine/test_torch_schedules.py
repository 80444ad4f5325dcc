"""Schedules in the core beside PyTorch's own. `make interop` fetches it, as .ci/run does."""

from __future__ import annotations

import pytest
import tolerances

from hiddenlogic import schedules
from hiddenlogic.engine.scheduled import core_schedule
from hiddenlogic.schedules import CosineDecayRestarts, LinearWarmup, OneCycle, OneCycleMomentum

torch = pytest.importorskip("torch", reason="needs PyTorch: make interop")

STEPS = 40
ONE_CYCLES = [
    {},
    {"pct_start": 0.45},
    {"anneal_strategy": "linear"},
    {"three_phase": True},
    {"three_phase": True, "anneal_strategy": "linear", "pct_start": 0.25},
    {"div_factor": 4.0, "final_div_factor": 7.0},
]
RESTARTS = [{"t_mul": 1}, {"t_mul": 2}, {"t_mul": 3, "alpha": 0.25}]


def played(make, momentum=0.0):
    """Return the rates and the momenta of the steps of one of PyTorch's schedulers."""
    weight = torch.nn.Parameter(torch.zeros(1))
    stepper = torch.optim.SGD([weight], lr=0.1, momentum=momentum)
    scheduler = make(stepper)
    rates, momenta = [], []
    for _ in range(STEPS):
        rates.append(stepper.param_groups[0]["lr"])
        momenta.append(stepper.param_groups[0]["momentum"])
        stepper.step()
        if len(rates) < STEPS:
            scheduler.step()
    return rates, momenta


def agrees(schedule, values):
    """Return whether the core has PyTorch's values, each within the bound of its own rounding."""
    value = core_schedule(schedule).value
    return all(
        abs(value(step) - other) <= 2 * tolerances.scheduled(schedule, step, other)
        for step, other in enumerate(values)
    )


def warm_restarts(t_mul, alpha=0.0):
    return lambda stepper: torch.optim.lr_scheduler.CosineAnnealingWarmRestarts(
        stepper, T_0=5, T_mult=t_mul, eta_min=alpha * 0.1
    )


def one_cycle(**settings):
    return lambda stepper: torch.optim.lr_scheduler.OneCycleLR(
        stepper, max_lr=0.1, total_steps=STEPS, **settings
    )


def linear(stepper):
    return torch.optim.lr_scheduler.LinearLR(stepper, start_factor=0.25, total_iters=8)


@pytest.mark.parametrize("settings", ONE_CYCLES, ids=repr)
def test_one_cycle_is_that_of_pytorch(settings):
    rates, momenta = played(one_cycle(**settings), momentum=0.9)
    assert agrees(OneCycle(0.1, STEPS, **settings), rates)
    for_momentum = {k: v for k, v in settings.items() if not k.endswith("div_factor")}
    assert agrees(OneCycleMomentum(total_steps=STEPS, **for_momentum), momenta)


@pytest.mark.parametrize("settings", RESTARTS, ids=repr)
def test_restarts_are_those_of_pytorch(settings):
    rates, _ = played(warm_restarts(**settings))
    assert agrees(CosineDecayRestarts(0.1, 5, **settings), rates)


def test_a_linear_warm_up_is_that_of_pytorch():
    # which multiplies the rate of the step before: an error more a step
    rates, _ = played(linear)
    warmup = LinearWarmup(0.025, 0.1, 8)
    value = core_schedule(warmup).value
    for step, rate in enumerate(rates):
        bound = (2 + step) * tolerances.scheduled(warmup, step, rate)
        assert abs(value(step) - rate) <= bound


def test_every_schedule_that_pytorch_has_is_among_them():
    tested = {OneCycle, OneCycleMomentum, CosineDecayRestarts, LinearWarmup}
    assert {row.name for row in schedules.ROWS if row.torch} == {one.name for one in tested}


OTHERS = {
    "one step more": (OneCycle(0.1, STEPS + 1), one_cycle()),
    "two phases": (OneCycle(0.1, STEPS), one_cycle(three_phase=True)),
    "lines": (OneCycle(0.1, STEPS), one_cycle(anneal_strategy="linear")),
    "restarts of one length": (CosineDecayRestarts(0.1, 5, t_mul=2), warm_restarts(1)),
    "a floor of its own": (CosineDecayRestarts(0.1, 5, t_mul=2), warm_restarts(2, alpha=0.1)),
}


@pytest.mark.parametrize("other", OTHERS)
def test_another_schedule_of_pytorch_is_told_apart(other):
    ours, theirs = OTHERS[other]
    assert not agrees(ours, played(theirs)[0])
