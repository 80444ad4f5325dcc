"""Targets there and back again, in the units and labels of the table."""

import json
from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiddenlogic.errors import DataError, FormatError, SchemaError, ShapeError
from hiddenlogic.table import TargetPreparation, infer_schema


def fit(cells: list, task: str = "auto", rows=None) -> tuple[TargetPreparation, pl.DataFrame]:
    """Fit a target on these rows, all if none are given."""
    frame = pl.DataFrame({"x": [i * 0.5 for i in range(len(cells))], "y": cells})
    rows = np.arange(len(cells)) if rows is None else rows
    return TargetPreparation.fit(infer_schema(frame, task=task), frame, rows), frame


def test_numbers_are_standardised_by_the_training_rows():
    target, frame = fit([1.0, 3.0, 100.0], rows=np.array([0, 1]))
    assert (target.mean, target.std, target.n_outputs) == (2.0, 1.0, 1)
    inputs = target.transform(frame)
    assert (inputs.dtype, inputs.tolist()) == (np.float32, [[-1.0], [1.0], [98.0]])
    assert inputs.flags.c_contiguous
    assert target.describe() == "'y': (y - 2) / 1"


def test_numbers_are_restored_in_their_unit():
    target, _ = fit([1.0, 3.0, 5.5])
    restored = target.restore(np.array([[0.0], [1.0]], np.float32))
    assert restored.dtype == np.float64
    assert restored.tolist() == [target.mean, target.mean + target.std]


def test_mean_and_deviation_are_those_of_numpy():
    cells = [0.1, 2.7, -3.3, 12.9]
    target, _ = fit(cells)
    assert (target.mean, target.std) == (np.mean(cells), np.std(cells))


def test_huge_numbers_do_not_overflow():
    target, frame = fit([1e145, -1e145, 0.0])
    assert np.isfinite([target.mean, target.std]).all()
    assert np.isfinite(target.transform(frame)).all()


@pytest.mark.parametrize(
    ("cells", "labels"),
    [
        (["no", "yes", "no"] * 4, ("no", "yes")),
        ([3, 7, 3] * 4, (3, 7)),
        ([0.0, 1.5, 0.0] * 4, (0.0, 1.5)),
        ([False, True, False] * 4, (False, True)),
    ],
)
def test_two_classes_keep_their_type(cells, labels):
    target, frame = fit(cells)
    assert (target.labels, target.n_outputs) == (labels, 1)
    assert [type(label) for label in target.labels] == [type(label) for label in labels]
    assert target.transform(frame)[:3].tolist() == [[0], [1], [0]]
    assert target.restore(np.array([[0.2], [0.9], [0.5]])).tolist() == [
        labels[0],
        labels[1],
        labels[0],
    ]
    again = TargetPreparation.from_json(json.loads(json.dumps(target.to_json())))
    assert again == target
    assert [type(label) for label in again.labels] == [type(label) for label in labels]


def test_several_classes_become_their_index():
    target, frame = fit([10, 2, 30, 2] * 10)
    assert (target.labels, target.n_outputs) == ((2, 10, 30), 3)
    assert target.transform(frame)[:4].tolist() == [[1], [0], [2], [0]]
    assert target.restore(np.array([[0.1, 0.2, 0.7], [0.5, 0.4, 0.1]])).tolist() == [30, 2]
    assert target.describe() == "'y': 3 classes, 2 is 0, 10 is 1, 30 is 2"


def test_classes_of_a_float_column_meet_whole_numbers():
    target, _ = fit([1, 2] * 6)
    assert target.transform(pl.DataFrame({"y": [1.0, 2.0]})).tolist() == [[0], [1]]


@given(st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=20).filter(lambda c: len(set(c)) > 2))
def test_standardised_numbers_have_mean_zero_and_deviation_one(cells):
    target, frame = fit(cells, task="regression")
    standardised = (frame["y"].to_numpy() - target.mean) / target.std
    assert (target.transform(frame)[:, 0] == standardised.astype(np.float32)).all()


def message(error: type[Exception], call) -> str:
    """Return the message of a call."""
    with pytest.raises(error) as caught:
        call()
    return str(caught.value)


def test_missing_targets_are_refused_with_their_rows():
    target, _ = fit([1.0, 2.0, 4.0])
    frame = pl.DataFrame({"y": [1.0, None, 3.0, float("nan")]})
    assert message(DataError, lambda: target.transform(frame)) == (
        "The target 'y' has 2 missing values (rows 2, 4). Leave those rows out, or fill them in."
    )
    assert message(DataError, lambda: fit([1.0, None, 4.0, 5.0], rows=np.array([2, 1]))) == (
        "The target 'y' has 1 missing value (row 2). Leave those rows out, or fill them in."
    )


def test_a_class_unseen_in_training_is_refused():
    target, _ = fit(["a", "b"] * 6)
    frame = pl.DataFrame({"y": ["a", "z"]})
    assert message(DataError, lambda: target.transform(frame)) == (
        "The target 'y' has a class in row 2 that training did not have: 'z'. Its classes are a, b."
    )


def test_a_number_that_does_not_vary_over_the_training_rows_is_refused():
    assert message(DataError, lambda: fit([4.0, 4.0, 5.0, 6.0], rows=np.array([0, 1]))) == (
        "The target 'y' is 4 in all 2 training rows, so there is nothing to learn. Add rows, or"
        " split with another seed."
    )


def test_a_table_without_the_target_is_refused():
    target, _ = fit([1.0, 2.0, 4.0])
    assert message(SchemaError, lambda: target.transform(pl.DataFrame({"x": [1]}))) == (
        "The table lacks the target 'y'. Add it, or only predict."
    )


def test_outputs_of_another_shape_are_refused():
    target, _ = fit([10, 2, 30, 2] * 10)
    assert message(ShapeError, lambda: target.restore(np.zeros((4, 1)))) == (
        "`outputs` must have the shape (n_rows, 3); got (4, 1)."
    )


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"std": 0.0}, "`target.std` must be greater than 0."),
        ({"std": "1"}, "`target.std` must be a finite number; got '1'."),
        ({"labels": ["a"]}, "`target.labels` does not fit the task 'binary'; it has 1."),
        ({"labels": ["a", 1]}, "`target.labels` does not fit the task 'binary'; it has 2."),
        ({"labels": [1, 2**70]}, "`target.labels[1]` must be a 64-bit whole number."),
        ({"labels": ["a", "a"]}, "`target.labels` must not hold an item twice."),
        ({"labels": ["a", None]}, "`target.labels[1]` must be a finite number; got None."),
        ({"task": "regression"}, "`target.labels` does not fit the task 'regression'; it has 2."),
    ],
)
def test_hostile_data_is_refused_in_one_sentence(change, text):
    target, _ = fit(["a", "b"] * 6)
    data = target.to_json() | change
    expected = f"The model file is damaged: {text}"
    assert message(FormatError, lambda: TargetPreparation.from_json(data)) == expected


def test_days_are_classes_where_they_are_declared_so():
    days = [date(2024, 1, 1), date(2024, 2, 1)] * 8
    frame = pl.DataFrame({"x": [i * 0.5 for i in range(16)], "y": days})
    target = TargetPreparation.fit(
        infer_schema(frame, kinds={"y": "category"}), frame, np.arange(16)
    )
    assert target.labels == (date(2024, 1, 1), date(2024, 2, 1))
    assert target.transform(frame)[:2].tolist() == [[0], [1]]
    restored = pl.Series(target.restore(np.array([[0.2], [0.9]])))
    assert (restored.dtype, restored.to_list()) == (pl.Date, days[:2])
    data = json.loads(json.dumps(target.to_json()))
    assert TargetPreparation.from_json(data) == target
    data["labels"][0]["date"] = "soon"
    assert message(FormatError, lambda: TargetPreparation.from_json(data)) == (
        "The model file is damaged: `target.labels[0].date` is no date."
    )
