"""Keras itself: the same functional program, its weights in the same order, the same way down."""

from __future__ import annotations

import numpy as np
import pytest
import tolerances
from functional_examples import PROGRAM

import hiddenlogic

keras = pytest.importorskip("keras", reason="needs Keras and PyTorch: make interop")

# NumPy's of the way in which Keras reads PyTorch's tensors.
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

# Twelve steps forward and back through four layers, with sums of at most eight numbers, each of
# the size of 1.
ERROR = 12 * 2 * 4 * 8 * tolerances.UNIT["float32"]


def run(package, weights=None, program=PROGRAM):
    random = np.random.default_rng(0)
    x = [random.normal(size=(22, width)).astype(np.float32) for width in (3, 4)]
    y = [random.normal(size=(22, 1)).astype(np.float32), random.integers(0, 2, 22)]
    names = {"keras": package, "weights": weights, "x": x, "y": y}
    exec(program, names)
    return names


def distance(ours, theirs):
    """Return the largest difference of weights, predictions and histories."""
    arrays = [
        [*one["model"].get_weights(), *one["predicted"], *map(np.array, history.values())]
        for one in (ours, theirs)
        for history in [dict(sorted(one["history"].history.items()))]
    ]
    return max(abs(a - b).max() for a, b in zip(*arrays, strict=True))


@pytest.fixture(scope="module")
def theirs():
    return run(keras)


def test_the_same_program_trains_alike(theirs):
    ours = run(hiddenlogic, theirs["started"])
    assert ours["history"].history.keys() == theirs["history"].history.keys()
    assert distance(ours, theirs) <= ERROR


@pytest.mark.parametrize(
    ("right", "wrong"),
    [('"price": 0.5, "kind": 2.0', '"price": 2.0, "kind": 0.5'), ("[deep, again]", "[again] * 2")],
)
def test_a_wrong_weight_or_graph_would_be_seen(theirs, right, wrong):
    assert right in PROGRAM
    ours = run(hiddenlogic, theirs["started"], PROGRAM.replace(right, wrong))
    assert distance(ours, theirs) > ERROR


def drawn(package, seed):
    """Return a model over a graph that the seed decides; each of its Denses has its own width."""
    random = np.random.default_rng(seed)
    inputs = [package.Input(shape=(width,)) for width in (3, 4, 5)[: random.integers(1, 4)]]
    values, ends = list(inputs), set(range(len(inputs)))
    for units in range(6, 18):
        taken = random.choice(len(values), min(len(values), random.integers(1, 4)), replace=False)
        ends -= set(taken.tolist())
        merged = [values[one] for one in taken]
        if len(merged) > 1:
            merged = [package.layers.Concatenate()(merged)]
        ends.add(len(values))
        values.append(package.layers.Dense(units)(merged[0]))
    outputs = [
        values[one] if one >= len(inputs) else package.layers.Dense(20 + one)(values[one])
        for one in random.permutation(sorted(ends))
    ]
    return package.Model(inputs, outputs)


@pytest.mark.parametrize("seed", range(20))
def test_weights_are_listed_in_the_order_of_keras(seed):
    theirs, ours = drawn(keras, seed), drawn(hiddenlogic, seed)
    assert [w.shape for w in ours.get_weights()] == [w.shape for w in theirs.get_weights()]
    ours.set_weights(theirs.get_weights())
