"""Columns that know the target too well, and columns twice."""

import numpy as np
import polars as pl
import pytest

from hiddenlogic.table import infer_schema
from hiddenlogic.table.leaks import find_leaks

RANDOM = np.random.default_rng(0)
ROWS = 600
Y = RANDOM.normal(50, 9, ROWS)
ILL = RANDOM.random(ROWS) < 0.2
NOISE = RANDOM.normal(size=ROWS)


def leaks(target, rows=None, **columns) -> list[str]:
    """Return what is said of a table with noise, these columns and this target."""
    frame = pl.DataFrame({"noise": NOISE[: len(target)], **columns, "y": target})
    rows = np.arange(len(target)) if rows is None else rows
    return find_leaks(infer_schema(frame), frame, rows)


WAY_OUT = "; leave it out if it is not known before (--kind c=ignore)"


@pytest.mark.parametrize(
    ("column", "target", "what"),
    [
        (Y, Y, "is a copy of 'y'"),
        (np.exp(Y / 9), Y, "puts 'y' in order without exception"),
        (-3 * Y + 7, Y, "puts 'y' in order without exception"),
        (np.round(Y), Y, "puts 'y' in order without exception"),
        (Y > 50, Y, "puts 'y' in order without exception"),
        (-Y + NOISE / 10, Y, "follows 'y' with a correlation of -0.9999"),
        (ILL + NOISE / 1e3, ILL, "tells the classes of 'y' apart without exception"),
        (1 - ILL, ILL, "tells the classes of 'y' apart without exception"),
        (np.where(ILL, "x", "z"), ILL, "has one 'y' only for each of its values"),
        (
            np.char.add("t", (Y.astype(int) % 60).astype(str)),
            Y.astype(int) % 60 * 1.5,
            "has one 'y' only for each of its values",
        ),
    ],
)
def test_a_column_that_determines_the_target_is_named(column, target, what):
    assert leaks(target, c=column) == [f"'c' {what}{WAY_OUT}"]


@pytest.mark.parametrize(
    ("column", "target"),
    [
        (Y + NOISE, Y),  # a good input
        (ILL + NOISE, ILL),
        (np.where(ILL | (np.arange(ROWS) == 3), "x", "z"), ILL),  # one exception
        (np.char.add("t", np.arange(ROWS).astype(str)), ILL),  # no value twice
        ((np.arange(ROWS) < 1), np.arange(ROWS) % 2 == 0),  # a rare level, of one class by chance
    ],
)
def test_a_column_that_may_be_known_is_not(column, target):
    assert leaks(target, c=column) == []


def test_noise_is_never_named():
    for seed in range(30):
        random = np.random.default_rng(seed)
        few = random.integers(0, 3, 40)
        columns = {f"c{i}": random.integers(0, 2 + i, 40) for i in range(8)}
        assert leaks(np.array(["a", "b", "c"])[few].tolist(), **columns) == []


def test_an_id_that_orders_the_target_is_named():
    target = np.sort(Y)
    assert leaks(target, id=np.arange(1, ROWS + 1)) == [
        "'id' puts 'y' in order without exception, though it is an id; it is left out"
        " (--kind id=number)"
    ]


def test_only_training_rows_are_looked_at():
    column = np.where(np.arange(ROWS) < 300, Y, NOISE)
    assert leaks(Y, np.arange(300), c=column) == [f"'c' is a copy of 'y'{WAY_OUT}"]
    assert leaks(Y, np.arange(301), c=column) == []


def test_an_exception_that_a_glance_misses_is_found():
    target = RANDOM.normal(size=9_001)
    column = target.copy()
    column[1], column[2] = column[2] + 9, column[1] - 9
    frame = pl.DataFrame({"c": column, "y": target})
    schema = infer_schema(frame)
    assert find_leaks(schema, frame, np.arange(9_001)) == []
    column[1], column[2] = target[1], target[2]
    whole = frame.with_columns(c=pl.Series(column))
    assert len(find_leaks(schema, whole, np.arange(9_001))) == 1


def test_every_kind_of_column_can_be_looked_at():
    moments = pl.Series(np.argsort(np.argsort(Y)))
    of_day = (moments * 60_000_000_000).cast(pl.Time)
    for cells in (of_day, moments.cast(pl.Duration("ms")), moments.cast(pl.Date)):
        assert leaks(Y, c=cells) == [f"'c' puts 'y' in order without exception{WAY_OUT}"]


def test_missing_cells_are_no_exception():
    column = [None if row % 5 == 0 else value for row, value in enumerate(Y.tolist())]
    assert leaks(Y, c=column) == [f"'c' is a copy of 'y'{WAY_OUT}"]


def columns_of(frame: pl.DataFrame, **kinds: str) -> dict[str, tuple[str, str, str]]:
    """Return kind, reason and flag of each column that is left out."""
    schema = infer_schema(frame, kinds=kinds)
    return {column.name: (column.kind, column.reason, column.flag) for column in schema.left_out}


def test_the_second_of_two_equal_columns_is_left_out():
    whole = np.arange(ROWS) % 7
    town = np.where(ILL, "Ulm", "Bonn")
    frame = pl.DataFrame(
        {"a": whole, "town": town, "b": whole * 1.0, "city": town, "c": whole, "y": Y}
    )
    same = "holds the same cells as"
    assert columns_of(frame) == {
        "b": ("duplicate", f"{same} 'a'", "--kind b=number"),
        "city": ("duplicate", f"{same} 'town'", "--kind city=category"),
        "c": ("duplicate", f"{same} 'a'", "--kind c=number"),
    }
    assert set(columns_of(frame, b="number")) == {"city", "c"}


def test_columns_that_differ_in_one_cell_are_two():
    other = Y.copy()
    other[300] += 1
    gap = [None, *Y[1:].tolist()]
    frame = pl.DataFrame({"a": NOISE, "b": NOISE[::-1].copy(), "c": other, "d": gap, "y": Y})
    assert columns_of(frame) == {}


def test_equal_gaps_are_equal():
    gaps = [None if row % 3 else float(row) for row in range(ROWS)]
    nans = [float("nan") if row % 3 else float(row) for row in range(ROWS)]
    frame = pl.DataFrame({"a": gaps, "b": nans, "y": Y})
    assert set(columns_of(frame)) == {"b"}
