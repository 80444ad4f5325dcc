"""Reading files: what comes out, what is noted, and one sentence for each file that is no table."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiddenlogic.errors import DataError, UnknownNameError
from hiddenlogic.table import Table, read_table


def read(folder: Path, content: str | bytes, name: str = "t.csv", **options) -> Table:
    """Write a file and read it as a table."""
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_table(file, **options)


def refusal(folder: Path, content: str | bytes, name: str = "t.csv", **options) -> str:
    """Return the message for a file, without its folder."""
    with pytest.raises(DataError) as caught:
        read(folder, content, name, **options)
    return str(caught.value).replace(f"{folder}/", "")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiter_is_detected_and_noted(tmp_path, delimiter):
    table = read(tmp_path, "a,b\n1,x\n2,y\n".replace(",", delimiter))
    assert table.frame.to_dict(as_series=False) == {"a": [1, 2], "b": ["x", "y"]}
    shown = "tab" if delimiter == "\t" else repr(delimiter)
    assert table.notes[0] == f"delimiter {shown} (--delimiter)"


def test_given_delimiter_is_used_and_not_noted(tmp_path):
    table = read(tmp_path, "a:b\n1:2\n", delimiter=":")
    assert table.frame.rows() == [(1, 2)]
    assert not any("delimiter" in note for note in table.notes)


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        ("ä,b\n1,é\n".encode(), "utf-8"),
        ("ä,b\n1,é\n".encode("utf-8-sig"), "utf-8-sig"),
        ("ä,b\n1,é\n".encode("utf-16"), "utf-16"),
        ("a,b\n1,x\n2,y\n".encode("utf-16-le"), "utf-16-le"),
        ("a,b\n1,x\n2,y\n".encode("utf-16-be"), "utf-16-be"),
        ("ä,b\n1,€\n".encode("cp1252"), "cp1252"),
        ("ä,b\n1,é\n".encode("utf-32"), "utf-32"),
    ],
)
def test_encoding_is_detected_and_noted(tmp_path, content, encoding):
    table = read(tmp_path, content)
    assert f"encoding {encoding} (--encoding)" in table.notes
    assert table.frame["b"][0] == content.decode(encoding).split("\n")[1].split(",")[1]


def test_byte_order_mark_is_no_part_of_the_first_name(tmp_path):
    assert read(tmp_path, b"\xef\xbb\xbfage,b\n1,2\n").frame.columns == ["age", "b"]


def test_decimal_comma_is_detected_and_noted(tmp_path):
    table = read(tmp_path, "a;b\n1,5;x\n-2,25;y\n3;z\n")
    assert table.frame["a"].to_list() == [1.5, -2.25, 3.0]
    assert "decimal comma (--decimal)" in table.notes


def test_given_decimal_sign_wins_over_the_guess(tmp_path):
    content = "a;b\n1,234;x\n9,125;y\n"
    assert read(tmp_path, content).frame["a"].to_list() == [1.234, 9.125]
    assert read(tmp_path, content, decimal=".").frame["a"].to_list() == [1234, 9125]


def test_thousands_separators_are_read_and_noted(tmp_path):
    table = read(tmp_path, 'n\n"1,200"\n950\n"2,000,000"\n')
    assert table.frame["n"].to_list() == [1200, 950, 2_000_000]
    assert "thousands separator ',' in 'n' (--kind)" in table.notes


def test_quoted_cells_hold_delimiters_line_breaks_and_quotation_marks(tmp_path):
    table = read(tmp_path, 'a,b\n"x,1","two\nlines"\n"say ""hi""",z\n')
    assert table.frame.rows() == [("x,1", "two\nlines"), ('say "hi"', "z")]


def test_single_quotation_marks_are_detected_and_noted(tmp_path):
    table = read(tmp_path, "'a';'b'\n'1;5';'x'\n")
    assert table.frame.rows() == [("1;5", "x")]
    assert 'quotation mark "\'" (--quote)' in table.notes


def test_apostrophes_in_plain_text_are_kept(tmp_path):
    assert read(tmp_path, "a,b\n'tis,O'Hara\n1,don't\n").frame["b"].to_list() == ["O'Hara", "don't"]


def test_inch_signs_are_kept_where_no_cell_is_quoted(tmp_path):
    table = read(tmp_path, 'a,b\n1,5" pipe\n2,6" pipe\n')
    assert table.frame["b"].to_list() == ['5" pipe', '6" pipe']
    assert "no quotation marks (--quote)" in table.notes


def test_markers_of_missing_cells_become_missing_and_are_noted(tmp_path):
    table = read(tmp_path, "a,b\nNA,?\n-,x\n nan ,N/A\n3,\n")
    assert table.frame.rows() == [(None, None), (None, "x"), (None, None), (3, None)]
    assert [note for note in table.notes if "missing" in note] == [
        "empty cells read as missing: 1 in 'b' (--missing)",
        "'NA' read as missing: 1 in 'a' (--missing)",
        "'N/A' read as missing: 1 in 'b' (--missing)",
        "'nan' read as missing: 1 in 'a' (--missing)",
        "'?' read as missing: 1 in 'b' (--missing)",
        "'-' read as missing: 1 in 'a' (--missing)",
    ]


def test_given_markers_replace_the_usual_ones(tmp_path):
    frame = read(tmp_path, "a,b\nNA,x\n-99,y\n", missing=("-99",)).frame
    assert frame["a"].to_list() == ["NA", None]


def test_codes_with_leading_zeros_stay_text_and_are_noted(tmp_path):
    table = read(tmp_path, "zip,b\n01234,1\n99999,2\n")
    assert table.frame["zip"].to_list() == ["01234", "99999"]
    assert "whole numbers with leading zeros kept as text: 'zip' (--kind)" in table.notes


def test_columns_asked_for_as_text_stay_as_written(tmp_path):
    frame = read(tmp_path, "a,b\n1.50,2\n", text=["a"]).frame
    assert frame.rows() == [("1.50", 2)]


def test_numbers_too_long_for_a_machine_stay_text(tmp_path):
    frame = read(tmp_path, "n\n12345678901234567890\n12345678901234567891\n").frame
    assert frame["n"].to_list() == ["12345678901234567890", "12345678901234567891"]


def test_empty_lines_are_left_out_and_noted(tmp_path):
    table = read(tmp_path, "a,b\r\n1,2\r\n\r\n3,4\r\n\r\n")
    assert table.frame.rows() == [(1, 2), (3, 4)]
    assert "2 empty lines left out (line 3, 5)" in table.notes


def test_an_empty_line_in_a_table_of_one_column_is_a_missing_cell(tmp_path):
    assert read(tmp_path, "a\n1\n\n2\n\n").frame["a"].to_list() == [1, None, 2]


def test_old_line_breaks_are_read(tmp_path):
    assert read(tmp_path, "a,b\r1,2\r3,4\r").frame.rows() == [(1, 2), (3, 4)]


def test_a_file_without_a_last_line_break_is_read_to_its_end(tmp_path):
    assert read(tmp_path, "a,b\n1,2\n3,4").frame.rows() == [(1, 2), (3, 4)]


def test_row_labels_without_a_name_get_one(tmp_path):
    table = read(tmp_path, ",a\n0,5\n1,6\n")
    assert table.frame.columns == ["column 1", "a"]
    assert "the first column has no name and is called 'column 1'" in table.notes


def test_names_that_are_numbers_are_noted(tmp_path):
    notes = read(tmp_path, "0,1\n5,6\n").notes
    expected = (
        "the names of the columns are numbers (0, 1): if the first line is data, write names"
        " above it"
    )
    assert expected in notes


def test_parquet_is_read_with_its_types(tmp_path):
    frame = pl.DataFrame({"a": [1.5, None], "b": ["NA", "?"]})
    frame.write_parquet(tmp_path / "t.parquet")
    table = read_table(tmp_path / "t.parquet")
    assert table.frame.equals(frame)
    assert (table.format, table.notes) == ("parquet", ())


def test_parquet_is_known_by_its_first_bytes(tmp_path):
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "t.csv")
    table = read_table(tmp_path / "t.csv")
    assert (table.format, table.notes) == ("parquet", ("read as Parquet, as its first bytes say",))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "t.csv is empty. Give a file with a line of names and rows of data."),
        ("a,b\n", "t.csv has a header with 2 columns and no rows below it. Add rows of data."),
        ("a,b\n\n\n", "t.csv has a header with 2 columns and no rows below it. Add rows of data."),
        (b"\xef\xbb\xbf", "t.csv: the first line is empty. Write the names of the columns there."),
        ("\n1,2\n", "t.csv: the first line is empty. Write the names of the columns there."),
        (
            "a,b\n1,2\n3\n4,5,6\n",
            "t.csv: row 2 (line 3) has 1 cell, but the header names 2 columns (1 more such rows"
            " follow). Correct the row, put cells that hold the delimiter in quotation marks, or"
            " name the delimiter with --delimiter.",
        ),
        (
            'a,b\n"x\ny",2\n3,4,5\n',
            "t.csv: row 2 (line 4) has 3 cells, but the header names 2 columns. Correct the row,"
            " put cells that hold the delimiter in quotation marks, or name the delimiter with"
            " --delimiter.",
        ),
        (
            "age,b,age\n1,2,3\n",
            "t.csv has more than one column named 'age'. Give every column its own name.",
        ),
        (
            "a,,b,\n1,2,3,4\n",
            "t.csv: 2 columns (2, 4) have no name. Name them in the first line, or remove them.",
        ),
        ("a,\n1,2\n", "t.csv: column 2 has no name. Name it in the first line, or remove it."),
        (
            "5.1,3.5\n4.9,3.0\n",
            "t.csv: the first line holds numbers (5.1, 3.5), not names. Write the names of the"
            " columns in a line above it.",
        ),
        (
            b"a,b\n" + b"1,2\n" * 400 + b"1,\x002\n",
            "t.csv: line 402 holds a NUL byte, which no text does. The file is damaged or not a"
            " CSV file.",
        ),
        (
            bytes(range(256)) * 8,
            "t.csv is not text: 10% of its first bytes are control characters. Give a CSV or"
            " Parquet file, or name the encoding with --encoding.",
        ),
        (
            'a,b\n1,"x\n2,y\n',
            "t.csv: the quotation mark opened in line 2 is never closed. Close it, or pass"
            " --quote none to read quotation marks as text.",
        ),
        (
            'a,b\n1,5" pipe\n2,"x"\n',
            "t.csv: line 2 has a quotation mark inside a cell. Put the cell in quotation marks and"
            ' double those inside it ("5"" pipe"), or pass --quote none to read quotation marks as'
            " text.",
        ),
        (
            "ä,b\n1,ö\n".encode() + b"2,\xf6\n",
            "t.csv: line 3 is not utf-8, though the text before it is. Repair that line, or name"
            " the encoding with --encoding.",
        ),
        (
            b"PAR1 and then it breaks off",
            "t.csv is a Parquet file whose end is missing (27 bytes are there). Copy or write it"
            " again.",
        ),
    ],
)
def test_a_file_that_is_no_table_is_refused_in_one_sentence(tmp_path, content, message):
    assert refusal(tmp_path, content) == message


def test_a_file_named_parquet_that_is_none_is_refused(tmp_path):
    assert refusal(tmp_path, "a,b\n1,2\n", "t.parquet") == (
        "t.parquet is named like a Parquet file but is none. If it is CSV, give it a name that"
        " ends in .csv."
    )


def test_a_truncated_parquet_file_is_refused(tmp_path):
    pl.DataFrame({"a": list(range(1000))}).write_parquet(tmp_path / "whole.parquet")
    content = (tmp_path / "whole.parquet").read_bytes()
    assert refusal(tmp_path, content[:-100], "t.parquet") == (
        f"t.parquet is a Parquet file whose end is missing ({len(content) - 100:,} bytes are"
        " there). Copy or write it again."
    )


def test_a_damaged_parquet_file_is_refused(tmp_path):
    message = refusal(tmp_path, b"PAR1" + b"\xff" * 64 + b"PAR1", "t.parquet")
    assert message.startswith("t.parquet is a Parquet file that cannot be read: ")
    assert message.endswith(" Copy or write it again.")


def test_a_parquet_file_without_rows_is_refused(tmp_path):
    pl.DataFrame({"a": []}).write_parquet(tmp_path / "t.parquet")
    with pytest.raises(DataError) as caught:
        read_table(tmp_path / "t.parquet")
    assert str(caught.value) == (
        f"{tmp_path}/t.parquet has 1 column and 0 rows. Give a file with data."
    )


def test_a_missing_file_is_refused_with_the_nearest_name(tmp_path):
    (tmp_path / "prices.csv").write_text("a\n1\n")
    with pytest.raises(DataError) as caught:
        read_table(tmp_path / "price.csv")
    assert str(caught.value) == (
        f"There is no file {tmp_path}/price.csv. Did you mean '{tmp_path}/prices.csv'?"
    )
    with pytest.raises(DataError) as caught:
        read_table(tmp_path / "nowhere" / "t.csv")
    assert str(caught.value) == (
        f"There is no file {tmp_path}/nowhere/t.csv. There is no directory {tmp_path}/nowhere"
        " either. Check the path."
    )


def test_a_directory_is_refused(tmp_path):
    with pytest.raises(DataError) as caught:
        read_table(tmp_path)
    assert str(caught.value) == (
        f"{tmp_path} is a directory. Give the path of one CSV or Parquet file."
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"delimiter": "ab"},
            "`delimiter` must be one character, such as ',', ';', '|' or 'tab'; got 'ab'.",
        ),
        ({"decimal": ";"}, "`decimal` must be '.' or ','; got ';'."),
        ({"quote": "`"}, "`quote` must be '\"', \"'\" or 'none'; got '`'."),
        (
            {"encoding": "utf-88"},
            "`encoding` must be one that Python knows, such as utf-8, utf-8-sig, utf-16, utf-32,"
            " cp1252, latin-1; got 'utf-88'. Did you mean 'utf-8'?",
        ),
    ],
)
def test_unknown_options_are_refused(tmp_path, options, message):
    with pytest.raises(UnknownNameError) as caught:
        read(tmp_path, "a,b\n1,2\n", **options)
    assert str(caught.value) == message


def test_an_encoding_that_wants_a_mark_is_refused_without_one(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path, "a,b\n1,2\n", encoding="utf-16")
    assert str(caught.value) == (
        f"{tmp_path / 't.csv'} cannot be read as utf-16: UTF-16 stream does not start with"
        " BOM. Leave --encoding out to have it detected, or name another."
    )


def test_an_encoding_that_does_not_fit_is_refused_with_the_line(tmp_path):
    assert refusal(tmp_path, b"a,b\n1,\xff\n", encoding="utf-8") == (
        "t.csv: line 2 cannot be read as utf-8. Leave --encoding out to have it detected, or name"
        " another."
    )


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), max_size=6)


@settings(deadline=None, max_examples=60)
@given(
    rows=st.lists(st.tuples(CELLS, st.integers(-(2**63), 2**63 - 1)), min_size=1, max_size=9),
    delimiter=st.sampled_from(",;|\t"),
)
def test_what_polars_writes_comes_back(tmp_path_factory, rows, delimiter):
    # A letter in front keeps the texts from being numbers, markers of missing cells or blank.
    frame = pl.DataFrame({"text": [f"x{text}" for text, _ in rows], "n": [n for _, n in rows]})
    file = tmp_path_factory.mktemp("round") / "t.csv"
    frame.write_csv(file, separator=delimiter)
    assert read_table(file).frame.equals(frame)


@settings(deadline=None, max_examples=150)
@given(content=st.binary(max_size=400) | st.text(',;"\n\r\t ab1.', max_size=60).map(str.encode))
def test_any_bytes_give_a_table_or_a_sentence(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("fuzz") / "t.csv"
    file.write_bytes(content)
    try:
        table = read_table(file)
    except DataError as error:
        assert "\n" not in str(error)
    else:
        assert table.frame.height > 0
