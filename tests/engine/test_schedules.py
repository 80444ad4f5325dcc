"""Learning-rate schedules in the core: their rates, and trainings that follow them."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from agreement import check_trajectory, trainer_for
from reference import schedules as reference
from reference.examples import example

from hiddenlogic import engine, schedules
from hiddenlogic.engine import _core
from hiddenlogic.errors import RangeError
from hiddenlogic.losses import MeanSquaredError
from hiddenlogic.optimizers import SGD, Adam, AdamW
from hiddenlogic.schedules import (
    Constant,
    CosineDecay,
    ExponentialDecay,
    InverseTimeDecay,
    PiecewiseConstantDecay,
    PolynomialDecay,
)

SCHEDULES = [
    Constant(0.03),
    ExponentialDecay(0.1, 7, 0.8),
    ExponentialDecay(0.1, 7, 0.8, staircase=True),
    ExponentialDecay(0.01, 1, 1.0002),
    CosineDecay(0.1, 11),
    CosineDecay(0.1, 10, alpha=0.2),
    CosineDecay(0.0, 9, alpha=0.1, warmup_target=0.1, warmup_steps=4),
    PolynomialDecay(0.1, 12),
    PolynomialDecay(0.1, 5, 0.01, power=0.5, cycle=True),
    PolynomialDecay(0.1, 12, 0.02, power=2.5),
    PolynomialDecay(0.0, 10, 0.1),
    PiecewiseConstantDecay([3, 7, 8], [0.1, 0.02, 0.05, 0.01]),
    InverseTimeDecay(0.1, 3, 0.5),
    InverseTimeDecay(0.1, 3, 0.5, staircase=True),
]
FAR = [*range(40), 100, 1000, 4321, 10**6]


def core(schedule):
    return _core.Schedule(schedule.name, **schedule.get_config())


def test_every_row_is_among_the_cases():
    assert {one.name for one in SCHEDULES} == set(schedules.ROWS.names)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
def test_core_and_python_give_the_rates_of_the_formula(schedule):
    for step in FAR:
        due = reference.rate(schedule, step)
        bound = tolerances.learning_rate(schedule, due)
        assert abs(core(schedule).rate(step) - due) <= bound, step
        assert abs(schedule(step) - due) <= bound, step


@pytest.mark.parametrize("schedule", SCHEDULES[1:], ids=repr)
def test_a_count_from_one_would_be_seen(schedule):
    bounds = [tolerances.learning_rate(schedule, reference.rate(schedule, s)) for s in range(9)]
    off = [abs(reference.rate(schedule, s + 1) - reference.rate(schedule, s)) for s in range(9)]
    assert any(a > b for a, b in zip(off, bounds, strict=True))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
@pytest.mark.parametrize("make", [SGD, AdamW], ids=lambda make: make.__name__)
def test_trainings_follow_the_reference_along_each_schedule(make, schedule, dtype):
    optimizer = make(schedule)
    check_trajectory(example("tanh", MeanSquaredError()), optimizer, dtype, batch_size=5)


def test_a_constant_gives_the_bits_of_its_number():
    case = example("tanh", MeanSquaredError())
    weights = []
    for rate in (0.02, Constant(0.02), PiecewiseConstantDecay([2], [0.02, 0.02])):
        trainer = trainer_for(case, Adam(rate), "float32")
        trainer.fit(case.inputs, case.targets, epochs=3, batch_size=5)
        weights.append([w.tobytes() for w in trainer.get_weights()])
    assert weights[0] == weights[1] == weights[2]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("schedule", SCHEDULES[1:], ids=repr)
def test_the_bits_are_the_same_on_any_threads_instruction_set_and_number_of_calls(schedule, dtype):
    case = example("tanh", MeanSquaredError(), n=70, hidden=20)

    def trained(threads, instruction_set, calls):
        trainer = engine.Trainer(
            case.network,
            loss=case.loss,
            optimizer=AdamW(schedule),
            dtype=dtype,
            n_threads=threads,
            adaptive_threads=False,
            instruction_set=instruction_set,
        )
        for epochs in calls:
            trainer.fit(case.inputs, case.targets, epochs=epochs, batch_size=33)
        return b"".join(w.tobytes() for w in trainer.get_weights())

    wanted = trained(1, engine.available_isas()[0], [5])
    for instruction_set in engine.available_isas():
        for threads in (1, 3):
            for calls in ([5], [2, 3]):
                assert trained(threads, instruction_set, calls) == wanted


def test_the_rate_can_be_read_and_set_between_epochs():
    case = example("tanh", MeanSquaredError())
    trainer = trainer_for(case, SGD(ExponentialDecay(0.1, 5, 0.5)), "float64")
    assert trainer.learning_rate == 0.1
    trainer.fit(case.inputs, case.targets, epochs=2, batch_size=5)
    assert trainer.learning_rate == 0.1 * 0.5**2
    trainer.learning_rate = 0.03
    assert trainer.learning_rate == 0.03
    trainer.learning_rate = InverseTimeDecay(0.1, 10, 1)
    assert trainer.learning_rate == 0.05


def test_rates_set_by_a_hook_are_those_of_the_same_staircase():
    case = example("tanh", MeanSquaredError())
    rates = [0.1, 0.05, 0.02]
    steps = -(-len(case.inputs) // 5)
    by_schedule = trainer_for(
        case, Adam(PiecewiseConstantDecay([steps - 1, 2 * steps - 1], rates)), "float32"
    )
    by_hook = trainer_for(case, Adam(rates[0]), "float32")

    def lower(epoch, logs):
        by_hook.learning_rate = rates[min(epoch + 1, 2)]

    by_schedule.fit(case.inputs, case.targets, epochs=3, batch_size=5)
    by_hook.fit(case.inputs, case.targets, epochs=3, batch_size=5, on_epoch=lower)
    for a, b in zip(by_schedule.get_weights(), by_hook.get_weights(), strict=True):
        assert np.array_equal(a, b)


def test_a_rate_that_the_optimizer_refuses_changes_nothing():
    case = example("tanh", MeanSquaredError())
    trainer = trainer_for(case, SGD(0.1), "float64")
    with pytest.raises(RangeError) as caught:
        trainer.learning_rate = 0.0
    assert str(caught.value) == (
        "`learning_rate` of SGD must be a finite number greater than 0; got 0.0."
    )
    assert trainer.learning_rate == 0.1
