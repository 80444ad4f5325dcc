"""L-BFGS: to the bottom of the valley, by the steps that the book says."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import tolerances
from populations import bits
from reference.examples import example, random_weights
from reference.network import batch_loss, gradients
from scipy.optimize import minimize

from hiddenlogic import engine, losses
from hiddenlogic.constraints import NonNeg
from hiddenlogic.engine import Dataset, EarlyStop, Member, train_many
from hiddenlogic.engine.optimizing import RANDOM
from hiddenlogic.errors import RangeError, StateError
from hiddenlogic.layers import BatchNormalization, Dense
from hiddenlogic.network import Network
from hiddenlogic.optimizers import LBFGS
from hiddenlogic.regularizers import L2

CASE = example("tanh", losses.MeanSquaredError())
EXACT = {"tolerance_grad": 0.0, "tolerance_change": 0.0}


def trainer_of(case=CASE, optimizer=None, dtype="float64", **how):
    return engine.Trainer(
        case.network,
        loss=case.loss,
        optimizer=optimizer or LBFGS(**EXACT),
        weights=[w.astype(dtype) for w in case.weights],
        dtype=dtype,
        adaptive_threads=False,
        **how,
    )


def flat(arrays):
    return np.concatenate([a.ravel() for a in arrays])


def value_and_gradient(weights, case=CASE):
    arguments = (case.network, weights, case.inputs, case.targets, case.loss, case.sample_weight)
    return batch_loss(*arguments), flat(gradients(*arguments))


def iterations(optimizer, epochs):
    """Return the weights before the first iteration and after each."""
    trainer = trainer_of(optimizer=optimizer)
    seen = [trainer.get_weights()]
    trainer.fit(
        CASE.inputs,
        CASE.targets,
        sample_weight=CASE.sample_weight,
        epochs=epochs,
        on_epoch=lambda *_: seen.append(trainer.get_weights()),
    )
    return seen


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_line_is_found_to_the_precision_of_the_dtype(dtype):
    random = np.random.default_rng(0)
    x = random.normal(size=(60, 5)).astype(dtype)
    y = (np.sin(x[:, :1]) + 0.3 * x[:, 1:2] ** 2).astype(dtype)
    trainer = engine.Trainer(
        Network.sequential(5, [Dense(1)]),
        loss=losses.get("mse"),
        optimizer=LBFGS(**EXACT),
        dtype=dtype,
    )
    run = trainer.fit(x, y, epochs=200)
    design = np.column_stack([x, np.ones(60)]).astype(np.float64)
    due = np.linalg.lstsq(design, y.astype(np.float64)[:, 0], rcond=None)[0]
    # Where the gradient of 60 rows is rounding, the weights are off by what the curvature makes
    # of it: the condition of the normal equations times n * u.
    bound = 60 * tolerances.UNIT[dtype] * np.linalg.cond(design) ** 2 * abs(due).max()
    assert run.status == "converged"
    assert abs(flat(trainer.get_weights()) - due).max() <= bound


def test_a_small_network_reaches_the_optimum_that_scipy_finds():
    # Penalties on all kernels, or the weights of the last layer might grow for ever.
    penalty = {"kernel_regularizer": L2(0.01)}
    network = Network.sequential(5, [Dense(3, "tanh", **penalty), Dense(3, **penalty)])
    case = replace(CASE, network=network, weights=random_weights(network))
    shapes = [w.shape for w in case.weights]
    ends = np.cumsum([w.size for w in case.weights])[:-1]

    def function(values):
        parts = np.split(values, ends)
        return value_and_gradient([p.reshape(s) for p, s in zip(parts, shapes, strict=True)], case)

    settings = {"maxiter": 20000, "maxfun": 40000, "ftol": 0.0, "gtol": 1e-12}
    due = minimize(function, flat(case.weights), jac=True, method="L-BFGS-B", options=settings)
    trainer = trainer_of(case, LBFGS(tolerance_grad=1e-12, tolerance_change=0.0))
    run = trainer.fit(case.inputs, case.targets, sample_weight=case.sample_weight, epochs=20000)
    assert run.status == "converged"
    assert abs(value_and_gradient(trainer.get_weights(), case)[1]).max() <= 1e-10
    assert abs(run.history["loss"][-1] - due.fun) <= tolerances.score(due.fun, len(case.inputs))


def test_every_step_fulfils_the_strong_wolfe_conditions():
    seen = iterations(LBFGS(**EXACT), 40)
    assert len(seen) == 41
    for before, after in pairwise(seen):
        step = flat(after) - flat(before)
        (value, slope), (next_value, next_slope) = (value_and_gradient(w) for w in (before, after))
        assert next_value <= value + 1e-4 * slope @ step
        assert abs(next_slope @ step) <= 0.9 * abs(slope @ step)


def direction(seen, history, scaled=True):
    """Return -H g by the matrix formula (7.16), from the last `history` pairs."""
    points = [flat(w) for w in seen]
    slopes = [value_and_gradient(w)[1] for w in seen]
    pairs = [
        (b - a, d - c) for (a, b), (c, d) in zip(pairwise(points), pairwise(slopes), strict=True)
    ][-history:]
    s, y = pairs[-1]
    h = np.eye(len(s)) * (s @ y / (y @ y) if scaled else 1.0)
    for s, y in pairs:
        rho = 1 / (y @ s)
        v = np.eye(len(s)) - rho * np.outer(y, s)
        h = v.T @ h @ v + rho * np.outer(s, s)
    return -h @ slopes[-1]


def angle(a, b):
    """Return the sine of the angle between two directions."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    return np.linalg.norm(a - (a @ b) * b)


@pytest.mark.parametrize("history", [1, 3, 10])
def test_directions_are_those_of_the_last_pairs(history):
    seen = iterations(LBFGS(history_size=history, **EXACT), 15)
    for k in range(2, 15):
        step = flat(seen[k + 1]) - flat(seen[k])
        # Weights are rounded to 2**-52 of themselves: so is the direction of their difference, and
        # the pairs' are, which the recursion carries on.
        rounding = tolerances.UNIT["float64"] * abs(flat(seen[k])).max() / abs(step).max()
        bound = 1e4 * len(step) * rounding
        assert angle(step, direction(seen[: k + 1], history)) <= bound
        if k > history + 1:
            assert angle(step, direction(seen[: k + 1], history + 1)) > bound
        if history > 1:
            assert angle(step, direction(seen[: k + 1], history, scaled=False)) > bound


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_same_bits_on_any_threads_and_instruction_set(dtype):
    case = example("tanh", losses.MeanSquaredError(), n=300, hidden=33)
    found = set()
    for instruction_set in engine.available_isas():
        for threads in (1, 2, 3, 7):
            trainer = trainer_of(
                case, LBFGS(), dtype, n_threads=threads, instruction_set=instruction_set
            )
            run = trainer.fit(case.inputs, case.targets, epochs=20)
            found.add((bits(trainer.get_weights()), tuple(run.history["loss"])))
    assert len(found) == 1


def test_training_in_two_parts_equals_training_at_once():
    once, twice = trainer_of(), trainer_of()
    once.fit(CASE.inputs, CASE.targets, epochs=12)
    for epochs in (5, 7):
        twice.fit(CASE.inputs, CASE.targets, epochs=epochs)
    assert bits(once.get_weights()) == bits(twice.get_weights())


def test_a_member_of_a_population_equals_one_alone():
    data = Dataset(CASE.inputs, CASE.targets, dtype="float64")
    members = [
        Member(CASE.network, data, loss=CASE.loss, optimizer=LBFGS(), weights=CASE.weights)
        for _ in range(3)
    ]
    for epochs in (4, 6):
        train_many(members, epochs=epochs, n_threads=2)
    alone = trainer_of(optimizer=LBFGS(), n_threads=1)
    alone.fit(CASE.inputs, CASE.targets, epochs=10)
    assert {bits(member.get_weights()) for member in members} == {bits(alone.get_weights())}


def test_recorded_losses_and_metrics_are_those_of_the_weights_reached():
    trainer = trainer_of(optimizer=LBFGS())
    run = trainer.fit(CASE.inputs, CASE.targets, epochs=9, validation=(CASE.inputs, CASE.targets))
    assert run.steps == run.epochs == 9
    for loss, held_out in zip(run.history["loss"], run.history["val_loss"], strict=True):
        assert abs(loss - held_out) <= tolerances.score(loss, len(CASE.inputs))


def test_stopping_within_an_iteration_leaves_the_weights_before_it():
    trainer = trainer_of(optimizer=LBFGS())
    looks = []
    run = trainer.fit(CASE.inputs, CASE.targets, epochs=50, seconds=0.0)
    assert (run.status, run.epochs) == ("out_of_time", 0)
    assert bits(trainer.get_weights()) == bits(CASE.weights)
    trainer.fit(CASE.inputs, CASE.targets, epochs=50, on_epoch=lambda e, _: looks.append(e))
    again = trainer_of(optimizer=LBFGS())
    again.fit(CASE.inputs, CASE.targets, epochs=50)
    assert bits(trainer.get_weights()) == bits(again.get_weights())


def test_weights_set_between_epochs_are_where_it_goes_on():
    trainer, other = trainer_of(optimizer=LBFGS()), trainer_of(optimizer=LBFGS())

    def back(epoch, _):
        if epoch == 3:
            trainer.set_weights(CASE.weights)

    trainer.fit(CASE.inputs, CASE.targets, epochs=4, on_epoch=back)
    assert bits(trainer.get_weights()) == bits(CASE.weights)
    run = trainer.fit(CASE.inputs, CASE.targets, epochs=3)
    first = other.fit(CASE.inputs, CASE.targets, epochs=1)
    assert run.history["loss"][0] <= first.history["loss"][0] * 10
    assert run.history["loss"] == sorted(run.history["loss"], reverse=True)


def test_early_stopping_keeps_the_best_weights():
    rows, held_out = slice(0, 15), slice(15, None)
    trainer = trainer_of(optimizer=LBFGS())
    run = trainer.fit(
        CASE.inputs[rows],
        CASE.targets[rows],
        epochs=300,
        validation=(CASE.inputs[held_out], CASE.targets[held_out]),
        early_stop=EarlyStop(patience=5),
    )
    assert run.status in ("stopped_early", "converged")
    best = trainer.evaluate(CASE.inputs[held_out], CASE.targets[held_out])["loss"]
    assert best == min(run.history["val_loss"])


def test_a_start_that_is_no_number_diverges():
    case = example("linear", losses.MeanSquaredError())
    trainer = trainer_of(case, LBFGS(), "float32")
    with pytest.raises(ArithmeticError, match="Training diverged in epoch 1, step 1"):
        trainer.fit(case.inputs, case.targets * 1e37, epochs=3)


@pytest.mark.parametrize("layer", RANDOM)
def test_a_layer_of_random_values_is_refused(layer):
    network = Network.sequential(2, [layer(0.1), Dense(1)])
    with pytest.raises(StateError) as caught:
        engine.Trainer(network, loss=losses.get("mse"), optimizer=LBFGS())
    assert str(caught.value) == (
        f"LBFGS compares the loss at different weights, which layer 1 ({layer.__name__}) makes "
        "random. Leave that layer out, or use another optimizer."
    )


def test_a_constraint_is_refused():
    network = Network.sequential(2, [Dense(1, kernel_constraint=NonNeg())])
    with pytest.raises(StateError) as caught:
        engine.Trainer(network, loss=losses.get("mse"), optimizer=LBFGS())
    assert str(caught.value) == (
        f"LBFGS takes no constraints; the kernel of layer 1 (Dense) has {NonNeg()!r}. "
        "Leave it out, or use another optimizer."
    )


def test_moving_statistics_move_once_an_iteration_and_no_step_goes_along_them():
    network = Network.sequential(5, [Dense(4, "tanh"), BatchNormalization(momentum=0.5), Dense(1)])
    weights = random_weights(network)
    for spec, w in zip(network.parameters, weights, strict=True):
        if spec.name == "moving_variance":
            w[...] = 1.0
    trainer = engine.Trainer(
        network, loss=losses.get("mse"), optimizer=LBFGS(), weights=weights, dtype="float64"
    )
    names = [spec.name for spec in network.parameters]
    mean = names.index("moving_mean")
    trainer.fit(CASE.inputs, CASE.targets[:, :1], epochs=1)
    found = trainer.get_weights()
    kernel, bias = found[names.index("kernel")], found[names.index("bias")]
    due = 0.5 * np.tanh(CASE.inputs @ kernel + bias).mean(axis=0)
    due = due + 0.5 * weights[mean]
    assert abs(found[mean] - due).max() <= tolerances.score(1.0, len(CASE.inputs))
    run = trainer.fit(CASE.inputs, CASE.targets[:, :1], epochs=60)
    assert run.history["loss"] == sorted(run.history["loss"], reverse=True)


def test_a_batch_of_some_rows_is_refused():
    with pytest.raises(RangeError) as caught:
        trainer_of().fit(CASE.inputs, CASE.targets, batch_size=8)
    assert str(caught.value) == (
        "`batch_size` must be left out with LBFGS, which takes all 23 rows together; got 8."
    )
