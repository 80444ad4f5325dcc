"""Normalisations beside Keras itself, from equal weights: the same way, moving statistics too."""

from __future__ import annotations

import numpy as np
import pytest
import rounding
import tolerances
from reference.examples import random_weights
from reference.training import train

from hiddenlogic import engine, layers, losses, optimizers
from hiddenlogic.layers import Dense
from hiddenlogic.network import Network

keras = pytest.importorskip("keras", reason="needs Keras and PyTorch: make interop")

# NumPy's of the way in which Keras reads PyTorch's tensors.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

# The last batch of each epoch has 6 rows.
EPOCHS, BATCH, ROWS, WIDTH = 10, 8, 22, 5
RATE = 2.0**-5
MSE = losses.MeanSquaredError()

LAYERS = [
    layers.BatchNormalization(),
    layers.BatchNormalization(momentum=0.75, epsilon=0.1, scale=False),
    layers.BatchNormalization(center=False, moving_variance_initializer="zeros"),
    layers.LayerNormalization(),
    layers.LayerNormalization(epsilon=0.1, center=False),
    layers.RMSNormalization(epsilon=0.1),
    layers.UnitNormalization(),
    layers.Normalization(mean=[0.1, 0.2, 0.3, 0.4, 0.5], variance=[1.0, 2.0, 3.0, 4.0, 5.0]),
    layers.Normalization(mean=0.5, variance=4.0, invert=True),
]


def rows():
    random = np.random.default_rng(0)
    inputs = random.normal(1, 2, (ROWS, 4)).astype(np.float32)
    return inputs, np.sin(inputs[:, :2])


def keras_layer(layer):
    """Return a layer of ours as Keras has it, made of the same arguments."""
    config = {name: value for name, value in layer.get_config().items() if value is not None}
    return getattr(keras.layers, type(layer).__name__)(**config)


def by_keras(layer, weights):
    model = keras.Sequential(
        [
            keras.layers.Input((4,)),
            keras.layers.Dense(WIDTH),
            keras_layer(layer),
            keras.layers.Dense(2),
        ]
    )
    model.set_weights(weights)
    model.compile(keras.optimizers.SGD(RATE), "mse")
    history = model.fit(*rows(), epochs=EPOCHS, batch_size=BATCH, shuffle=False, verbose=0)
    after = [keras.ops.convert_to_numpy(w) for w in model.weights]
    return after, history.history["loss"], model.predict(rows()[0], verbose=0)


@pytest.mark.parametrize("layer", LAYERS, ids=repr)
def test_a_normalisation_goes_where_keras_goes(layer):
    network = Network.sequential(4, [Dense(WIDTH), layer, Dense(2)])
    weights = random_weights(network, 1, "float32")

    def reference(**how):
        return train(
            network,
            weights,
            *rows(),
            loss=MSE,
            optimizer=optimizers.SGD(RATE),
            epochs=EPOCHS,
            batch_size=BATCH,
            **how,
        )

    due, history, bounds, history_bounds = rounding.bounds(reference, "float32")
    trainer = engine.Trainer(network, loss=MSE, optimizer=optimizers.SGD(RATE), weights=weights)
    run = trainer.fit(*rows(), epochs=EPOCHS, batch_size=BATCH, shuffle=False)
    theirs, their_history, predicted = by_keras(layer, weights)
    for found, losses_of_epochs in (
        (trainer.get_weights(), run.history["loss"]),
        (theirs, their_history),
    ):
        for one, wanted, bound in zip(found, due, bounds, strict=True):
            assert abs(one - wanted).max() <= bound
        assert (abs(np.subtract(losses_of_epochs, history)) <= history_bounds).all()
    # From Keras's weights, by the moving statistics: Keras's predictions.
    wanted, near = rounding.prediction(network, theirs, rows()[0], "float32")
    for one in (predicted, engine.Predictor(network, theirs).predict(rows()[0])):
        assert (abs(one - wanted) <= near).all()


def test_adapt_measures_what_keras_measures():
    inputs, _ = rows()
    theirs = keras.layers.Normalization()
    theirs.adapt(inputs)
    ours = layers.Normalization.adapted(inputs)
    # Keras has them in float32.
    near = 4 * tolerances.UNIT["float32"]
    assert np.allclose(keras.ops.convert_to_numpy(theirs.mean)[0], ours.mean, rtol=near, atol=near)
    variance = keras.ops.convert_to_numpy(theirs.variance)[0]
    assert np.allclose(variance, ours.variance, rtol=near, atol=near)
