"""Cells of every type that Python, NumPy and pandas have, as columns of polars."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import polars as pl
import pytest

from hiddenlogic.errors import DataError
from hiddenlogic.table.cells import texts
from hiddenlogic.table.columns import to_column

DAY, NOON = dt.date(2024, 2, 29), dt.datetime(2024, 2, 29, 12)
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("cells", "dtype", "values"),
    [
        ([True, None, False], pl.Boolean, [True, None, False]),
        ([1, None, -(2**63)], pl.Int64, [1, None, -(2**63)]),
        ([1, 2.5, float("nan")], pl.Float64, [1.0, 2.5, None]),
        ([Decimal("0.1"), Fraction(1, 4), Decimal("nan")], pl.Float64, [0.1, 0.25, None]),
        ([True, 2], pl.Float64, [1.0, 2.0]),
        ([2**70, 1], pl.String, [str(2**70), "1"]),
        ([10**400, 1.5], pl.String, [str(10**400), "1.5"]),
        (["a", None, pd.NA, pd.NaT, float("nan")], pl.String, ["a", None, None, None, None]),
        ([1, "a", 2.0, 2.5, True, None], pl.String, ["1", "a", "2", "2.5", "true", None]),
        ([np.str_("a"), np.float32(0.5)], pl.String, ["a", "0.5"]),
        ([np.int8(3), np.float32("nan")], pl.Int64, [3, None]),
        ([DAY, None], pl.Date, [DAY, None]),
        ([NOON, pd.NaT], pl.Datetime("us"), [NOON, None]),
        ([pd.Timestamp(NOON), np.datetime64(NOON)], pl.Datetime("us"), [NOON, NOON]),
        ([np.datetime64("2024-02-29T12", "h")], pl.Datetime("us"), [NOON]),
        ([NOON, NOON.replace(tzinfo=dt.UTC)], pl.String, [str(NOON), f"{NOON}+00:00"]),
        ([DAY, "later"], pl.String, ["2024-02-29", "later"]),
        ([pd.Timedelta(1, "s"), None], pl.Duration("us"), [dt.timedelta(seconds=1), None]),
        ([None, pd.NA], pl.Null, [None, None]),
        ([], pl.Null, []),
        ([[1], {"a": 2}, None], pl.Object, [[1], {"a": 2}, None]),
        (range(2), pl.Int64, [0, 1]),
    ],
)
def test_objects_become_the_column_that_holds_all_of_them(cells, dtype, values):
    column = to_column("x", cells)
    assert (column.name, column.dtype, column.to_list()) == ("x", dtype, values)


@pytest.mark.parametrize(
    ("array", "dtype", "values"),
    [
        (np.array([1, 200], np.uint8), pl.UInt8, [1, 200]),
        (np.array([1, 2], ">i4"), pl.Int32, [1, 2]),
        (np.array([1.5, np.nan], np.float16), pl.Float32, [1.5, None]),
        (np.array([1.5, np.nan], np.longdouble), pl.Float64, [1.5, None]),
        (np.arange(6.0)[::-2], pl.Float64, [5.0, 3.0, 1.0]),
        (np.array(["a", "bc"]), pl.String, ["a", "bc"]),
        (np.array(["2024-02", "NaT"], "M8[M]"), pl.Date, [dt.date(2024, 2, 1), None]),
        (np.array(["2024-02-29T12", "NaT"], "M8[s]"), pl.Datetime("ms"), [NOON, None]),
        (np.array([2, "NaT"], "m8[h]"), pl.Duration("ms"), [dt.timedelta(hours=2), None]),
        (np.ma.masked_equal([1, 2], 2), pl.Int64, [1, None]),
    ],
)
def test_arrays_keep_their_type_where_polars_has_it(array, dtype, values):
    column = to_column("x", array)
    assert (column.dtype, column.to_list()) == (dtype, values)


@pytest.mark.parametrize(
    ("cells", "dtype", "values"),
    [
        (pd.Series([1, None, 2**62 + 1], dtype="Int64"), pl.Int64, [1, None, 2**62 + 1]),
        (pd.Series([0.5, None], dtype="Float32"), pl.Float32, [0.5, None]),
        (pd.Series([True, None], dtype="boolean"), pl.Boolean, [True, None]),
        (pd.Series(["a", None], dtype="string"), pl.String, ["a", None]),
        (pd.Series(["a", None], dtype="string[python]"), pl.String, ["a", None]),
        (pd.Series(["a", None], dtype="str"), pl.String, ["a", None]),
        (pd.Series([1, None], dtype="int64[pyarrow]"), pl.Int64, [1, None]),
        (pd.Series([1, None, "b"], dtype=object), pl.String, ["1", None, "b"]),
        (pd.Series(["b", None, "a"], dtype="category"), pl.Categorical, ["b", None, "a"]),
        (pd.Series([10, None, 2], dtype="category"), pl.Categorical, ["10", None, "2"]),
        (pd.Series([True, False], dtype="category"), pl.Categorical, ["true", "false"]),
        (pd.Series([NOON, None]), pl.Datetime("us"), [NOON, None]),
        (
            pd.Series([NOON, None]).dt.tz_localize("Europe/Berlin"),
            pl.Datetime("us", "Europe/Berlin"),
            [NOON.replace(tzinfo=BERLIN), None],
        ),
        (
            pd.Series([NOON]).dt.tz_localize("+02:00"),
            pl.Datetime("us", "UTC"),
            [dt.datetime(2024, 2, 29, 10, tzinfo=ZoneInfo("UTC"))],
        ),
        (
            pd.Series(pd.PeriodIndex(["2024-02"], freq="M")),
            pl.Datetime("us"),
            [dt.datetime(2024, 2, 1)],
        ),
        (pd.Series([0.0, 5.0], dtype=pd.SparseDtype(float, 0.0)), pl.Float64, [0.0, 5.0]),
        (pd.Series(pd.interval_range(0, 2)), pl.String, ["(0, 1]", "(1, 2]"]),
        (pd.Index([1, 2]), pl.Int64, [1, 2]),
        (pd.array([1, None]), pl.Int64, [1, None]),
    ],
)
def test_columns_of_pandas_keep_their_meaning(cells, dtype, values):
    column = to_column("x", cells)
    assert (column.dtype, column.to_list()) == (dtype, values)


def test_levels_of_categories_are_written_as_those_of_plain_cells():
    for cells in ([10.0, 2.5], [1, 2], [True, False], ["a", "b"]):
        plain = texts(to_column("x", pd.Series(cells)))
        assert texts(to_column("x", pd.Series(cells, dtype="category"))).equals(plain)


def test_cells_of_the_caller_are_left_as_they_are():
    objects = pd.Series(["a", pd.NA, 1], dtype=object)
    to_column("x", objects)
    assert objects[1] is pd.NA


@pytest.mark.parametrize("cells", [b"ab", np.array([b"ab"]), np.array([1j]), "ab", None])
def test_what_is_no_column_is_refused(cells):
    with pytest.raises(DataError, match=r"^Column 'x' must"):
        to_column("x", cells)
