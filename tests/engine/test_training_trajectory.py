"""Whole trainings of the engine against the trajectory of the reference."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from agreement import check_trajectory, trainer_for
from reference.examples import example, rate_for
from reference.network import batch_loss
from reference.training import train

from hiddenlogic import losses
from hiddenlogic.engine import EarlyStop
from hiddenlogic.optimizers import SGD, Adam

SOME = [SGD(0.05, momentum=0.9, nesterov=True), Adam(0.01)]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("loss", losses.ROWS.names)
@pytest.mark.parametrize("activation", ["relu", "gelu", "selu", "sigmoid"])
def test_activations_and_losses_follow_the_reference_over_several_steps(activation, loss, dtype):
    case = example(activation, losses.get(loss))
    check_trajectory(case, SGD(rate_for(case.loss), momentum=0.9), dtype, batch_size=8)


@pytest.mark.parametrize("optimizer", SOME, ids=repr)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 65])
def test_sizes_around_vector_widths_follow_the_reference(size, optimizer):
    case = example(
        "tanh",
        losses.MeanSquaredError(),
        n=2 * size + 1,
        inputs=size,
        hidden=size + 1,
        outputs=size,
    )
    check_trajectory(case, optimizer, "float64", batch_size=size)


@pytest.mark.parametrize("batch_size", [1, 4, 22, 23, 24, 1000])
def test_partial_last_batches_follow_the_reference(batch_size):
    case = example("tanh", losses.BinaryCrossentropy())
    check_trajectory(case, Adam(0.01), "float64", batch_size=batch_size, weighted=False)


def test_a_second_fit_goes_on_where_the_first_stopped():
    case = example("tanh", losses.MeanSquaredError())
    arguments = (case.inputs, case.targets)
    once, twice = (trainer_for(case, Adam(0.01), "float64") for _ in range(2))
    once.fit(*arguments, epochs=4, batch_size=5)
    twice.fit(*arguments, epochs=1, batch_size=5)
    twice.fit(*arguments, epochs=3, batch_size=5)
    for a, b in zip(once.get_weights(), twice.get_weights(), strict=True):
        assert np.array_equal(a, b)


def overfitting_case():
    """A case whose validation loss falls and then rises: few rows, and others to validate on."""
    case = example("tanh", losses.MeanSquaredError(), n=40, hidden=17, l2=0.0)
    held_back = (case.inputs[20:], case.targets[20:])
    return case, (case.inputs[:20], case.targets[:20]), held_back


def reference_losses(case, rows, held_back, optimizer, epochs):
    """Return the weights and the validation loss after each epoch."""
    weights, losses_ = [], []
    for epoch in range(1, epochs + 1):
        after, _ = train(
            case.network,
            case.weights,
            *rows,
            loss=case.loss,
            optimizer=optimizer,
            epochs=epoch,
            batch_size=7,
        )
        weights.append(after)
        losses_.append(batch_loss(case.network, after, *held_back, case.loss))
    return weights, losses_


@pytest.mark.parametrize("patience", [0, 1, 3])
def test_early_stop_ends_where_the_reference_says_and_keeps_the_best_weights(patience):
    case, rows, held_back = overfitting_case()
    optimizer = Adam(0.05)
    weights, values = reference_losses(case, rows, held_back, optimizer, epochs=30)
    best, wait, last = 0, 0, len(values) - 1
    for epoch, value in enumerate(values):
        if epoch == 0 or value < values[best]:
            best, wait = epoch, 0
        else:
            wait += 1
            if wait >= patience:
                last = epoch
                break
    assert best < last < 29  # otherwise the case shows nothing
    trainer = trainer_for(case, optimizer, "float64")
    run = trainer.fit(
        *rows,
        epochs=30,
        batch_size=7,
        shuffle=False,
        validation=held_back,
        early_stop=EarlyStop(patience=patience),
    )
    assert (run.status, run.epochs, run.best_epoch) == ("stopped_early", last + 1, best)
    bounds, _ = tolerances.drift(
        lambda after_step: train(
            case.network,
            case.weights,
            *rows,
            loss=case.loss,
            optimizer=optimizer,
            epochs=best + 1,
            batch_size=7,
            after_step=after_step,
        ),
        case.network,
        "float64",
    )
    for found, due, next_best, bound in zip(
        trainer.get_weights(), weights[best], weights[best + 1], bounds, strict=True
    ):
        assert abs(found - due).max() <= bound
        assert abs(found - next_best).max() > bound


def test_without_restore_best_the_last_weights_stay():
    case, rows, held_back = overfitting_case()
    optimizer = Adam(0.05)
    stopped, plain = (trainer_for(case, optimizer, "float64") for _ in range(2))
    stop = EarlyStop(patience=1, restore_best=False)
    run = stopped.fit(
        *rows, epochs=30, batch_size=7, shuffle=False, validation=held_back, early_stop=stop
    )
    plain.fit(*rows, epochs=run.epochs, batch_size=7, shuffle=False)
    for a, b in zip(stopped.get_weights(), plain.get_weights(), strict=True):
        assert np.array_equal(a, b)


def test_the_hook_hears_of_each_epoch_and_can_stop():
    case = example("tanh", losses.MeanSquaredError())
    heard = []

    def hook(epoch, logs):
        heard.append((epoch, logs["loss"]))
        return epoch == 2

    trainer = trainer_for(case, SGD(0.05), "float64")
    run = trainer.fit(case.inputs, case.targets, epochs=9, on_epoch=hook)
    assert (run.status, run.epochs) == ("stopped", 3)
    assert heard == list(enumerate(run.history["loss"]))
