"""Keras itself, from equal weights: every optimizer and loss that both have goes the same way.

In float32, for Keras over PyTorch multiplies matrices in float32 even where all is float64.
docs/numerics.md says where the two differ, and why.
"""

from __future__ import annotations

import functools

import numpy as np
import pytest
import rounding
from reference.examples import VARIANTS, Example, example, random_weights, variant_name
from reference.training import train_example

from hiddenlogic import engine, losses, optimizers, schedules
from hiddenlogic.constraints import Constraint, MaxNorm, MinMaxNorm, NonNeg, UnitNorm
from hiddenlogic.layers import ActivityRegularization, Dense
from hiddenlogic.network import Network
from hiddenlogic.regularizers import L1, L1L2, OrthogonalRegularizer

keras = pytest.importorskip("keras", reason="needs Keras and PyTorch: make interop")

# NumPy's of the way in which Keras reads PyTorch's tensors.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

EPOCHS, BATCH, ROWS = 10, 8, 22
# Keras keeps a learning rate in float32, which holds this one exactly.
RATE = 2.0**-7

SETTINGS: dict[str, list[dict[str, object]]] = {
    "sgd": [{}, {"momentum": 0.9}, {"momentum": 0.9, "nesterov": True}],
    "adam": [
        {},
        {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3},
        {"beta_2": 0.5, "amsgrad": True},
    ],
    "adamw": [{"weight_decay": 0.1}],
    "rmsprop": [
        {"epsilon": 1e-3},
        {"rho": 0.5, "momentum": 0.5, "epsilon": 1e-3},
        {"rho": 0.5, "momentum": 0.5, "epsilon": 1e-3, "centered": True},
    ],
    "adagrad": [{}, {"initial_accumulator_value": 0.5, "epsilon": 1e-3}],
    "adadelta": [{}, {"rho": 0.5, "epsilon": 1e-3}],
    "adamax": [{}, {"beta_1": 0.5, "beta_2": 0.5, "epsilon": 1e-3}],
    "nadam": [{}, {"beta_1": 0.5, "beta_2": 0.9, "epsilon": 1e-3}],
    "lion": [{}, {"beta_1": 0.5, "beta_2": 0.7}],
}

OPTIMIZERS = [
    optimizers.get(row.name, learning_rate=RATE, **settings)
    for row in optimizers.ROWS
    if row.keras
    for settings in SETTINGS.get(row.name, [{}])
]
# What every optimizer takes; small enough that each gradient is cut.
COMMON = [
    {"weight_decay": 0.1},
    {"clipnorm": 0.05},
    {"clipvalue": 0.01},
    {"global_clipnorm": 0.1},
    {"use_ema": True, "ema_momentum": 0.75},
    {"use_ema": True, "ema_momentum": 0.75, "ema_overwrite_frequency": 4},
    {"gradient_accumulation_steps": 2},
    {
        "gradient_accumulation_steps": 2,
        "use_ema": True,
        "ema_overwrite_frequency": 3,
        "global_clipnorm": 0.1,
        "weight_decay": 0.1,
    },
]


def keras_function(function):
    """Return an activation as Keras has it."""
    plain = getattr(keras.activations, function.row.keras)
    numbers = {
        name: value for name, value in function.named_parameters.items() if np.isfinite(value)
    }
    return lambda z: plain(z, **numbers)


RULES = [
    "kernel_regularizer",
    "bias_regularizer",
    "activity_regularizer",
    "kernel_constraint",
    "bias_constraint",
]


def keras_rule(rule):
    """Return a regularizer or a constraint as Keras has it."""
    if rule is None:
        return None
    home = keras.constraints if isinstance(rule, Constraint) else keras.regularizers
    config = rule.get_config()
    del config["name"]
    return getattr(home, rule.row.keras)(**config)


def keras_layer(layer):
    """Return a layer of ours as Keras has it, without its weights."""
    if isinstance(layer, Dense):
        return keras.layers.Dense(
            layer.units,
            activation=keras_function(layer.function),
            use_bias=layer.use_bias,
            **{name: keras_rule(getattr(layer, name)) for name in RULES},
        )
    if isinstance(layer, ActivityRegularization):
        return keras.layers.ActivityRegularization(layer.l1, layer.l2)
    return keras.layers.Activation(keras_function(layer.function))


def by_keras(case, optimizer, loss):
    """Train Keras's network from the example's weights; return weights and losses."""
    model = keras.Sequential(
        [
            keras.layers.Input((case.network.n_inputs,)),
            *(keras_layer(node.layer) for node in case.network.nodes[1:]),
        ]
    )
    model.set_weights(case.weights)
    model.compile(optimizer=optimizer, loss=loss)
    history = model.fit(
        case.inputs,
        case.targets,
        sample_weight=case.sample_weight,
        epochs=EPOCHS,
        batch_size=BATCH,
        shuffle=False,
        verbose=0,
    )
    weights = [keras.ops.convert_to_numpy(w) for w in model.weights]
    return weights, history.history["loss"]


def check(case, optimizer, keras_optimizer=None):
    """Assert that Keras and the engine go where the reference goes."""

    reference = functools.partial(
        train_example,
        case,
        optimizer,
        epochs=EPOCHS,
        batch_size=BATCH,
        sample_weight=case.sample_weight,
    )

    due, history, bounds, history_bounds = rounding.bounds(reference, "float32")
    trainer = engine.Trainer(
        case.network,
        loss=case.loss,
        optimizer=optimizer,
        weights=[w.astype(np.float32) for w in case.weights],
    )
    run = trainer.fit(
        case.inputs.astype(np.float32),
        case.targets.astype(np.float32),
        sample_weight=case.sample_weight.astype(np.float32),
        epochs=EPOCHS,
        batch_size=BATCH,
        shuffle=False,
    )
    by = by_keras(case, keras_optimizer or keras_form(optimizer), keras_loss(case.loss))
    if case.loss.reduction != "sum_over_batch_size":
        by = by[0], history  # Keras takes the mean over batches, whatever their rows weigh
    for weights, losses_of_epochs in ((trainer.get_weights(), run.history["loss"]), by):
        for found, wanted, bound in zip(weights, due, bounds, strict=True):
            assert abs(found - wanted).max() <= bound
        assert (abs(np.subtract(losses_of_epochs, history)) <= history_bounds).all()


def keras_loss(loss):
    """Return a loss as Keras has it, whose sparse cross-entropy is not smoothed."""
    config = loss.get_config()
    if loss.row.is_sparse:
        assert config.pop("label_smoothing") == 0
    return getattr(keras.losses, loss.row.keras)(**config)


def keras_form(one):
    """Return an optimizer or a schedule as Keras has it, made of the same settings."""
    home = keras.optimizers
    if isinstance(one, schedules.Schedule):
        home = keras.optimizers.schedules
    config = {k: v for k, v in one.get_config().items() if k != "groups"}  # ours alone
    if isinstance(one, optimizers.Optimizer) and isinstance(one.learning_rate, schedules.Schedule):
        config["learning_rate"] = keras_form(one.learning_rate)
    return getattr(home, one.row.keras)(**config)


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=repr)
def test_every_optimizer_goes_where_keras_goes(optimizer):
    check(example("tanh", losses.MeanSquaredError(), n=ROWS), optimizer)


@pytest.mark.parametrize("settings", COMMON, ids=repr)
@pytest.mark.parametrize("name", ["sgd", "adam"])
def test_what_all_optimizers_take_goes_where_keras_goes(name, settings):
    optimizer = optimizers.get(name, learning_rate=RATE, **settings)
    check(example("tanh", losses.MeanSquaredError(), n=ROWS), optimizer)


@pytest.mark.parametrize("loss", [row.name for row in losses.ROWS if row.keras])
def test_every_loss_goes_where_keras_goes(loss):
    check(example("tanh", losses.get(loss), n=ROWS), optimizers.SGD(RATE))


SHARED = [
    (loss, output)
    for loss, output in VARIANTS
    if loss.row.keras and not (loss.row.is_sparse and loss.label_smoothing)
]


@pytest.mark.parametrize("variant", SHARED, ids=variant_name)
def test_every_setting_and_output_of_a_loss_goes_where_keras_goes(variant):
    loss, output = variant
    check(example("tanh", loss, n=ROWS, output=output), optimizers.SGD(RATE))


@pytest.mark.parametrize("reduction", ["mean_with_sample_weight", "sum"])
def test_every_reduction_goes_where_keras_goes(reduction):
    loss = losses.BinaryCrossentropy(reduction=reduction)
    check(example("tanh", loss, n=ROWS), optimizers.SGD(RATE / 8))


PENALISED = {
    "elementwise": {
        "kernel_regularizer": L1L2(0.01, 0.02),
        "bias_regularizer": L1(0.01),
        "activity_regularizer": L1L2(0.02, 0.03),
    },
    "rows": {"kernel_regularizer": OrthogonalRegularizer(2.0)},
    "columns": {"kernel_regularizer": OrthogonalRegularizer(2.0, mode="columns")},
    "norms of units": {"kernel_constraint": MaxNorm(0.8), "bias_constraint": UnitNorm()},
    "norms of inputs": {"kernel_constraint": MinMaxNorm(0.5, 0.7, rate=0.5, axis=1)},
    "signs": {"kernel_constraint": NonNeg(), "bias_constraint": NonNeg()},
}


@pytest.mark.parametrize("rules", PENALISED.values(), ids=PENALISED)
def test_every_penalty_and_constraint_goes_where_keras_goes(rules):
    plain = example("tanh", losses.MeanSquaredError(), n=ROWS)
    stack = [Dense(9, "tanh", **rules), ActivityRegularization(0.01, 0.02), Dense(3)]
    network = Network.sequential(plain.network.n_inputs, stack)
    case = Example(
        network,
        random_weights(network),
        plain.inputs,
        plain.targets,
        plain.sample_weight,
        plain.loss,
    )
    check(case, optimizers.SGD(RATE * 4))
