"""EarlyStopping step by step, without any training."""

from __future__ import annotations

import pytest

from hiddenlogic.callbacks import EarlyStopping, History
from hiddenlogic.errors import RangeError, UnknownNameError


class Model:
    """A model that counts epochs in its only weight."""

    def __init__(self):
        self.stop_training = False
        self.weight = 0

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
