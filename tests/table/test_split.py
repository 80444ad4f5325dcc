"""Splits: every row once, the same for the same seed, each class in its proportion."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiddenlogic.errors import DataError, RangeError
from hiddenlogic.table import infer_schema, split_rows


def table(target: list) -> pl.DataFrame:
    """Return a table with one input and this target."""
    return pl.DataFrame({"x": [i * 0.5 for i in range(len(target))], "y": target})


def split(target: list, seed: int = 0, task: str = "auto", **options):
    """Split a table with this target."""
    frame = table(target)
    return split_rows(infer_schema(frame, task=task), frame, seed=seed, **options)


@settings(deadline=None)
@given(
    classes=st.lists(st.integers(3, 20), min_size=2, max_size=6),
    missing=st.integers(0, 5),
    seed=st.integers(0, 2**63),
)
def test_every_row_with_a_target_is_in_one_part(classes, missing, seed):
    target = [f"c{k}" for k, n in enumerate(classes) for _ in range(n)] + [None] * missing
    target += ["c0"] * 10
    parts = split(target, seed)
    used = np.concatenate([parts.train, parts.validation, parts.test])
    expected = [row for row, label in enumerate(target) if label is not None]
    assert sorted(used.tolist()) == expected
    for part in (parts.train, parts.validation, parts.test):
        assert part.dtype == np.int64
        assert (np.diff(part) > 0).all()
        assert {target[row] for row in part} == {f"c{k}" for k in range(len(classes))}


@settings(deadline=None)
@given(rows=st.integers(10, 300), seed=st.integers(0, 2**32))
def test_numbers_are_split_in_the_proportions(rows, seed):
    parts = split([i * 1.5 for i in range(rows)], seed)
    assert sorted(np.concatenate([parts.train, parts.validation, parts.test])) == [*range(rows)]
    held_out = int(rows * 0.15 + 0.5)
    assert (len(parts.validation), len(parts.test)) == (held_out, held_out)


def test_numbers_are_split_alike_over_their_range():
    parts = split([float(i) for i in range(1000)])
    for part in (parts.validation, parts.test):
        assert np.bincount(part // 100).tolist() == [15] * 10


def test_classes_are_split_in_their_proportion():
    parts = split(["a"] * 900 + ["b"] * 100)
    sizes = [int(np.count_nonzero(part >= 900)) for part in (parts.train, parts.test)]
    assert sizes == [70, 15]


def test_the_same_seed_gives_the_same_parts_and_another_seed_others():
    target = [float(i) for i in range(100)]
    assert split(target, 7).test.tolist() == split(target, 7).test.tolist()
    assert split(target, 7).test.tolist() != split(target, 8).test.tolist()


def test_the_parts_are_those_of_every_version():
    assert split([float(i) for i in range(20)]).test.tolist() == [5, 9, 16]


def test_small_classes_are_for_training_only_and_said_so():
    parts = split(["a"] * 20 + ["b"] * 20 + ["rare"] * 2 + ["once"])
    assert {40, 41, 42} <= set(parts.train.tolist())
    assert parts.notes == (
        "classes with fewer than 3 rows are for training only: 'once' (1 row), 'rare' (2 rows)",
    )


def test_other_fractions_are_kept():
    parts = split([float(i) for i in range(100)], fractions=(0.5, 0.25, 0.25))
    assert [len(part) for part in (parts.train, parts.validation, parts.test)] == [50, 25, 25]


@pytest.mark.parametrize(
    ("target", "message"),
    [
        (
            [1.5, 2.5, None, *[3.5] * 7],
            "The table has 9 rows with a target; a split into training, validation and test rows"
            " needs at least 10. Add rows.",
        ),
        (
            [f"c{i // 2}" for i in range(12)],
            "The split 0.7 / 0.15 / 0.15 leaves no validation rows. Add rows (three a class at"
            " least), or choose other fractions.",
        ),
    ],
)
def test_too_few_rows_are_refused(target, message):
    with pytest.raises(DataError) as caught:
        split(target)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"fractions": (0.7, 0.2, 0.2)},
            "`fractions` must be three numbers greater than 0 whose sum is 1; got (0.7, 0.2, 0.2).",
        ),
        (
            {"fractions": (1.0, 0.0, 0.0)},
            "`fractions` must be three numbers greater than 0 whose sum is 1; got (1.0, 0.0, 0.0).",
        ),
        ({"seed": -1}, "`seed` must be a whole number of at least 0; got -1."),
    ],
)
def test_wrong_fractions_and_seeds_are_refused(options, message):
    with pytest.raises(RangeError) as caught:
        split([float(i) for i in range(20)], **options)
    assert str(caught.value) == message
