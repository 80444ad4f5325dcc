"""Normalisation over batches and units: statistics, gradients, and the nearest wrong ones."""

from __future__ import annotations

import numpy as np
import pytest
import rounding
from layer_examples import network_with
from reference import layers as reference_layers
from reference.examples import random_weights
from reference.training import train

from hiddenlogic import engine, layers, losses, optimizers
from hiddenlogic.layers import BatchNormalization, Dense, LayerNormalization
from hiddenlogic.network import Network

DTYPES = ["float32", "float64"]
MSE = losses.MeanSquaredError()
N, FEATURES, BATCH, EPOCHS = 37, 5, 16, 3  # batches of 16, 16 and 5 rows


def data(features=FEATURES, seed=0):
    random = np.random.default_rng(seed)
    inputs = random.normal(0.5, 2.0, (N, features)).astype(np.float32).astype(np.float64)
    return inputs, np.sin(inputs[:, :2])


def trained(network, weights, dtype, *, optimizer=None, rows=None, **how):
    inputs, targets = rows or data(network.n_inputs)
    trainer = engine.Trainer(
        network,
        loss=MSE,
        optimizer=optimizer or optimizers.SGD(0.05),
        weights=[w.astype(dtype) for w in weights],
        dtype=dtype,
        **how,
    )
    arguments = {"epochs": EPOCHS, "batch_size": BATCH, "shuffle": False}
    run = trainer.fit(inputs.astype(dtype), targets.astype(dtype), **arguments)
    return trainer, run


def bounds_of(network, weights, dtype, optimizer=None):
    inputs, targets = data(network.n_inputs)

    def reference(**how):
        return train(
            network,
            weights,
            inputs,
            targets,
            loss=MSE,
            optimizer=optimizer or optimizers.SGD(0.05),
            epochs=EPOCHS,
            batch_size=BATCH,
            **how,
        )

    return rounding.bounds(reference, dtype)


FIRST = Network.sequential(FEATURES, [BatchNormalization(momentum=0.75), Dense(2)])
START = [np.ones(FEATURES), np.zeros(FEATURES), np.zeros(FEATURES), np.ones(FEATURES)]


def batches(padded=False):
    """Return the batches of an epoch; padded to whole blocks with the last row, if asked for."""
    inputs, _ = data()
    cut = [inputs[start : start + BATCH] for start in range(0, N, BATCH)]
    if padded:
        cut = [np.concatenate([one, np.repeat(one[-1:], -len(one) % 16, axis=0)]) for one in cut]
    return cut


def moving(momentum=0.75, ddof=0, padded=False):
    """Return the moving mean and variance after all epochs, by the formula alone."""
    mean, variance = np.zeros(FEATURES), np.ones(FEATURES)
    for _ in range(EPOCHS):
        for batch in batches(padded):
            mean = momentum * mean + (1 - momentum) * batch.mean(axis=0)
            variance = momentum * variance + (1 - momentum) * batch.var(axis=0, ddof=ddof)
    return mean, variance


@pytest.mark.parametrize("dtype", DTYPES)
def test_moving_statistics_follow_each_batch_a_partial_one_too(dtype):
    weights = START + random_weights(FIRST, 1)[4:]
    trainer, _ = trained(FIRST, weights, dtype)
    _, _, bounds, _ = bounds_of(FIRST, weights, dtype)
    for found, due, bound in zip(trainer.get_weights()[2:4], moving(), bounds[2:4], strict=True):
        assert abs(found - due).max() <= bound


@pytest.mark.parametrize("dtype", DTYPES)
def test_other_moving_statistics_are_told_apart(dtype):
    weights = START + random_weights(FIRST, 1)[4:]
    _, _, bounds, _ = bounds_of(FIRST, weights, dtype)
    due = moving()
    for wrong in ({"momentum": 0.25}, {"padded": True}):
        for other, right, bound in zip(moving(**wrong), due, bounds[2:4], strict=True):
            assert (abs(other - right) > bound).all()
    assert (abs(moving(ddof=1)[1] - due[1]) > bounds[3]).all()


def first_loss(weights, ddof=0, root=True, padded=False):
    """Return the loss of the first batch, by the formula alone."""
    _, targets = data()
    (batch, *_), gamma, beta, kernel, bias = batches(), *weights[:2], *weights[4:]
    counted = batches(padded)[0]
    variance = counted.var(axis=0, ddof=ddof)
    deviation = np.sqrt(variance + 1e-3) if root else np.sqrt(variance) + 1e-3
    outputs = ((batch - counted.mean(axis=0)) / deviation * gamma + beta) @ kernel + bias
    return np.mean((outputs - targets[:BATCH]) ** 2)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_batch_is_normalised_by_its_own_biased_variance_with_epsilon_inside_the_root(dtype):
    weights = random_weights(FIRST, 1)
    inputs, targets = (one[:BATCH] for one in data())

    def reference(**how):
        return train(
            FIRST,
            weights,
            inputs,
            targets,
            loss=MSE,
            optimizer=optimizers.SGD(0.05),
            epochs=1,
            batch_size=BATCH,
            **how,
        )

    *_, (bound,) = rounding.bounds(reference, dtype)
    _, run = trained(FIRST, weights, dtype, rows=(inputs, targets))
    due = first_loss(weights)
    assert abs(run.history["loss"][0] - due) <= bound
    for wrong in ({"ddof": 1}, {"root": False}):
        assert abs(first_loss(weights, **wrong) - due) > bound


class ConstantStatistics(BatchNormalization):
    """The nearest wrong gradient: as if mean and variance did not depend on the values."""


class ConstantMean(LayerNormalization):
    """The nearest wrong gradient: as if the mean did not depend on the values."""


@reference_layers.backward.register
def _(layer: ConstantStatistics, passed, upstream, how):
    right = reference_layers.backward.dispatch(BatchNormalization)
    _, own = right(layer, passed, upstream, how)
    return [upstream * passed.kept[1] * passed.weights[0]], own


@reference_layers.backward.register
def _(layer: ConstantMean, passed, upstream, how):
    right = reference_layers.backward.dispatch(LayerNormalization)
    (back,), own = right(layer, passed, upstream, how)
    g = upstream * passed.weights[0]
    return [back + g.mean(axis=1, keepdims=True) * passed.kept[1]], own


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("right", "wrong"),
    [(BatchNormalization(), ConstantStatistics()), (LayerNormalization(), ConstantMean())],
    ids=["batch", "layer"],
)
def test_a_gradient_that_passes_statistics_by_is_told_apart(right, wrong, dtype):
    weights = random_weights(network_with(right), 1)
    due, _, bounds, _ = bounds_of(network_with(right), weights, dtype)
    other, *_ = bounds_of(network_with(wrong), weights, dtype)
    assert (abs(other[0] - due[0]) > bounds[0]).any()


def test_validation_and_evaluation_use_the_moving_statistics():
    weights = random_weights(FIRST, 1)
    inputs, targets = data()
    trainer, _ = trained(FIRST, weights, "float64")
    run = trainer.fit(
        inputs, targets, batch_size=BATCH, epochs=1, validation=(inputs[:7], targets[:7])
    )
    due = trainer.predict(inputs[:7])
    kernel, bias = trainer.get_weights()[4:]
    gamma, beta, mean, variance = trainer.get_weights()[:4]
    formula = ((inputs[:7] - mean) / np.sqrt(variance + 1e-3) * gamma + beta) @ kernel + bias
    _, bound = rounding.prediction(FIRST, trainer.get_weights(), inputs[:7], "float64")
    assert (abs(due - formula) <= bound).all()
    assert run.history["val_loss"][0] == trainer.evaluate(inputs[:7], targets[:7])["loss"]


def test_no_decay_reaches_the_moving_statistics():
    weights = random_weights(FIRST, 1)
    plain, _ = trained(FIRST, weights, "float64", optimizer=optimizers.AdamW(0.05))
    decayed, _ = trained(
        FIRST, weights, "float64", optimizer=optimizers.AdamW(0.05, weight_decay=0.9)
    )
    for place, (one, other) in enumerate(
        zip(plain.get_weights(), decayed.get_weights(), strict=True)
    ):
        assert np.array_equal(one, other) == (place in (2, 3))


def test_a_training_in_two_calls_goes_on_with_the_moving_statistics():
    weights = random_weights(FIRST, 1)
    inputs, targets = data()
    whole, _ = trained(FIRST, weights, "float32")
    halves, _ = trained(FIRST, weights, "float32")
    arguments = {"batch_size": BATCH, "shuffle": False}
    one, other = (one.astype(np.float32) for one in (inputs, targets))
    whole.fit(one, other, epochs=2, **arguments)
    for _ in range(2):
        halves.fit(one, other, epochs=1, **arguments)
    assert all(map(np.array_equal, whole.get_weights(), halves.get_weights()))


def test_the_best_epoch_brings_its_moving_statistics_back():
    weights = random_weights(FIRST, 1)
    inputs, targets = (one.astype(np.float32) for one in data())
    early = engine.EarlyStop("val_loss", patience=2)
    trainer, _ = trained(FIRST, weights, "float32")
    run = trainer.fit(
        inputs,
        -targets,
        batch_size=BATCH,
        shuffle=False,
        epochs=20,
        validation=(inputs, targets),  # the other sign: later epochs are worse
        early_stop=early,
    )
    assert run.status == "stopped_early"
    again, _ = trained(FIRST, weights, "float32")
    epochs = run.best_epoch + 1
    again.fit(inputs, -targets, batch_size=BATCH, shuffle=False, epochs=epochs)
    assert all(map(np.array_equal, trainer.get_weights(), again.get_weights()))


def test_a_batch_of_one_row_is_beta():
    weights = random_weights(FIRST, 1)
    inputs, targets = (one[:1] for one in data())
    _, run = trained(FIRST, weights, "float64", rows=(inputs, targets))
    _, beta, _, _, kernel, bias = weights
    due = np.mean((beta @ kernel + bias - targets[0]) ** 2)
    assert run.history["loss"][0] == pytest.approx(due, rel=1e-15 * FEATURES)


def test_a_row_of_zeros_stays_zero_under_the_unit_norm():
    network = Network.sequential(3, [layers.UnitNormalization(), Dense(1, use_bias=False)])
    predictor = engine.Predictor(network, [np.ones((3, 1))], dtype="float64")
    rows = np.array([[0.0, 0.0, 0.0], [3.0, 0.0, 4.0], [np.nan, 1.0, 2.0]])
    found = predictor.predict(rows)[:, 0]
    assert found[0] == 0.0
    assert abs(found[1] - 1.4) <= 4 * np.finfo(float).eps
    assert np.isnan(found[2])
