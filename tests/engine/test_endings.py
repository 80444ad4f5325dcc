"""How a run ends, and which weights it leaves."""

from __future__ import annotations

import signal

import numpy as np
import pytest

from hiddenlogic import engine, losses, optimizers
from hiddenlogic.errors import DivergenceError, RangeError, UnknownNameError
from hiddenlogic.layers import Activation, Dense, Dropout
from hiddenlogic.network import Network

NETWORK = Network.sequential(3, [Dense(16, "relu"), Dense(1)])
INPUTS = np.random.default_rng(0).normal(size=(64, 3)).astype(np.float32)
TARGETS = INPUTS[:, :1] * 2 + 1
ENDLESS = 10**8


def trainer(rate=0.01, network=NETWORK):
    return engine.Trainer(network, loss=losses.get("mse"), optimizer=optimizers.SGD(rate))


def test_a_run_that_is_through_says_so():
    run = trainer().fit(INPUTS, TARGETS, epochs=7, batch_size=20)
    assert (run.status, run.epochs, run.steps, run.best_epoch) == ("finished", 7, 28, None)
    assert len(run.history["loss"]) == 7


def test_a_callable_stops_after_its_epoch():
    run = trainer().fit(INPUTS, TARGETS, epochs=50, on_epoch=lambda epoch, logs: epoch == 3)
    assert (run.status, run.epochs) == ("stopped", 4)


def test_time_ends_a_run_and_keeps_what_was_learned():
    one = trainer()
    before = one.get_weights()
    run = one.fit(INPUTS, TARGETS, epochs=ENDLESS, seconds=0.05)
    assert run.status == "out_of_time"
    assert run.epochs == len(run.history["loss"]) > 0
    assert not np.array_equal(before[0], one.get_weights()[0])


def test_ctrl_c_ends_a_run_and_keeps_what_was_learned():
    one = trainer()
    signal.setitimer(signal.ITIMER_REAL, 0.05)
    old = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            one.fit(INPUTS, TARGETS, epochs=ENDLESS)
    finally:
        signal.signal(signal.SIGALRM, old)
    assert one.last_run.status == "interrupted"
    assert one.last_run.history["loss"][-1] < one.last_run.history["loss"][0]
    assert one.evaluate(INPUTS, TARGETS)["loss"] < one.last_run.history["loss"][0]


def test_what_a_callable_raises_comes_through():
    def broken(epoch, logs):
        raise LookupError(f"epoch {epoch}")

    one = trainer()
    with pytest.raises(LookupError, match="epoch 0"):
        one.fit(INPUTS, TARGETS, epochs=5, on_epoch=broken)
    assert one.last_run.epochs == 1


def test_divergence_names_its_epoch_and_keeps_the_weights_before():
    one = trainer(rate=0.05)
    one.fit(INPUTS, TARGETS, epochs=3, batch_size=16)
    good = one.get_weights()
    spoiled = TARGETS.copy()
    spoiled[17] = np.inf
    with pytest.raises(DivergenceError) as caught:
        one.fit(INPUTS, spoiled, epochs=3, batch_size=16, shuffle=False)
    assert str(caught.value) == (
        "Training diverged in epoch 1, step 2: the loss became infinite. Lower learning_rate "
        "(now 0.05) or scale the inputs and targets. The weights from before this training are "
        "kept."
    )
    assert all(np.array_equal(a, b) for a, b in zip(good, one.get_weights(), strict=True))
    assert one.last_run.status == "diverged"


def test_a_rate_that_is_too_high_keeps_the_last_good_epoch():
    line = Network.sequential(1, [Dense(1)])
    one = trainer(rate=3.0, network=line)
    inputs = np.linspace(-3, 3, 8, dtype=np.float32)[:, None]
    with pytest.raises(DivergenceError) as caught:
        one.fit(inputs, 2 * inputs, epochs=1000)
    epochs = one.last_run.epochs
    assert f"The weights of epoch {epochs} are kept." in str(caught.value)
    assert all(np.isfinite(w).all() for w in one.get_weights())
    assert np.isfinite(one.last_run.history["loss"]).all()
    # The weights kept are those after that epoch: training again so far gives the same ones.
    again = trainer(rate=3.0, network=line)
    again.fit(inputs, 2 * inputs, epochs=epochs)
    assert one.get_weights()[0].tolist() == again.get_weights()[0].tolist()


def test_after_a_divergence_training_goes_on_from_good_weights():
    line = Network.sequential(1, [Dense(1)])
    one = engine.Trainer(line, loss=losses.get("mse"), optimizer=optimizers.Adam(0.1))
    inputs = np.linspace(-1, 1, 8, dtype=np.float32)[:, None]
    with pytest.raises(DivergenceError):
        one.fit(inputs, np.full_like(inputs, np.nan), epochs=5)
    run = one.fit(inputs, 2 * inputs, epochs=300)
    assert run.history["loss"][-1] < run.history["loss"][0]
    assert np.isfinite(one.get_weights()[0]).all()


def test_an_early_stop_on_what_is_not_measured_fails_at_the_start():
    with pytest.raises(UnknownNameError) as caught:
        trainer().fit(INPUTS, TARGETS, early_stop=engine.EarlyStop("val_loss"))
    assert str(caught.value) == (
        "EarlyStop watches 'val_loss', which this training does not compute. It computes loss."
    )


def test_progress_tells_where_training_stands():
    seen = []
    trainer().fit(
        INPUTS, TARGETS, epochs=ENDLESS, batch_size=8, seconds=0.3, on_progress=seen.append
    )
    assert seen, "0.3 s have room for several events"
    assert len(seen) <= 0.3 * 20 + 1
    assert all(1 <= one.step <= one.steps_per_epoch == 8 for one in seen)
    assert [one.epoch for one in seen] == sorted(one.epoch for one in seen)


@pytest.mark.parametrize("argument", ["epochs", "batch_size"])
@pytest.mark.parametrize("value", [0, -1, 1.5, True])
def test_counts_are_whole_numbers_of_at_least_one(argument, value):
    with pytest.raises(RangeError) as caught:
        trainer().fit(INPUTS, TARGETS, **{argument: value})
    assert str(caught.value) == (
        f"`{argument}` must be a whole number of at least 1; got {value!r}."
    )


def test_a_network_without_weights_trains_nothing_and_harms_nothing():
    network = Network.sequential(3, [Dropout(0.5), Activation("relu")])
    one = trainer(network=network)
    run = one.fit(INPUTS, np.abs(INPUTS), epochs=3, batch_size=20)
    assert run.status == "finished"
    assert one.get_weights() == []
    assert one.evaluate(INPUTS, np.maximum(INPUTS, 0))["loss"] == 0.0
