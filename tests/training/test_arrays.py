"""What becomes a matrix, and what is refused with its place."""

from __future__ import annotations

import datetime

import numpy as np
import pandas as pd
import polars as pl
import pytest

from hiddenlogic.errors import DataError, ShapeError
from hiddenlogic.training.arrays import check_same_rows, matrix, sample_weights

FRAME = {"age": [31.0, 45.0], "height": [170.0, 182.0]}


@pytest.mark.parametrize(
    "value",
    [
        [[31, 170], [45, 182]],
        ((31.0, 170.0), (45.0, 182.0)),
        np.array([[31, 170], [45, 182]], dtype=np.int16),
        np.asfortranarray([[31.0, 170.0], [45.0, 182.0]]),
        pd.DataFrame(FRAME),
        pd.DataFrame(FRAME).astype({"age": "Int64"}),
        pl.DataFrame(FRAME),
        [np.array([31, 170]), np.array([45, 182])],
    ],
)
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_everything_array_like_becomes_the_same_matrix(value, dtype):
    found = matrix(value, "x", dtype=dtype, columns=2)
    assert found.dtype == dtype
    assert found.flags.c_contiguous
    assert found.tolist() == [[31, 170], [45, 182]]


def test_vectors_and_numbers_get_a_second_dimension():
    assert matrix([1, 2, 3], "x", columns=1).tolist() == [[1], [2], [3]]
    assert matrix(7, "x").tolist() == [[7]]
    assert matrix(pd.Series([1, 2]), "x").shape == (2, 1)
    assert matrix(pl.Series([1, 2]), "x").shape == (2, 1)
    assert matrix([True, False], "x").tolist() == [[1], [0]]


def test_an_array_that_fits_is_not_copied():
    x = np.ones((3, 2), dtype=np.float32)
    assert matrix(x, "x") is x


def test_zero_rows_are_a_matrix():
    assert matrix(np.empty((0, 3)), "x", columns=3).shape == (0, 3)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            pd.DataFrame({"height": [1.0, 2.0], "age": [3.0, float("nan")]}),
            "`x` has a NaN in row 1, column 1 ('age'). Fill such cells or drop their rows; "
            "`hiddenlogic fit FILE` handles missing cells of a table by itself.",
        ),
        (
            [[1, 2], [float("inf"), 4]],
            "`x` has an infinity in row 1, column 0. Fill such cells or drop their rows; "
            "`hiddenlogic fit FILE` handles missing cells of a table by itself.",
        ),
        (
            [float("nan"), 1, float("nan")],
            "`x` has 2 NaNs, the first in row 0, column 0. Fill such cells or drop their rows; "
            "`hiddenlogic fit FILE` handles missing cells of a table by itself.",
        ),
        (
            [[1, None]],
            "`x` has a NaN in row 0, column 1. Fill such cells or drop their rows; "
            "`hiddenlogic fit FILE` handles missing cells of a table by itself.",
        ),
        (
            [[1.0, 2.0], [3.0, 1e39]],
            "`x` has 1e+39 in row 1, column 1, which is beyond float32. Scale the column, or build "
            "the network with dtype='float64'.",
        ),
        (
            [["a", "b"]],
            "`x` holds text, such as 'a'; a network learns from numbers. Encode them, or take the "
            "table route: `hiddenlogic fit FILE` learns from tables with text, dates and missing "
            "cells.",
        ),
        (
            pd.DataFrame({"age": [1, 2], "name": ["Ann", "Bob"]}),
            "`x` has text, 'Ann', in row 0, column 1 ('name'); a network learns from numbers. "
            "Encode it, or take the table route: `hiddenlogic fit FILE` learns from tables with "
            "text, dates and missing cells.",
        ),
        (
            np.array([["1", 2]], dtype=object),
            "`x` has text, '1', in row 0, column 0; a network learns from numbers. Encode it, or "
            "take the table route: `hiddenlogic fit FILE` learns from tables with text, dates and "
            "missing cells.",
        ),
        (
            np.array(["2020-01-01"], dtype="datetime64[D]"),
            "`x` holds dates; a network learns from numbers. Encode them, or take the table route: "
            "`hiddenlogic fit FILE` learns from tables with text, dates and missing cells.",
        ),
        (None, "`x` must be an array of numbers; got None."),
    ],
)
def test_cells_that_are_no_numbers_are_refused(value, message):
    with pytest.raises(DataError) as caught:
        matrix(value, "x")
    assert str(caught.value) == message


def test_dates_among_numbers_are_refused():
    with pytest.raises(DataError, match=r"^`x` has a date, datetime.date\(2020, 1, 1\), in row 0"):
        matrix([[datetime.date(2020, 1, 1), 1]], "x")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([[1, 2], [3]], "`x` must be rows of equal length; got rows that differ."),
        (
            np.ones((2, 28, 28)),
            "`x` must have 2 dimensions, rows and columns; got shape (2, 28, 28). Flatten each "
            "row: x.reshape(len(x), -1).",
        ),
        (
            np.ones((2, 4)),
            "`x` must have 3 columns, the inputs of the network; got shape (2, 4).",
        ),
        (
            [1, 2, 3],
            "`x` must have 3 columns, the inputs of the network; got shape (3,). Write one row as "
            "[[…]], or as np.reshape(x, (1, -1)).",
        ),
        (np.ones((2, 0)), "`x` must have 3 columns, the inputs of the network; got shape (2, 0)."),
    ],
)
def test_shapes_that_do_not_fit_are_refused(value, message):
    with pytest.raises(ShapeError) as caught:
        matrix(value, "x", columns=3)
    assert str(caught.value) == message


def test_a_matrix_has_at_least_one_column():
    with pytest.raises(
        ShapeError, match=r"^`x` must have at least 1 column; got shape \(2, 0\)\.$"
    ):
        matrix(np.ones((2, 0)), "x")


def test_different_numbers_of_rows_are_refused():
    with pytest.raises(ShapeError) as caught:
        check_same_rows(np.ones((50, 1)), "x", np.ones((40, 1)), "y")
    assert str(caught.value) == "`x` and `y` must have the same number of rows; got 50 and 40."


def test_weights_of_rows_are_a_vector():
    assert sample_weights([[1], [2]], "sample_weight", 2).tolist() == [1, 2]
    with pytest.raises(ShapeError) as short:
        sample_weights([1, 2], "sample_weight", 3)
    assert str(short.value) == "`sample_weight` must have one number for each of the 3 rows; got 2."
    with pytest.raises(DataError) as negative:
        sample_weights([1, -2], "sample_weight", 2)
    assert str(negative.value) == "`sample_weight` must be at least 0 everywhere; got -2 in row 1."
    with pytest.raises(DataError, match="is 0 in every row"):
        sample_weights([0, 0], "sample_weight", 2)


def test_dates_beside_numbers_of_a_polars_frame_are_refused():
    frame = pl.DataFrame({"age": [31.0], "born": [datetime.date(1990, 1, 2)]})
    with pytest.raises(DataError) as caught:
        matrix(frame, "x")
    assert str(caught.value) == (
        "`x` holds dates in column 1 ('born'); a network learns from numbers. Encode them, or take "
        "the table route: `hiddenlogic fit FILE` learns from tables with text, dates and missing "
        "cells."
    )


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (
            (row for row in [1, 2]),
            "`x` must be an array, a list or a DataFrame of numbers; got generator. "
            "Pass a list of it.",
        ),
        (
            {1, 2},
            "`x` must be an array, a list or a DataFrame of numbers; got set. Pass a list of it.",
        ),
        (
            pl.LazyFrame(FRAME),
            "`x` must be an array, a list or a DataFrame of numbers; got LazyFrame. "
            "Pass its collect().",
        ),
        (
            {"age": [1.0]},
            "`x` must be an array, a list or a DataFrame of numbers; got dict.",
        ),
    ],
)
def test_what_is_no_array_is_refused_by_its_kind(value, message):
    with pytest.raises(DataError) as caught:
        matrix(value, "x")
    assert str(caught.value) == message
