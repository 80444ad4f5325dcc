"""Many networks at once: the bits of each alone, in one call or several, on any threads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import tolerances
from populations import (
    FEATURES,
    INPUTS,
    MSE,
    SETTINGS,
    TARGETS,
    WEIGHT,
    N,
    alone,
    bits,
    member_of,
    outcome,
)
from reference.training import train

from hiddenlogic import engine, optimizers
from hiddenlogic.engine import Dataset, EarlyStop, Member, Trainer, train_many
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("weighted", [False, True])
def test_members_have_the_bits_of_training_each_alone_on_any_number_of_threads(dtype, weighted):
    data = Dataset(INPUTS, TARGETS, WEIGHT if weighted else None, dtype=dtype)
    due = [alone(one, data, epochs=6) for one in SETTINGS]
    assert {run.status for run, _ in due} == {"finished", "stopped_early"}
    for threads in (1, 2, 3, 7):
        members = [member_of(one, data) for one in SETTINGS * 2]
        runs = train_many(members, epochs=6, n_threads=threads)
        for member, run, (alone_run, weights) in zip(members, runs, due * 2, strict=True):
            assert outcome(run) == outcome(alone_run)
            assert bits(member.get_weights()) == weights
            assert member.history == run.history


@pytest.mark.parametrize("parts", [[2, 3], [1, 1, 1, 1, 1]])
def test_calls_that_go_on_give_the_bits_of_one_call(parts):
    data = Dataset(INPUTS, TARGETS)
    once, parted = ([member_of(one, data) for one in SETTINGS] for _ in range(2))
    train_many(once, epochs=5)
    for epochs in parts:
        train_many(parted, epochs=epochs)
    for a, b in zip(once, parted, strict=True):
        assert outcome(a.run) == outcome(b.run)
        assert bits(a.get_weights()) == bits(b.get_weights())


def test_patience_and_the_best_epoch_outlast_a_call():
    settings = SETTINGS[2] | {"early_stop": EarlyStop(patience=3, min_delta=0.02)}
    data = Dataset(INPUTS, TARGETS)
    run, weights = alone(settings, data, epochs=50)
    assert (run.status, run.epochs < 50, run.best_epoch > 0) == ("stopped_early", True, True)
    member = member_of(settings, data)
    calls = 0
    while not member.ended:
        train_many([member], epochs=1)
        calls += 1
        if member.epochs_done == run.best_epoch + 1:
            best = bits(member.best_weights())
    assert (calls, member.status) == (run.epochs, "stopped_early")
    assert outcome(member.run) == outcome(run)
    assert bits(member.get_weights()) == bits(member.best_weights()) == best == weights
    (again,) = train_many([member], epochs=5)
    assert again.epochs == run.epochs, "a member that has ended is passed over"


def test_each_member_may_have_its_own_number_of_epochs():
    data = Dataset(INPUTS, TARGETS)
    members = [member_of(SETTINGS[0], data) for _ in range(3)]
    runs = train_many(members, epochs=[1, 4, 2])
    assert [run.epochs for run in runs] == [1, 4, 2]
    assert [member.epochs_done for member in members] == [1, 4, 2]


def test_whole_numbers_as_weights_are_rows_that_repeat():
    counts = np.random.default_rng(0).multinomial(N, np.full(N, 1 / N))
    repeated = np.repeat(np.arange(N), counts)
    network = Network.sequential(FEATURES, [Dense(9, "tanh"), Dense(1)])
    start = engine.initial_weights(network, 0)
    data = Dataset(INPUTS, TARGETS, dtype="float64")
    common = {"loss": MSE, "optimizer": optimizers.Adam(0.01), "weights": start, "batch_size": N}
    weighted = Member(network, data, sample_weight=counts, **common)
    drawn = Member(network, data, rows=repeated, **common)
    every_row = Member(network, data, **common)
    train_many([weighted, drawn, every_row], epochs=4)

    def reference(after_step=None):
        return train(
            network,
            start,
            INPUTS[repeated],
            TARGETS[repeated],
            loss=MSE,
            optimizer=common["optimizer"],
            epochs=4,
            batch_size=N,
            after_step=after_step,
        )

    bounds, _ = tolerances.drift(reference, network, "float64")
    for a, b, other, bound in zip(
        *(one.get_weights() for one in (weighted, drawn, every_row)), bounds, strict=True
    ):
        assert abs(a - b).max() <= 2 * bound
        assert abs(a - other).max() > 2 * bound


def test_populations_and_trainings_from_several_threads_at_once_equal_each_alone():
    data = Dataset(INPUTS, TARGETS)

    def population(seed):
        members = [member_of(one | {"seed": seed}, data) for one in SETTINGS]
        for _ in range(3):
            train_many(members, epochs=2, n_threads=2)
        return [bits(member.get_weights()) for member in members]

    def training(seed):
        trainer = Trainer(
            Network.sequential(FEATURES, [Dense(40, "tanh"), Dense(1)]),
            loss=MSE,
            optimizer=optimizers.Adam(),
            seed=seed,
            n_threads=2,
            adaptive_threads=False,
        )
        trainer.fit(data.inputs, data.targets, epochs=5, batch_size=64)
        return bits(trainer.get_weights())

    with ThreadPoolExecutor(4) as pool:
        several = [pool.submit(work, seed) for seed in range(3) for work in (population, training)]
        found = [one.result() for one in several]
    assert found == [work(seed) for seed in range(3) for work in (population, training)]


def test_no_members_are_no_work():
    assert train_many([]) == []
