"""Callbacks epoch by epoch, without any training."""

from __future__ import annotations

import math
import random

import pytest
from reference import plateau

from hiddenlogic.callbacks import (
    EarlyStopping,
    History,
    LearningRateScheduler,
    ReduceLROnPlateau,
)
from hiddenlogic.errors import RangeError, UnknownNameError


class Model:
    """A model that counts epochs in its only weight."""

    def __init__(self):
        self.stop_training = False
        self.weight = 0
        self.learning_rate = 1.0

    def get_weights(self):
        return [self.weight]

    def set_weights(self, weights):
        (self.weight,) = weights


def play(stopping, values):
    """Return the model after epochs with these losses, and how many there were."""
    model = Model()
    stopping.set_model(model)
    stopping.on_train_begin()
    epochs = 0
    for epoch, value in enumerate(values):
        model.weight = epoch
        stopping.on_epoch_end(epoch, {"val_loss": value})
        epochs += 1
        if model.stop_training:
            break
    stopping.on_train_end()
    return model, epochs


def test_patience_counts_epochs_without_improvement():
    assert play(EarlyStopping(), [3, 2, 2, 1])[1] == 3
    assert play(EarlyStopping(patience=2), [3, 2, 2, 2, 1])[1] == 4
    assert play(EarlyStopping(patience=3), [3, 2, 2, 2, 1])[1] == 5


def test_the_first_epoch_never_stops():
    assert play(EarlyStopping(), [float("nan"), 1, 0])[1] == 3


def test_an_improvement_smaller_than_min_delta_is_none():
    assert play(EarlyStopping(min_delta=0.5), [3, 2.6, 2, 1])[1] == 2


def test_the_best_weights_come_back_on_request():
    assert play(EarlyStopping(patience=1, restore_best_weights=True), [3, 1, 2])[0].weight == 1
    assert play(EarlyStopping(patience=1), [3, 1, 2])[0].weight == 2


def test_a_baseline_that_is_not_reached_stops():
    assert play(EarlyStopping(baseline=1.0, patience=2), [5, 4, 3, 2])[1] == 4
    assert play(EarlyStopping(baseline=1.0, patience=2), [5, 4.5, 4.5, 2])[1] == 3


def test_watching_starts_where_it_is_told_to():
    assert play(EarlyStopping(start_from_epoch=3), [1, 2, 3, 4, 5])[1] == 5


def test_it_says_what_it_did_only_on_request(capsys):
    play(EarlyStopping(verbose=1, restore_best_weights=True), [3, 2, 2])
    assert capsys.readouterr().out == (
        "Epoch 3: early stopping\nRestoring model weights from the end of the best epoch: 2.\n"
    )
    play(EarlyStopping(), [3, 2, 2])
    assert capsys.readouterr().out == ""


def test_auto_takes_the_larger_accuracy_and_the_smaller_rest():
    assert EarlyStopping("val_accuracy").direction == "max"
    assert EarlyStopping("val_loss").direction == "min"
    assert EarlyStopping("val_loss", mode="max").direction == "max"


def test_settings_out_of_range_are_refused():
    with pytest.raises(UnknownNameError) as caught:
        EarlyStopping(mode="minimum")
    assert str(caught.value) == "`mode` of EarlyStopping must be auto, min or max; got 'minimum'."
    with pytest.raises(RangeError, match="`patience` of EarlyStopping"):
        EarlyStopping(patience=-1)
    with pytest.raises(UnknownNameError, match="Did you mean 'restore_best_weights'"):
        EarlyStopping(restore_best_weight=True)


def test_history_keeps_keras_order():
    history = History()
    history.record({"loss": [1], "val_loss": [3], "accuracy": [2], "val_accuracy": [4]})
    assert list(history.history) == ["accuracy", "loss", "val_accuracy", "val_loss"]
    assert history.epoch == [0]


def rates_of(reducing, values):
    """Return the rate after each epoch."""
    model = Model()
    reducing.set_model(model)
    reducing.on_train_begin()
    found = []
    for epoch, value in enumerate(values):
        reducing.on_epoch_end(epoch, {reducing.monitor: value})
        found.append(model.learning_rate)
    return found


def test_a_plateau_halves_the_rate_after_patience():
    lower = {"factor": 0.5, "min_delta": 0}
    assert rates_of(ReduceLROnPlateau(patience=2, **lower), [3, 2, 2, 2, 2, 2]) == [
        *(1, 1, 1, 0.5),
        *(0.5, 0.25),
    ]
    # patience 0 and 1 are the same, as in Keras
    for patience in (0, 1):
        assert rates_of(ReduceLROnPlateau(patience=patience, **lower), [3, 3, 3, 2, 2]) == [
            *(1, 0.5, 0.25),
            *(0.25, 0.125),
        ]


def test_a_cooldown_is_not_counted():
    settings = {"factor": 0.5, "patience": 1, "min_delta": 0, "cooldown": 3}
    found = rates_of(ReduceLROnPlateau(**settings), [1] * 8)
    assert found == [1, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25, 0.125]


def test_a_nan_is_no_improvement_and_the_least_rate_is_the_end():
    reducing = ReduceLROnPlateau(factor=0.1, patience=1, min_lr=0.05)
    assert rates_of(reducing, [1, math.nan, math.nan, math.nan]) == [1, 0.1, 0.05, 0.05]


# What tells Keras's rule from its neighbours: settings that differ in one thing.
NEIGHBOURS = {
    "patience": {"patience": 3},
    "cooldown": {"cooldown": 1},
    "min_delta": {"min_delta": 0.0},
    "direction": {"sign": -1},
}


@pytest.mark.parametrize("seed", range(40))
def test_rates_are_those_of_the_rule_that_keras_documents(seed):
    draw = random.Random(seed)
    settings = {
        "factor": draw.choice([0.1, 0.5, 0.9]),
        "patience": draw.randrange(4),
        "min_delta": draw.choice([0.0, 0.125, -0.125]),
        "cooldown": draw.randrange(4),
        "min_lr": draw.choice([0.0, 0.01]),
    }
    values = [draw.randrange(16) / 8 for _ in range(60)]
    sign = draw.choice([1, -1])
    reducing = ReduceLROnPlateau("loss", mode="min" if sign == 1 else "max", **settings)
    rule = settings | {"min_delta": abs(settings["min_delta"]), "sign": sign}
    assert rates_of(reducing, values) == plateau.rates(values, 1.0, **rule)


@pytest.mark.parametrize("name", NEIGHBOURS)
def test_a_neighbour_of_the_rule_is_told_apart(name):
    rule = {"factor": 0.5, "patience": 2, "min_delta": 0.125, "cooldown": 2, "min_lr": 0.0}
    draw = random.Random(1)
    values = [(60 - epoch) / 16 + draw.randrange(4) / 8 for epoch in range(60)]
    due = plateau.rates(values, 1.0, **rule)
    assert rates_of(ReduceLROnPlateau("loss", **rule), values) == due
    assert plateau.rates(values, 1.0, **(rule | NEIGHBOURS[name])) != due


def test_it_says_when_it_lowers_the_rate_only_on_request(capsys):
    rates_of(ReduceLROnPlateau(factor=0.5, patience=1, verbose=1), [1, 1])
    assert capsys.readouterr().out == (
        "\nEpoch 2: ReduceLROnPlateau reducing learning rate to 0.5.\n"
    )
    rates_of(ReduceLROnPlateau(factor=0.5, patience=1), [1, 1])
    assert capsys.readouterr().out == ""


def test_a_scheduler_is_asked_for_each_epoch(capsys):
    model = Model()
    for schedule, due in (
        (lambda epoch, rate: rate / 2, [0.5, 0.25, 0.125]),
        (lambda epoch: 3 - epoch, [3, 2, 1]),
    ):
        model.learning_rate = 1.0
        scheduler = LearningRateScheduler(schedule, verbose=1)
        scheduler.set_model(model)
        found = []
        for epoch in range(3):
            scheduler.on_epoch_begin(epoch)
            found.append(model.learning_rate)
        assert found == due
    assert capsys.readouterr().out.endswith(
        "\nEpoch 3: LearningRateScheduler setting learning rate to 1.\n"
    )


def test_rate_callbacks_refuse_what_they_cannot_use():
    with pytest.raises(RangeError) as caught:
        ReduceLROnPlateau(factor=1.0)
    assert str(caught.value) == (
        "`factor` of ReduceLROnPlateau must be a number greater than 0 and less than 1; got 1.0."
    )
    with pytest.raises(UnknownNameError, match="Did you mean 'patience'"):
        ReduceLROnPlateau(patients=3)
    with pytest.raises(RangeError) as caught:
        LearningRateScheduler(0.1)
    assert str(caught.value) == (
        "`schedule` of LearningRateScheduler must be a callable of the epoch and the rate; got 0.1."
    )
    scheduler = LearningRateScheduler(lambda epoch: None)
    scheduler.set_model(Model())
    with pytest.raises(RangeError) as caught:
        scheduler.on_epoch_begin(4)
    assert str(caught.value) == (
        "`schedule` of LearningRateScheduler must return a number; got None for epoch 4."
    )
