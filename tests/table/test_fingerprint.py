"""The fingerprint: the same for the same cells, another for any other cell, name, type or order."""

from datetime import date

import polars as pl
import pytest

from hiddenlogic.table import fingerprint

FRAME = pl.DataFrame(
    {
        "n": [1, 2, None],
        "x": [0.5, float("nan"), None],
        "s": ["ab", "", None],
        "b": [True, False, None],
        "d": [date(2024, 1, 1), None, date(2024, 1, 2)],
        "l": [[1], [], None],
    }
)


def test_it_is_64_hexadecimal_digits():
    assert len(fingerprint(FRAME)) == 64
    assert set(fingerprint(FRAME)) <= set("0123456789abcdef")


def test_chunks_and_slices_do_not_matter():
    parts = pl.concat([FRAME[:1], FRAME[1:2], FRAME[2:]], rechunk=False)
    assert fingerprint(parts) == fingerprint(FRAME)
    longer = pl.concat([FRAME, FRAME])
    assert fingerprint(longer[3:]) == fingerprint(FRAME)


def test_the_codes_of_categories_do_not_matter():
    plain = pl.DataFrame({"c": ["a", "b"]}, schema={"c": pl.Categorical})
    other = pl.DataFrame({"c": ["b", "a", "b"]}, schema={"c": pl.Categorical})[1:]
    assert fingerprint(plain) == fingerprint(other)


@pytest.mark.parametrize(
    "other",
    [
        FRAME[::-1],
        FRAME.select(reversed(FRAME.columns)),
        FRAME.rename({"n": "m"}),
        FRAME.with_columns(pl.col("n").cast(pl.Float64)),
        FRAME.with_columns(n=pl.Series([1, 2, 0])),
        FRAME.with_columns(x=pl.Series([0.5, None, None])),
        FRAME.with_columns(x=pl.Series([0.5, None, float("nan")])),
        FRAME.with_columns(s=pl.Series(["a", "b", None])),
        FRAME.with_columns(s=pl.Series(["ab", None, None])),
        FRAME.with_columns(b=pl.Series([True, None, None])),
        FRAME.with_columns(d=pl.Series([date(2024, 1, 1), None, date(2024, 1, 3)])),
        FRAME.with_columns(l=pl.Series([[1], [2], None])),
        FRAME[:2],
    ],
)
def test_anything_else_matters(other):
    assert fingerprint(other) != fingerprint(FRAME)


def test_a_line_between_two_cells_cannot_be_moved():
    one, two = pl.DataFrame({"s": ["ab", "c"]}), pl.DataFrame({"s": ["a", "bc"]})
    assert fingerprint(one) != fingerprint(two)
