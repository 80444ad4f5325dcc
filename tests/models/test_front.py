"""How the network of a table begins, and that its straight line is that of one input a level."""

import numpy as np
import pytest

from hiddenlogic import engine, losses
from hiddenlogic.layers import Dense
from hiddenlogic.models.front import EMBEDDING_UNITS, line_of, network_of
from hiddenlogic.network import Network
from hiddenlogic.optimizers import SGD
from hiddenlogic.table.blocks import Block, arrange, plain_blocks

BLOCKS = arrange(
    [
        (Block("age", 0, 2),),
        (Block("town", 0, 1, "codes", n_codes=4),),
        (Block("angle", 0, 1, "periodic"),),
        (Block("height", 0, 1, filled=True), Block("height", 0, 1, "gaps", fills="values")),
        (Block("job", 0, 1, "codes", n_codes=3),),
    ]
)
# age, age is missing | height | gap of height | angle | town | job
ROWS = np.array(
    [[0.5, 0, -1.0, 0, 0.25, 0, 2], [0.0, 1, 0.0, 1, -0.5, 3, 1], [1.5, 0, 0.5, 0, 1.0, 2, 0]],
    np.float32,
)


def weights_of(network: Network, seed: int = 3) -> list[np.ndarray]:
    """Return weights that differ everywhere."""
    random = np.random.default_rng(seed)
    return [random.normal(size=one.shape).astype(np.float32) for one in network.parameters]


def kinds(network: Network) -> list[str]:
    """Return the class of each layer."""
    return [type(node.layer).__name__ for node in network.nodes]


def test_a_table_of_numbers_has_the_straight_network():
    stack = [Dense(3, "relu"), Dense(2)]
    plain = Network.sequential(5, stack)
    assert network_of(plain_blocks(5), stack) == plain
    assert network_of((Block("a", 0, 2), Block("b", 2, 3)), stack) == plain
    assert line_of(plain_blocks(5), 2, "softmax") == Network.sequential(5, [Dense(2, "softmax")])


def test_inputs_are_the_columns_of_the_matrix():
    network = network_of(BLOCKS, [Dense(2)])
    assert [network.units[one] for one in network.inputs] == [2, 1, 1, 1, 1, 1]
    assert network.n_inputs == BLOCKS[-1].end == ROWS.shape[1]
    assert [places.start for _, places in network.codes] == [5, 6]
    assert network.units[-2] == 2 + 1 + 4 + 2 * EMBEDDING_UNITS
    assert Network.from_json(network.to_json()) == network


def test_a_gap_adds_its_learned_number_and_nothing_else():
    network = network_of(BLOCKS, [Dense(2)])
    weights = weights_of(network)
    names = [one.name for one in network.parameters]
    places = [i for i, name in enumerate(names) if name == "scale"]
    assert len(places) == 1
    before = engine.predict(network, weights, ROWS)
    weights[places[0]] = weights[places[0]] + np.float32(0.5)
    after = engine.predict(network, weights, ROWS)
    assert (before[[0, 2]] == after[[0, 2]]).all()
    filled = ROWS.copy()
    filled[1, 2] += 0.5  # what the gap's number grew by
    weights[places[0]] = weights[places[0]] - np.float32(0.5)
    assert engine.predict(network, weights, filled)[1] == pytest.approx(after[1], rel=1e-5)


@pytest.mark.parametrize("activation", ["linear", "sigmoid", "softmax"])
def test_the_straight_line_over_codes_is_that_over_one_input_a_code(activation):
    blocks = arrange([(Block("x", 0, 2),), (Block("t", 0, 1, "codes", n_codes=4),)])
    line = line_of(blocks, 2, activation)
    weights = weights_of(line)
    by_name = {(line.label(one.node), one.name): one for one in line.parameters}
    assert [name for _, name in by_name] == ["kernel", "bias", "embeddings"]
    rows = np.array([[0.5, -1.0, 0], [2.0, 0.25, 3], [0.0, 1.0, 2]], np.float32)
    hot = np.hstack([rows[:, :2], np.eye(4, dtype=np.float32)[rows[:, 2].astype(int)]])
    kernel, bias, table = weights
    straight = Network.sequential(6, [Dense(2, activation)])
    expected = engine.predict(straight, [np.vstack([kernel, table]), bias], hot)
    assert engine.predict(line, weights, rows) == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_a_line_over_nothing_but_codes_is_one_number_a_code():
    line = line_of(arrange([(Block("t", 0, 1, "codes", n_codes=3),)]), 1, "linear")
    assert kinds(line) == ["Input", "Embedding", "Activation"]
    table = np.array([[1.5], [2.5], [-3.0]], np.float32)
    assert engine.predict(line, [table], [[2], [0]]).tolist() == [[-3.0], [1.5]]


def test_the_loss_of_a_line_over_codes_reads_its_pre_activation():
    line = line_of(BLOCKS, 1, "sigmoid")
    trainer = engine.Trainer(line, loss=losses.get("binary_crossentropy"), optimizer=SGD(0.1))
    run = trainer.fit(ROWS, np.array([[0.0], [1.0], [1.0]]), epochs=60, batch_size=3)
    assert run.history["loss"][-1] < run.history["loss"][0] / 2
