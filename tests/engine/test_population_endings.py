"""How calls of train_many and their members end, and what is heard of them meanwhile."""

from __future__ import annotations

import signal
import threading

import numpy as np
import pytest
from populations import (
    ENDLESS,
    INPUTS,
    LINE,
    MSE,
    SETTINGS,
    TARGETS,
    N,
    bits,
    member_of,
)

from hiddenlogic import optimizers
from hiddenlogic.engine import Dataset, Member, train_many
from hiddenlogic.errors import StateError
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network


def test_a_member_that_diverges_does_not_stop_the_others():
    spoiled = TARGETS.copy()
    spoiled[17] = np.inf
    data = Dataset(INPUTS, spoiled)
    good = np.flatnonzero(np.arange(N) != 17)
    common = {"loss": MSE, "optimizer": optimizers.SGD(0.05)}
    bad = Member(LINE, data, **common, shuffle=False, batch_size=16)
    others = [Member(LINE, data, **common, rows=good, seed=seed) for seed in range(3)]
    assert (bad.status, bad.message) == ("untrained", "")
    start = bad.get_weights()
    runs = train_many([bad, *others], epochs=3, n_threads=2)
    assert [run.status for run in runs] == ["diverged", *["finished"] * 3]
    assert bad.message == (
        "Training diverged in epoch 1, step 2: the loss became infinite. Lower learning_rate (now "
        "0.05) or scale the inputs and targets. The weights from before this training are kept."
    )
    assert bits(bad.get_weights()) == bits(start)
    assert [run.epochs for run in train_many([bad, *others])] == [0, 4, 4, 4]


def test_a_later_epoch_that_diverges_is_counted_over_all_calls():
    inputs = np.linspace(-3, 3, 8)[:, None]
    common = {"loss": MSE, "optimizer": optimizers.SGD(3.0)}
    member = Member(Network.sequential(1, [Dense(1)]), Dataset(inputs, 2 * inputs), **common)
    train_many([member], epochs=2)
    (run,) = train_many([member], epochs=1000)
    assert run.status == "diverged"
    assert member.message.startswith(f"Training diverged in epoch {run.epochs + 1}")
    assert member.message.endswith(f"The weights of epoch {run.epochs} are kept.")


def test_ctrl_c_stops_all_and_keeps_what_was_reached():
    data = Dataset(INPUTS, TARGETS)
    members = [Member(LINE, data, loss=MSE, optimizer=optimizers.SGD(0.01)) for _ in range(5)]
    start = [bits(member.get_weights()) for member in members]
    old = signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.1)
    try:
        with pytest.raises(KeyboardInterrupt):
            train_many(members, epochs=ENDLESS, n_threads=2)
    finally:
        signal.signal(signal.SIGALRM, old)
    assert [member.status for member in members] == ["interrupted"] * 5
    trained = [member.epochs_done > 0 for member in members]
    changed = [bits(m.get_weights()) != s for m, s in zip(members, start, strict=True)]
    assert trained == changed
    assert sum(trained) >= 1
    assert [run.epochs for run in train_many(members[-1:], epochs=3)] == [3]


def test_time_stops_all_and_a_call_without_time_leaves_members_as_they_were():
    data = Dataset(INPUTS, TARGETS)
    members = [member_of(SETTINGS[0], data) for _ in range(5)]
    runs = train_many(members, epochs=ENDLESS, seconds=0.1, n_threads=2)
    assert [run.status for run in runs] == ["out_of_time"] * 5
    assert sum(run.epochs > 0 for run in runs) >= 1
    again = train_many(members, epochs=1, seconds=0)
    assert [run.epochs for run in again] == [run.epochs for run in runs]
    assert [run.status for run in again] == ["out_of_time"] * 5


@pytest.mark.parametrize("threads", [1, 2])
def test_progress_comes_on_the_calling_thread_even_when_its_own_work_is_done(threads):
    data = Dataset(INPUTS, TARGETS)
    short, long = (member_of(SETTINGS[1], data) for _ in range(2))
    seen = []

    def heard(progress):
        assert threading.current_thread() is threading.main_thread()
        seen.append(progress)
        return len(seen) == 4

    runs = train_many([short, long], epochs=[2, ENDLESS], n_threads=threads, on_progress=heard)
    assert runs[1].status == "stopped"
    assert len(seen) == 4
    assert seen[-1].members == 2
    assert seen[-1].epochs_done <= runs[0].epochs + runs[1].epochs
    assert seen[-1].epochs_per_second > 0
    assert [one.seconds for one in seen] == sorted(one.seconds for one in seen)
    assert seen[-1].seconds >= 3 * 0.05
    lowest = min(min(one.history["val_loss"], default=np.inf) for one in (short, long))
    assert seen[-1].best >= lowest
    assert seen[-1].best_member in (0, 1)


def test_what_the_callable_raises_comes_through():
    def broken(progress):
        raise LookupError(f"{progress.members} members")

    data = Dataset(INPUTS, TARGETS)
    members = [member_of(SETTINGS[0], data) for _ in range(3)]
    with pytest.raises(LookupError, match="3 members"):
        train_many(members, epochs=ENDLESS, n_threads=2, on_progress=broken)
    assert {member.status for member in members} == {"interrupted"}


def test_a_member_in_training_is_not_read_and_not_trained_twice():
    data = Dataset(INPUTS, TARGETS)
    member = member_of(SETTINGS[0], data)
    refused = []

    def meddle(progress):
        for touch in (member.get_weights, member.predict, lambda: member.run):
            with pytest.raises(StateError) as caught:
                touch()
            refused.append(str(caught.value))
        with pytest.raises(StateError) as caught:
            train_many([member])
        refused.append(str(caught.value))
        return True

    train_many([member], epochs=ENDLESS, on_progress=meddle)
    reading = "This member is in training. Read it when train_many has returned."
    assert refused == [
        reading,
        reading,
        reading,
        "Member 0 of `members` is in training already. Wait for that call of train_many, and give "
        "each member once.",
    ]
    with pytest.raises(StateError, match=r"^Member 1 of `members` is in training already\."):
        train_many([member, member])
    assert member.status == "stopped"
