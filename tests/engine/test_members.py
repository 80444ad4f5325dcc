"""Networks of members in the engine: so many networks at once, each as if it were alone."""

from __future__ import annotations

import numpy as np
import pytest
import rounding
from layer_examples import CASES
from reference import dropout
from reference import losses as reference_losses
from reference import members as reference_members
from reference.examples import random_weights
from reference.training import train

from hiddenlogic import engine, losses, metrics, optimizers
from hiddenlogic.engine import Dataset, Member, train_many
from hiddenlogic.engine.weights import initial_weights
from hiddenlogic.errors import ShapeError
from hiddenlogic.initializers import RandomNormal
from hiddenlogic.layers import (
    Activation,
    BatchEnsembleDense,
    BatchNormalization,
    Dense,
    Dropout,
    MemberDense,
    MemberLayer,
    Members,
)
from hiddenlogic.network import Network

MSE, ADAM = losses.MeanSquaredError(), optimizers.Adam(0.01)
MINI = Network.sequential(
    5,
    [
        Members(4),
        Dense(20, "relu"),
        Dropout(0.2),
        Dense(17, "tanh"),
        Dropout(0.1),
        MemberDense(2),
    ],
)
# 37 rows in batches of 21 leave columns of padding in both.
N, BATCH = 37, 21


def data(n=N, inputs=5, outputs=2):
    random = np.random.default_rng(0)
    return random.normal(size=(n, inputs)), random.normal(size=(n, outputs))


def trained(network, rows, *, loss=MSE, epochs=3, batch_size=BATCH, dtype="float64", **how):
    trainer = engine.Trainer(
        network,
        loss=loss,
        optimizer=how.pop("optimizer", ADAM),
        weights=how.pop("weights", random_weights(network)),
        dtype=dtype,
        seed=5,
        **how,
    )
    inputs, targets = (one.astype(dtype) for one in rows)
    run = trainer.fit(inputs, targets, epochs=epochs, batch_size=batch_size, shuffle=False)
    return trainer, run


def followed(network, rows, **how):
    return train(
        network,
        random_weights(network),
        *rows,
        loss=MSE,
        optimizer=ADAM,
        epochs=3,
        batch_size=BATCH,
        dropout_seed=5,
        **how,
    )


def is_outside(weights, due, bounds):
    return any(abs(a - b).max() > bound for a, b, bound in zip(weights, due, bounds, strict=True))


def test_a_training_follows_the_reference_and_its_nearest_others_do_not(monkeypatch):
    rows = data()
    due, history, bounds, history_bounds = rounding.bounds(
        lambda **how: followed(MINI, rows, **how), "float64"
    )
    trainer, run = trained(MINI, rows)
    assert not is_outside(trainer.get_weights(), due, bounds)
    assert (abs(np.subtract(run.history["loss"], history)) <= history_bounds).all()

    # One mask for all members.
    own = dropout.mask
    monkeypatch.setattr(
        dropout,
        "mask",
        lambda *place: np.tile(own(*place[:4], place[4] // 4, place[5]), (4, 1)),
    )
    assert is_outside(followed(MINI, rows)[0], due, bounds)
    monkeypatch.undo()

    # The loss of the mean: each member's gradient is taken at the mean.
    of_each = reference_losses.row_gradients
    monkeypatch.setattr(
        reference_losses,
        "row_gradients",
        lambda loss, outputs, targets: of_each(
            loss, np.tile(reference_members.mean(outputs, 4), (4, 1)), targets
        ),
    )
    assert is_outside(followed(MINI, rows)[0], due, bounds)
    monkeypatch.undo()

    # Padding that counts: columns past the last row repeat it.
    leaking = [np.concatenate([one, one[-1:]]) for one in rows]
    assert is_outside(followed(MINI, leaking)[0], due, bounds)


# The layers that members share.
SHARED = [
    layer
    for layer in CASES
    if layer.inputs_taken == (1, 1)
    and layer.n_codes is None
    and not isinstance(layer, (MemberLayer, BatchNormalization))
    and getattr(layer, "activity_regularizer", None) is None
]


@pytest.mark.parametrize("layer", SHARED, ids=repr)
def test_a_shared_layer_is_that_of_each_member(layer):
    network = Network.sequential(18, [Members(3), layer, MemberDense(2)])
    rows = data(inputs=18)
    due, _, bounds, _ = rounding.bounds(lambda **how: followed(network, rows, **how), "float64")
    trainer, _ = trained(network, rows)
    assert not is_outside(trainer.get_weights(), due, bounds)
    predicted, bound = rounding.prediction(network, trainer.get_weights(), rows[0], "float64")
    found = trainer.predict(rows[0])
    assert (abs(found - predicted) <= bound).all()
    alone = engine.Predictor(network, trainer.get_weights(), dtype="float64")
    for row in (0, 36):
        assert np.array_equal(alone.predict(rows[0][row : row + 1])[0], found[row])
    threads = trained(network, rows, n_threads=3, adaptive_threads=False)[0].get_weights()
    for a, b in zip(threads, trainer.get_weights(), strict=True):
        assert np.array_equal(a, b)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_prediction_is_the_mean_of_networks_alone(dtype):
    trainer, _ = trained(MINI, data(), dtype=dtype)
    r, *body, heads, biases = trainer.get_weights()
    alone = Network.sequential(5, [Dense(20, "relu"), Dense(17, "tanh"), Dense(2)])
    inputs = data(100)[0].astype(dtype)
    each = [
        engine.Predictor(alone, [*body, heads[m], biases[m]], dtype=dtype).predict(inputs * r[m])
        for m in range(4)
    ]
    total = each[0] + each[1] + each[2] + each[3]
    assert np.array_equal(trainer.predict(inputs), total / inputs.dtype.type(4))


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("units", [1, 20])
def test_one_member_with_scales_of_one_is_a_network_without_bit_for_bit(dtype, units):
    one = Network.sequential(
        5, [Members(1, "ones"), Dense(20, "relu"), Dropout(0.3), MemberDense(units, "tanh")]
    )
    plain = Network.sequential(
        5, [Activation("linear"), Dense(20, "relu"), Dropout(0.3), Dense(units), Activation("tanh")]
    )
    weights = random_weights(plain)
    rows, validation = data(outputs=units), data(50, outputs=units)
    kept = optimizers.Adam(0.01, groups=[{"pattern": "scale", "rate_factor": 0}])
    found = []
    for network, own in (
        (one, [np.ones((1, 5)), *weights[:2], *(w[None] for w in weights[2:])]),
        (plain, weights),
    ):
        for threads in (1, 3):
            trainer, run = trained(
                network,
                rows,
                weights=own,
                optimizer=kept,
                dtype=dtype,
                n_threads=threads,
                adaptive_threads=False,
            )
            values = [np.ravel(w) for w in trainer.get_weights()[-4:]]
            held_out = (one.astype(dtype) for one in validation)
            values += [trainer.predict(rows[0].astype(dtype))]
            values += [np.array([*run.history["loss"], *trainer.evaluate(*held_out).values()])]
            found.append(b"".join(one.tobytes() for one in values))
    assert len(set(found)) == 1


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("batch_size", [3, 40, 96])
def test_bits_are_the_same_on_any_threads_and_instruction_set(dtype, batch_size):
    """Batches of 3 over wide layers share the units of a layer, the others the samples."""
    network = Network.sequential(
        5,
        [
            Dense(9, "tanh"),
            Members(3),
            Dense(150, "relu"),
            Dropout(0.2),
            BatchEnsembleDense(160, "gelu"),
            MemberDense(3, "softmax"),
        ],
    )
    inputs = data(100)[0]
    targets = np.random.default_rng(1).integers(0, 3, (100, 1))
    results = set()
    for instruction_set in engine.available_isas():
        for threads in (1, 2, 3, 7):
            trainer, run = trained(
                network,
                (inputs, targets),
                loss=losses.SparseCategoricalCrossentropy(),
                batch_size=batch_size,
                epochs=2,
                dtype=dtype,
                n_threads=threads,
                adaptive_threads=False,
                instruction_set=instruction_set,
            )
            predicted = trainer.predict(inputs.astype(dtype))
            values = [*trainer.get_weights(), np.array(run.history["loss"]), predicted]
            results.add(b"".join(one.tobytes() for one in values))
            alone = trainer.predict(inputs[17:18].astype(dtype))
            assert np.array_equal(alone[0], predicted[17])
    assert len(results) == 1


def test_a_member_of_a_population_has_the_bits_that_it_has_alone():
    rows = data()
    dataset = Dataset(*rows, dtype="float64")
    members = [
        Member(
            MINI, dataset, loss=MSE, optimizer=ADAM, weights=random_weights(MINI), seed=5,
            batch_size=BATCH,
        )
        for _ in range(3)
    ]  # fmt: skip
    train_many(members, epochs=3, n_threads=2)
    trainer = engine.Trainer(
        MINI, loss=MSE, optimizer=ADAM, weights=random_weights(MINI), dtype="float64", seed=5
    )
    trainer.fit(*rows, epochs=3, batch_size=BATCH)
    for member in members:
        for a, b in zip(member.get_weights(), trainer.get_weights(), strict=True):
            assert np.array_equal(a, b)


def test_held_out_rows_are_measured_by_their_averaged_prediction():
    network = Network.sequential(5, [Members(4), Dense(8, "relu"), MemberDense(3, "softmax")])
    inputs = data(300)[0]
    classes = np.random.default_rng(1).integers(0, 3, (300, 1)).astype(np.float64)
    trainer, _ = trained(
        network,
        (inputs, classes),
        loss=losses.SparseCategoricalCrossentropy(),
        metrics=[metrics.SparseCategoricalAccuracy()],
    )
    share = trainer.predict(inputs)
    found = trainer.evaluate(inputs, classes)
    due = -np.log(share[np.arange(300), classes[:, 0].astype(int)]).mean()
    assert abs(found["loss"] - due) <= 1e-12 * due
    right = (share.argmax(axis=1) == classes[:, 0]).mean()
    assert found["sparse_categorical_accuracy"] == pytest.approx(right, abs=1e-15)


def test_members_start_apart_as_tabm_does():
    network = Network.sequential(
        6,
        [
            Members(8, chunks=(4, 2)),
            Dense(5),
            BatchEnsembleDense(300),
            MemberDense(2),
        ],
    )
    scale, _, _, r, kernel, s, bias, heads, head_biases = initial_weights(network, seed=3)
    assert set(scale.ravel()) == {-1.0, 1.0}
    assert len({row.tobytes() for row in scale}) > 1
    assert (scale[:, :4] == scale[:, :1]).all()
    assert (scale[:, 4] == scale[:, 5]).all()
    assert (scale[:, 0] != scale[:, 4]).any()
    assert (r == 1).all()
    assert (s == 1).all()
    for one in (kernel, bias):
        assert abs(one).max() <= 1 / np.sqrt(5)
        assert abs(one).max() > 0.9 / np.sqrt(5)
    assert (bias == bias[0]).all()
    for one in (heads, head_biases):
        assert abs(one).max() <= 1 / np.sqrt(300)
        assert all((one[m] != one[0]).all() for m in range(1, 8))

    normal = Network.sequential(6, [Members(8, RandomNormal(0, 1)), MemberDense(1)])
    scale = initial_weights(normal, seed=3)[0]
    assert len(set(scale.ravel())) == scale.size
    assert 0.5 < scale.std() < 1.5


def test_weights_that_wait_for_rows_are_refused_behind_members():
    network = Network.sequential(
        5, [Members(2), Dense(3, kernel_initializer="data_driven"), MemberDense(2)]
    )
    trainer = engine.Trainer(network, loss=MSE, optimizer=ADAM)
    with pytest.raises(ShapeError) as caught:
        trainer.fit(*data(), epochs=1)
    assert str(caught.value) == (
        "layer 2 (Dense) sees each row once for each member, which DataDriven and DataDrivenBias "
        "do not. Give them to layers before the members."
    )
