"""Callbacks and early stopping in a training."""

from __future__ import annotations

import numpy as np
import pytest
from reference import plateau

import hiddenlogic as keras
from hiddenlogic.callbacks import (
    Callback,
    EarlyStopping,
    LearningRateScheduler,
    ReduceLROnPlateau,
)
from hiddenlogic.errors import RangeError, StateError, UnknownNameError
from hiddenlogic.layers import Dense, Input


def data():
    random = np.random.default_rng(0)
    return random.normal(0, 1, (40, 5)), random.normal(0, 1, 40)


def model_of(learning_rate=0.05, **compiled):
    model = keras.Sequential([Input((5,)), Dense(32, "tanh"), Dense(1)], seed=0)
    model.compile(keras.optimizers.Adam(learning_rate), "mse", **compiled)
    return model


class Recorder(Callback):
    """Writes down which hook was called with what."""

    def __init__(self):
        self.calls = []

    def on_train_begin(self, logs=None):
        self.calls.append(("on_train_begin", sorted(logs)))

    def on_train_end(self, logs=None):
        self.calls.append(("on_train_end", sorted(logs)))

    def on_epoch_begin(self, epoch, logs=None):
        self.calls.append(("on_epoch_begin", epoch, sorted(logs)))

    def on_epoch_end(self, epoch, logs=None):
        self.calls.append(("on_epoch_end", epoch, sorted(logs)))

    def on_test_begin(self, logs=None):
        self.calls.append(("on_test_begin", sorted(logs)))

    def on_test_end(self, logs=None):
        self.calls.append(("on_test_end", sorted(logs)))


def test_hooks_come_in_keras_order():
    recorder = Recorder()
    model_of().fit(*data(), validation_split=0.5, epochs=2, verbose=0, callbacks=[recorder])
    epochs = [
        call
        for epoch in (0, 1)
        for call in (
            ("on_epoch_begin", epoch, []),
            ("on_test_begin", []),
            ("on_test_end", ["loss"]),
            ("on_epoch_end", epoch, ["loss", "val_loss"]),
        )
    ]
    ends = [("on_train_begin", []), ("on_train_end", ["loss", "val_loss"])]
    assert recorder.calls == [ends[0], *epochs, ends[1]]
    assert recorder.params == {"verbose": 0, "epochs": 2, "steps": 1}


def test_stop_training_ends_after_the_epoch():
    class Stop(Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 2

    history = model_of().fit(*data(), epochs=9, verbose=0, callbacks=Stop())
    assert history.epoch == [0, 1, 2]


def test_a_callback_sees_the_weights_of_its_epoch():
    seen = []

    class Look(Callback):
        def on_epoch_end(self, epoch, logs=None):
            seen.append(self.model.get_weights()[0].copy())

    model = model_of()
    model.fit(*data(), epochs=3, verbose=0, callbacks=[Look()])
    assert np.array_equal(seen[-1], model.get_weights()[0])
    assert not np.array_equal(seen[0], seen[1])


@pytest.mark.parametrize("restore", [True, False])
@pytest.mark.parametrize("patience", [0, 2])
def test_native_and_python_early_stopping_are_the_same(patience, restore):
    native, python = (
        EarlyStopping(patience=patience, restore_best_weights=restore) for _ in range(2)
    )
    a, b = model_of(), model_of()
    settings = {"validation_split": 0.5, "epochs": 60, "verbose": 0, "batch_size": 7}
    first = a.fit(*data(), callbacks=[native], **settings)
    # A second callback makes the first one run in Python.
    second = b.fit(*data(), callbacks=[python, Recorder()], **settings)
    assert len(first.epoch) < 60
    assert first.history == second.history
    assert all(np.array_equal(x, y) for x, y in zip(a.get_weights(), b.get_weights(), strict=True))
    assert (native.best, native.best_epoch, native.stopped_epoch) == (
        python.best,
        python.best_epoch,
        python.stopped_epoch,
    )


def test_rates_go_into_the_history_and_hold_from_the_next_epoch_on():
    model = model_of(0.05)
    history = model.fit(
        *data(),
        epochs=4,
        verbose=0,
        callbacks=LearningRateScheduler(lambda epoch, rate: rate / 2 if epoch else rate),
    )
    assert history.history["learning_rate"] == [0.05, 0.025, 0.0125, 0.00625]
    assert list(history.history) == ["learning_rate", "loss"]
    assert model.learning_rate == 0.00625
    # the same rates by hand, an epoch a call
    other = model_of(0.05)
    for rate in history.history["learning_rate"]:
        other.learning_rate = rate
        other.fit(*data(), epochs=1, verbose=0)
    assert np.array_equal(model.get_weights()[0], other.get_weights()[0])


def test_a_plateau_lowers_the_rate_of_a_training():
    reducing = ReduceLROnPlateau("loss", factor=0.5, patience=2, min_delta=0.01)
    history = model_of(0.05).fit(*data(), epochs=40, verbose=0, callbacks=reducing).history
    rule = {"factor": 0.5, "patience": 2, "min_delta": 0.01, "cooldown": 0, "min_lr": 0.0}
    due = plateau.rates(history["loss"], 0.05, **rule)
    assert history["learning_rate"] == [0.05, *due[:-1]]
    assert due[-1] < 0.05


@pytest.mark.parametrize("make", [ReduceLROnPlateau, lambda: LearningRateScheduler(abs)])
def test_a_schedule_leaves_no_rate_to_set(make):
    callback = make()
    with pytest.raises(StateError) as caught:
        model_of(keras.schedules.CosLog4(0.1)).fit(
            *data(), validation_split=0.5, verbose=0, callbacks=callback
        )
    assert str(caught.value) == (
        f"{type(callback).__name__} sets the learning rate, but the optimizer has a schedule of "
        "it, CosLog4. Give the optimizer a number."
    )


def test_watching_what_is_not_computed_is_refused_at_the_start():
    with pytest.raises(UnknownNameError) as caught:
        model_of(metrics=["mae"]).fit(*data(), verbose=0, callbacks=[EarlyStopping("val_auc")])
    assert str(caught.value) == (
        "EarlyStopping watches 'val_auc', which this training does not compute. "
        "It computes loss, mae."
    )
    with pytest.raises(UnknownNameError) as missing:
        model_of().fit(*data(), verbose=0, callbacks=[EarlyStopping()])
    assert str(missing.value) == (
        "EarlyStopping watches 'val_loss', which this training does not compute. It computes loss. "
        "Pass validation_split or validation_data, or monitor='loss'."
    )


def test_a_batch_hook_is_refused():
    class Batches(Callback):
        def on_train_batch_end(self, batch, logs=None):
            raise AssertionError

    with pytest.raises(StateError) as caught:
        model_of().fit(*data(), verbose=0, callbacks=[Batches()])
    assert str(caught.value) == (
        "Batches overrides `on_train_batch_end`, but steps run in the native core and call no "
        "hook. Use on_epoch_end, or several epochs on fewer rows."
    )


def test_what_is_no_callback_is_refused():
    with pytest.raises(RangeError) as caught:
        model_of().fit(*data(), verbose=0, callbacks=[EarlyStopping])
    assert str(caught.value) == (
        "`callbacks` must hold callbacks, derived from hiddenlogic.callbacks.Callback; got <class "
        "'hiddenlogic.callbacks.early_stopping.EarlyStopping'>. Make one: EarlyStopping()."
    )


def test_an_error_in_a_callback_reaches_the_caller():
    class Broken(Callback):
        def on_epoch_end(self, epoch, logs=None):
            raise LookupError("from the callback")

    with pytest.raises(LookupError, match="from the callback"):
        model_of().fit(*data(), verbose=0, callbacks=[Broken()])


def test_an_interrupt_keeps_weights_and_history():
    class Interrupt(Callback):
        def on_epoch_end(self, epoch, logs=None):
            if epoch == 2:
                raise KeyboardInterrupt

    model = model_of()
    before = model.get_weights()[0]
    with pytest.raises(KeyboardInterrupt):
        model.fit(*data(), epochs=9, verbose=0, callbacks=[Interrupt()])
    assert len(model.history.history["loss"]) == 3
    assert not np.array_equal(before, model.get_weights()[0])


def test_lines_are_printed_in_a_pipe(capsys):
    model_of().fit(*data(), epochs=2, validation_split=0.5)
    out = capsys.readouterr().out.splitlines()
    assert out[0] == "Epoch 1/2"
    assert out[1].startswith("1/1 ━━━━━━━━━━━━━━━━━━━━ 0s ")
    assert " - loss: " in out[1]
    assert " - val_loss: " in out[1]
    assert len(out) == 4
