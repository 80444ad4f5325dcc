"""Rows in every form: what frame they become, and what predictions in that form look like."""

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from hiddenlogic.errors import DataError
from hiddenlogic.models.rows import read_rows
from hiddenlogic.table import read_table

COLUMNS = {"town": ["Ulm", None, "Bonn"], "m2": [40.5, None, 61.0]}
FRAME = pl.DataFrame(COLUMNS)
RENTS, TOWNS = np.array([1.5, 2.5, 3.5]), np.array(["Ulm", "Bonn", "Ulm"])
INDEX = pd.MultiIndex.from_tuples([("b", 2), ("a", 1), ("b", 2)])


def _structured():
    fields = [("town", "U4"), ("m2", "f8")]
    made = np.ma.masked_array(np.zeros(3, fields))
    made["town"], made["m2"] = np.array(["Ulm", "", "Bonn"]), np.array([40.5, np.nan, 61.0])
    made["town"][1] = np.ma.masked
    return made


FORMS = {
    "polars": FRAME,
    "lazy": FRAME.lazy(),
    "pandas": pd.DataFrame(COLUMNS, index=INDEX),
    "pandas objects": pd.DataFrame(COLUMNS, dtype=object),
    "pandas nullable": pd.DataFrame(COLUMNS).convert_dtypes(),
    "pandas pyarrow": pd.DataFrame(COLUMNS).convert_dtypes(dtype_backend="pyarrow"),
    "arrow": pa.table(COLUMNS),
    "batch": pa.record_batch(COLUMNS),
    "lists": COLUMNS,
    "columns": {"town": pd.Series(COLUMNS["town"]), "m2": np.array([40.5, np.nan, 61.0])},
    "structured": _structured(),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_becomes_the_same_frame(form):
    assert read_rows(FORMS[form]).frame.equals(FRAME)


def test_files_and_tables_become_frames_with_their_notes(tmp_path):
    FRAME.write_csv(tmp_path / "t.csv")
    FRAME.write_parquet(tmp_path / "t.parquet")
    for path in (tmp_path / "t.csv", str(tmp_path / "t.parquet")):
        rows = read_rows(path)
        assert rows.frame.equals(FRAME)
        assert rows.notes == read_table(path).notes
        assert read_rows(read_table(path)).notes == rows.notes
        assert rows.like(RENTS, "rent").equals(pl.Series("rent", RENTS))


def test_arrays_have_numbered_columns_or_those_given():
    array = np.array([[1.0, np.nan], [3.0, 4.0]])
    assert read_rows(array).frame.to_dict(as_series=False) == {"x0": [1.0, 3.0], "x1": [None, 4.0]}
    assert read_rows(array, names=["b", "a"]).frame.columns == ["b", "a"]
    mixed = np.array([[1, "x"], [None, "y"]], dtype=object)
    assert read_rows(mixed).frame.rows() == [(1, "x"), (None, "y")]
    masked = np.ma.masked_equal(np.array([[1, 2], [3, 4]]), 4)
    assert read_rows(masked).frame.rows() == [(1, 2), (3, None)]


def test_predictions_for_polars_are_series_and_frames():
    rows = read_rows(FRAME)
    assert rows.like(TOWNS, "town").equals(pl.Series("town", TOWNS))
    table = rows.like({"rent": RENTS, "town": TOWNS})
    assert table.equals(pl.DataFrame({"rent": RENTS, "town": TOWNS}))
    lazy = read_rows(FRAME.lazy())
    assert lazy.like(RENTS, "rent").collect().equals(pl.DataFrame({"rent": RENTS}))
    assert lazy.like({"rent": RENTS, "town": TOWNS}).collect().equals(table)


@pytest.mark.parametrize("index", [INDEX, pd.Index([7, 7, 3], name="flat"), pd.RangeIndex(3)])
def test_predictions_for_pandas_have_the_index_of_the_rows(index):
    rows = read_rows(pd.DataFrame(COLUMNS, index=index))
    pd.testing.assert_series_equal(rows.like(RENTS, "rent"), pd.Series(RENTS, index, name="rent"))
    towns = pd.Series(TOWNS.tolist(), index, name="town")
    pd.testing.assert_series_equal(rows.like(TOWNS, "town"), towns)
    pd.testing.assert_frame_equal(
        rows.like({"rent": RENTS, "town": TOWNS}),
        pd.DataFrame({"rent": RENTS, "town": TOWNS.tolist()}, index=index),
    )


def test_predictions_for_arrow_are_arrays_and_tables_or_batches():
    columns = {"rent": RENTS, "town": TOWNS}
    for rows, kind in ((FORMS["arrow"], pa.Table), (FORMS["batch"], pa.RecordBatch)):
        answer = read_rows(rows)
        assert answer.like(TOWNS).equals(pa.array(TOWNS.tolist()))
        table = answer.like(columns)
        assert isinstance(table, kind)
        assert table.to_pydict() == {name: cells.tolist() for name, cells in columns.items()}


def test_predictions_for_mappings_and_arrays_are_arrays():
    assert read_rows(COLUMNS).like(RENTS, "rent") is RENTS
    assert read_rows(COLUMNS).like({"rent": RENTS})["rent"] is RENTS
    array = read_rows(np.zeros((3, 2)))
    assert array.like(TOWNS) is TOWNS
    numbers = array.like({"a": RENTS, "b": RENTS + 1})
    np.testing.assert_array_equal(numbers, np.column_stack([RENTS, RENTS + 1]))
    assert array.like({"a": RENTS, "b": TOWNS}).tolist()[0] == [1.5, "Ulm"]
    fields = read_rows(FORMS["structured"]).like({"a": RENTS, "b": TOWNS})
    assert fields.dtype.names == ("a", "b")
    assert fields.tolist() == [(1.5, "Ulm"), (2.5, "Bonn"), (3.5, "Ulm")]


def test_no_rows_stay_no_rows():
    rows = read_rows(pd.DataFrame(COLUMNS).iloc[:0])
    assert rows.frame.shape == (0, 2)
    assert rows.like(RENTS[:0], "rent").empty


def test_names_of_columns_become_text():
    assert read_rows(pd.DataFrame([[1, 2]])).frame.columns == ["0", "1"]
    levels = pd.MultiIndex.from_tuples([("size", "m2"), ("rent", "")])
    assert read_rows(pd.DataFrame([[1, 2]], columns=levels)).frame.columns == ["size_m2", "rent"]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (
            pd.DataFrame([[1, 2, 3]], columns=["a", "b", "a"]),
            "Rows have more than one column named 'a'. Give every column its own name.",
        ),
        (
            pd.DataFrame([[1, 2]], columns=[1, "1"]),
            "Rows have more than one column named '1'. Give every column its own name.",
        ),
        (
            pa.Table.from_arrays([pa.array([1]), pa.array([2])], names=["a", "a"]),
            "Rows have more than one column named 'a'. Give every column its own name.",
        ),
        (
            {"a": [1, 2], "b": 3},
            "Column 'b' must be a list, an array or a column of a frame, with a cell for each row;"
            " got int.",
        ),
        (
            {"a": [1, 2], "b": [3]},
            "Columns must be equally long; 'a' has 2 cells and 'b' has 1.",
        ),
        (
            {"a": np.zeros((2, 2))},
            "Column 'a' must be an array of shape (n_rows,); got the shape (2, 2).",
        ),
        (
            {"z": np.array([1j])},
            "Column 'z' must hold numbers, truth values, text or dates; got complex128. Convert it,"
            " or leave it out.",
        ),
        (
            {"t": ["x", "\ud800"]},
            "Column 't', row 2: expected text, got '\\ud800', half of a character. Correct that"
            " cell, or leave it empty if it is missing.",
        ),
        (
            np.zeros(3),
            "Rows must be a path, a frame of polars, pandas or pyarrow, a mapping of names to"
            " cells, or an array of shape (n_rows, n_columns); got an array of shape (3,)."
            " Use array.reshape(-1, 1) for one column or array.reshape(1, -1) for one row.",
        ),
        (
            pd.Series([1.0]),
            "Rows must be a path, a frame of polars, pandas or pyarrow, a mapping of names to"
            " cells, or an array of shape (n_rows, n_columns); got Series. Use its to_frame().",
        ),
        (
            [[1, 2], [3, 4]],
            "Rows must be a path, a frame of polars, pandas or pyarrow, a mapping of names to"
            " cells, or an array of shape (n_rows, n_columns); got list. Use numpy.array(rows), or"
            " a mapping of names to columns.",
        ),
    ],
)
def test_what_is_no_table_is_refused_with_the_way_out(rows, message):
    with pytest.raises(DataError) as caught:
        read_rows(rows)
    assert str(caught.value) == message


def test_arrays_of_another_width_than_the_names_are_refused():
    with pytest.raises(DataError) as caught:
        read_rows(np.zeros((1, 3)), names=["a", "b"])
    assert str(caught.value) == (
        "An array of rows must have a column for each of a, b, in this order, which are 2; got 3."
    )


def test_pandas_and_pyarrow_are_not_imported_for_other_rows():
    import subprocess
    import sys

    program = (
        "import sys, numpy as np, polars as pl\n"
        "from hiddenlogic.models.rows import read_rows\n"
        "for rows in ({'a': [1]}, pl.DataFrame({'a': [1]}), np.eye(2)):\n"
        "    read_rows(rows).like(np.ones(1), 'b')\n"
        "assert not {'pandas', 'pyarrow'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
