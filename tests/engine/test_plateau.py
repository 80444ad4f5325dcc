"""The learning rate lowered in the core, after epochs without improvement."""

from __future__ import annotations

import pytest
from populations import INPUTS, MSE, SETTINGS, TARGETS, bits, member_of, outcome
from reference import plateau

from hiddenlogic import optimizers
from hiddenlogic.engine import Dataset, EarlyStop, ReduceOnPlateau, Trainer, train_many
from hiddenlogic.errors import StateError, UnknownNameError
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network
from hiddenlogic.schedules import CosLog4

NETWORK = Network.sequential(INPUTS.shape[1], [Dense(8, "tanh"), Dense(1)])


def trainer(rate=0.1):
    return Trainer(NETWORK, loss=MSE, optimizer=optimizers.Adam(rate))


@pytest.mark.parametrize(
    "rule",
    [
        ReduceOnPlateau("loss", factor=0.5, patience=2, min_delta=0.01),
        ReduceOnPlateau("loss", factor=0.7, patience=0, cooldown=3),
        ReduceOnPlateau("val_loss", factor=0.1, patience=1, min_rate=0.02),
        ReduceOnPlateau("loss", mode="max", factor=0.9, patience=1, cooldown=1),
    ],
    ids=repr,
)
def test_rates_are_those_of_the_rule(rule):
    one, found = trainer(), []
    run = one.fit(
        INPUTS,
        TARGETS,
        epochs=40,
        validation=(INPUTS[:50], TARGETS[:50]),
        reduce_on_plateau=rule,
        on_epoch=lambda epoch, logs: found.append(one.learning_rate),
    )
    due = plateau.rates(
        run.history[rule.monitor],
        0.1,
        factor=rule.factor,
        patience=rule.patience,
        min_delta=rule.min_delta,
        cooldown=rule.cooldown,
        min_lr=rule.min_rate,
        sign=1 if rule.mode == "min" else -1,
    )
    assert found == due
    assert due[-1] < 0.1


def test_members_keep_the_count_from_call_to_call_and_have_the_bits_of_training_alone():
    rule = ReduceOnPlateau("loss", factor=0.5, patience=2, min_delta=0.05)
    settings = SETTINGS[0] | {"reduce_on_plateau": rule}
    data = Dataset(INPUTS, TARGETS)
    once, parted = member_of(settings, data), member_of(settings, data)
    train_many([once], epochs=12)
    for _ in range(12):
        train_many([parted], epochs=1)
    assert outcome(once.run) == outcome(parted.run)
    assert bits(once.get_weights()) == bits(parted.get_weights())
    alone = Trainer(once.network, loss=MSE, optimizer=settings["optimizer"])
    alone.fit(INPUTS, TARGETS, epochs=12, batch_size=16, reduce_on_plateau=rule)
    assert bits(alone.get_weights()) == bits(once.get_weights())
    without = member_of(SETTINGS[0], data)
    train_many([without], epochs=12)
    assert bits(without.get_weights()) != bits(once.get_weights())


def test_an_early_stop_may_watch_beside_it():
    one = trainer()
    run = one.fit(
        INPUTS,
        TARGETS,
        epochs=200,
        early_stop=EarlyStop("loss", patience=5, min_delta=0.001),
        reduce_on_plateau=ReduceOnPlateau("loss", patience=2, min_delta=0.001),
    )
    assert run.status == "stopped_early"
    assert one.learning_rate < 0.1


def test_what_it_cannot_do_is_refused_at_the_start():
    with pytest.raises(UnknownNameError) as caught:
        trainer().fit(INPUTS, TARGETS, reduce_on_plateau=ReduceOnPlateau())
    assert str(caught.value) == (
        "ReduceOnPlateau watches 'val_loss', which this training does not compute. "
        "It computes loss."
    )
    with pytest.raises(StateError) as scheduled:
        trainer(CosLog4(0.1)).fit(INPUTS, TARGETS, reduce_on_plateau=ReduceOnPlateau("loss"))
    assert str(scheduled.value) == (
        "ReduceOnPlateau lowers the learning rate, but the optimizer has a schedule of it, "
        "CosLog4. Give the optimizer a number."
    )
