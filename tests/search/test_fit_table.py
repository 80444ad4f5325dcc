"""From a file to a model with its verdict."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

import hiddenlogic
from hiddenlogic.errors import DataError
from hiddenlogic.models.table_model import TableModel
from hiddenlogic.search.conclusion import TableFit
from hiddenlogic.search.events import Event, Note, Stage
from hiddenlogic.search.fit_table import fit_table
from hiddenlogic.table import fingerprint, infer_schema, read_table, split_rows


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """240 rows: a number, a category with gaps, and a bent target, of which two are missing."""
    random = np.random.default_rng(3)
    x = random.uniform(-2, 2, 240).round(4)
    colour = random.choice(["red", "blue", ""], 240)
    y = (np.abs(x) * 3 + (colour == "red") + random.normal(0, 0.1, 240)).round(4)
    lines = [
        f"{a},{b},{'' if row in (5, 90) else c}\n"
        for row, (a, b, c) in enumerate(zip(x, colour, y, strict=True))
    ]
    path = tmp_path_factory.mktemp("table") / "t.csv"
    path.write_text("x,colour,y\n" + "".join(lines))
    return path


@pytest.fixture(scope="module")
def events() -> list[Event]:
    return []


@pytest.fixture(scope="module")
def fit(table: Path, events: list[Event]) -> TableFit:
    return fit_table(table, seconds=2.0, seed=4, listener=events.append)


def test_the_bend_is_found(fit: TableFit):
    assert fit.verdict.outcome == "network"
    assert fit.measure == "RMSE"
    (chosen,) = [row for row in fit.leaderboard if row.chosen]
    assert chosen.held_out["R²"] > 0.9


def test_only_the_chosen_network_and_the_baselines_see_the_held_out_rows(fit: TableFit):
    scored = [row.name for row in fit.leaderboard if row.held_out]
    (chosen,) = [row.name for row in fit.leaderboard if row.chosen]
    assert sorted(scored) == sorted([chosen, "straight line", "mean"])
    assert len(fit.leaderboard) > 3


def test_the_scores_are_those_of_the_model_on_the_held_out_rows(fit: TableFit, table: Path):
    frame = read_table(table).frame
    held_out = frame[split_rows(infer_schema(frame), frame, seed=4).test]
    (chosen,) = [row for row in fit.leaderboard if row.chosen]
    assert fit.model.evaluate(held_out) == chosen.held_out
    assert fit.rows == {"train": 166, "validation": 36, "held out": held_out.height}
    error = held_out["y"].to_numpy() - fit.model.predict(held_out)["prediction"].to_numpy()
    assert chosen.held_out["RMSE"] == pytest.approx(np.sqrt(np.mean(error**2)), rel=1e-6)


def test_the_sample_holds_held_out_rows(fit: TableFit, table: Path):
    frame = read_table(table).frame
    held_out = frame[split_rows(infer_schema(frame), frame, seed=4).test]
    assert fit.sample.columns == ["true", "predicted"]
    assert set(fit.sample["true"]) <= set(held_out["y"])
    assert fit.sample.height == 10


def test_every_decision_is_told(fit: TableFit, events: list[Event]):
    notes = [event.text for event in events if isinstance(event, Note)]
    assert fit.networks > 0
    assert "target 'y', the last column (--target)" in notes
    assert "2 rows (rows 6, 91) have no target and are left out of training" in notes
    assert any(note.startswith("'colour' is a category because it ") for note in notes)
    assert [event.text for event in events if isinstance(event, Stage)] == [
        "Reading t.csv",
        "Preparing 240 rows of 3 columns",
        "Training",
        "Scoring on held-out rows",
    ]


def test_the_receipt_says_where_the_model_comes_from(fit: TableFit, table: Path):
    receipt = fit.model.snapshot.receipt
    assert receipt["hiddenlogic"] == hiddenlogic.__version__
    assert receipt["seed"] == 4
    assert receipt["table"]["fingerprint"] == fingerprint(read_table(table).frame)
    assert receipt["networks tried"] == fit.networks
    assert set(receipt["held-out scores"]) == {"network", "straight line", "constant"}
    assert receipt["verdict"] == fit.verdict.text


def test_the_saved_model_predicts_the_same_bits(fit: TableFit, table: Path, tmp_path: Path):
    fit.model.save(tmp_path / "m")
    loaded = TableModel.load(tmp_path / "m")
    assert loaded.outputs(table).tobytes() == fit.model.outputs(table).tobytes()
    assert loaded.snapshot.receipt == fit.model.snapshot.receipt
    assert loaded.snapshot.history == fit.model.snapshot.history


def test_unused_levels_and_gaps_are_predicted_too(fit: TableFit):
    rows = pl.DataFrame({"x": [1.0, None], "colour": ["green", None]})
    assert np.isfinite(fit.model.predict(rows)["prediction"].to_numpy()).all()


def test_too_little_time_is_said(table: Path):
    with pytest.raises(DataError) as caught:
        fit_table(table, seconds=1e-6)
    assert str(caught.value) == (
        "1e-06 s were too short to train a single network. Give more time with --time."
    )


def test_means_of_a_skewed_target_are_right_on_the_validation_rows(tmp_path: Path):
    random = np.random.default_rng(8)
    x = random.normal(0, 1, 400)
    price = np.exp(5 + x + 0.8 * random.normal(size=400))
    pl.DataFrame({"x": x, "price": price}).write_parquet(tmp_path / "t.parquet")
    notes: list[str] = []

    def listen(event: object) -> None:
        if isinstance(event, Note):
            notes.append(event.text)

    fit = fit_table(tmp_path / "t.parquet", seconds=1.0, listener=listen)
    assert fit.measure == "RMSE of log"
    assert any(note.startswith("the logarithm of 'price' is predicted because") for note in notes)
    frame = pl.DataFrame({"x": x, "price": price})
    validation = frame[split_rows(infer_schema(frame), frame, seed=0).validation]
    fit.model.save(tmp_path / "m")
    model = TableModel.load(tmp_path / "m")
    means, medians = (
        model.predict(validation, median=median)["prediction"] for median in (False, True)
    )
    assert means.sum() == pytest.approx(validation["price"].sum(), rel=1e-9)
    assert medians.sum() < 0.9 * means.sum()
    plain = fit_table(tmp_path / "t.parquet", seconds=1.0, target_scale="standard")
    assert plain.measure == "RMSE"
