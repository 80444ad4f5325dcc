"""Cross-validation: every row held out once, and no row on both sides."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedKFold, TimeSeriesSplit

from hiddenlogic.errors import DataError, RangeError, UnknownNameError
from hiddenlogic.table import folds, infer_schema, split_rows


def table(target: list, **columns: list) -> pl.DataFrame:
    """Return a table with one input, these columns and this target."""
    return pl.DataFrame({"x": [i * 0.5 for i in range(len(target))], **columns, "y": target})


def made(target: list, columns: dict | None = None, **options):
    """Return the folds of a table with this target."""
    frame = table(target, **(columns or {}))
    return folds(infer_schema(frame), frame, **options)


@given(rows=st.integers(12, 60), k=st.integers(2, 6), repeats=st.integers(1, 3))
def test_every_row_is_held_out_once_a_repeat(rows, k, repeats):
    found = made([i * 1.5 for i in range(rows)], k=k, repeats=repeats)
    assert len(found) == k * repeats
    for repeat in range(repeats):
        held = [fold.validation for fold in found[repeat * k : (repeat + 1) * k]]
        assert sorted(np.concatenate(held).tolist()) == [*range(rows)]
        assert max(map(len, held)) - min(map(len, held)) <= 1
    for fold in found:
        assert sorted([*fold.train, *fold.validation]) == [*range(rows)]
        assert len(fold.test) == 0


def test_repeats_are_drawn_anew_and_the_first_is_that_of_one_repeat():
    target = [i * 1.5 for i in range(40)]
    twice, once = made(target, k=4, repeats=2, seed=3), made(target, k=4, seed=3)
    for one, other in zip(once, twice[:4], strict=True):
        assert one.validation.tolist() == other.validation.tolist()
    assert twice[0].validation.tolist() != twice[4].validation.tolist()


def test_classes_are_in_the_folds_as_in_those_of_scikit_learn():
    target = ["a"] * 61 + ["b"] * 23 + ["c"] * 8
    theirs = StratifiedKFold(5).split(np.zeros(len(target)), target)
    bounds = {}
    for _, held in theirs:
        for name in "abc":
            count = sum(target[row] == name for row in held)
            low, high = bounds.get(name, (count, count))
            bounds[name] = (min(low, count), max(high, count))
    for fold in made(target, k=5):
        for name in "abc":
            count = sum(target[row] == name for row in fold.validation)
            assert bounds[name][0] <= count <= bounds[name][1]


def test_without_strata_classes_are_not_balanced():
    def spread(stratified: bool) -> int:
        counts = [
            int(np.count_nonzero(fold.validation >= 90))
            for fold in made(["a"] * 90 + ["b"] * 30, k=5, stratified=stratified)
        ]
        return max(counts) - min(counts)

    assert spread(stratified=True) == 0
    assert spread(stratified=False) > 0


def test_no_group_is_in_two_folds_and_classes_keep_their_proportion():
    random = np.random.default_rng(1)
    person = random.integers(0, 40, 400)
    target = np.where(random.random(400) < 0.3, "ill", "well").tolist()
    found = made(target, {"person": person.tolist()}, k=4, groups="person")
    for fold in found:
        assert not set(person[fold.train]) & set(person[fold.validation])
        share = np.mean([target[row] == "ill" for row in fold.validation])
        assert abs(share - np.mean([name == "ill" for name in target])) < 1 / 20
        assert abs(len(fold.validation) - 100) <= 10
    assert sorted(np.concatenate([fold.validation for fold in found])) == [*range(400)]


def test_folds_at_random_do_break_groups():
    person = [row % 10 for row in range(60)]
    found = made([row * 0.5 for row in range(60)], {"person": person}, k=3)
    assert any({row % 10 for row in f.train} & {row % 10 for row in f.validation} for f in found)


def test_time_expands_as_in_scikit_learn():
    order = np.random.default_rng(2).permutation(48)
    found = made([row * 0.5 for row in range(48)], {"week": order.tolist()}, k=5, time="week")
    theirs = TimeSeriesSplit(5).split(np.zeros(48))
    for fold, (train, held) in zip(found, theirs, strict=True):
        assert sorted(order[fold.train]) == train.tolist()
        assert sorted(order[fold.validation]) == held.tolist()


@given(st.lists(st.integers(0, 9), min_size=12, max_size=60).filter(lambda t: len(set(t)) >= 4))
def test_training_rows_come_before_all_validation_rows(weeks):
    found = made([row * 0.5 for row in range(len(weeks))], {"week": weeks}, k=3, time="week")
    for fold in found:
        assert len(fold.train)
        assert len(fold.validation)
        assert max(weeks[row] for row in fold.train) < min(weeks[row] for row in fold.validation)


def test_the_same_seed_gives_the_folds_of_every_version():
    found = made([i * 1.5 for i in range(12)], k=3, seed=0)
    assert [fold.validation.tolist() for fold in found] == [
        [0, 1, 10, 11],
        [3, 5, 7, 8],
        [2, 4, 6, 9],
    ]


def test_folds_of_some_rows_are_of_these_and_can_be_split_again():
    frame = table([i * 1.5 for i in range(90)])
    schema = infer_schema(frame)
    outer = split_rows(schema, frame, seed=0)
    rest = np.concatenate([outer.train, outer.validation])
    for fold in folds(schema, frame, k=3, rows=rest):
        assert sorted([*fold.train, *fold.validation]) == sorted(rest.tolist())
        inner = split_rows(schema, frame, seed=0, rows=fold.train)
        parts = np.concatenate([inner.train, inner.validation, inner.test])
        assert sorted(parts) == fold.train.tolist()


def test_rows_without_a_target_are_in_no_fold():
    found = made([None, *(i * 1.5 for i in range(20)), None], k=2)
    assert all(0 not in f.train and 21 not in f.train for f in found)
    assert sum(len(f.validation) for f in found) == 20


def test_rare_classes_are_said():
    (first, *_) = made(["a"] * 20 + ["b"] * 20 + ["rare"] * 2, k=3)
    assert first.notes == ("classes with fewer than 3 rows are not in every fold: 'rare' (2 rows)",)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"k": 1}, RangeError, "`k` must be a whole number of at least 2; got 1."),
        ({"repeats": 0}, RangeError, "`repeats` must be a whole number of at least 1; got 0."),
        ({"seed": -1}, RangeError, "`seed` must be a whole number of at least 0; got -1."),
        (
            {"time": "x", "repeats": 2},
            RangeError,
            "`repeats` must be 1 where rows are split by `time` ('x'), as every repeat would be the"
            " same; got 2.",
        ),
        (
            {"time": "x", "groups": "x"},
            RangeError,
            "Rows can be split by one column only; got `groups` 'x' and `time` 'x'.",
        ),
        (
            {"groups": "z"},
            UnknownNameError,
            "The table has no column 'z' to split by; it has x, y.",
        ),
        (
            {"k": 21},
            DataError,
            "The table has 20 rows with a target; 21 folds need at least 21. Add rows, or take"
            " fewer folds.",
        ),
    ],
)
def test_wrong_wishes_are_refused(options, error, message):
    with pytest.raises(error) as caught:
        made([i * 1.5 for i in range(20)], **options)
    assert str(caught.value) == message
