"""Each kind of layer against the reference, on any threads and instruction set, row by row."""

from __future__ import annotations

import numpy as np
import pytest
import rounding
from layer_examples import CASES, network_with
from reference.examples import random_weights
from reference.training import train

from hiddenlogic import engine, layers, losses, optimizers
from hiddenlogic.network import Network, Node

DTYPES = ["float32", "float64"]
MSE = losses.MeanSquaredError()


def data(n, inputs=18, outputs=2, seed=0, network=None):
    """Return rows and targets; where the network reads category codes, there are some."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(n, inputs)).astype(np.float32).astype(np.float64)
    targets = random.normal(size=(n, outputs)).astype(np.float32).astype(np.float64)
    for node, places in network.codes if network else ():
        rows[:, places] = random.integers(0, network.nodes[node].layer.n_codes, (n, 2))
    return rows, targets


def reference_of(network, inputs, targets, *, epochs=2, batch_size=16, optimizer=None):
    """Return what trains the network in the reference."""

    def run(**how):
        return train(
            network,
            random_weights(network, 3),
            inputs,
            targets,
            loss=MSE,
            optimizer=optimizer or optimizers.Adam(0.01),
            epochs=epochs,
            batch_size=batch_size,
            dropout_seed=5,
            **how,
        )

    return run


def trainer_of(network, dtype, *, optimizer=None, **how):
    return engine.Trainer(
        network,
        loss=MSE,
        optimizer=optimizer or optimizers.Adam(0.01),
        weights=[w.astype(dtype) for w in random_weights(network, 3)],
        dtype=dtype,
        seed=5,
        **how,
    )


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("layer", CASES, ids=repr)
def test_a_training_follows_the_reference(layer, dtype):
    network = network_with(layer)
    inputs, targets = data(37, network=network)
    weights, history, bounds, history_bounds = rounding.bounds(
        reference_of(network, inputs, targets), dtype
    )
    trainer = trainer_of(network, dtype)
    run = trainer.fit(
        inputs.astype(dtype), targets.astype(dtype), epochs=2, batch_size=16, shuffle=False
    )
    for found, due, bound in zip(trainer.get_weights(), weights, bounds, strict=True):
        assert abs(found - due).max() <= bound
    assert (abs(np.subtract(run.history["loss"], history)) <= history_bounds).all()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("layer", CASES, ids=repr)
def test_predictions_are_those_of_the_reference_row_by_row(layer, dtype):
    network = network_with(layer)
    inputs, _ = data(300, network=network)
    weights = random_weights(network, 3)
    due, bound = rounding.prediction(network, weights, inputs, dtype)
    predictor = engine.Predictor(network, [w.astype(dtype) for w in weights], dtype=dtype)
    found = predictor.predict(inputs.astype(dtype))
    assert (abs(found - due) <= bound).all()
    for row in (0, 17, 299):  # alone: the same bits
        assert np.array_equal(predictor.predict(inputs[row : row + 1].astype(dtype))[0], found[row])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("layer", CASES, ids=repr)
def test_a_layer_gives_the_same_bits_on_any_threads_and_instruction_set(layer, dtype):
    network = network_with(layer)
    inputs, targets = (one.astype(dtype) for one in data(200, network=network))
    results = set()
    for instruction_set in engine.available_isas():
        for threads in (1, 2, 3, 7):
            trainer = trainer_of(
                network,
                dtype,
                n_threads=threads,
                adaptive_threads=False,
                instruction_set=instruction_set,
            )
            run = trainer.fit(inputs, targets, epochs=2, batch_size=96)
            values = [*trainer.get_weights(), np.array(run.history["loss"])]
            values.append(trainer.predict(inputs))
            results.add(b"".join(one.tobytes() for one in values))
    assert len(results) == 1


def test_two_inputs_and_a_skip_connection_follow_the_reference():
    nodes = (
        Node(layers.Input(4), ()),
        Node(layers.Input(2), ()),
        Node(layers.Dense(5, "relu"), (0,)),
        Node(layers.Dense(5, "tanh"), (1,)),
        Node(layers.Multiply(), (2, 3)),
        Node(layers.Dense(5, "gelu"), (4,)),
        Node(layers.Add(), (5, 4, 2)),
        Node(layers.Dense(2), (6,)),
    )
    network = Network(nodes)
    inputs, targets = data(40, inputs=6)
    weights, _, bounds, _ = rounding.bounds(reference_of(network, inputs, targets), "float64")
    trainer = trainer_of(network, "float64")
    trainer.fit(inputs, targets, epochs=2, batch_size=16, shuffle=False)
    for found, due, bound in zip(trainer.get_weights(), weights, bounds, strict=True):
        assert abs(found - due).max() <= bound

    # A gradient that reaches a value over one way only is far outside these bounds.
    narrower = Network((*nodes[:6], Node(layers.Add(), (5, 4)), nodes[7]))
    other = train(
        narrower,
        random_weights(narrower, 3),
        inputs,
        targets,
        loss=MSE,
        optimizer=optimizers.Adam(0.01),
        epochs=2,
        batch_size=16,
    )[0]
    assert any(abs(a - b).max() > bound for a, b, bound in zip(other, weights, bounds, strict=True))
