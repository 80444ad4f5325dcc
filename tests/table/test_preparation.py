"""From columns to the matrix: fitted on training rows, a row the same bits wherever it stands."""

import json
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiddenlogic.errors import DataError, SchemaError
from hiddenlogic.table import Preparation, infer_schema
from hiddenlogic.table.encodings import rows_of
from hiddenlogic.table.kinds import USED_KINDS

ROWS = 60
TRAIN = np.arange(0, 40)
FRAME = pl.DataFrame(
    {
        "age": [None if i == 3 else 20 + i % 17 for i in range(ROWS)],
        "height": [1.5 + 0.01 * (i * 7 % 40) for i in range(ROWS)],
        "town": [["Ulm", "Bonn", "Köln"][i % 3] for i in range(ROWS)],
        "sex": [["m", "f"][i % 2] for i in range(ROWS)],
        "job": [None if i % 5 == 0 else ["cook", "clerk"][i % 2] for i in range(ROWS)],
        "member": [i % 4 == 0 for i in range(ROWS)],
        "since": [date(2020, 1, 1 + i % 28) for i in range(ROWS)],
        "price": [i * 1.5 for i in range(ROWS)],
    }
)
SCHEMA = infer_schema(FRAME)
PREPARATION = Preparation.fit(SCHEMA, FRAME, TRAIN)


def refusal(error: type[Exception], frame: pl.DataFrame) -> str:
    """Return the message for a table to transform."""
    with pytest.raises(error) as caught:
        PREPARATION.transform(frame)
    return str(caught.value)


def test_every_used_kind_has_an_encoding():
    assert all(rows_of(kind).names for kind in USED_KINDS)


def test_each_input_has_a_name():
    assert PREPARATION.feature_names == (
        "age",
        "age is missing",
        "height",
        "town = Bonn",
        "town = Köln",
        "town = Ulm",
        "sex = m",
        "job = clerk",
        "job = cook",
        "job is missing",
        "member",
        "since",
        "sine of the day of the week of since",
        "cosine of the day of the week of since",
        "sine of the day of the year of since",
        "cosine of the day of the year of since",
    )


def test_each_column_is_described():
    assert PREPARATION.describe() == [
        "'age': number, (x - 27) / 8.5, smoothly clipped to ±3; missing: the median 27, and a"
        " second input that is 1",
        "'height': number, (x - 1.695) / 0.195, smoothly clipped to ±3",
        "'town': one input for each of 3 levels",
        "'sex': -1 where it is 'f', +1 where it is 'm'",
        "'job': one input for each of 2 levels, and one for missing",
        "'member': true is +1, false is -1",
        "'since': days since 1970-01-01, (x - 18271.5) / 12.5, smoothly clipped to ±3; sine and"
        " cosine of the day of the week, day of the year",
    ]


def test_without_the_clip_only_numbers_and_dates_change():
    straight = PREPARATION.without_clip()
    assert straight.describe() == [
        text.replace(", smoothly clipped to ±3", "") for text in PREPARATION.describe()
    ]
    assert straight.describe()[1] == "'height': number, (x - 1.695) / 0.195"
    assert straight.feature_names == PREPARATION.feature_names
    same = np.all(straight.transform(FRAME) == PREPARATION.transform(FRAME), axis=0)
    changed = {name for name, kept in zip(straight.feature_names, same, strict=True) if not kept}
    assert changed == {"age", "height", "since"}
    ages = FRAME["age"].cast(pl.Float64).to_numpy()
    expected = np.where(np.isnan(ages), 0, (ages - 27) / 8.5).astype(np.float32)
    assert (straight.transform(FRAME)[:, 0] == expected).all()


def test_without_the_clip_cells_too_far_off_stay_finite_and_are_said():
    far = FRAME.head(2).with_columns(height=pl.Series([1e300, -1e300]))
    straight = PREPARATION.without_clip()
    assert straight.transform(far)[:, 2].tolist() == [1e6, -1e6]
    assert straight.warnings(far) == [
        "column 'height': 2 cells further than 1,000,000 spreads of 0.195 from the training median"
        " 1.695; read as that far"
    ]
    assert PREPARATION.warnings(far) == []


def test_the_matrix_is_float32_and_contiguous():
    matrix = PREPARATION.transform(FRAME)
    assert (matrix.dtype, matrix.shape) == (np.float32, (ROWS, 16))
    assert matrix.flags.c_contiguous
    assert np.isfinite(matrix).all()


def test_no_rows_give_no_rows():
    assert PREPARATION.transform(FRAME.clear()).shape == (0, 16)


def test_other_rows_do_not_change_the_preparation():
    held_out = FRAME[40:].with_columns(
        age=pl.lit(None, pl.Int64),
        height=pl.lit(1e9),
        town=pl.lit("Rome"),
        job=pl.lit("judge"),
        member=pl.lit(True),
        since=pl.lit(date(1900, 1, 1)),
    )
    changed = pl.concat([FRAME[:40], held_out.select(FRAME.columns)])
    assert Preparation.fit(SCHEMA, changed, TRAIN) == PREPARATION
    shuffled = pl.concat([FRAME[:40], FRAME[40:].sample(fraction=1, shuffle=True, seed=1)])
    assert Preparation.fit(SCHEMA, shuffled, TRAIN) == PREPARATION


def test_the_order_of_the_training_rows_does_not_change_the_preparation():
    assert Preparation.fit(SCHEMA, FRAME, TRAIN[::-1]) == PREPARATION


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, ROWS - 1), min_size=1, max_size=70))
def test_a_row_has_the_same_bits_whatever_is_beside_it(rows):
    whole = PREPARATION.transform(FRAME)
    assert PREPARATION.transform(FRAME[rows]).tobytes() == whole[rows].tobytes()


def test_the_order_of_columns_does_not_matter():
    turned = FRAME.select(reversed(FRAME.columns))
    assert PREPARATION.transform(turned).tobytes() == PREPARATION.transform(FRAME).tobytes()


def test_other_types_of_the_same_cells_give_the_same_bits():
    other = FRAME.with_columns(
        pl.col("age").cast(pl.Float32),
        pl.col("height").cast(pl.String),
        pl.col("town").cast(pl.Categorical),
        pl.col("member").cast(pl.String),
        pl.col("since").cast(pl.String),
    )
    assert PREPARATION.transform(other).tobytes() == PREPARATION.transform(FRAME).tobytes()


def test_extra_columns_are_ignored_and_said_so():
    extra = FRAME.with_columns(shoe=pl.lit(1))
    assert (PREPARATION.transform(extra) == PREPARATION.transform(FRAME)).all()
    assert PREPARATION.warnings(extra) == ["1 extra column ignored: 'shoe'"]
    assert PREPARATION.warnings(FRAME) == []


def test_missing_columns_are_refused():
    assert refusal(SchemaError, FRAME.drop("age")) == (
        "The table lacks the column 'age', which this model was trained on. It has 6 of the 7"
        " columns; extra ones are ignored."
    )
    assert refusal(SchemaError, FRAME.drop("age", "sex")) == (
        "The table lacks the columns 'age', 'sex', which this model was trained on. It has 5 of the"
        " 7 columns; extra ones are ignored."
    )
    assert refusal(SchemaError, FRAME.rename({"age": "Age"})) == (
        "The table lacks the column 'age', which this model was trained on. It has 6 of the 7"
        " columns; extra ones are ignored. If 'Age' is meant, rename it."
    )


@pytest.mark.parametrize(
    ("column", "cells", "message"),
    [
        ("age", ["20", "old"], "Column 'age', row 2: expected a number, got 'old'."),
        (
            "height",
            [1.5, float("inf")],
            "Column 'height', row 2: expected a finite number, got inf.",
        ),
        (
            "height",
            [float("-inf")] * 2,
            "Column 'height', row 1: expected a finite number, got -inf"
            " (1 more such cells follow).",
        ),
        (
            "height",
            ["1", "1e999"],
            "Column 'height', row 2: expected a finite number, got '1e999'.",
        ),
        (
            "member",
            ["true", "perhaps"],
            "Column 'member', row 2: expected true or false, got 'perhaps'.",
        ),
        (
            "since",
            ["2024-01-31", "soon"],
            "Column 'since', row 2: expected a date like 2024-03-31, got 'soon'.",
        ),
        ("town", [["Ulm"], None], "Column 'town', row 1: expected text, got \"['Ulm']\"."),
    ],
)
def test_cells_of_another_kind_are_refused_with_row_and_value(column, cells, message):
    frame = FRAME.head(2).with_columns(pl.Series(column, cells))
    way_out = " Correct that cell, or leave it empty if it is missing."
    got = refusal(DataError, frame)
    assert got.endswith(way_out)
    assert got.removesuffix(way_out) == message


def test_a_bad_cell_is_named_by_its_row_in_the_table_when_fitting():
    frame = FRAME.with_columns(height=pl.Series([1.5] * 50 + [float("inf")] + [1.6] * 9))
    with pytest.raises(DataError, match="Column 'height', row 51: expected a finite number"):
        Preparation.fit(SCHEMA, frame, TRAIN)


def test_columns_that_were_text_are_known():
    assert PREPARATION.text_columns == ("town", "sex", "job")


def test_a_column_alike_in_all_training_rows_gives_no_input():
    frame = FRAME.with_columns(town=pl.Series(["Ulm"] * 40 + ["Bonn"] * 20))
    preparation = Preparation.fit(infer_schema(frame), frame, TRAIN)
    assert not any("town" in name for name in preparation.feature_names)
    expected = "'town': the same in every training row, so it gives no input"
    assert expected in preparation.describe()


def optional(values: st.SearchStrategy) -> st.SearchStrategy:
    """Return cells of which some are missing."""
    return st.lists(st.none() | values, min_size=12, max_size=12)


@settings(deadline=None, max_examples=60)
@given(
    columns=st.lists(
        optional(st.integers(-(2**63), 2**63 - 1))
        | optional(st.floats(allow_infinity=False, min_value=-1e300, max_value=1e300))
        | optional(st.text(max_size=3))
        | optional(st.booleans())
        | optional(st.dates()),
        min_size=1,
        max_size=4,
    ),
    order=st.permutations(range(12)),
)
def test_any_table_comes_through_and_rows_do_not_touch_each_other(columns, order):
    frame = pl.DataFrame({"sure": [i % 5 * 0.5 for i in range(12)]})
    frame = frame.with_columns(pl.Series(f"c{k}", cells) for k, cells in enumerate(columns))
    frame = frame.with_columns(y=pl.Series([i * 1.5 for i in range(12)]))
    preparation = Preparation.fit(infer_schema(frame), frame, np.arange(8))
    matrix = preparation.transform(frame)
    assert np.isfinite(matrix).all()
    assert np.abs(matrix).max() <= 3
    assert preparation.transform(frame[order]).tobytes() == matrix[order].tobytes()
    again = Preparation.from_json(json.loads(json.dumps(preparation.to_json(), allow_nan=False)))
    assert again == preparation
