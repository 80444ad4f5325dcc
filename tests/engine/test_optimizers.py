"""Trajectories of every optimizer, with everything that one can have, against the reference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import tolerances
from agreement import check_trajectory, trainer_for
from optimizer_cases import COMMON, EACH, OWN, together
from reference.examples import example
from reference.training import train_example

from hiddenlogic import engine, losses, optimizers
from hiddenlogic.engine import Dataset, Member, train_many
from hiddenlogic.errors import DivergenceError
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network
from hiddenlogic.optimizers import SGD, Adam, RMSprop

CASE = example("tanh", losses.MeanSquaredError())


def test_the_cases_have_every_row():
    rows = [row.name for row in optimizers.ROWS if not optimizers.get(row.name).takes_whole_table]
    assert [one.name for one in EACH] == rows
    assert list(dict.fromkeys(one.name for one in OWN)) == rows


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", OWN, ids=repr)
def test_every_optimizer_follows_the_reference(optimizer, dtype):
    check_trajectory(CASE, optimizer, dtype, batch_size=5)


@pytest.mark.parametrize("optimizer", together(), ids=repr)
def test_what_all_optimizers_have_follows_the_reference_with_each(optimizer):
    check_trajectory(CASE, optimizer, "float64", batch_size=5)


def trained(optimizer, dtype="float64", *, parts=(4,), **how):
    trainer = engine.Trainer(
        CASE.network,
        loss=CASE.loss,
        optimizer=optimizer,
        weights=[w.astype(dtype) for w in CASE.weights],
        dtype=dtype,
        adaptive_threads=False,
        **how,
    )
    for epochs in parts:
        trainer.fit(CASE.inputs, CASE.targets, epochs=epochs, batch_size=5)
    return [w.tobytes() for w in trainer.get_weights()]


@pytest.mark.parametrize("optimizer", [*OWN, *together()], ids=repr)
def test_training_in_two_parts_equals_training_at_once(optimizer):
    # At the end of a fit the mean of the weights takes their place, as in Keras: one fit each.
    once = replace(optimizer, use_ema=False, ema_overwrite_frequency=None)
    assert trained(once, parts=(1, 3)) == trained(once)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("optimizer", together(), ids=repr)
def test_same_bits_on_any_threads_and_instruction_set(optimizer, dtype):
    found = {
        tuple(trained(optimizer, dtype, n_threads=threads, instruction_set=one, parts=(2,)))
        for one in engine.available_isas()
        for threads in (1, 2, 3, 7)
    }
    assert len(found) == 1


@pytest.mark.parametrize("settings", COMMON, ids=repr)
def test_a_member_of_a_population_equals_one_alone(settings):
    data = Dataset(CASE.inputs, CASE.targets, dtype="float64")
    members = [
        Member(
            CASE.network,
            data,
            loss=CASE.loss,
            optimizer=replace(one, **settings),
            weights=CASE.weights,
            batch_size=5,
        )
        for one in EACH
    ]
    train_many(members, epochs=1, n_threads=2)
    train_many(members, epochs=3, n_threads=2)
    for member, one in zip(members, EACH, strict=True):
        alone = trained(replace(one, **settings), n_threads=1)
        assert [w.tobytes() for w in member.get_weights()] == alone


def test_the_mean_of_weights_takes_their_place_at_the_end_of_a_fit():
    plain, mean = (trainer_for(CASE, SGD(0.05, use_ema=ema), "float64") for ema in (False, True))
    heard = []
    for trainer in (plain, mean):
        trainer.fit(
            CASE.inputs, CASE.targets, epochs=3, on_epoch=lambda _, logs: heard.append(logs)
        )
    assert heard[:3] == heard[3:]  # until then it trains as without
    assert not np.array_equal(plain.get_weights()[0], mean.get_weights()[0])


def test_centred_rmsprop_stays_finite_where_the_variance_rounds_below_zero():
    network = Network.sequential(1, [Dense(1, use_bias=False)])
    trainer = engine.Trainer(
        network,
        loss=losses.get("mse"),
        optimizer=RMSprop(1e-6, rho=0.9, centered=True),
        weights=[np.array([[1e3]])],
    )
    trainer.fit(np.full((4, 1), 3.3), np.full((4, 1), 1e4), epochs=300)
    assert np.isfinite(trainer.get_weights()[0]).all()


@pytest.mark.parametrize("clipping", ["clipnorm", "global_clipnorm"])
def test_a_gradient_that_is_no_number_is_not_clipped_into_one(clipping):
    trainer = trainer_for(CASE, Adam(0.01, **{clipping: 1.0}), "float32")
    targets = CASE.targets * 1e37
    with pytest.raises(DivergenceError):
        trainer.fit(CASE.inputs, targets, epochs=2)


def test_rates_follow_updates_and_not_batches():
    schedule = optimizers.schedules.PiecewiseConstantDecay([0], [0.1, 0.2])
    trainer = trainer_for(CASE, SGD(schedule, gradient_accumulation_steps=3), "float64")
    rates = []
    for _ in range(4):
        rates.append(trainer.learning_rate)
        trainer.fit(CASE.inputs[:5], CASE.targets[:5], batch_size=5)
    assert rates == [0.1, 0.1, 0.1, 0.2]


def test_a_factor_of_zero_leaves_weights_as_they_are():
    frozen = Adam(0.01, weight_decay=0.1, groups=[{"pattern": "dense/", "rate_factor": 0.0}])
    trainer = trainer_for(CASE, frozen, "float64")
    trainer.fit(CASE.inputs, CASE.targets, epochs=2)
    moved = [
        not np.array_equal(a, b) for a, b in zip(trainer.get_weights(), CASE.weights, strict=True)
    ]
    assert moved == [False, False, True, True, True]


def reference(optimizer, after_step=None):
    return train_example(CASE, optimizer, epochs=3, batch_size=5, after_step=after_step)[0]


OTHERS = {
    "no clipping": (SGD(0.05, clipnorm=0.05), SGD(0.05)),
    "one norm for all": (SGD(0.05, clipnorm=0.05), SGD(0.05, global_clipnorm=0.05)),
    "values for norms": (SGD(0.05, clipnorm=0.05), SGD(0.05, clipvalue=0.05)),
    "no accumulation": (SGD(0.05), SGD(0.05, gradient_accumulation_steps=2)),
    "no mean": (SGD(0.05, use_ema=True), SGD(0.05)),
    "no overwriting": (
        SGD(0.05, use_ema=True, ema_overwrite_frequency=2),
        SGD(0.05, use_ema=True),
    ),
    "no decay": (SGD(0.05, weight_decay=0.01), SGD(0.05)),
    "decay of biases too": (
        SGD(0.05, weight_decay=0.01, groups=[{"pattern": "bias", "decay_factor": 0.0}]),
        SGD(0.05, weight_decay=0.01),
    ),
    "no factor of the rate": (
        SGD(0.05, groups=[{"pattern": "bias", "rate_factor": 0.9}]),
        SGD(0.05),
    ),
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("other", OTHERS)
def test_the_bounds_refuse(other, dtype):
    right, wrong = OTHERS[other]
    bounds, _ = tolerances.drift(
        lambda nudge: (reference(right, nudge), [0.0]), CASE.network, dtype
    )
    pairs = zip(reference(right), reference(wrong), bounds, strict=True)
    assert any(abs(a - b).max() > bound for a, b, bound in pairs)
