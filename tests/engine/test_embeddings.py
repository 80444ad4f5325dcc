"""Embeddings: what codes are refused, where bins end, and that the nearest wrong ones are seen."""

from __future__ import annotations

import numpy as np
import pytest
import rounding
import tolerances
from layer_examples import BINS, EXAMPLES, network_with
from reference import embeddings
from reference.examples import random_weights
from reference.network import predict
from reference.training import train

from hiddenlogic import engine, layers, losses, optimizers
from hiddenlogic.engine.data_driven import finished_weights
from hiddenlogic.errors import DataError, ShapeError
from hiddenlogic.initializers import DataDriven, RandomNormal
from hiddenlogic.layers import Dense, Embedding, Input, PeriodicEmbedding, PiecewiseLinearEmbedding
from hiddenlogic.network import Network, Node

MSE = losses.MeanSquaredError()
ADAM = optimizers.Adam(0.01)


def with_codes(embedding, columns=2, numbers=3):
    """Return a network over numbers, then category codes."""
    return Network(
        (
            Node(Input(numbers), ()),
            Node(Input(columns), ()),
            Node(embedding, (1,)),
            Node(layers.Concatenate(), (0, 2)),
            Node(Dense(2), (3,)),
        )
    )


def rows_of(network, n, seed=0):
    """Return rows and targets; where the network reads category codes, there are some."""
    random = np.random.default_rng(seed)
    rows = random.normal(size=(n, network.n_inputs)).astype(np.float32).astype(np.float64)
    for node, places in network.codes:
        codes = rows[:, places]
        codes[:] = random.integers(0, network.nodes[node].layer.n_codes, codes.shape)
    return rows, random.normal(size=(n, 2)).astype(np.float32).astype(np.float64)


def trained(network, rows, targets, *, optimizer=ADAM, loss=MSE, batch_size=8):
    """Return what trains in the reference, and the weights that the engine comes to."""
    weights = random_weights(network, 3)

    def reference(**how):
        return train(
            network,
            weights,
            rows,
            targets,
            loss=loss,
            optimizer=optimizer,
            epochs=3,
            batch_size=batch_size,
            **how,
        )

    trainer = engine.Trainer(
        network, loss=loss, optimizer=optimizer, weights=weights, dtype="float64"
    )
    trainer.fit(rows, targets, epochs=3, batch_size=batch_size, shuffle=False)
    return reference, trainer.get_weights()


def check_follows(network, rows, targets, **settings):
    reference, found = trained(network, rows, targets, **settings)
    due, _, bounds, _ = rounding.bounds(reference, "float64")
    for a, b, bound in zip(found, due, bounds, strict=True):
        assert abs(a - b).max() <= bound
    return reference, due, bounds


def check_differs(reference, due, bounds):
    """Show that the reference, made wrong meanwhile, is outside the bounds."""
    wrong, _ = reference()
    assert any(abs(a - b).max() > bound for a, b, bound in zip(wrong, due, bounds, strict=True))


@pytest.mark.parametrize("bad", [7, -1, 1.5, 1e9, float("nan"), float("inf")])
def test_what_is_no_code_is_refused_before_anything_is_computed(bad):
    network = with_codes(Embedding(7, 3))
    rows, targets = rows_of(network, 6)
    rows[4, 3] = bad
    message = (
        f"The inputs have {bad:.12g} in row 4, column 3, where layer 2 (Embedding) reads category "
        "codes: whole numbers from 0 to 6. Number the categories so, or give it another input_dim."
    )
    trainer = engine.Trainer(network, loss=MSE, optimizer=ADAM)
    predictor = engine.Predictor(network, trainer.get_weights())
    data = engine.Dataset(rows, targets)
    right = rows_of(network, 6)
    for call in (
        lambda: trainer.fit(rows, targets),
        lambda: trainer.fit(*right, validation=(rows, targets)),
        lambda: trainer.evaluate(rows, targets),
        lambda: trainer.predict(rows),
        lambda: predictor.predict(rows),
        lambda: engine.Member(network, data, loss=MSE, optimizer=ADAM),
    ):
        with pytest.raises(DataError) as caught:
            call()
        assert str(caught.value) == message
    with pytest.raises(DataError, match="in row 0, column 3, where"):
        predictor.predict(rows[4:5])


def test_whole_numbers_of_any_dtype_are_codes():
    network = Network.sequential(2, [Embedding(300, 3)])
    predictor = engine.Predictor(network, [np.arange(900.0).reshape(300, 3)])
    for dtype in (np.uint16, np.int64, np.float32, np.float64):
        found = predictor.predict(np.array([[299, 0]], dtype))
        assert found.tolist() == [[897.0, 898.0, 899.0, 0.0, 1.0, 2.0]]


def test_codes_come_from_an_input():
    with pytest.raises(ShapeError) as caught:
        Network.sequential(2, [Dense(2), Embedding(7, 3)])
    assert str(caught.value) == (
        "layer 2 (Embedding) must take the value of an Input, whose columns hold category codes; "
        "got that of layer 1 (Dense). Give the codes an Input of their own."
    )


@pytest.mark.parametrize("units", [1, 8, 15, 16, 17, 33])
def test_a_table_of_many_rows_follows_the_reference(units):
    network = with_codes(Embedding(2100, units))
    rows, targets = rows_of(network, 40)
    rows[:6, 3] = (0, 1023, 1024, 2047, 2048, 2099)  # the core takes 1024 rows at once
    check_follows(network, rows, targets)


def test_a_penalty_reaches_the_rows_that_no_sample_has():
    network = with_codes(Embedding(20, 3, embeddings_regularizer="l2"), columns=1)
    rows, targets = rows_of(network, 24)
    rows[:, 3] = np.arange(24) % 10
    check_follows(network, rows, targets, optimizer=optimizers.SGD(0.1))


def test_a_code_that_comes_twice_in_a_batch_adds_up(monkeypatch):
    network = with_codes(Embedding(3, 4))
    rows, targets = rows_of(network, 24)
    reference, due, bounds = check_follows(network, rows, targets)

    def last_one_only(table, codes, rows):
        table[codes] += rows

    monkeypatch.setattr(embeddings, "add_rows", last_one_only)
    check_differs(reference, due, bounds)


def test_only_what_is_beyond_all_edges_goes_below_0_or_above_1(monkeypatch):
    network = network_with(PiecewiseLinearEmbedding(3, BINS))
    rows, targets = rows_of(network, 24)
    reference, due, bounds = check_follows(network, rows, targets)

    def unclamped(x, edges):
        width = np.diff(edges)
        way = (x[:, None] - np.asarray(edges)[:-1]) / width
        return way, np.ones_like(way) / width

    def clamped_at_both_ends(x, edges):
        way, slope = unclamped(x, edges)
        return np.clip(way, 0, 1), slope * ((way >= 0) & (way <= 1))

    for wrong in (unclamped, clamped_at_both_ends):
        monkeypatch.setattr(embeddings, "through_bins", wrong)
        check_differs(reference, due, bounds)


def test_a_wave_turns_once_in_a_unit(monkeypatch):
    network = network_with(PeriodicEmbedding("pbld"))
    rows, targets = rows_of(network, 24)
    reference, due, bounds = check_follows(network, rows, targets)
    monkeypatch.setattr(embeddings, "TURN", 1.0)
    check_differs(reference, due, bounds)


@pytest.mark.parametrize(("loss", "last"), [(MSE, "tanh"), ("categorical_crossentropy", "softmax")])
def test_gradients_go_through_the_factor_of_ntk(loss, last, monkeypatch):
    network = Network.sequential(6, [layers.NTKDense(5, "tanh"), layers.NTKDense(2, last)])
    rows, targets = rows_of(network, 24)
    loss = losses.get(loss)
    if last == "softmax":
        targets = np.eye(2)[np.argmax(targets, axis=1)]
    settings = {"loss": loss, "optimizer": optimizers.SGD(0.5)}
    reference, due, bounds = check_follows(network, rows, targets, **settings)
    right = embeddings.ntk_backward

    def without_factor(passed, dz, how):
        (back,), own = right(passed, dz, how)
        return [back * np.sqrt(passed.values[0].shape[1])], own

    monkeypatch.setattr(embeddings, "ntk_backward", without_factor)
    check_differs(reference, due, bounds)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_an_edge_is_exactly_0_and_1(dtype):
    edges = (-0.7, 0.1, 0.35, 3.9)
    bins = (tuple(float(np.float32(edge)) for edge in edges),)
    network = Network.sequential(1, [PiecewiseLinearEmbedding(3, bins, "A")])
    predictor = engine.Predictor(network, [np.eye(3), np.zeros((1, 3))], dtype=dtype)
    beyond = [[bins[0][0] - 0.8], [bins[0][3] + 3.55]]
    found = predictor.predict(np.array([*([edge] for edge in bins[0]), *beyond], dtype))
    assert found[:4].tolist() == [[0, 0, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]]
    assert found[4, 0] < 0
    assert found[4, 1:].tolist() == [0, 0]
    assert found[5, :2].tolist() == [1, 1]
    assert found[5, 2] > 1


def test_one_bin_is_a_straight_line():
    network = Network.sequential(1, [PiecewiseLinearEmbedding(1, [[1.0, 3.0]], "A")])
    found = engine.predict(network, [np.ones((1, 1)), np.zeros((1, 1))], [[-3.0], [1], [3], [7]])
    assert found[:, 0].tolist() == [-2, 0, 1, 3]


@pytest.mark.parametrize(
    "layer", EXAMPLES["PiecewiseLinearEmbedding"] + EXAMPLES["PeriodicEmbedding"], ids=repr
)
def test_a_nan_stays_with_its_column(layer):
    network = Network.sequential(18, [layer])
    rows, _ = rows_of(network, 5)
    rows[3, 2] = np.nan
    found = engine.predict(network, random_weights(network), rows)
    units = layer.units
    own = [range(2 * units, 3 * units)]
    if network.n_outputs > 18 * units:
        own.append([18 * units + 2])
    bad = {int(place) for place in np.flatnonzero(np.isnan(found[3]))}
    assert bad == {place for some in own for place in some}
    assert np.isfinite(np.delete(found, 3, axis=0)).all()


def test_edges_that_a_dtype_cannot_tell_apart_are_refused():
    network = Network.sequential(1, [PiecewiseLinearEmbedding(2, [[1.0, 1.0 + 1e-9, 2.0]])])
    engine.Trainer(network, loss=MSE, optimizer=ADAM, dtype="float64")
    with pytest.raises(DataError) as caught:
        engine.Trainer(network, loss=MSE, optimizer=ADAM)
    assert str(caught.value) == (
        "`bins` of PiecewiseLinearEmbedding has edges so near to each other that float32 cannot "
        "tell them apart. Scale the column, or compute in dtype='float64'."
    )


@pytest.mark.parametrize("kind", ["Embedding", "PiecewiseLinearEmbedding", "PeriodicEmbedding"])
def test_a_member_of_a_population_is_trained_as_alone(kind):
    for layer in EXAMPLES[kind]:
        network = network_with(layer)
        rows, targets = rows_of(network, 40)
        settings = {"loss": MSE, "optimizer": ADAM, "seed": 4}
        stop = engine.EarlyStop("loss", patience=3)
        member = engine.Member(network, engine.Dataset(rows, targets), early_stop=stop, **settings)
        engine.train_many([member], epochs=3)
        alone = engine.Trainer(network, **settings)
        alone.fit(rows, targets, epochs=3)
        for a, b, best in zip(
            member.get_weights(), alone.get_weights(), member.best_weights(), strict=True
        ):
            assert a.shape == b.shape == best.shape
            assert a.tobytes() == b.tobytes()


def test_weights_begin_as_the_recipes_say():
    def first(layer, columns):
        return engine.initial_weights(Network.sequential(columns, [layer]), seed=0)

    (table,) = first(Embedding(500, 40), 1)
    assert abs(table).max() <= 0.05
    assert abs(table).max() > 0.049
    slope, bias, kernel = first(PiecewiseLinearEmbedding(16, BINS), 18)
    assert abs(slope).max() <= 1 / 4
    assert abs(bias).max() <= 1 / 4
    assert not kernel.any()
    kernel, bias = first(PiecewiseLinearEmbedding(16, BINS, "A"), 18)
    assert 0.49 < abs(kernel).max() <= 1 / 2  # four bins at most
    frequency, phase, kernel, bias = first(PeriodicEmbedding("pbld"), 400)
    assert abs(frequency.std() - 0.1) < 0.01
    assert 3.1 < abs(phase).max() <= np.pi
    assert 0.249 < abs(kernel).max() <= 1 / 4
    assert 0.249 < abs(bias).max() <= 1 / 4
    frequency, kernel, bias = first(PeriodicEmbedding(sigma=2.0, shared=True), 400)
    assert abs(frequency.std() - 2) < 0.1
    assert kernel.shape == (96, 24)
    assert bias.shape == (24,)
    kernel, bias = first(layers.NTKDense(100), 100)
    assert abs(kernel.std() - 1) < 0.05
    assert not bias.any()


def test_rows_finish_the_kernel_of_an_ntk_dense():
    """RealMLP's start: pre-activations that vary by 1, the factor counted in."""
    start = DataDriven(RandomNormal(stddev=1.0))
    network = Network.sequential(4, [layers.NTKDense(9, kernel_initializer=start)])
    rows, _ = rows_of(network, 50)
    weights = finished_weights(network, 5, rows, None, "float64", None)
    z = predict(network, weights, rows)
    bound = tolerances.score(abs(z).max(), len(rows))
    assert (abs(z.std(axis=0) - 1) <= bound).all()
    assert (abs((rows @ weights[0]).std(axis=0) - 1) > bound).all()
