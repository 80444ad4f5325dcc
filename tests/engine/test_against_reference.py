"""Predictions, losses, metrics and single steps of the engine against the float64 reference."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from agreement import check_trajectory, trainer_for
from reference import metrics as reference_metrics
from reference.examples import example, random_weights
from reference.network import batch_loss, predict

from hiddenlogic import activations, engine, losses, metrics
from hiddenlogic.layers import Activation, Dense, Dropout
from hiddenlogic.network import Network
from hiddenlogic.optimizers import SGD

DTYPES = ["float32", "float64"]
# Around the widths of vectors (4, 8, 16 lanes) and of tiles, one unit, and one more than a block.
SIZES = [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 32, 33, 63, 64, 65, 97]


def check_predictions(network, weights, inputs, dtype):
    found = engine.predict(
        network, [w.astype(dtype) for w in weights], inputs.astype(dtype), dtype=dtype
    )
    assert found.dtype == dtype
    error = abs(found - predict(network, weights, inputs))
    assert (error <= tolerances.prediction(network, weights, inputs, dtype)).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("activation", activations.ROWS.names)
def test_predictions_equal_the_reference_for_every_activation(activation, dtype):
    case = example(activation, losses.MeanSquaredError(), n=37, hidden=19)
    check_predictions(case.network, case.weights, case.inputs, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("activation", activations.ROWS.names)
def test_activations_equal_the_reference_far_out(activation, dtype):
    network = Network.sequential(2, [Activation(activation)])
    spread = np.concatenate([np.linspace(-30, 30, 241), [-80.0, 80.0]])
    inputs = np.stack([spread, np.zeros_like(spread)], axis=1)
    check_predictions(network, [], inputs, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("size", SIZES)
def test_predictions_equal_the_reference_around_vector_widths(size, dtype):
    network = Network.sequential(size, [Dense(size, "tanh"), Dense(size, "relu"), Dense(1)])
    inputs = np.random.default_rng(size).normal(0, 1, (size, size)).astype(np.float32)
    check_predictions(network, random_weights(network), inputs.astype(np.float64), dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_parameter_reaches_its_activation(dtype):
    layers = [
        Dense(9, activations.Activation("leaky_relu", 0.01)),
        Dense(9, activations.Activation("elu", 0.5)),
        Dense(9, activations.Activation("bounded_relu", 0.1, 0.6, 0.2)),
        Dense(9, activations.Activation("threshold", 0.1, value=-0.3)),
        Dense(9, activations.Activation("squareplus", b=0.0)),
    ]
    network = Network.sequential(5, layers)
    inputs = np.random.default_rng(0).normal(0, 1, (17, 5)).astype(np.float32).astype(np.float64)
    check_predictions(network, random_weights(network), inputs, dtype)


@pytest.mark.parametrize("dtype", DTYPES)
def test_zero_rows_give_zero_predictions(dtype):
    network = Network.sequential(3, [Dense(2)])
    found = engine.predict(network, random_weights(network), np.empty((0, 3), dtype), dtype=dtype)
    assert found.shape == (0, 2)


def test_dropout_does_nothing_when_predicting():
    plain = Network.sequential(3, [Dense(8, "relu"), Dense(1)])
    dropping = Network.sequential(3, [Dense(8, "relu"), Dropout(0.5), Dense(1)])
    inputs = np.random.default_rng(0).normal(0, 1, (9, 3)).astype(np.float32)
    weights = random_weights(plain, dtype="float32")
    assert np.array_equal(
        engine.predict(plain, weights, inputs), engine.predict(dropping, weights, inputs)
    )


@pytest.mark.parametrize("activation", ["relu", "gelu", "tanh", "softmax", "linear"])
def test_nan_in_is_nan_out(activation):
    network = Network.sequential(2, [Dense(3, activation), Dense(1)])
    inputs = np.array([[1, np.nan], [1, 1]], dtype=np.float32)
    found = engine.predict(network, random_weights(network, dtype="float32"), inputs)
    assert np.isnan(found[0]).all()
    assert np.isfinite(found[1]).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", losses.ROWS.names)
@pytest.mark.parametrize("activation", activations.ROWS.names)
def test_one_step_equals_the_reference_for_every_activation_and_loss(activation, loss, dtype):
    case = example(activation, losses.get(loss))
    check_trajectory(case, SGD(0.1), dtype, batch_size=len(case.inputs), epochs=1)


METRICS = [
    ("mean_squared_error", "mean_squared_error"),
    ("mean_squared_error", "mean_absolute_error"),
    ("mean_squared_error", "root_mean_squared_error"),
    ("binary_crossentropy", "binary_accuracy"),
    ("categorical_crossentropy", "categorical_accuracy"),
    ("sparse_categorical_crossentropy", "sparse_categorical_accuracy"),
]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("loss", "metric"), METRICS)
@pytest.mark.parametrize("n", [1, 23, 300])
def test_evaluate_equals_the_reference(loss, metric, n, dtype):
    case = example("tanh", losses.get(loss), n=n)
    trainer = trainer_for(case, SGD(0.1), dtype, [metric])
    found = trainer.evaluate(case.inputs.astype(dtype), case.targets.astype(dtype))
    outputs = predict(case.network, case.weights, case.inputs)
    due = {
        "loss": batch_loss(case.network, case.weights, case.inputs, case.targets, case.loss),
        metric: reference_metrics.value(metrics.Metric(metric), case.loss, outputs, case.targets),
    }
    worst = tolerances.prediction(case.network, case.weights, case.inputs, dtype).max()
    for key, value in due.items():
        # A loss or metric changes by its slope times the error of the outputs; 8 is above the
        # slope of each here (2 * |error| of the squares, whose errors stay below 4).
        assert abs(found[key] - value) <= 8 * worst + tolerances.score(value, n)


def test_evaluate_weighs_the_rows():
    case = example("tanh", losses.MeanSquaredError())
    trainer = trainer_for(case, SGD(0.1), "float64")
    found = trainer.evaluate(case.inputs, case.targets, case.sample_weight)["loss"]
    arguments = (case.network, case.weights, case.inputs, case.targets, case.loss)
    bound = tolerances.score(found, len(case.inputs)) * 100
    assert abs(found - batch_loss(*arguments, case.sample_weight)) <= bound
    assert abs(found - batch_loss(*arguments)) > bound
