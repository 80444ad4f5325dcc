"""Inputs without the smooth clip."""

import numpy as np
import polars as pl
import pytest

from hiddenlogic import engine
from hiddenlogic.search.problem import Part, Problem
from hiddenlogic.search.straight import WIDTH, folded, unclipped
from hiddenlogic.table import Preparation, infer_schema

FRAME = pl.DataFrame(
    {
        "town": ["Ulm", "Bonn", "Köln", "Bonn"] * 10,
        "size": [None if row == 3 else float(row**2 % 37) for row in range(40)],
        "day": [f"2024-01-{1 + row % 28:02}" for row in range(40)],
        "rent": [float(row) for row in range(40)],
    }
)
PREPARATION = Preparation.fit(infer_schema(FRAME), FRAME, np.arange(40))


def test_only_numbers_and_dates_are_widened():
    names = PREPARATION.feature_names
    wide, factors = unclipped(PREPARATION)
    assert wide.feature_names == names
    assert {name for name, one in zip(names, factors, strict=True) if one == WIDTH} == {
        "size",
        "day",
    }


def test_the_inputs_are_as_far_apart_as_the_cells():
    wide, factors = unclipped(PREPARATION)
    place = PREPARATION.feature_names.index("size")
    inputs = (wide.transform(FRAME) * factors)[:, place]
    cells = FRAME["size"].to_numpy()
    known = ~np.isnan(cells)
    spread = PREPARATION.steps[1].scale.spread
    expected = (cells[known] - np.median(cells[known])) / spread
    assert inputs[known] == pytest.approx(expected, rel=1e-6)


def test_folding_changes_no_bit():
    wide, factors = unclipped(PREPARATION)
    inputs = wide.transform(FRAME)
    nothing = Part(inputs, np.zeros((40, 1), np.float32))
    network = Problem("regression", 0, nothing, nothing).network((), "linear")
    weights = [one.astype(np.float32) for one in engine.initial_weights(network, 1)]
    trained = engine.predict(network, weights, inputs * factors)
    saved = engine.predict(network, folded(weights, factors), inputs)
    assert trained.tobytes() == saved.tobytes()
