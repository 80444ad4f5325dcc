"""Embeddings in a Sequential: built, trained, refused, saved."""

from __future__ import annotations

import numpy as np
import pytest

from hiddenlogic import Sequential, optimizers
from hiddenlogic.errors import DataError
from hiddenlogic.layers import Dense, Embedding, PiecewiseLinearEmbedding


def test_a_sequential_learns_a_number_a_category(tmp_path):
    codes = np.arange(200)[:, None] % 5
    due = np.array([3.0, -1.0, 4.0, 1.0, -5.0])[codes]
    model = Sequential([Embedding(5, 2, name="town"), Dense(1)], seed=0)
    model.compile(optimizer=optimizers.Adam(0.1), loss="mse")
    model.fit(codes, due, epochs=60, verbose=0)
    assert abs(model.predict(codes[:5], verbose=0) - due[:5]).max() < 0.5
    assert model.get_layer("town").get_weights()[0].shape == (5, 2)
    model.save(tmp_path / "m")
    again = Sequential.load(tmp_path / "m")
    assert np.array_equal(again.predict(codes[:5], verbose=0), model.predict(codes[:5], verbose=0))
    with pytest.raises(DataError) as caught:
        model.predict([[4], [5]], verbose=0)
    assert str(caught.value) == (
        "The inputs have 5 in row 1, column 0, where layer 1 (Embedding) reads category codes: "
        "whole numbers from 0 to 4. Number the categories so, or give it another input_dim."
    )


def test_the_summary_counts_what_an_embedding_learns():
    x = np.linspace(0, 1, 30)[:, None]
    model = Sequential([PiecewiseLinearEmbedding.fitted(x, n_bins=4, units=3), Dense(1)])
    model.build((None, 1))
    text = []
    model.summary(print_fn=text.append)
    assert "piecewise_linear_embedding" in text[0]
    assert " Total params: 22 " in text[0]
