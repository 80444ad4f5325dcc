"""Hold-out by groups, by time, or as a column says."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hiddenlogic.errors import DataError, RangeError
from hiddenlogic.table import infer_schema, split_rows
from hiddenlogic.table.given_split import names_parts


def split(target: list, column: list, seed: int = 0, **way: str):
    """Split a table by its column `c`."""
    frame = pl.DataFrame({"x": [i * 0.5 for i in range(len(target))], "c": column, "y": target})
    return split_rows(infer_schema(frame), frame, seed=seed, **way)


NUMBERS = [i * 1.5 for i in range(100)]


def cells(column, parts) -> tuple[set, set, set]:
    """Return the different cells of a column in each part."""
    return tuple({column[row] for row in p} for p in (parts.train, parts.validation, parts.test))


@given(st.lists(st.integers(0, 12), min_size=20, max_size=80).filter(lambda g: len(set(g)) >= 3))
def test_no_group_is_in_two_parts_and_no_part_is_empty(groups):
    parts = split([i * 1.5 for i in range(len(groups))], groups, groups="c")
    train, validation, test = cells(groups, parts)
    assert not train & validation
    assert not train & test
    assert not validation & test
    assert train
    assert validation
    assert test
    assert train | validation | test == set(groups)


def test_groups_are_shared_out_in_the_proportions():
    groups = [row // 4 for row in range(100)]
    sizes = {len(split(NUMBERS, groups, seed, groups="c").test) for seed in range(5)}
    assert sizes <= {12, 16}
    assert split(NUMBERS, groups, 0, groups="c").test.tolist() != (
        split(NUMBERS, groups, 1, groups="c").test.tolist()
    )


def test_classes_of_groups_keep_their_proportion():
    groups = [row // 5 for row in range(300)]
    target = ["a" if (row // 5) % 3 else "b" for row in range(300)]
    parts = split(target, groups, groups="c")
    shares = [
        np.mean([target[row] == "b" for row in part])
        for part in (parts.train, parts.validation, parts.test)
    ]
    assert max(shares) - min(shares) < 0.1


def test_training_comes_before_validation_before_test():
    days = [date(2024, 1, 1) + timedelta(days=(row * 37) % 100) for row in range(100)]
    parts = split(NUMBERS, days, time="c")
    train, validation, test = cells(days, parts)
    assert max(train) < min(validation)
    assert max(validation) < min(test)
    assert [len(parts.train), len(parts.validation), len(parts.test)] == [70, 15, 15]


def test_dates_written_as_text_are_in_the_order_of_time():
    days = [f"{1 + row % 28:02}.{1 + row // 28:02}.2024" for row in range(100)]
    assert split(NUMBERS, days, time="c").test.tolist() == [*range(85, 100)]


def test_time_is_not_shuffled_by_the_seed():
    weeks = [*range(100, 0, -1)]
    assert split(NUMBERS, weeks, 0, time="c").test.tolist() == [*range(15)]
    assert split(NUMBERS, weeks, 1, time="c").test.tolist() == [*range(15)]


def test_rows_of_one_moment_stay_together():
    years = [2020] * 60 + [2021] * 30 + [2022] * 10
    parts = split(NUMBERS, years, time="c")
    assert cells(years, parts) == ({2020}, {2021}, {2022})


PARTS = ["train"] * 60 + ["val"] * 15 + ["test"] * 25


def test_a_column_says_which_row_is_for_what():
    parts = split(NUMBERS, PARTS, split_column="c")
    assert cells(PARTS, parts) == ({"train"}, {"val"}, {"test"})
    assert parts.notes == ()
    words = {"train": "Training", "val": " valid", "test": "TEST"}
    again = split(NUMBERS, [words[part] for part in PARTS], split_column="c")
    assert again.test.tolist() == parts.test.tolist()


def test_validation_rows_are_drawn_where_the_column_names_none():
    parts = split(NUMBERS, ["train"] * 60 + ["test"] * 40, split_column="c")
    assert parts.test.tolist() == [*range(60, 100)]
    assert sorted([*parts.train, *parts.validation]) == [*range(60)]
    assert len(parts.validation) == round(60 * 15 / 85)
    assert parts.notes == (
        "'c' marks no validation rows, so 11 training rows are for validation (--split-column)",
    )


def test_a_class_that_no_training_row_has_is_said():
    target = ["a"] * 30 + ["b"] * 30 + ["c"] * 40
    assert split(target, PARTS, split_column="c").notes == (
        "classes without a training row, which nothing can learn: 'c' (40 rows)",
    )


def test_rows_without_a_target_need_no_part():
    parts = split([*NUMBERS[:99], None], [*PARTS[:99], None], split_column="c")
    assert parts.test.tolist() == [*range(75, 99)]


@pytest.mark.parametrize(
    ("column", "way", "message"),
    [
        (
            ["train"] * 98 + ["tset", "test"],
            "split_column",
            "The split column 'c' must hold train, val or test; got 'tset' in row 99 (1 such row)."
            " Correct them, or name another --split-column.",
        ),
        (
            [None, *["train"] * 98, "test"],
            "split_column",
            "The split column 'c' must hold train, val or test; got nothing in row 1 (1 such row)."
            " Correct them, or name another --split-column.",
        ),
        (
            ["train"] * 90 + ["val"] * 10,
            "split_column",
            "The split column 'c' marks no row as 'test'. Mark some, or leave --split-column out.",
        ),
        (
            [1] * 50 + [2] * 50,
            "groups",
            "The group column 'c' names 2 groups, and a split into 3 parts needs at least as many."
            " Choose another column.",
        ),
        (
            [*range(99), None],
            "groups",
            "The group column 'c' has 1 missing value (row 100). Fill them in, or leave those rows"
            " out.",
        ),
        (
            [1] * 50 + [2] * 50,
            "time",
            "The time column 'c' holds 2 different moments, and a split into 3 parts needs at least"
            " as many. Choose another column.",
        ),
        (
            [*range(99), None],
            "time",
            "The time column 'c' has 1 missing value (row 100). Fill them in, or leave those rows"
            " out.",
        ),
        (
            ["soon", "late"] * 50,
            "time",
            "Column 'c', row 1: expected a number, got 'soon' (99 more such cells follow). Correct"
            " that cell, or leave it empty if it is missing.",
        ),
    ],
)
def test_columns_that_cannot_say_it_are_refused(column, way, message):
    with pytest.raises(DataError) as caught:
        split(NUMBERS, column, **{way: "c"})
    assert str(caught.value) == message


def test_two_ways_at_once_are_refused():
    with pytest.raises(RangeError) as caught:
        split(NUMBERS, PARTS, split_column="c", time="x")
    assert str(caught.value) == (
        "Rows can be split by one column only; got `time` 'x' and `split_column` 'c'."
    )


@pytest.mark.parametrize(
    ("column", "found"),
    [
        (PARTS, True),
        (["Train", "TEST"], True),
        (["train", "train"], False),
        (["train", "test", "other"], False),
        (["train", "test", None], True),
        ([1, 2], False),
    ],
)
def test_columns_of_parts_are_known_by_their_cells(column, found):
    assert names_parts(pl.Series("c", column)) is found
