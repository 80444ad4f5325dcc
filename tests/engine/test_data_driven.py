"""Weights that training rows finish: units that vary equally, and zeros among the rows."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from reference import initializers as reference
from reference import network as dense

from hiddenlogic import engine, losses, optimizers
from hiddenlogic.engine import Dataset, Member, Trainer, train_many
from hiddenlogic.engine.data_driven import finished_weights
from hiddenlogic.errors import ShapeError
from hiddenlogic.initializers import DataDriven, DataDrivenBias, HeNormal
from hiddenlogic.layers import Add, Dense, Dropout, Input, NTKDense, Scale
from hiddenlogic.network import Network, Node

DRIVEN = {"kernel_initializer": DataDriven(), "bias_initializer": DataDrivenBias()}
NETWORK = Network.sequential(
    4, [Dense(9, "tanh", **DRIVEN), Dropout(0.2), Dense(6, "relu", **DRIVEN), Dense(2, **DRIVEN)]
)
KERNELS = {1: 0, 3: 2, 4: 4}  # places of the kernels of the nodes
RANDOM = np.random.default_rng(0)
ROWS = RANDOM.normal(0, 3, (57, 4)) + 2
TARGETS = RANDOM.normal(size=(57, 2))
WEIGHT = RANDOM.integers(0, 4, 57).astype(float)


def finished(dtype="float64", rows=ROWS, weight=None, network=NETWORK, seed=5, threads=None):
    weight = None if weight is None else weight.astype(dtype)
    return finished_weights(network, seed, rows.astype(dtype), weight, dtype, threads)


def deviation_bound(network, weights, dtype):
    """Bound of a deviation's error: that of the pre-activations, and of a sum over the rows."""
    share = np.max(tolerances.prediction(network, weights, ROWS, dtype))
    # The kernel itself and the inputs are rounded to the dtype too.
    return 2 * share + 4 * len(ROWS) * tolerances.UNIT["float64"]


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["rows", "weighted rows"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_each_unit_varies_by_one_over_the_rows_at_its_depth(dtype, weight):
    weights = finished(dtype, weight=weight)
    for node in KERNELS:
        network, own = reference.up_to(NETWORK, weights, node)
        values = dense.predict(network, own, ROWS)
        bound = deviation_bound(network, own, dtype)
        assert (abs(reference.deviations(values, weight) - 1) <= bound).all()
        # by n - 1, or not weighted, or over the layer before
        n = len(ROWS)
        wrong = [reference.deviations(values, weight) * np.sqrt(n / (n - 1))]
        if weight is not None:
            wrong.append(reference.deviations(values))
        for other in wrong:
            assert (abs(other - 1) > bound).any()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_units_in_the_tangent_parametrisation_vary_by_one_too(dtype):
    layers = [NTKDense(9, "mish", **DRIVEN), NTKDense(3, **DRIVEN)]
    network = Network.sequential(4, layers)
    weights = finished(dtype, network=network)
    for node in (1, 2):
        depth, own = reference.up_to(network, weights, node)
        found = reference.deviations(dense.predict(depth, own, ROWS))
        assert (abs(found - 1) <= deviation_bound(depth, own, dtype)).all()


def test_only_the_proportions_of_a_unit_are_those_drawn():
    weights, before = finished(), engine.initial_weights(NETWORK, 5)
    for part in KERNELS.values():
        ratio = weights[part] / before[part]
        spread = ratio.max(axis=0) / ratio.min(axis=0) - 1
        assert (spread <= 4 * tolerances.UNIT["float64"]).all()
        assert (abs(ratio - 1).min(axis=0) > 0.01).any()
    drawn_otherwise = Network.sequential(
        4, [Dense(9, kernel_initializer=DataDriven(HeNormal()), bias_initializer="zeros")]
    )
    assert not np.allclose(finished(network=drawn_otherwise)[0], weights[0])


def test_layers_are_finished_one_after_the_other():
    # all at once, the second layer would be measured behind the first as it was drawn
    weights, drawn = finished(), engine.initial_weights(NETWORK, 5)
    network, own = reference.up_to(NETWORK, [*drawn[:2], *weights[2:]], 3)
    at_once = reference.deviations(dense.predict(network, own, ROWS))
    assert (abs(at_once - 1) > deviation_bound(network, own, "float64")).all()


@pytest.mark.parametrize("weight", [None, WEIGHT], ids=["rows", "weighted rows"])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_biases_put_the_zero_of_each_unit_among_the_rows(dtype, weight):
    weights = finished(dtype, weight=weight)
    counted = ROWS if weight is None else ROWS[weight > 0]
    share = None if weight is None else weight[weight > 0]
    for node, part in KERNELS.items():
        network, own = reference.up_to(NETWORK, weights, node)
        values = dense.predict(network, own, counted)
        due = reference.he_plus_bias(values, share, 5, 5, part + 1)
        size = abs(values).max()
        bound = deviation_bound(network, own, dtype) + 16 * tolerances.UNIT["float64"] * size
        found = weights[part + 1]
        assert (abs(found - due) <= bound).all()
        assert (-found >= values.min(axis=0) - bound).all()
        assert (-found <= values.max(axis=0) + bound).all()
        # the other sign, one row, rows shared by the units
        assert (abs(found + due) > bound).any()
        one = reference.he_plus_bias(values, share, 1, 5, part + 1)
        assert (abs(found - one) > bound).any()


def test_rows_of_no_weight_are_left_out_and_of_two_count_twice():
    counted = finished(weight=WEIGHT)
    assert same(counted, finished(rows=ROWS[WEIGHT > 0], weight=WEIGHT[WEIGHT > 0]))
    repeated = finished(rows=np.repeat(ROWS, WEIGHT.astype(int), axis=0))
    for a, b in zip(counted, repeated, strict=True):
        # sums of as many terms in another order
        assert abs(a - b).max() <= 64 * len(ROWS) * tolerances.UNIT["float64"] * abs(b).max()
    nothing = finished(weight=np.zeros(len(ROWS)))
    assert same(nothing, engine.initial_weights(NETWORK, 5))


def test_a_unit_that_is_the_same_for_all_rows_keeps_what_was_drawn():
    drawn = engine.initial_weights(NETWORK, 5)
    for rows in (np.full((30, 4), 0.1), ROWS[:1], np.zeros((5, 4))):
        assert same(finished(rows=rows)[::2], drawn[::2])
    # a relu that is off everywhere: only its successor's units are constant
    dead = Network.sequential(
        4,
        [
            Dense(3, "relu", kernel_initializer="zeros"),
            Dense(2, kernel_initializer=DataDriven()),
        ],
    )
    assert same(finished(network=dead), engine.initial_weights(dead, 5))


def test_the_bits_are_the_same_on_any_number_of_threads():
    rows = np.random.default_rng(1).normal(size=(20_000, 4))
    for dtype in ("float32", "float64"):
        due = finished(dtype, rows, threads=1)
        for threads in (2, 3, 7):
            assert same(finished(dtype, rows, threads=threads), due)


def test_branches_and_inputs_are_followed_to_each_depth():
    network = Network(
        (
            Node(Input(2), ()),
            Node(Input(3), ()),
            Node(Dense(4, "tanh", **DRIVEN), (1,)),
            Node(Scale(), (0,)),
            Node(Dense(4, **DRIVEN), (3,)),
            Node(Add(), (2, 4)),
            Node(Dense(2, **DRIVEN), (5,)),
        )
    )
    rows = np.random.default_rng(2).normal(size=(50, 5))
    weights = finished(rows=rows, network=network)
    left, bias, scale, right, right_bias, last, _ = weights
    values = rows[:, 2:] @ left
    sizes = reference.deviations(values)
    arriving = np.tanh(values + bias) + rows[:, :2] * scale @ right + right_bias
    sizes = [*sizes, *reference.deviations(rows[:, :2] @ right)]
    sizes = np.array([*sizes, *reference.deviations(arriving @ last)])
    assert (abs(sizes - 1) <= 64 * len(rows) * tolerances.UNIT["float64"]).all()


def same(some, others):
    return all(np.array_equal(a, b) for a, b in zip(some, others, strict=True))


def trainer(weights=None):
    return Trainer(
        NETWORK, loss=losses.get("mse"), optimizer=optimizers.Adam(), weights=weights, seed=5
    )


def test_fit_finishes_weights_before_its_first_step_and_only_then():
    waiting = trainer()
    assert same(waiting.get_weights(), trainer(engine.initial_weights(NETWORK, 5)).get_weights())
    ready = trainer(finished("float32"))
    for one in (waiting, ready):
        one.fit(ROWS, TARGETS, epochs=2)
        one.fit(2 * ROWS, TARGETS, epochs=2)
    assert same(waiting.get_weights(), ready.get_weights())


def test_weights_that_were_set_are_left_alone():
    own = [w + 1 for w in engine.initial_weights(NETWORK, 5)]
    given, later = trainer(own), trainer()
    later.set_weights(own)
    other = Trainer(
        Network.sequential(4, [Dense(9, "tanh"), Dropout(0.2), Dense(6, "relu"), Dense(2)]),
        loss=losses.get("mse"),
        optimizer=optimizers.Adam(),
        weights=own,
        seed=5,
    )
    for one in (given, later, other):
        one.fit(ROWS, TARGETS)
    assert same(given.get_weights(), other.get_weights())
    assert same(later.get_weights(), other.get_weights())


@pytest.mark.parametrize("weighted", [False, True])
def test_a_member_begins_as_a_network_alone(weighted):
    data = Dataset(ROWS, TARGETS, WEIGHT + 1 if weighted else None)
    rows = np.arange(0, 57, 2)
    member = Member(
        NETWORK,
        data,
        loss=losses.get("mse"),
        optimizer=optimizers.Adam(),
        rows=rows,
        seed=5,
    )
    train_many([member], epochs=3)
    alone = trainer()
    weight = (WEIGHT + 1)[rows] if weighted else None
    alone.fit(ROWS[rows], TARGETS[rows], sample_weight=weight, epochs=3)
    assert same(member.get_weights(), alone.get_weights())


def test_a_layer_without_pre_activations_is_refused():
    network = Network.sequential(4, [Scale(DataDrivenBias()), Dense(2)])
    with pytest.raises(ShapeError) as caught:
        finished(network=network)
    assert str(caught.value) == (
        "layer 1 (Scale) has no pre-activation of units, which DataDriven and DataDrivenBias need. "
        "Give them to layers of the kind of Dense."
    )
