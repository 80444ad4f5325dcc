"""The compiled-once handle: one row, millions of rows, many callers."""

from __future__ import annotations

import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from reference.examples import gateable

from hiddenlogic import activations, engine
from hiddenlogic.layers import Activation, Dense, Dropout
from hiddenlogic.network import Network


def predictor_of(layers, *, n_inputs=5, dtype="float32", n_threads=None):
    network = Network.sequential(n_inputs, layers)
    weights = engine.initial_weights(network, seed=3)
    return engine.Predictor(network, weights, dtype=dtype, n_threads=n_threads)


def rows_of(n, n_inputs=5, dtype="float32"):
    return np.random.default_rng(n).normal(size=(n, n_inputs)).astype(dtype)


NAMES = [row.name for row in activations.ROWS]


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("name", NAMES)
def test_a_row_alone_has_the_bits_it_has_among_others(name, dtype):
    # Wide, narrow, one unit; an activation within a Dense and one of its own.
    # A low threshold, or nothing is left after three of them.
    shrinks = name in ("hard_shrink", "soft_shrink")
    function = activations.Activation(name, *([0.01] if shrinks else []))
    layers = [
        Dense(70, activation=function),
        Dropout(0.5),
        Dense(gateable(name, 3), activation=function),
    ]
    layers += [Dense(300), Activation(function), Dense(1, use_bias=False)]
    predictor = predictor_of(layers, dtype=dtype)
    rows = rows_of(40, dtype=dtype)
    together = predictor.predict(rows)
    alone = np.concatenate([predictor.predict(row[None]) for row in rows])
    assert np.array_equal(alone, together)
    assert len(np.unique(together)) > 1


@pytest.mark.parametrize("units", [1, 7, 8, 9, 16, 17, 129, 600])
def test_a_row_alone_has_its_bits_around_vector_widths(units):
    for n_inputs in (1, 5, 9, 257):
        predictor = predictor_of([Dense(units, activation="softmax")], n_inputs=n_inputs)
        rows = rows_of(3, n_inputs)
        together = predictor.predict(rows)
        assert np.array_equal(predictor.predict(rows[1:2]), together[1:2])


def test_a_row_alone_keeps_its_nan():
    predictor = predictor_of([Dense(20, activation="relu"), Dense(2)])
    row = rows_of(1)
    row[0, 2] = np.nan
    assert np.isnan(predictor.predict(row)).all()
    # … and leaves nothing behind.
    assert np.isfinite(predictor.predict(rows_of(1))).all()


@pytest.mark.parametrize(
    "other",
    [
        lambda rows: rows.astype(np.float64),
        np.asfortranarray,
        lambda rows: np.repeat(rows, 2, axis=0)[::2],
        lambda rows: rows.tolist(),
    ],
    ids=["float64", "columns first", "every second row", "lists"],
)
def test_rows_in_any_form_give_the_same_bits(other):
    predictor = predictor_of([Dense(8, activation="tanh"), Dense(2)])
    rows = rows_of(1000)
    assert np.array_equal(predictor.predict(other(rows)), predictor.predict(rows))


def test_memory_beside_inputs_and_outputs_does_not_grow_with_the_rows():
    predictor = predictor_of([Dense(8, activation="relu"), Dense(1)], n_threads=2)

    def extra(n):
        rows = rows_of(n, dtype="float64")  # to be converted
        tracemalloc.start()
        outputs = predictor.predict(rows)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak - outputs.nbytes

    parts = 65_536 * (5 * 4 + 4)  # one part of the rows, converted, and its outputs
    assert extra(1_000_000) < extra(200_000) + parts


def test_callers_in_many_threads_may_share_a_predictor():
    predictor = predictor_of([Dense(64, activation="gelu"), Dense(3)], n_threads=2)
    few, many = rows_of(1), rows_of(3000)
    due = predictor.predict(few), predictor.predict(many)

    def call(turn):
        rows, expected = (few, due[0]) if turn % 2 else (many, due[1])
        return np.array_equal(predictor.predict(rows), expected)

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(call, range(200)))
