"""What each kind of column becomes, small enough to be checked by hand."""

from datetime import date, datetime, time, timedelta
from hashlib import blake2b
from typing import Any

import numpy as np
import polars as pl
import pytest

from hiddenlogic.errors import DataError
from hiddenlogic.table import Preparation, infer_schema
from hiddenlogic.table.blocks import Block

FLOAT32_STEP = float(np.finfo(np.float32).eps)


def one(column: str, cells: list, kind: str | None = None, rows=None) -> tuple[Preparation, Any]:
    """Fit a table of one column and transform it."""
    frame = pl.DataFrame({column: cells, "y": [i * 0.5 for i in range(len(cells))]}, strict=False)
    schema = infer_schema(frame, kinds={column: kind} if kind else {})
    rows = np.arange(len(cells)) if rows is None else rows
    preparation = Preparation.fit(schema, frame, rows)
    return preparation, preparation.transform(frame).tolist()


def test_missing_numbers_are_the_median_with_an_indicator():
    _, matrix = one("x", [1.0, None, 3.0, 5.0])
    clip = lambda x: x / np.sqrt(1 + (x / 3) ** 2)  # noqa: E731
    # Median 3, quartiles 2 and 4.
    low = float(np.float32(clip(-1.0)))
    assert matrix == [[low, 0.0], [0.0, 1.0], [0.0, 0.0], [-low, 0.0]]


def test_numbers_missing_only_at_prediction_are_the_median_and_counted():
    preparation, _ = one("x", [1.0, 3.0, 5.0])
    frame = pl.DataFrame({"x": [None, 3.0, None]})
    assert preparation.transform(frame).tolist() == [[0.0], [0.0], [0.0]]
    assert preparation.warnings(frame) == [
        "column 'x': 2 cells missing, as none was in training; read as the training median 3"
    ]


def test_a_column_missing_in_all_training_rows_gives_zero_and_the_indicator():
    _, matrix = one("x", [None, None, 3.0], rows=np.array([0, 1]))
    assert matrix == [[0.0, 1.0], [0.0, 1.0], [0.0, 0.0]]


def test_levels_have_one_input_each():
    _, matrix = one("c", ["b", "a", "c"])
    assert matrix == [[0, 1, 0], [1, 0, 0], [0, 0, 1]]


def test_two_levels_share_one_input():
    preparation, matrix = one("c", ["b", "a", "b"])
    assert matrix == [[1], [-1], [1]]
    frame = pl.DataFrame({"c": ["a", None, "z"]})
    assert preparation.transform(frame).tolist() == [[-1], [0], [0]]
    assert preparation.warnings(frame) == [
        "column 'c': 1 cell with 1 level unseen in training ('z'); read as none of the known ones",
        "column 'c': 1 cell missing, as none was in training; read as none of the known levels",
    ]


def test_missing_is_a_level_where_training_had_it():
    _, matrix = one("c", ["a", None, "b"])
    assert matrix == [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
    _, matrix = one("c", ["a", None, "a"])
    assert matrix == [[-1], [1], [-1]]


def test_unseen_levels_are_zero_everywhere_and_counted():
    preparation, _ = one("c", ["a", "b", "c"])
    frame = pl.DataFrame({"c": ["z", "a", "z", "y"]})
    assert preparation.transform(frame).tolist() == [[0, 0, 0], [1, 0, 0], [0, 0, 0], [0, 0, 0]]
    assert preparation.warnings(frame) == [
        "column 'c': 3 cells with 2 levels unseen in training ('z', 'y'); read as none of the known"
        " ones"
    ]


def test_more_than_eight_levels_have_a_code_each():
    eight = one("c", list("abcdefgh") * 2)[0]
    assert len(eight.feature_names) == 8
    cells = [*"ihgfedcba" * 2, "z", None]
    preparation, matrix = one("c", cells)
    assert preparation.feature_names == ("code of c",)
    assert matrix == [[float(code)] for code in [*range(10, 1, -1)] * 2 + [0, 1]]
    assert preparation.blocks == (Block("c", 0, 1, "codes", n_codes=11),)
    assert preparation.describe() == [
        "'c': learned numbers for each of 9 levels, for missing and for any other (1 level of one"
        " row)"
    ]


def test_unseen_levels_and_gaps_have_the_code_of_any_other_level():
    preparation, _ = one("c", list("abcdefghi") * 2)
    frame = pl.DataFrame({"c": ["a", "new", None]})
    assert preparation.transform(frame).tolist() == [[1], [0], [0]]
    assert preparation.warnings(frame) == [
        "column 'c': 1 cell with 1 level unseen in training ('new'); read as any other level",
        "column 'c': 1 cell missing, as none was in training; read as any other level",
    ]


def test_columns_that_were_numbers_need_not_be_read_as_text():
    assert one("c", [1, 2, 10], "category")[0].text_columns == ()


def test_levels_that_are_numbers_are_the_same_whatever_their_type():
    preparation, matrix = one("c", [1, 2, 10], "category")
    assert preparation.feature_names == ("c = 1", "c = 10", "c = 2")
    for cells in ([1.0, 2.0, 10.0], ["1", "2", "10"]):
        assert preparation.transform(pl.DataFrame({"c": cells})).tolist() == matrix


def test_no_input_at_all_is_refused():
    with pytest.raises(DataError) as caught:
        one("c", ["a", "a", "b"], rows=np.array([0, 1]))
    assert str(caught.value) == (
        "Every column is the same in all 2 training rows ('c'), so there is nothing to learn from."
        " Add columns or rows."
    )


def test_truth_values_are_plus_and_minus_one():
    assert one("b", [True, False, None])[1] == [[1, 0], [-1, 0], [0, 1]]
    assert one("b", ["yes", "NO", "t", "0"], "boolean")[1] == [[1], [-1], [1], [-1]]


def test_dates_are_days_and_what_comes_back_where_it_varies():
    moments = [datetime(2020, 1, 1), datetime(2020, 1, 2), datetime(2020, 1, 1, 12)]
    preparation, matrix = one("t", moments)
    # Median noon, quartiles six hours around it: half a day is one spread.
    assert matrix[2][0] == 0
    assert matrix[1][0] == float(np.float32(1 / np.sqrt(1 + 1 / 9)))
    assert preparation.feature_names[1:] == tuple(
        f"{wave} of the {name} of t"
        for name in ("day of the week", "day of the year", "hour")
        for wave in ("sine", "cosine")
    )
    turns = np.array([[2 / 7, 0, 0], [3 / 7, 1 / 366, 0], [2 / 7, 0, 0.5]]) * 2 * np.pi
    expected = np.stack([np.sin(turns), np.cos(turns)], axis=2).reshape(3, 6)
    assert np.array(matrix)[:, 1:] == pytest.approx(expected, abs=FLOAT32_STEP)


def test_years_and_months_are_inputs_where_they_vary():
    days = [date(2020, 1, 1), date(2021, 4, 1), None, date(2022, 7, 1)]
    preparation, matrix = one("t", days)
    names = preparation.feature_names
    assert [matrix[row][names.index("year of t")] for row in (1, 2)] == [0, 0]
    month = names.index("sine of the month of t")
    assert [row[month] for row in matrix] == [0, 1, 0, 0]
    assert [row[month + 1] for row in matrix] == [1, 0, 0, -1]
    assert [row[names.index("t is missing")] for row in matrix] == [0, 0, 1, 0]


def test_times_of_day_are_places_on_the_clock():
    for cells in ([time(0), time(6), None, time(18)], ["00:00", "06:00", None, "18:00"]):
        preparation, matrix = one("t", cells)
        assert matrix == [[0, 1, 0], [1, 0, 0], [0, 0, 1], [-1, 0, 0]]
        assert preparation.feature_names == ("sine of t", "cosine of t", "t is missing")
    with pytest.raises(DataError, match="row 1: expected a time of day like 14:30:00, got 'noon'"):
        preparation.transform(pl.DataFrame({"t": ["noon"]}))


def test_durations_are_seconds():
    spans = [timedelta(seconds=one) for one in (1, 2, 3, 4, 5)]
    assert one("d", spans)[1] == one("d", [1.0, 2.0, 3.0, 4.0, 5.0])[1]


def test_more_than_ten_thousand_levels_have_buckets():
    levels = [f"level {i % 10_001}" for i in range(20_004)]
    preparation, matrix = one("c", [*levels, None], "category")
    digest = blake2b(b"level 7", digest_size=8).digest()
    assert matrix[7] == [1 + int.from_bytes(digest, "little") % 4096]
    assert matrix[-1] == [0]
    assert preparation.blocks == (Block("c", 0, 1, "codes", n_codes=4097),)
    assert preparation.text_columns == ("c",)


@pytest.mark.parametrize(
    "cells",
    [
        ["31.01.2024", "01.02.2024", "02.02.2024"],
        ["31/01/2024", "01/02/2024", "02/02/2024"],
        ["01/31/2024", "02/01/2024", "02/02/2024"],
        ["2024-01-31T00:00:00Z", "2024-02-01T00:00:00Z", "2024-02-02T00:00:00.000Z"],
    ],
)
def test_dates_in_text_are_the_days_they_mean(cells):
    days = [date(2024, 1, 31), date(2024, 2, 1), date(2024, 2, 2)]
    assert one("t", cells)[1] == one("t", days)[1]
