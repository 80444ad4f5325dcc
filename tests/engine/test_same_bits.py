"""Same data, network and seed: the same bits on any number of threads and instruction set."""

from __future__ import annotations

import numpy as np
import pytest

from hiddenlogic import engine, losses, optimizers, regularizers
from hiddenlogic.layers import Activation, Dense, Dropout
from hiddenlogic.network import Network

THREADS = [1, 2, 3, 7]
ROWS = 1000
BATCH = 384  # columns for each of seven threads; 1000 = 384 + 384 + 232, a partial last batch

NETWORKS = {
    "relu with dropout": (
        [Dense(96, "relu"), Dropout(0.3), Dense(97, "relu"), Dropout(0.1), Dense(1)],
        losses.MeanSquaredError(),
        optimizers.Adam(),
    ),
    "every curved activation": (
        [
            Dense(70, "gelu"),
            Dense(70, "mish"),
            Dense(70, "silu"),
            Dense(70, "tanh"),
            Dense(70, "softplus"),
            Dense(70, "selu"),
            Dense(70, "elu"),
            Dense(1, "sigmoid"),
        ],
        losses.BinaryCrossentropy(),
        optimizers.AdamW(),
    ),
    "softmax with L2 and momentum": (
        [
            Dense(130, "leaky_relu", kernel_regularizer=regularizers.L2(0.01)),
            Activation("tanh"),
            Dense(90, "sigmoid", use_bias=False),
            Dense(5, "softmax"),
        ],
        losses.SparseCategoricalCrossentropy(),
        optimizers.SGD(0.1, momentum=0.9, nesterov=True),
    ),
}


def trained(name, dtype, threads, instruction_set):
    layers, loss, optimizer = NETWORKS[name]
    random = np.random.default_rng(5)
    inputs = random.normal(size=(ROWS, 40)).astype(dtype)
    targets = {
        "mean_squared_error": inputs[:, :1] * 2,
        "binary_crossentropy": (inputs[:, :1] > 0),
        "sparse_categorical_crossentropy": random.integers(0, 5, (ROWS, 1)),
    }[loss.name].astype(dtype)
    trainer = engine.Trainer(
        Network.sequential(40, layers),
        loss=loss,
        optimizer=optimizer,
        dtype=dtype,
        seed=11,
        n_threads=threads,
        adaptive_threads=False,
        instruction_set=instruction_set,
    )
    assert trainer.threads_for(BATCH) == threads
    held_out = (inputs[:300], targets[:300])
    run = trainer.fit(inputs, targets, epochs=3, batch_size=BATCH, validation=held_out)
    weights = b"".join(w.tobytes() for w in trainer.get_weights())
    return weights, run.history, trainer.predict(inputs).tobytes()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NETWORKS)
def test_three_epochs_give_the_same_bits_on_any_threads_and_instruction_set(name, dtype):
    wanted = trained(name, dtype, 1, engine.available_isas()[0])
    for instruction_set in engine.available_isas():
        for threads in THREADS:
            assert trained(name, dtype, threads, instruction_set) == wanted, (
                instruction_set,
                threads,
            )


def test_another_seed_gives_other_bits():
    network = Network.sequential(3, [Dense(8, "relu"), Dense(1)])
    first, again, other = (engine.initial_weights(network, seed) for seed in (1, 1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("instruction_set", engine.available_isas())
def test_a_prediction_does_not_depend_on_the_rows_beside_it(dtype, instruction_set, monkeypatch):
    monkeypatch.setattr("hiddenlogic.engine.predicting.isa", lambda: instruction_set)
    network = Network.sequential(33, [Dense(65, "gelu"), Dense(17, "tanh"), Dense(3, "softmax")])
    weights = [w.astype(dtype) for w in engine.initial_weights(network, 3)]
    inputs = np.random.default_rng(0).normal(size=(700, 33)).astype(dtype)
    together = engine.predict(network, weights, inputs, dtype=dtype)
    for start, stop in [(0, 1), (5, 6), (255, 258), (100, 117), (699, 700)]:
        alone = engine.predict(network, weights, inputs[start:stop], dtype=dtype)
        assert alone.tobytes() == together[start:stop].tobytes()


def test_training_in_two_parts_equals_training_at_once():
    network = Network.sequential(4, [Dense(9, "tanh"), Dropout(0.2), Dense(1)])
    inputs = np.random.default_rng(1).normal(size=(50, 4)).astype(np.float32)
    results = []
    for parts in ([6], [2, 4]):
        trainer = engine.Trainer(network, loss=losses.get("mse"), optimizer=optimizers.Adam())
        for epochs in parts:
            trainer.fit(inputs, inputs[:, :1], epochs=epochs, batch_size=16)
        results.append([w.tobytes() for w in trainer.get_weights()])
    assert results[0] == results[1]


def test_trainings_side_by_side_equal_each_alone():
    from concurrent.futures import ThreadPoolExecutor

    inputs = np.random.default_rng(1).normal(size=(300, 4)).astype(np.float32)

    def train(seed):
        network = Network.sequential(4, [Dense(9 + seed, "tanh"), Dense(1)])
        trainer = engine.Trainer(
            network, loss=losses.get("mse"), optimizer=optimizers.Adam(), seed=seed, n_threads=1
        )
        trainer.fit(inputs, inputs[:, :1], epochs=20, batch_size=16)
        return [w.tobytes() for w in trainer.get_weights()]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(train, range(8))) == [train(seed) for seed in range(8)]


# Rows, batch, and the units of each layer, the inputs first: less of something than there are
# threads, vectors in a block, or rows in a tile.
NARROW = [
    (1, 1, 1, 1),
    (1, 1, 40, 97, 1),
    (6, 4, 2, 3, 1),
    (17, 16, 1, 1, 1),
    (23, 22, 1, 130, 1, 65),
    (100, 33, 2, 1, 64, 1),
]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("shape", NARROW, ids=str)
def test_more_threads_than_columns_or_rows_of_weights_give_the_same_bits(shape, dtype):
    n, batch_size, n_inputs, *units = shape
    hidden = [layer for width in units[:-1] for layer in (Dense(width, "tanh"), Dropout(0.3))]
    random = np.random.default_rng(1)
    inputs, targets = (random.normal(size=(n, k)).astype(dtype) for k in (n_inputs, units[-1]))
    results = set()
    for instruction_set in engine.available_isas():
        for threads in range(1, 8):
            trainer = engine.Trainer(
                Network.sequential(n_inputs, [*hidden, Dense(units[-1])]),
                loss=losses.get("mse"),
                optimizer=optimizers.Adam(),
                dtype=dtype,
                n_threads=threads,
                adaptive_threads=False,
                instruction_set=instruction_set,
            )
            run = trainer.fit(inputs, targets, epochs=5, batch_size=batch_size)
            values = [*trainer.get_weights(), np.array(run.history["loss"])]
            values += [
                trainer.predict(inputs),
                np.array(list(trainer.evaluate(inputs, targets).values())),
            ]
            results.add(b"".join(one.tobytes() for one in values))
    assert len(results) == 1


@pytest.mark.parametrize(("units", "sizes"), [(512, (1, 2, 64)), (64, (1, 32, 1024))])
def test_small_batches_use_one_thread_and_large_ones_all(units, sizes):
    network = Network.sequential(256, [Dense(units, "relu"), Dense(units, "relu"), Dense(1)])
    trainer = engine.Trainer(
        network, loss=losses.get("mse"), optimizer=optimizers.Adam(), n_threads=2
    )
    assert [trainer.threads_for(size) for size in sizes] == [1, 1, 2]
