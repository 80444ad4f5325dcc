"""Tables made ready: the inputs of networks, and those of straight lines."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hiddenlogic.models.table_model import TableModel
from hiddenlogic.search.events import Note, ignore
from hiddenlogic.search.fit_table import fit_table
from hiddenlogic.search.prepared import Prepared, prepare
from hiddenlogic.table import read_table


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """200 rows: a number with a long tail, a category, and a target straight in both."""
    random = np.random.default_rng(5)
    size = (np.sinh(random.normal(0, 2.5, 200)) * 10).round(3)
    town = random.choice(["Ulm", "Bonn"], 200)
    rent = (3 * size + 20 * (town == "Ulm")).round(3)
    pl.DataFrame({"size": size, "town": town, "rent": rent}).write_csv(tmp_path / "t.csv")
    return tmp_path / "t.csv"


def _prepared(path: Path, target: str, *columns: str) -> Prepared:
    table = read_table(path)
    kept = type(table)(table.frame.select(*columns, target), table.path, table.format, table.notes)
    return prepare(kept, target, "auto", {}, 0, ignore)


def test_straight_lines_get_the_rows_without_the_clip(path: Path):
    prepared = _prepared(path, "rent", "size", "town")
    problem = prepared.problem()
    train, validation = problem.parts(clipped=False)
    frame = prepared.table.frame
    expected = prepared.preparation.without_clip().transform(frame[prepared.split.train])
    assert (train.inputs == expected).all()
    assert (train.targets == problem.train.targets).all()
    assert np.abs(problem.train.inputs).max() <= 3 < np.abs(train.inputs).max()
    assert len(validation) == len(problem.validation)


def test_where_nothing_is_clipped_there_is_one_line(path: Path):
    assert _prepared(path, "rent", "town").problem().straight is None


def test_cells_too_far_off_are_told_while_training(path: Path):
    table = read_table(path)
    size = [1e300, *table.frame["size"].to_list()[1:]]
    far = table.frame.with_columns(pl.Series("size", size))
    notes: list[str] = []

    def listen(event: object) -> None:
        if isinstance(event, Note):
            notes.append(event.text)

    prepared = prepare(
        type(table)(far, table.path, table.format, table.notes), "rent", "auto", {}, 0, listen
    )
    scale = prepared.preparation.steps[0].scale
    assert notes[-1] == (
        "for the straight line, column 'size': 1 cell further than 1,000,000 spreads of"
        f" {scale.spread:g} from the training median {scale.center:g}; read as that far"
    )


def test_a_straight_winner_is_saved_without_the_clip(path: Path, tmp_path: Path):
    fit = fit_table(path, seconds=1.0)
    assert fit.verdict.outcome == "straight line"
    fit.model.save(tmp_path / "m")
    model = TableModel.load(tmp_path / "m")
    first, *_ = model.preparation.describe()
    assert first.startswith("'size': number, (x ")
    assert "clipped" not in first
    assert model.outputs(path).tobytes() == fit.model.outputs(path).tobytes()
    far = pl.DataFrame({"size": [1e300, -1e300], "town": ["Ulm", "Bonn"]})
    high, low = model.predict(far)["prediction"]
    assert np.isfinite([high, low]).all()
    assert high > 1e6 > -1e6 > low
