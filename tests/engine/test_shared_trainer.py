"""One Trainer in several hands: other threads wait their turn, its own callables may ask it."""

from __future__ import annotations

import gc
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from hiddenlogic import engine, losses, optimizers
from hiddenlogic.errors import StateError
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network

RANDOM = np.random.default_rng(4)
# So many rows that a step, a validation and a prediction are split over the team.
INPUTS = RANDOM.normal(size=(6000, 20)).astype("float32")
TARGETS = np.tanh(INPUTS[:, :1])
HELD_OUT = (INPUTS[:3000], TARGETS[:3000])


def new_trainer():
    return engine.Trainer(
        Network.sequential(20, [Dense(64, "relu"), Dense(64, "relu"), Dense(1)]),
        loss=losses.get("mse"),
        optimizer=optimizers.Adam(),
        n_threads=2,
        adaptive_threads=False,
    )


def fit(trainer, epochs=2, **callables):
    return trainer.fit(
        INPUTS, TARGETS, epochs=epochs, batch_size=256, validation=HELD_OUT, **callables
    )


def test_threads_that_share_a_trainer_take_turns():
    alone = new_trainer()
    for _ in range(3):
        fit(alone)
    shared = new_trainer()
    allowed = {engine.predict(shared.network, shared.get_weights(), INPUTS[:50]).tobytes()}
    with ThreadPoolExecutor(6) as pool:
        fits = [pool.submit(fit, shared) for _ in range(3)]
        reads = [pool.submit(shared.predict, INPUTS[:50]) for _ in range(20)]
        states = [pool.submit(shared.get_weights) for _ in range(20)]
    assert {len(done.result().history["loss"]) for done in fits} == {2}
    for mine, wanted in zip(shared.get_weights(), alone.get_weights(), strict=True):
        assert np.array_equal(mine, wanted)
    # What was seen in between are the networks after none, one, two or three of the calls.
    step = new_trainer()
    for _ in range(3):
        fit(step)
        allowed.add(step.predict(INPUTS[:50]).tobytes())
    assert {done.result().tobytes() for done in reads} <= allowed
    assert all(np.isfinite(w).all() for done in states for w in done.result())


def asked(trainer):
    """Use all that may be used from within a fit; return whether the answers agree."""
    loss = trainer.evaluate(*HELD_OUT)["loss"]
    outside = engine.predict(trainer.network, trainer.get_weights(), INPUTS)
    return np.isfinite(loss) and np.array_equal(trainer.predict(INPUTS), outside)


def test_a_callable_may_predict_and_evaluate_in_the_middle_of_a_step_or_a_validation():
    trainer, answers = new_trainer(), []

    def ask(progress):
        answers.append(asked(trainer))
        return len(answers) == 5

    run = fit(trainer, epochs=10**9, on_progress=ask)
    assert run.status == "stopped"
    assert answers == [True] * 5


def test_asking_between_epochs_changes_nothing():
    trainer, undisturbed, answers = new_trainer(), new_trainer(), []
    fit(trainer, on_epoch=lambda epoch, values: answers.append(asked(trainer)))
    fit(undisturbed)
    assert answers == [True, True]
    for mine, wanted in zip(trainer.get_weights(), undisturbed.get_weights(), strict=True):
        assert np.array_equal(mine, wanted)


def test_a_callable_cannot_begin_another_fit_of_its_trainer():
    trainer = new_trainer()
    with pytest.raises(StateError, match=r"by one of its own callbacks.*predict and evaluate may"):
        fit(trainer, on_epoch=lambda epoch, values: fit(trainer))
    assert len(fit(trainer).history["loss"]) == 2


def test_weights_are_set_between_epochs_and_not_within():
    trainer = new_trainer()
    first = trainer.get_weights()
    with pytest.raises(StateError, match=r"cannot be set by an `on_progress`.*in an `on_epoch`\.$"):
        fit(trainer, epochs=10**9, on_progress=lambda progress: trainer.set_weights(first))
    fit(trainer, epochs=1, on_epoch=lambda epoch, values: trainer.set_weights(first))
    for mine, wanted in zip(trainer.get_weights(), first, strict=True):
        assert np.array_equal(mine, wanted)


def left_behind():
    """Return what is alive of a trainer whose `fit` failed, and of a member that was trained."""
    trainer = new_trainer()

    def broken(epoch, logs):
        raise LookupError(trainer.learning_rate)

    with pytest.raises(LookupError):
        fit(trainer, on_epoch=broken)
    data = engine.Dataset(INPUTS, TARGETS, dtype="float32")
    network, loss = trainer.network, losses.get("mse")
    member = engine.Member(network, data, loss=loss, optimizer=optimizers.Adam())
    engine.train_many([member], epochs=1)
    return trainer.predict(INPUTS), weakref.ref(trainer), weakref.ref(member)


def test_nothing_keeps_a_trainer_alive():
    """nanobind's own count of what is left is off: `native/bindings/module.cpp` says why."""
    predicted, *lives = left_behind()
    gc.collect()
    assert [one() for one in lives] == [None, None]
    assert np.isfinite(predicted).all()
