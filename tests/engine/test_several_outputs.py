"""Networks of several outputs: their losses add up, each with its weight, and are told apart."""

from __future__ import annotations

import numpy as np
import pytest
import rounding
import tolerances
from reference.examples import random_weights
from reference.training import train

from hiddenlogic import engine, layers, losses, metrics, optimizers
from hiddenlogic.engine import Goal
from hiddenlogic.errors import ShapeError
from hiddenlogic.network import Network, Node

MSE = losses.MeanSquaredError()
# The second output is read by a layer of the first one too.
NODES = (
    Node(layers.Input(4), ()),
    Node(layers.Dense(9, "tanh"), (0,)),
    Node(layers.Dense(2, "softplus"), (1,)),
    Node(layers.Dense(1), (2,)),
)
APART = Network(NODES, outputs=(3, 2))
TOGETHER = Network((*NODES, Node(layers.Concatenate(), (3, 2))))


def data(n=50):
    random = np.random.default_rng(0)
    inputs = random.normal(size=(n, 4)).astype(np.float32).astype(np.float64)
    return inputs, random.normal(size=(n, 3)).astype(np.float32).astype(np.float64)


def trained(goals, dtype, **how):
    inputs, targets = (one.astype(dtype) for one in data())
    trainer = engine.Trainer(
        APART,
        loss=goals,
        optimizer=optimizers.Adam(0.01),
        weights=[w.astype(dtype) for w in random_weights(APART, 3)],
        dtype=dtype,
        **how,
    )
    run = trainer.fit(
        inputs, targets, epochs=3, batch_size=16, shuffle=False, validation=(inputs, targets)
    )
    return trainer, run


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_two_outputs_train_as_one_that_holds_both(dtype):
    def reference(**how):
        inputs, targets = data()
        weights = random_weights(TOGETHER, 3)
        adam = {"loss": MSE, "optimizer": optimizers.Adam(0.01)}
        return train(TOGETHER, weights, inputs, targets, **adam, epochs=3, batch_size=16, **how)

    due, history, bounds, history_bounds = rounding.bounds(reference, dtype)
    # The mean over three units is a third of the first output's and two of the second's.
    trainer, run = trained([Goal(MSE, weight=1 / 3, name="a"), Goal(MSE, weight=2 / 3)], dtype)
    for found, wanted, bound in zip(trainer.get_weights(), due, bounds, strict=True):
        assert abs(found - wanted).max() <= bound
    assert (abs(np.subtract(run.history["loss"], history)) <= history_bounds).all()

    other, _ = trained([Goal(MSE, weight=2 / 3, name="a"), Goal(MSE, weight=1 / 3)], dtype)
    pairs = zip(other.get_weights(), due, bounds, strict=True)
    assert any(abs(found - wanted).max() > bound for found, wanted, bound in pairs)


def test_each_output_has_keys_of_its_own():
    mae = metrics.get("mae", MSE, 1)
    goals = [Goal(MSE, metrics=(mae,), name="price"), Goal(MSE, weight=0.5, name="size")]
    trainer, run = trained(goals, "float64")
    keys = ["loss", "price_loss", "size_loss", "price_mae"]
    assert list(run.history) == [*keys, *(f"val_{key}" for key in keys)]
    whole = np.array(run.history["price_loss"]) + 0.5 * np.array(run.history["size_loss"])
    assert (abs(run.history["loss"] - whole) <= tolerances.score(whole.max(), 2)).all()
    inputs, targets = data()
    outputs = trainer.predict(inputs)
    found = trainer.evaluate(inputs, targets)
    bound = tolerances.score(found["loss"], 2 * len(inputs))
    assert abs(found["price_mae"] - abs(outputs[:, 0] - targets[:, 0]).mean()) <= bound
    assert abs(found["size_loss"] - ((outputs[:, 1:] - targets[:, 1:]) ** 2).mean()) <= bound


def test_a_cross_entropy_at_an_end_is_exact_beside_another_output():
    nodes = (
        Node(layers.Input(4), ()),
        Node(layers.Dense(3, "softmax"), (0,)),
        Node(layers.Dense(1), (0,)),
    )
    network = Network(nodes, outputs=(2, 1))
    far = np.zeros((1, 4))
    weights = [np.zeros((4, 3)), np.array([800.0, 0.0, 0.0]), np.zeros((4, 1)), np.zeros(1)]
    trainer = engine.Trainer(
        network,
        loss=[Goal(MSE, name="a"), Goal(losses.SparseCategoricalCrossentropy(), name="b")],
        optimizer=optimizers.SGD(1e-9),
        weights=weights,
        dtype="float64",
    )
    # The target's class has the probability exp(-800), which is 0: only z knows how far off it is.
    assert trainer.evaluate(far, np.array([[0.0, 2.0]]))["b_loss"] == 800.0


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_several_outputs_have_the_same_bits_on_any_threads_and_instruction_set(dtype):
    goals = [Goal(MSE, name="a"), Goal(losses.MeanAbsoluteError(), weight=0.3, name="b")]
    results = set()
    for instruction_set in engine.available_isas():
        for threads in (1, 2, 3, 7):
            how = {"n_threads": threads, "instruction_set": instruction_set}
            trainer, run = trained(goals, dtype, adaptive_threads=False, **how)
            values = [*trainer.get_weights(), np.array([run.history["loss"]])]
            results.add(b"".join(one.tobytes() for one in values))
    assert len(results) == 1


def test_a_goal_for_each_output_is_asked_for():
    with pytest.raises(ShapeError) as caught:
        engine.Trainer(APART, loss=MSE, optimizer=optimizers.Adam())
    assert str(caught.value) == (
        "`loss` must hold a goal for each of the 2 outputs of the network; got 1."
    )
