"""Tables made ready: the inputs of networks, and those of straight lines."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from hiddenlogic.errors import DataError
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
    scale = prepared.preparation.steps[0].encoding.straight
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


PARTS = np.array(["train", "val", "test"])[
    np.random.default_rng(2).choice(3, 200, p=(0.6, 0.2, 0.2))
]


def _with(path: Path, **columns: object):
    """The table with further columns before the target."""
    table = read_table(path)
    frame = table.frame.with_columns(**{name: pl.Series(cells) for name, cells in columns.items()})
    frame = frame.select(pl.exclude("rent"), "rent")
    return type(table)(frame, table.path, table.format, table.notes)


def _notes_and(table, **ways: str) -> tuple[list[str], Prepared]:
    """What is told, and the table made ready."""
    notes: list[str] = []

    def listen(event: object) -> None:
        if isinstance(event, Note):
            notes.append(event.text)

    return notes, prepare(table, "rent", "auto", {}, 0, listen, **ways)


@pytest.mark.parametrize("way", ["split_column", "time"])
def test_nothing_is_learned_from_held_out_rows(path: Path, way: str):
    week = np.arange(200) / 2
    table = _with(path, part=PARTS, week=week)
    column = {"split_column": "part", "time": "week"}[way]
    _, before = _notes_and(table, **{way: column})
    held_out = np.concatenate([before.split.validation, before.split.test])
    shuffled = np.random.default_rng(0).permutation(held_out)
    # Held-out rows change places (all cells but the one that says which part it is), and size.
    mixed = table.frame.with_columns(
        pl.exclude(column).gather(_place(held_out, shuffled))
    ).with_columns(size=_place_cells(table.frame["size"], held_out, 7.0))
    changed = type(table)(mixed, table.path, table.format, table.notes)
    _, after = _notes_and(changed, **{way: column})
    assert after.split.train.tolist() == before.split.train.tolist()
    assert after.preparation == before.preparation
    assert after.target == before.target
    # The nearest wrong way, to learn from all rows, would have noticed.
    everything = np.arange(200)
    assert type(after.preparation).fit(after.schema, mixed, everything) != (
        type(after.preparation).fit(before.schema, table.frame, everything)
    )


def _place(rows: np.ndarray, others: np.ndarray) -> pl.Series:
    """Indices that put `others` in the place of `rows`."""
    indices = np.arange(200)
    indices[rows] = others
    return pl.Series(indices)


def _place_cells(cells: pl.Series, rows: np.ndarray, factor: float) -> pl.Series:
    """Cells of which some are multiplied."""
    values = cells.to_numpy().copy()
    values[rows] *= factor
    return pl.Series(cells.name, values)


def test_columns_of_splits_are_left_out_and_said(path: Path):
    table = _with(path, part=PARTS, other=PARTS[::-1].copy())
    notes, prepared = _notes_and(table, split_column="part")
    assert {column.name for column in prepared.schema.features} == {"size", "town"}
    assert "rows are split as 'part' says" in notes
    assert (
        "'part' is left out (ignore) because it says which part each row is in (--split-column)"
        in (notes)
    )
    assert (
        "'other' is left out (ignore) because it names the parts of another split"
        " (--kind other=category)"
    ) in notes


def test_a_split_that_is_not_asked_for_is_pointed_at(path: Path):
    notes, prepared = _notes_and(_with(path, part=PARTS))
    assert "part" in {column.name for column in prepared.schema.features}
    assert (
        "'part' names the parts of a split but is used as an input; to split by it:"
        " --split-column part"
    ) in notes


def test_groups_are_left_out_and_kept_whole(path: Path):
    person = np.arange(200) // 4
    notes, prepared = _notes_and(_with(path, person=person), groups="person")
    assert "person" not in {column.name for column in prepared.schema.features}
    assert "rows are split by groups of 'person'" in notes
    assert not set(person[prepared.split.train]) & set(person[prepared.split.test])


def test_the_target_is_no_group(path: Path):
    with pytest.raises(DataError) as caught:
        _notes_and(read_table(path), groups="rent")
    assert str(caught.value) == (
        "The column 'rent' cannot be both the target and the group column. Choose another one with"
        " --group-column."
    )
