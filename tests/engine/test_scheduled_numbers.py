"""Every number of a training that may be a schedule: losses, limits, penalties, running means."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest
import tolerances
from agreement import check_trajectory, trainer_for
from optimizer_cases import EACH
from reference import schedules
from reference.examples import example, rate_for
from reference.training import train_example

from hiddenlogic import engine, losses, optimizers
from hiddenlogic.errors import RangeError, StateError
from hiddenlogic.layers import ActivityRegularization, Dense
from hiddenlogic.losses import BinaryCrossentropy, Huber, MeanSquaredError
from hiddenlogic.network import Network
from hiddenlogic.optimizers import LBFGS, SGD, Adam
from hiddenlogic.regularizers import L1L2, OrthogonalRegularizer
from hiddenlogic.schedules import ExponentialDecay, FlatCosine, PiecewiseConstantDecay

LOSSES = [(row.name, one) for row in losses.ROWS for one in row.parameters]
OF_ALL = {
    "clipnorm": FlatCosine(0.2, 20, 0.2),
    "clipvalue": FlatCosine(0.05, 20, 0.2),
    "global_clipnorm": ExponentialDecay(0.3, 4, 0.5),
    "weight_decay": FlatCosine(0.1, 20, 0.2),
    "ema_momentum": ExponentialDecay(0.9, 4, 0.5),
}


def changing(parameter):
    """Return a schedule from near a parameter's default to near its lowest value, in 15 steps."""
    return PiecewiseConstantDecay(
        [3, 7, 11], [0.3 + parameter.default / 4 + step / 10 for step in range(4)]
    )


def held(thing, step=0):
    return schedules.settled(thing, step)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(("name", "parameter"), LOSSES, ids=lambda one: getattr(one, "name", one))
def test_each_number_of_each_loss_follows_its_schedule(name, parameter, dtype):
    loss = losses.get(name, **{parameter.name: changing(parameter)})
    case = example("tanh", loss)
    check_trajectory(case, SGD(rate_for(loss)), dtype, batch_size=5)


@pytest.mark.parametrize(("name", "parameter"), LOSSES, ids=lambda one: getattr(one, "name", one))
def test_a_loss_that_stayed_at_its_first_value_would_be_seen(name, parameter):
    # without class balancing, a focal loss does not look at alpha
    flags = dict.fromkeys(losses.ROWS.find(name, "").flags, True)
    loss = losses.get(name, **{parameter.name: changing(parameter)}, **flags)
    case = example("tanh", loss)
    optimizer = SGD(rate_for(loss))
    assert differ(case, optimizer, replace(case, loss=held(loss)), optimizer)


def trained(case, optimizer):
    """Return the engine's weights."""
    trainer = trainer_for(case, optimizer, "float64")
    trainer.fit(
        case.inputs,
        case.targets,
        sample_weight=case.sample_weight,
        epochs=3,
        batch_size=5,
        shuffle=False,
    )
    return trainer.get_weights()


def differ(case, optimizer, other_case, other_optimizer):
    """Return whether two trainings end further from each other than rounding lets them."""

    reference = functools.partial(
        train_example,
        case,
        optimizer,
        epochs=3,
        batch_size=5,
        sample_weight=case.sample_weight,
    )

    bounds, _ = tolerances.drift(reference, case.network, "float64")
    pairs = zip(trained(case, optimizer), trained(other_case, other_optimizer), bounds, strict=True)
    return any((abs(one - other) > 2 * bound).any() for one, other, bound in pairs)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", OF_ALL)
@pytest.mark.parametrize("optimizer", EACH, ids=lambda one: one.name)
def test_what_all_optimizers_have_follows_its_schedule(optimizer, name, dtype):
    more = {"use_ema": True} if name == "ema_momentum" else {}
    optimizer = replace(optimizer, **{name: OF_ALL[name]}, **more)
    case = example("tanh", MeanSquaredError())
    check_trajectory(case, optimizer, dtype, batch_size=5)
    assert differ(case, optimizer, case, held(optimizer))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize(
    "optimizer", [one for one in EACH if hasattr(one, "epsilon")], ids=lambda one: one.name
)
def test_epsilon_follows_its_schedule(optimizer, dtype):
    optimizer = replace(optimizer, epsilon=ExponentialDecay(0.1, 5, 0.5))
    case = example("tanh", MeanSquaredError())
    check_trajectory(case, optimizer, dtype, batch_size=5)
    assert differ(case, optimizer, case, held(optimizer))


def test_steps_are_updates_where_batches_are_accumulated():
    optimizer = Adam(FlatCosine(0.05, 8, 0.2), gradient_accumulation_steps=2)
    loss = Huber(ExponentialDecay(2.0, 3, 0.5))
    case = example("tanh", loss)
    layers = penalised(ExponentialDecay(0.1, 3, 0.5))
    network = Network.sequential(case.network.n_inputs, layers)
    case = replace(case, network=network, weights=reference_weights(network))
    check_trajectory(case, optimizer, "float64", batch_size=5)


def penalised(fading):
    return [
        Dense(9, "tanh", kernel_regularizer=L1L2(fading, fading)),
        ActivityRegularization(fading, fading),
        Dense(8, kernel_regularizer=OrthogonalRegularizer(fading)),
        Dense(3, activity_regularizer=L1L2(l2=fading)),
    ]


def reference_weights(network):
    random = np.random.default_rng(0)
    return [
        random.normal(0, 0.5, one.shape).astype(np.float32).astype(np.float64)
        for one in network.parameters
    ]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_penalties_follow_their_schedules(dtype):
    case = example("tanh", MeanSquaredError())
    fading, first = (
        replace(case, network=network, weights=reference_weights(network))
        for network in (
            Network.sequential(case.network.n_inputs, penalised(factor))
            for factor in (ExponentialDecay(0.1, 4, 0.5), 0.1)
        )
    )
    check_trajectory(fading, SGD(0.02), dtype, batch_size=5)
    assert differ(fading, SGD(0.02), first, SGD(0.02))


def test_held_out_rows_are_measured_with_the_first_values():
    loss = BinaryCrossentropy(label_smoothing=FlatCosine(0.3, 10, 0.1))
    case = example("tanh", loss)
    network = Network.sequential(
        case.network.n_inputs,
        [Dense(4, "tanh", kernel_regularizer=L1L2(FlatCosine(0.1, 10, 0.1))), Dense(3, "sigmoid")],
    )
    trainer = engine.Trainer(network, loss=loss, optimizer=Adam(0.1), dtype="float64", seed=0)
    run = trainer.fit(
        case.inputs, case.targets, epochs=4, batch_size=5, validation=(case.inputs, case.targets)
    )
    steady = engine.Trainer(
        schedules.settled_network(network, 0),
        loss=held(loss),
        optimizer=Adam(0.1),
        dtype="float64",
        weights=trainer.get_weights(),
    )
    due = steady.evaluate(case.inputs, case.targets)["loss"]
    assert trainer.evaluate(case.inputs, case.targets)["loss"] == due
    assert run.history["val_loss"][-1] == due


@pytest.mark.parametrize("instruction_set", engine.available_isas())
@pytest.mark.parametrize("threads", [1, 2, 3, 7])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_bits_are_the_same_on_any_threads_and_instruction_set(threads, instruction_set, dtype):
    fading = FlatCosine(0.1)
    network = Network.sequential(5, penalised(fading))
    case = example("tanh", Huber(FlatCosine(1.0, 99)), n=70)

    def bits(threads, instruction_set):
        trainer = engine.Trainer(
            network,
            loss=case.loss,
            optimizer=Adam(
                0.01, epsilon=ExponentialDecay(0.1, 5, 0.5), clipnorm=FlatCosine(1.0, 99)
            ),
            dtype=dtype,
            n_threads=threads,
            adaptive_threads=False,
            instruction_set=instruction_set,
        )
        trainer.fit(case.inputs, case.targets, epochs=3, batch_size=33)
        return b"".join(one.tobytes() for one in trainer.get_weights())

    assert bits(threads, instruction_set) == bits(1, engine.available_isas()[0])


@pytest.mark.parametrize(
    "thing",
    [
        BinaryCrossentropy(label_smoothing=FlatCosine(0.1)),
        Adam(epsilon=FlatCosine(0.1), clipvalue=ExponentialDecay(1.0, 3, 0.5)),
        L1L2(FlatCosine(0.1), 0.2),
    ],
    ids=lambda one: type(one).__name__,
)
def test_settings_with_schedules_make_an_equal_one_again(thing):
    config = thing.get_config()
    config.pop("name", None)
    assert type(thing)(**config) == thing


def test_a_value_out_of_range_at_some_step_is_refused():
    with pytest.raises(RangeError) as caught:
        BinaryCrossentropy(label_smoothing=ExponentialDecay(1.5, 3, 0.5))
    assert str(caught.value) == (
        "`label_smoothing` of BinaryCrossentropy must be a number of at least 0 and at most 1 "
        "at every step; ExponentialDecay(initial_learning_rate=1.5, decay_steps=3.0, "
        "decay_rate=0.5, staircase=False) goes from 0 to 1.5."
    )


def test_numbers_that_are_not_of_a_step_stay_numbers():
    with pytest.raises(RangeError):
        optimizers.Adagrad(initial_accumulator_value=FlatCosine(0.1))


@pytest.mark.parametrize("where", ["loss", "penalty"])
def test_lbfgs_refuses_what_changes_the_loss_from_step_to_step(where):
    fading = FlatCosine(0.1)
    loss = Huber(fading) if where == "loss" else MeanSquaredError()
    layer = Dense(1, kernel_regularizer=L1L2(fading) if where == "penalty" else None)
    with pytest.raises(StateError, match="LBFGS compares the loss at different weights"):
        engine.Trainer(Network.sequential(2, [layer]), loss=loss, optimizer=LBFGS())
