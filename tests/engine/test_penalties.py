"""Penalties and constraints in the engine against the reference."""

from __future__ import annotations

import numpy as np
import pytest
import rounding
import tolerances
from reference import constraints as projections
from reference import penalties, training
from reference.examples import random_weights, targets_for
from reference.network import batch_loss

from hiddenlogic import constraints, engine, losses, optimizers, regularizers
from hiddenlogic.constraints import MaxNorm, MinMaxNorm, NonNeg, UnitNorm
from hiddenlogic.layers import ActivityRegularization, Dense
from hiddenlogic.losses import MeanSquaredError
from hiddenlogic.network import Network
from hiddenlogic.optimizers import SGD
from hiddenlogic.regularizers import L1, L1L2, L2, OrthogonalRegularizer

REGULARIZERS = [
    L1(0.02),
    L2(0.03),
    L1L2(0.01, 0.02),
    OrthogonalRegularizer(2.0),
    OrthogonalRegularizer(2.0, mode="columns"),
]
CONSTRAINTS = [
    None,
    MaxNorm(0.8),
    MaxNorm(0.5, axis=1),
    NonNeg(),
    UnitNorm(),
    UnitNorm(axis=1),
    MinMaxNorm(0.9, 1.1, rate=0.5),
]
MSE = MeanSquaredError()
STEP_BY_STEP = [
    one.name for one in optimizers.ROWS if not optimizers.get(one.name).takes_whole_table
]


def test_every_row_is_in_a_trajectory():
    assert {one.name for one in REGULARIZERS} == set(regularizers.ROWS.names)
    assert {one.name for one in CONSTRAINTS if one} == set(constraints.ROWS.names)


def network_of(regularizer=None, constraint=None, activity=None, units=9, inputs=5):
    """Return one whose first kernel is wide, and whose last is narrow: it lies in other blocks."""
    rules = {"kernel_regularizer": regularizer, "kernel_constraint": constraint}
    first = Dense(units, "tanh", activity_regularizer=activity, **rules)
    return Network.sequential(inputs, [first, Dense(2, **rules)])


def data(n=20, inputs=5, outputs=2, seed=3):
    random = np.random.default_rng(seed)
    sizes = (inputs, outputs)
    rows = [random.normal(size=(n, k)).astype(np.float32).astype(np.float64) for k in sizes]
    return (*rows, np.round(random.uniform(0.5, 2, n) * 8) / 8)


def reference_of(network, loss=MSE, optimizer=SGD(0.05), rows=None, weights=None):  # noqa: B008
    """Return what trains the network for ten steps in the reference."""
    inputs, targets, sample_weight = rows or data()

    def run(**how):
        return training.train(
            network,
            weights or random_weights(network, 3),
            inputs,
            targets,
            loss=loss,
            optimizer=optimizer,
            epochs=5,
            batch_size=13,
            sample_weight=sample_weight,
            **how,
        )

    return run


def check(network, dtype, loss=MSE, optimizer=SGD(0.05), rows=None, weights=None):  # noqa: B008
    """Assert that ten steps follow the reference; return where it ends, and the bounds."""
    inputs, targets, sample_weight = rows or data()
    due, history, bounds, history_bounds = rounding.bounds(
        reference_of(network, loss, optimizer, rows, weights), dtype
    )
    trainer = engine.Trainer(
        network,
        loss=loss,
        optimizer=optimizer,
        weights=[w.astype(dtype) for w in weights or random_weights(network, 3)],
        dtype=dtype,
    )
    run = trainer.fit(
        inputs.astype(dtype),
        targets.astype(dtype),
        sample_weight=sample_weight.astype(dtype),
        epochs=5,
        batch_size=13,
        shuffle=False,
    )
    assert run.steps == 10
    for found, weight, bound in zip(trainer.get_weights(), due, bounds, strict=True):
        assert abs(found - weight).max() <= bound
    assert (abs(np.subtract(run.history["loss"], history)) <= history_bounds).all()
    return due, bounds


@pytest.mark.parametrize("constraint", CONSTRAINTS, ids=repr)
@pytest.mark.parametrize("regularizer", REGULARIZERS, ids=repr)
@pytest.mark.parametrize("name", STEP_BY_STEP)
def test_ten_steps_of_every_optimizer_follow_the_reference(name, regularizer, constraint):
    place = REGULARIZERS.index(regularizer) + CONSTRAINTS.index(constraint)
    dtype = ["float32", "float64"][place % 2]
    optimizer = optimizers.get(name, learning_rate=0.02)
    check(network_of(regularizer, constraint), dtype, optimizer=optimizer)


# The ways in which a gradient reaches the weights.
AROUND = [
    {"clipvalue": 0.05},
    {"clipnorm": 0.1},
    {"global_clipnorm": 0.1},
    {"gradient_accumulation_steps": 3},
    {"use_ema": True, "ema_momentum": 0.5, "ema_overwrite_frequency": 2},
    {"gradient_accumulation_steps": 3, "clipnorm": 0.1, "use_ema": True, "ema_momentum": 0.5},
]


@pytest.mark.parametrize("around", AROUND, ids=str)
@pytest.mark.parametrize("regularizer", REGULARIZERS[2:4], ids=repr)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_rules_follow_the_reference_whatever_comes_before_the_step(regularizer, around, dtype):
    network = network_of(regularizer, MinMaxNorm(0.9, 1.1, rate=0.5), L1(0.01))
    check(network, dtype, optimizer=SGD(0.05, momentum=0.9, **around))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("where", ["hidden", "output", "layer", "last layer"])
@pytest.mark.parametrize(
    "loss", [MSE, losses.BinaryCrossentropy(), losses.CategoricalCrossentropy()], ids=repr
)
def test_activity_penalties_follow_the_reference_wherever_they_stand(loss, where, dtype):
    regularizer = L1L2(0.03, 0.05)
    suits = loss.row.suits
    stack = [Dense(6, "gelu", activity_regularizer=regularizer if where == "hidden" else None)]
    if where == "layer":
        stack.append(ActivityRegularization(0.03, 0.05))
    stack.append(Dense(3, suits, activity_regularizer=regularizer if where == "output" else None))
    if where == "last layer":
        if loss is not MSE:
            return
        stack.append(ActivityRegularization(0.03, 0.05))
    network = Network.sequential(5, stack)
    inputs, _, sample_weight = data()
    check(network, dtype, loss=loss, rows=(inputs, targets_for(loss, 20, 3), sample_weight))


@pytest.mark.parametrize("rows", [1, 2, 15, 16, 17, 33, 65])
@pytest.mark.parametrize("regularizer", REGULARIZERS[2:], ids=repr)
def test_sizes_around_vector_widths_follow_the_reference(regularizer, rows):
    network = network_of(regularizer, MaxNorm(0.5), L1(0.01), units=rows, inputs=rows + 1)
    check(network, "float64", rows=data(inputs=rows + 1))


def no_half(patch):
    patch.setattr(L2, "factors", property(lambda self: (0.0, self.l2 / 2)))


def sign_of_zero(patch):
    right = penalties.gradient
    patch.setattr(penalties, "gradient", lambda r, w, *how: right(r, w + (w == 0) * 1e-300, *how))


def not_divided_by_the_batch(patch):
    right = penalties.gradient_of_values
    patch.setattr(
        penalties,
        "gradient_of_values",
        lambda layer, output, how: (
            None if (slope := right(layer, output, how)) is None else slope * len(output)
        ),
    )


def not_normalised(patch):
    patch.setattr(penalties, "_normal", lambda lines: (lines, np.ones((len(lines), 1))))


def before_the_step(patch):
    right, project = training._step, projections.project_all

    def step(optimizer, network, weights, *rest):
        project(network, weights)
        right(optimizer, network, weights, *rest)

    patch.setattr(training, "_step", step)
    patch.setattr(projections, "project_all", lambda *_: None)


def other_axis(patch):
    patch.setattr(MaxNorm, "norms", property(lambda self: (0.0, self.max_value, 1.0, 1)))


WRONG = [
    (network_of(L2(0.03)), no_half),
    (network_of(L1(0.02)), sign_of_zero),
    (network_of(activity=L2(0.03)), not_divided_by_the_batch),
    (network_of(OrthogonalRegularizer(2.0)), not_normalised),
    (network_of(None, MaxNorm(0.8)), before_the_step),
    (network_of(None, MaxNorm(0.8)), other_axis),
]


@pytest.mark.parametrize(("network", "wrong"), WRONG, ids=lambda one: getattr(one, "__name__", ""))
def test_the_nearest_wrong_rule_is_caught(network, wrong, monkeypatch):
    weights = random_weights(network, 3)
    weights[0][0] = 0.0  # of an input that is 0 too: nothing but a penalty moves these
    rows = data()
    rows[0][:, 0] = 0.0
    # With momentum, for without it a weight that is thrown off 0 is thrown back by the next step.
    optimizer = SGD(0.05, momentum=0.9)
    due, bounds = check(network, "float32", optimizer=optimizer, rows=rows, weights=weights)
    wrong(monkeypatch)
    other, _ = reference_of(network, optimizer=optimizer, rows=rows, weights=weights)()
    off = [abs(a - b).max() > 4 * bound for a, b, bound in zip(other, due, bounds, strict=True)]
    assert any(off)


def test_evaluation_and_validation_hold_every_penalty():
    network = Network.sequential(
        5,
        [
            Dense(9, "tanh", kernel_regularizer="orthogonal", activity_regularizer=L1(0.1)),
            Dense(2, bias_regularizer=L2(0.1), activity_regularizer=L1L2(0.1, 0.2)),
        ],
    )
    weights = random_weights(network, 3)
    inputs, targets, sample_weight = data(700)
    trainer = engine.Trainer(
        network, loss=MSE, optimizer=SGD(0.01), weights=weights, dtype="float64"
    )
    for weight in (None, sample_weight):
        due = batch_loss(network, weights, inputs, targets, MSE, weight)
        found = trainer.evaluate(inputs, targets, weight)["loss"]
        assert abs(found - due) <= tolerances.score(due, 700)
    run = trainer.fit(
        inputs[:20], targets[:20], batch_size=7, shuffle=False, validation=(inputs, targets)
    )
    due = batch_loss(network, trainer.get_weights(), inputs, targets, MSE)
    assert abs(run.history["val_loss"][0] - due) <= tolerances.score(due, 700)


def test_a_single_line_has_no_pairs_and_no_penalty():
    columns = OrthogonalRegularizer(5.0, mode="columns")
    inputs, targets, _ = data(outputs=1)
    runs = []
    for regularizer in (None, columns):
        trainer = engine.Trainer(
            Network.sequential(5, [Dense(1, kernel_regularizer=regularizer)]),
            loss=MSE,
            optimizer=SGD(0.05),
            dtype="float64",
        )
        history = trainer.fit(inputs, targets, epochs=3).history["loss"]
        runs.append((history, [w.tobytes() for w in trainer.get_weights()]))
    assert runs[0] == runs[1]
