"""What is used, what is left out, what is predicted: each said, with the flag that overrides it."""

import json
from datetime import date

import polars as pl
import pytest

from hiddenlogic.errors import DataError, FormatError, UnknownNameError
from hiddenlogic.table import Schema, infer_schema

ROWS = 40
FRAME = pl.DataFrame(
    {
        "id": range(ROWS),
        "age": [20 + i % 17 for i in range(ROWS)],
        "town": ["Ulm", "Bonn"] * (ROWS // 2),
        "unit": ["kg"] * ROWS,
        "gap": [None] * ROWS,
        "note": [f"a note {i}" for i in range(ROWS)],
        "price": [i * 1.5 for i in range(ROWS)],
    }
)


def refusal(error: type[Exception], frame: pl.DataFrame, **options) -> str:
    """Return the message for a table."""
    with pytest.raises(error) as caught:
        infer_schema(frame, **options)
    return str(caught.value)


def test_columns_that_cannot_be_used_are_left_out_with_a_reason_and_a_flag():
    schema = infer_schema(FRAME)
    assert [column.name for column in schema.features] == ["age", "town"]
    assert [(c.name, c.kind, c.reason, c.flag) for c in schema.left_out] == [
        (
            "id",
            "id",
            "holds a different whole number in every row, as its name says",
            "--kind id=number",
        ),
        ("unit", "constant", "holds only 'kg'", "--kind unit=number"),
        ("gap", "empty", "has no values", "--kind gap=number"),
        ("note", "text", "holds 40 different texts in 40 rows", "--kind note=category"),
    ]


def test_the_last_column_is_the_target_and_said_so():
    schema = infer_schema(FRAME)
    assert (schema.target.name, schema.target.flag) == ("price", "--target price")
    assert schema.notes == (
        "target 'price', the last column (--target)",
        "task regression: 'price' holds 40 different numbers (--task)",
    )


def test_a_named_target_and_task_are_not_noted():
    assert infer_schema(FRAME, target="price", task="regression").notes == ()


def test_declared_kinds_win():
    schema = infer_schema(FRAME, kinds={"id": "number", "note": "category", "town": "ignore"})
    assert [(c.name, c.kind) for c in schema.features] == [
        ("id", "number"),
        ("age", "number"),
        ("note", "category"),
    ]
    assert schema.columns[2].reason == "was declared so"


def test_a_declared_number_that_is_none_is_refused_with_its_row():
    frame = FRAME.with_columns(age=pl.Series(["20"] * 2 + ["old"] * 2 + ["3"] * 36))
    assert refusal(DataError, frame, kinds={"age": "number"}) == (
        "Column 'age', row 3: expected a number, got 'old' (1 more such cells follow). Correct that"
        " cell, or leave it empty if it is missing."
    )


def test_a_declared_date_of_doubtful_order_is_read_day_first():
    frame = FRAME.with_columns(town=pl.Series(["01/02/2024", "03/04/2024"] * 20))
    column = infer_schema(frame, kinds={"town": "date"}).columns[2]
    assert (column.kind, column.format) == ("date", "%d/%m/%Y")


def test_rows_without_a_target_are_counted_and_the_first_are_named():
    frame = FRAME.with_columns(price=pl.Series([None, 1.0, float("nan"), *[2.5, 3.5] * 18, None]))
    assert infer_schema(frame, task="regression").notes[-1] == (
        "3 rows (rows 1, 3, 40) have no target and are left out of training"
    )


def test_a_counter_of_rows_is_used_if_it_is_the_only_input():
    frame = pl.DataFrame({"x": range(1, 31), "y": [2 * x + 3.0 for x in range(1, 31)]})
    schema = infer_schema(frame)
    assert [(c.name, c.kind) for c in schema.columns] == [("x", "number")]
    assert schema.notes[-1] == (
        "'x' looks like an id but is used, as the only input (--kind x=category)"
    )


def test_a_table_without_usable_columns_is_refused():
    assert refusal(DataError, FRAME.select("unit", "note", "price")) == (
        "No column is left to learn from: 'unit' (constant), 'note' (text). Pass --kind"
        " NAME=category or --kind NAME=number to use one."
    )


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (
            FRAME.head(1),
            "The table has 1 row; learning needs several, at least 10. Add rows.",
        ),
        (
            FRAME.select("age"),
            "The table has 1 column; learning needs at least one input column beside the target."
            " Add columns, or check the delimiter with --delimiter.",
        ),
    ],
)
def test_a_table_too_small_to_learn_from_is_refused(frame, message):
    assert refusal(DataError, frame) == message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"target": "prise"},
            "The table has no column 'prise' to predict; it has id, age, town, unit, gap, note,"
            " price. Did you mean 'price'?",
        ),
        (
            {"kinds": {"ages": "number"}},
            "The table has no column 'ages' to give the kind 'number'; it has id, age, town, unit,"
            " gap, note, price. Did you mean 'age'?",
        ),
        (
            {"kinds": {"age": "numbr"}},
            "The kind of column 'age' must be one of number, category, boolean, date, time,"
            " duration, constant, empty, id, text, duplicate, other, ignore; got 'numbr'."
            " Did you mean 'number'?",
        ),
        (
            {"task": "regresion"},
            "`task` must be one of auto, regression, binary, multiclass; got 'regresion'. Did you"
            " mean 'regression'?",
        ),
    ],
)
def test_unknown_names_are_refused_with_the_nearest(options, message):
    assert refusal(UnknownNameError, FRAME, **options) == message


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (
            [None] * ROWS,
            "The target 'y' has no values: all 40 cells are missing. Choose another column with"
            " --target, or fill it in.",
        ),
        (
            [3.5] * ROWS,
            "The target 'y' holds only the number 3.5 in all 40 rows, so there is nothing to learn."
            " Choose another column with --target.",
        ),
        (
            ["yes"] * 38 + [None] * 2,
            "The target 'y' holds only one class, 'yes', in all 38 rows, so there is nothing to"
            " learn. Choose another column with --target.",
        ),
        (
            [date(2024, 1, 1 + i % 28) for i in range(ROWS)],
            "The target 'y' holds dates, which cannot be predicted. Choose another column with"
            " --target, or write it as a number.",
        ),
        (
            [[i] for i in range(ROWS)],
            "The target 'y' holds cells that are neither numbers nor text, which cannot be"
            " predicted. Choose another column with --target, or write it as a number.",
        ),
        (
            [1.0, float("inf")] * 20,
            "Column 'y', row 2: expected a finite number, got inf (19 more such cells follow)."
            " Correct that cell, or leave it empty if it is missing.",
        ),
        (
            [f"name {i}" for i in range(ROWS)],
            "The target 'y' holds 40 different values in 40 rows, too many to be classes. Choose"
            " another column with --target.",
        ),
    ],
)
def test_a_target_that_cannot_be_learned_is_refused(cells, message):
    frame = FRAME.select("age").with_columns(pl.Series("y", cells))
    assert refusal(DataError, frame) == message


@pytest.mark.parametrize(
    ("cells", "task", "classes", "note"),
    [
        (
            [0, 1] * 20,
            "binary",
            ("0", "1"),
            "task binary: 'y' holds 2 different values: 0, 1 (--task)",
        ),
        (
            [False, True] * 20,
            "binary",
            ("false", "true"),
            "task binary: 'y' holds 2 different values: false, true (--task)",
        ),
        (
            ["no", "yes"] * 20,
            "binary",
            ("no", "yes"),
            "task binary: 'y' holds 2 different values: no, yes (--task)",
        ),
        (
            ["c", "a", "b", "a"] * 10,
            "multiclass",
            ("a", "b", "c"),
            "task multiclass: 'y' holds 3 different texts: a, b, c (--task)",
        ),
        (
            [10, 2, 30, 2] * 10,
            "multiclass",
            ("2", "10", "30"),
            "task multiclass: 'y' holds 3 different whole numbers: 2, 10, 30 (--task)",
        ),
        (
            [0.5, 1.5, 2.5, 3.5] * 10,
            "regression",
            (),
            "task regression: 'y' holds 4 different numbers (--task)",
        ),
        (
            [i % 8 for i in range(ROWS)],
            "regression",
            (),
            "task regression: 'y' holds 8 different numbers (--task)",
        ),
    ],
)
def test_the_task_is_inferred_with_a_reason(cells, task, classes, note):
    schema = infer_schema(FRAME.select("age").with_columns(pl.Series("y", cells)))
    assert (schema.task, schema.classes, schema.notes[1]) == (task, classes, note)


def test_codes_without_a_gap_are_classes_up_to_thirty():
    frame = pl.DataFrame({"x": [i * 0.5 for i in range(300)], "y": [i % 26 for i in range(300)]})
    assert infer_schema(frame).task == "multiclass"
    assert infer_schema(frame.with_columns(pl.col("y") * 2)).task == "regression"


def test_a_number_declared_a_category_is_a_class():
    frame = FRAME.select("town", "age")
    assert infer_schema(frame).task == "regression"
    assert infer_schema(frame, kinds={"age": "category"}).task == "multiclass"


@pytest.mark.parametrize(
    ("task", "cells", "message"),
    [
        (
            "regression",
            ["a", "b"] * 20,
            "The target 'y' holds texts, so it cannot be predicted as a number. Leave --task out,"
            " or choose another column with --target.",
        ),
        (
            "binary",
            ["a", "b", "c", "a"] * 10,
            "The target 'y' has 3 classes (a, b, c), and task 'binary' needs 2. Pass --task"
            " multiclass.",
        ),
        (
            "multiclass",
            [i * 0.5 for i in range(ROWS)],
            "The target 'y' holds 40 different values in 40 rows, too many to be classes. Choose"
            " another column with --target, or pass --task regression.",
        ),
    ],
)
def test_a_task_that_does_not_fit_is_refused(task, cells, message):
    frame = FRAME.select("age").with_columns(pl.Series("y", cells))
    assert refusal(DataError, frame, task=task) == message


def test_the_schema_comes_back_from_plain_data():
    schema = infer_schema(FRAME, target="town")
    assert Schema.from_json(json.loads(json.dumps(schema.to_json()))) == schema


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"task": "sorting"},
            "The model file is damaged: `schema.task` must be one of regression, binary,"
            " multiclass; got 'sorting'.",
        ),
        (
            {"classes": ["a", "a"]},
            "The model file is damaged: `schema.classes` must not hold an item twice.",
        ),
        (
            {"columns": [{"name": "x"}]},
            "The model file is damaged: `schema.columns[0]` must have the keys name, kind, reason,"
            " flag, format; 'flag' is missing.",
        ),
        (
            {"notes": "none"},
            "The model file is damaged: `schema.notes` must be a list; got 'none'.",
        ),
    ],
)
def test_a_damaged_schema_is_refused(change, message):
    data = infer_schema(FRAME, target="town").to_json() | change
    with pytest.raises(FormatError) as caught:
        Schema.from_json(data)
    assert str(caught.value) == message
