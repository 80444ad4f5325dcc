"""Learning-rate schedules in the core: their rates, and trainings that follow them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tolerances
from agreement import check_trajectory, trainer_for
from optimizer_cases import EACH
from reference import schedules as reference
from reference.examples import example
from schedule_examples import SCHEDULES

from hiddenlogic import engine, schedules
from hiddenlogic.engine.scheduled import core_schedule
from hiddenlogic.errors import RangeError
from hiddenlogic.layers import Dense, Dropout
from hiddenlogic.losses import MeanSquaredError
from hiddenlogic.network import Network
from hiddenlogic.optimizers import SGD, Adam, AdamW
from hiddenlogic.schedules import (
    Constant,
    CosineDecay,
    CosineDecayRestarts,
    CosLog4,
    ExponentialDecay,
    FlatCosine,
    InverseTimeDecay,
    OneCycle,
    OneCycleMomentum,
    PiecewiseConstantDecay,
    PolynomialDecay,
)

OPEN = [
    CosineDecay(0.1),
    CosineDecay(0.01, alpha=0.1, warmup_target=0.1, warmup_steps=4),
    PolynomialDecay(0.1),
    OneCycle(0.1),
    OneCycle(0.1, three_phase=True),
    OneCycleMomentum(0.02, 0.1),
    CosLog4(0.1),
    FlatCosine(0.1),
]
FAR = [*range(40), 100, 1000, 4321, 10**6]


def test_every_row_is_among_the_cases():
    assert {one.name for one in SCHEDULES} == set(schedules.ROWS.names)
    assert {one.name for one in OPEN} == {row.name for row in schedules.ROWS if row.length}


@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
def test_core_and_python_give_the_rates_of_the_formula(schedule):
    for step in FAR:
        due = reference.rate(schedule, step)
        bound = tolerances.scheduled(schedule, step, due)
        assert abs(core_schedule(schedule).value(step) - due) <= bound, step
        assert abs(schedule(step) - due) <= bound, step


@pytest.mark.parametrize("schedule", SCHEDULES[1:], ids=repr)
def test_a_count_from_one_would_be_seen(schedule):
    bounds = [tolerances.scheduled(schedule, s, reference.rate(schedule, s)) for s in range(9)]
    off = [abs(reference.rate(schedule, s + 1) - reference.rate(schedule, s)) for s in range(9)]
    assert any(a > b for a, b in zip(off, bounds, strict=True))


# The nearest wrong schedules: what each gives at a step in place of the first.
WARM = CosineDecay(0.0, 9, alpha=0.1, warmup_target=0.1, warmup_steps=4)
WRONG = {
    "the warm-up counts as decay": (WARM, lambda s: reference.rate(WARM, s if s < 4 else s + 4)),
    "each restart after the same steps": (
        CosineDecayRestarts(0.1, 4),
        lambda s: reference.rate(CosineDecayRestarts(0.1, 4, t_mul=1), s),
    ),
    "restarts as high as the first": (
        CosineDecayRestarts(0.1, 4, m_mul=0.9),
        lambda s: reference.rate(CosineDecayRestarts(0.1, 4), s),
    ),
    "the floor falls with the restarts": (
        CosineDecayRestarts(0.1, 4, m_mul=0.9, alpha=0.2),
        lambda s: reference.rate(CosineDecayRestarts(0.1, 4, alpha=0.2), s) * (0.9 if s > 3 else 1),
    ),
    "the peak a step later": (
        OneCycle(0.1, 15),
        lambda s: reference.rate(OneCycle(0.1, 15, 0.3 + 1 / 15), s),
    ),
    "the last value a share of the peak": (
        OneCycle(0.1, 15),
        lambda s: reference.rate(OneCycle(0.1, 15, final_div_factor=1e4 / 25), s),
    ),
    "the way back left out": (
        OneCycle(0.1, 14, 0.25, three_phase=True),
        lambda s: reference.rate(OneCycle(0.1, 14, 0.25), s),
    ),
    "the momentum with the rate": (
        OneCycleMomentum(0.02, 0.1, 13),
        lambda s: reference.rate(OneCycleMomentum(0.1, 0.02, 13), s),
    ),
    "the last step of coslog4 at its end": (
        CosLog4(0.1, 15),
        lambda s: reference.rate(CosLog4(0.1, 14), s),
    ),
    "a natural logarithm": (
        CosLog4(0.1, 15),
        lambda s: 0.1 * np.sin(np.pi * np.log1p(min(s, 15))) ** 2,
    ),
    "a cosine of all steps": (
        FlatCosine(0.1, 12),
        lambda s: 0.1 if s < 6 else reference.rate(FlatCosine(0.1, 12, flat=0.0), s),
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_the_nearest_wrong_schedule_would_be_seen(name):
    schedule, wrong = WRONG[name]
    value = core_schedule(schedule).value
    assert any(
        abs(value(s) - wrong(s)) > 2 * tolerances.scheduled(schedule, s, value(s))
        for s in range(40)
    )


@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
def test_no_value_leaves_the_extremes_and_they_are_come_near(schedule):
    lowest, highest = schedule.extremes
    values = [(s, schedule(s)) for s in FAR]
    for step, value in values:
        bound = tolerances.scheduled(schedule, step, value)
        assert lowest - bound <= value <= highest + bound
    assert max(v for _, v in values) >= (highest + lowest) / 2 or highest == np.inf
    assert min(v for _, v in values) <= (highest + lowest) / 2


@pytest.mark.parametrize("first", [0, 37])
@pytest.mark.parametrize("schedule", OPEN, ids=repr)
def test_an_open_schedule_takes_its_length_from_the_fit(schedule, first):
    assert schedule.is_open
    bound = schedule.bound(23)
    assert not bound.is_open
    assert bound.bound(99) == bound
    for step in range(30):
        due = core_schedule(bound).value(step)
        found = core_schedule(schedule).value(first + step, first, 23)
        assert found == due, step
    # before any fit, it is at its beginning
    assert abs(core_schedule(schedule).value(0) - bound(0)) <= tolerances.scheduled(
        bound, 0, bound(0)
    )


@pytest.mark.parametrize("schedule", OPEN, ids=repr)
def test_each_fit_goes_through_the_whole_course_of_an_open_schedule(schedule):
    case = example("tanh", MeanSquaredError())
    steps = 3 * -(-len(case.inputs) // 5)
    course = [core_schedule(schedule).value(step, 0, steps) for step in range(steps)]
    twice = PiecewiseConstantDecay([*range(2 * steps - 1)], course + course)
    weights = []
    for rate in (schedule, twice):
        trainer = trainer_for(case, AdamW(rate), "float32")
        for _ in range(2):
            trainer.fit(case.inputs, case.targets, epochs=3, batch_size=5)
        weights.append([w.tobytes() for w in trainer.get_weights()])
    assert weights[0] == weights[1]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("schedule", SCHEDULES, ids=repr)
@pytest.mark.parametrize("optimizer", EACH, ids=lambda one: one.name)
def test_every_optimizer_follows_the_reference_along_each_schedule(optimizer, schedule, dtype):
    # 15 steps, with the penalty of the example.
    optimizer = replace(optimizer, learning_rate=schedule)
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


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_open_schedule_of_a_member_has_the_bits_of_training_alone(dtype):
    case = example("tanh", MeanSquaredError(), n=70)
    network = Network.sequential(
        case.network.n_inputs,
        [Dense(20, "tanh"), Dropout(FlatCosine(0.5)), Dense(case.network.n_outputs)],
    )
    settings = {"loss": case.loss, "optimizer": AdamW(OneCycle(0.1)), "seed": 3}

    def bits(weights):
        return b"".join(w.tobytes() for w in weights)

    data = engine.Dataset(case.inputs, case.targets, dtype=dtype)
    member = engine.Member(network, data, batch_size=16, **settings)
    found = []
    for _ in range(2):
        engine.train_many([member], epochs=4)
        found.append(bits(member.get_weights()))
    for threads in (1, 3):
        for instruction_set in engine.available_isas():
            trainer = engine.Trainer(
                network,
                dtype=dtype,
                n_threads=threads,
                adaptive_threads=False,
                instruction_set=instruction_set,
                **settings,
            )
            for due in found:
                trainer.fit(case.inputs, case.targets, epochs=4, batch_size=16)
                assert bits(trainer.get_weights()) == due
