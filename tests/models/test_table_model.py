"""Table in, prediction out."""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest

from hiddenlogic.errors import DataError, SchemaError, StateError
from hiddenlogic.formats.snapshot import Snapshot
from hiddenlogic.layers import Dense
from hiddenlogic.models.table_model import TableModel, load
from hiddenlogic.network import Network
from hiddenlogic.table import Preparation, TargetPreparation, infer_schema

TOWNS = ["Ulm", "Bonn", "Köln"] * 8
FLATS = pl.DataFrame(
    {
        "town": TOWNS,
        "m2": [40.5, 61.0, None, 85.25] * 6,
        "rent": [500.5 + 7 * row for row in range(24)],
    }
)


def _model(target: str, task: str = "auto") -> TableModel:
    """A model with drawn weights."""
    schema, rows = infer_schema(FLATS, target=target, task=task), np.arange(24)
    preparation = Preparation.fit(schema, FLATS, rows)
    made = TargetPreparation.fit(schema, FLATS, rows)
    ending = {"regression": "linear", "binary": "sigmoid", "multiclass": "softmax"}[schema.task]
    layers = [Dense(4, "tanh"), Dense(made.n_outputs, ending)]
    network = Network.sequential(len(preparation.feature_names), layers)
    random = np.random.default_rng(0)
    weights = [random.normal(size=one.shape).astype(np.float32) for one in network.parameters]
    return TableModel(Snapshot(network, weights, schema, preparation, made))


def test_numbers_come_in_the_unit_of_the_target():
    model = _model("rent")
    frame = model.predict(FLATS)
    assert frame.columns == ["prediction"]
    expected = model.outputs(FLATS)[:, 0].astype(float) * model.target.std + model.target.mean
    assert frame["prediction"].to_list() == expected.tolist()


def test_classes_come_with_their_probabilities():
    frame = _model("town").predict(FLATS)
    assert frame.columns == [
        "prediction",
        "probability of Bonn",
        "probability of Köln",
        "probability of Ulm",
    ]
    for row in frame.iter_rows(named=True):
        best = max(("Bonn", "Köln", "Ulm"), key=lambda name: row[f"probability of {name}"])
        assert row["prediction"] == best


def test_rows_may_come_in_any_form(tmp_path: Path):
    model = _model("rent")
    expected = model.predict(FLATS)
    FLATS.write_csv(tmp_path / "flats.csv")
    FLATS.write_parquet(tmp_path / "flats.parquet")
    pandas = pd.DataFrame(FLATS.to_dict(as_series=False))
    assert pandas["m2"].isna().any()
    for rows in (
        tmp_path / "flats.csv",
        str(tmp_path / "flats.parquet"),
        pandas,
        FLATS.lazy(),
        FLATS.to_dict(as_series=False),
    ):
        assert model.predict(rows).equals(expected)


def test_a_row_does_not_depend_on_the_rows_beside_it():
    model = _model("rent")
    alone = [model.outputs(FLATS[row]).tobytes() for row in range(24)]
    assert b"".join(alone) == model.outputs(FLATS).tobytes()


def test_no_rows_give_no_predictions():
    assert _model("town").predict(FLATS.clear()).height == 0


def test_scores_are_in_the_unit_of_the_target():
    model = _model("rent")
    error = model.predict(FLATS)["prediction"] - FLATS["rent"]
    scores = model.evaluate(FLATS)
    assert list(scores) == ["RMSE", "MAE", "R²"]
    assert scores["MAE"] == pytest.approx(error.abs().mean())


def test_classes_are_scored_by_name():
    model = _model("town")
    scores = model.evaluate(FLATS)
    assert list(scores) == ["accuracy", "log-loss", "AUC"]
    right = model.predict(FLATS)["prediction"] == FLATS["town"]
    assert scores["accuracy"] == pytest.approx(right.mean())


def test_a_saved_model_predicts_the_same_bits(tmp_path: Path):
    model = _model("town")
    model.save(tmp_path / "m")
    assert load(tmp_path / "m").outputs(FLATS).tobytes() == model.outputs(FLATS).tobytes()


def test_what_is_no_table_is_refused():
    model = _model("rent")
    for rows, message in (
        (
            3,
            "Rows must be a path, a frame of polars, pandas or pyarrow, a mapping of names to"
            " cells, or an array of shape (n_rows, n_columns); got int.",
        ),
        (FLATS.clear(), "Rows to evaluate must be at least one; got none."),
    ):
        with pytest.raises(DataError) as caught:
            model.evaluate(rows)
        assert str(caught.value) == message
    with pytest.raises(
        DataError, match=r"^Columns must be equally long; 'town' has 1 cells and 'm2' has 2\.$"
    ):
        model.predict({"town": ["Ulm"], "m2": [1.0, 2.0]})
    with pytest.raises(SchemaError, match="The table lacks the column 'm2'"):
        model.predict({"town": ["Ulm"]})


def test_a_network_without_columns_is_refused():
    network = Network.sequential(1, [Dense(1)])
    weights = [np.ones((1, 1), np.float32), np.zeros(1, np.float32)]
    with pytest.raises(StateError) as caught:
        TableModel(Snapshot(network, weights))
    assert str(caught.value) == (
        "This network was trained on arrays and knows no columns."
        " Read it with hiddenlogic.Sequential.load()."
    )
