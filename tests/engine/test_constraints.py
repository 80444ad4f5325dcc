"""Constraints hold whatever happens, and all rules give the same bits everywhere."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
import tolerances

from hiddenlogic import constraints, engine, optimizers
from hiddenlogic.constraints import MaxNorm, MinMaxNorm, UnitNorm
from hiddenlogic.layers import ActivityRegularization, Dense
from hiddenlogic.losses import MeanSquaredError
from hiddenlogic.network import Network
from hiddenlogic.regularizers import L1L2, OrthogonalRegularizer

MSE = MeanSquaredError()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_constraints_hold_after_every_epoch(dtype):
    constrained = {
        "max_norm": Dense(17, "tanh", kernel_constraint=MaxNorm(0.4), bias_constraint=MaxNorm(0.1)),
        "unit_norm": Dense(9, "tanh", kernel_constraint=UnitNorm(axis=1)),
        "non_neg": Dense(2, kernel_constraint="non_neg", bias_constraint="non_neg"),
    }
    network = Network.sequential(5, list(constrained.values()))
    random = np.random.default_rng(3)
    inputs, targets = (random.normal(size=(60, k)).astype(dtype) for k in (5, 2))
    trainer = engine.Trainer(network, loss=MSE, optimizer=optimizers.Adam(0.05), dtype=dtype)
    # A factor and a product are rounded, and a norm is a sum of 17 squares.
    loose = 1 + 20 * tolerances.UNIT[dtype]
    seen = []

    def hook(epoch, logs):
        del epoch, logs
        wide, bias, units, _, last, last_bias = trainer.get_weights()
        seen.append(np.linalg.norm(wide, axis=0).max())
        assert seen[-1] <= 0.4 * loose
        assert np.linalg.norm(bias) <= 0.1 * loose
        # Before the projection the norm was at least a half: a step does not go further.
        off = 2 * constraints.EPSILON + loose - 1
        assert (abs(np.linalg.norm(units, axis=1) - 1) <= off).all()
        assert (last >= 0).all()
        assert (last_bias >= 0).all()

    trainer.fit(inputs, targets, epochs=12, batch_size=7, on_epoch=hook)
    assert len(seen) == 12
    assert max(seen) >= 0.4 * (2 - loose) - constraints.EPSILON  # it is reached
    assert (trainer.get_weights()[4] == 0).any()


BITS = {
    "wide": (
        [
            Dense(
                130,
                "tanh",
                kernel_regularizer=OrthogonalRegularizer(),
                kernel_constraint=MaxNorm(0.7),
                bias_constraint="non_neg",
                activity_regularizer=L1L2(0.01, 0.02),
            ),
            ActivityRegularization(0.01),
            Dense(
                70,
                "gelu",
                kernel_regularizer=OrthogonalRegularizer(mode="columns"),
                kernel_constraint=UnitNorm(axis=1),
                bias_regularizer="l1",
                bias_constraint=MinMaxNorm(0.1, 1, rate=0.5),
            ),
            Dense(
                3,
                kernel_constraint=MaxNorm(0.5),
                activity_regularizer="l2",
                kernel_regularizer="l1",
            ),
        ]
    ),
    "constraints alone": [
        Dense(40, "relu", kernel_constraint="non_neg"),
        Dense(3, kernel_constraint=MaxNorm(0.5, axis=1)),
    ],
}


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch_size", [8, 96])
@pytest.mark.parametrize("name", BITS)
def test_rules_give_the_same_bits_on_any_threads_and_instruction_set(name, batch_size, dtype):
    network = Network.sequential(40, BITS[name])
    random = np.random.default_rng(0)
    inputs, targets = (random.normal(size=(100, k)).astype(dtype) for k in (40, 3))
    results = set()
    for instruction_set, threads in itertools.product(engine.available_isas(), (1, 2, 3, 7)):
        trainer = engine.Trainer(
            network,
            loss=MSE,
            optimizer=optimizers.Adam(0.01),
            dtype=dtype,
            seed=5,
            n_threads=threads,
            adaptive_threads=False,
            instruction_set=instruction_set,
        )
        run = trainer.fit(
            inputs, targets, epochs=2, batch_size=batch_size, validation=(inputs, targets)
        )
        weights = b"".join(one.tobytes() for one in trainer.get_weights())
        results.add((weights, str(run.history)))
    assert len(results) == 1
