"""Embeddings as data: what they take, what is refused, and how bins are found."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from hiddenlogic import initializers
from hiddenlogic.errors import DataError, RangeError, ShapeError, UnknownNameError
from hiddenlogic.layers import Embedding, NTKDense, PeriodicEmbedding, PiecewiseLinearEmbedding
from hiddenlogic.network import Network


def refusal(kind, call):
    with pytest.raises(kind) as caught:
        call()
    return str(caught.value)


def test_an_embedding_has_keras_defaults():
    layer = Embedding(9, 4)
    assert layer.embeddings_initializer == initializers.RandomUniform(-0.05, 0.05)
    assert layer.embeddings_regularizer is None


def test_a_code_is_a_number_that_float32_holds():
    assert Embedding(2**24, 1).n_codes == 2**24
    assert refusal(RangeError, lambda: Embedding(2**24 + 1, 1)) == (
        "`input_dim` of Embedding must be at most 2**24, the whole numbers that float32 tells "
        "apart; got 16777217. Put rare categories together."
    )
    assert refusal(RangeError, lambda: Embedding(0, 1)) == (
        "`input_dim` of Embedding must be a whole number of at least 1; got 0."
    )


def test_ntk_dense_begins_with_weights_of_deviation_1():
    kernel, bias = NTKDense(3).weights([2])
    assert kernel.initializer == initializers.RandomNormal(stddev=1.0)
    assert bias.initializer == initializers.Zeros()


@pytest.mark.parametrize("edges", [[1.0], [1.0, 1.0], [2.0, 1.0], [0.0, float("nan")]])
def test_edges_rise(edges):
    message = refusal(RangeError, lambda: PiecewiseLinearEmbedding(2, [[0.0, 1.0], edges]))
    assert message == (
        "`bins` of PiecewiseLinearEmbedding must be at least two rising, finite numbers a column; "
        f"got {edges!r} for column 1."
    )


def test_edges_are_for_the_columns_that_arrive():
    layer = PiecewiseLinearEmbedding(2, [[0.0, 1.0]])
    assert refusal(ShapeError, lambda: Network.sequential(3, [layer])) == (
        "layer 1 (PiecewiseLinearEmbedding) has edges for 1 columns; 3 arrive. Fit it on rows of "
        "those."
    )


def test_an_unknown_version_kind_or_coupling_activation_is_refused():
    assert refusal(
        UnknownNameError, lambda: PiecewiseLinearEmbedding(2, [[0.0, 1.0]], version="C")
    ) == ("`version` of PiecewiseLinearEmbedding must be A or B; got 'C'.")
    assert refusal(
        UnknownNameError, lambda: PiecewiseLinearEmbedding(2, [[0, 1]], activation="softmax")
    ) == (
        "`activation` of PiecewiseLinearEmbedding must treat each unit by itself; softmax couples "
        "units. Use another, or Activation('softmax')."
    )
    assert refusal(UnknownNameError, lambda: PeriodicEmbedding("plp")) == (
        "`kind` of PeriodicEmbedding must be plr or pbld; got 'plp'."
    )
    assert refusal(RangeError, lambda: PeriodicEmbedding(sigma=0)) == (
        "`sigma` of PeriodicEmbedding must be a finite number greater than 0; got 0."
    )


def test_each_kind_of_periodic_embedding_has_its_defaults():
    plr, pbld = PeriodicEmbedding(), PeriodicEmbedding("pbld")
    assert (plr.units, plr.n_frequencies, plr.sigma) == (24, 48, 0.01)
    assert (pbld.units, pbld.n_frequencies, pbld.sigma) == (3, 16, 0.1)
    assert plr.units_after([5]) == 5 * 24
    assert pbld.units_after([5]) == 5 * 4


def test_edges_are_the_different_quantiles():
    random = np.random.default_rng(0)
    rows = random.normal(size=(101, 3)).astype(np.float32)
    rows[:, 1] = np.arange(101) % 2
    rows[:90, 2] = 0.5
    due = [np.unique(np.quantile(rows[:, i].astype(float), np.arange(9) / 8)) for i in range(3)]
    for given in (rows, rows.tolist(), pl.DataFrame(rows)):
        bins = PiecewiseLinearEmbedding.fitted(given, n_bins=8).bins
        assert [len(edges) for edges in bins] == [len(edges) for edges in due]
        for found, right in zip(bins, due, strict=True):
            assert np.array_equal(np.float32(found), np.float32(right))
    assert np.shape(rows) == (101, 3)


def test_fitting_leaves_the_rows_as_they_are():
    rows = np.array([[3.0], [1.0], [2.0]])
    PiecewiseLinearEmbedding.fitted(rows, n_bins=2)
    assert rows[:, 0].tolist() == [3, 1, 2]


def test_a_column_without_bins_is_refused():
    assert refusal(
        DataError, lambda: PiecewiseLinearEmbedding.fitted([[1.0, 5.0], [2.0, 5.0]])
    ) == (
        "Column 1 of `rows` has the same value, 5, in every row: it has no bins, and nothing to "
        "learn from. Leave it out."
    )
    for bad in (float("nan"), float("inf"), -float("inf")):
        for rows in ([[1.0], [bad], [2.0]], np.array([[bad], [1.0], [2.0]])):
            assert refusal(DataError, lambda rows=rows: PiecewiseLinearEmbedding.fitted(rows)) == (
                "`rows` must hold finite numbers; column 0 has a NaN or an infinity. Fill such "
                "cells or drop their rows."
            )
    for shape, rows in [("(3,)", np.ones(3)), ("(0, 2)", np.ones((0, 2))), ("(2, 0)", [[], []])]:
        assert refusal(ShapeError, lambda rows=rows: PiecewiseLinearEmbedding.fitted(rows)) == (
            f"`rows` must have the shape (rows, columns), with at least one of each; got {shape}."
        )
