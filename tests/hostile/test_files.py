"""Every file of the directory beside, with what comes of it: its cells, or one sentence."""

from pathlib import Path

import pytest

from hiddenlogic.cli import main
from hiddenlogic.errors import DataError
from hiddenlogic.table import read_table

FILES = Path(__file__).parent / "files"
GERMAN = {"Straße": ["Müllerweg", "Äußere Allee"], "Größe": [40, 61], "Miete": [410, 633]}
PLAIN = {"a": [1, 2], "b": ["x", "y"]}
TWELVE = [f"k{i:02d}x" for i in range(12)]
NO_TABLE = ", not a CSV or Parquet file."
RAGGED = (
    " cells, but the header names 3 columns. Correct the row, put cells that hold the delimiter in"
    " quotation marks, or name the delimiter with --delimiter."
)
OTHER_ENCODING = (
    " is text neither in UTF-8 nor in Windows-1252. Name the encoding with --encoding, such as"
    " shift_jis, gb18030, koi8-r or latin-1."
)

READ = {
    "all-distinct.csv": {"code": TWELVE, "b": [i * i for i in range(12)]},
    "beyond-float.csv": {"a": [float("inf"), 2.0], "b": [1, 2]},
    "cp1252.csv": {"name": ["Café", "“Bar”"], "price": [5, 7]},
    "cr.csv": PLAIN,
    "crlf.csv": PLAIN,
    "decimal-comma.csv": {"n": [3.14, -2.7], "m": [1, 2]},
    "excel.csv": {"name": ["Müller", "Koch"], "n": [1.5, 2.0]},
    "excel-utf-16.csv": {"name": ["Müller"], "n": [1.5]},
    "huge-numbers.csv": {
        "a": [1e308, -1e308, 1.7976931348623157e308],
        "b": [-1e308, 1e-308, 5e-324],
    },
    "inches.csv": {"a": [1, 2], "b": ['5" pipe', '6" pipe']},
    "infinities.csv": {"a": [float("inf"), float("-inf"), 3.5], "b": [1, 2, 3]},
    "latin-1.csv": GERMAN,
    "line-separator.csv": {"a": ["x\u2028y", "z\x85w"], "b": [1, 2]},
    "long-integers.csv": {"n": ["12345678901234567890", "12345678901234567891"], "b": [1, 2]},
    "mixed-line-ends.csv": PLAIN,
    "mixed-types.csv": {"a": ["1", "two", "3.5"], "b": ["yes", "2024-02-29", "7"]},
    "money-and-percent.csv": {"price": [1234.5, 99.0], "rate": [5.0, 7.5], "gain": [-3, 4]},
    "money-comma.csv": {"price": [1234.5, 99.0], "rate": [5.5, 7.0]},
    "names-with-commas.csv": {"a,b": [1, 4], "c": [2, 5], "d e": [3, 6]},
    "nan-texts.csv": {"a": [None, None, None, None, 2.5], "b": [1, 2, 3, 4, 5]},
    "negative-zero.csv": {"a": [-0.0, 0.0], "b": [1, 2]},
    "no-last-line-end.csv": PLAIN,
    "no-name.parquet": {"": [1, 2], "b": [1, 2]},
    "one-row.csv": {"a": [1], "b": [2]},
    "packed.csv.bz2": GERMAN,
    "packed.csv.gz": GERMAN,
    "packed.csv.xz": GERMAN,
    "parquet-named.csv": {"a": [0, 1, 2], "b": [0.0, 1.0, 2.0]},
    "quoted-newlines.csv": {"a": ["two\nlines", 'say "hi", ok'], "b": [1, 2]},
    "sep-is-a-name.csv": {"sep=x": [1, 2]},
    "some-percent.csv": {"rate": ["5%", "7"], "b": [1, 2]},
    "spreadsheet-errors.csv": {"a": [None, None, 2.5], "b": [1, 2, 3]},
    "thousands-comma.csv": {"n": [1234.5, 12000.25], "m": [1, 2]},
    "thousands-point.csv": {"n": [1234.5, 12000.25], "m": [1, 2]},
    "thousands-spaces.csv": {"n": [1234.5, 12000.25], "m": [1, 2]},
    "thousands-swiss.csv": {"n": [1234.5, 12000.25], "m": [1, 2]},
    "unicode-minus.csv": {"t": [-5, 3], "b": [1, 2]},
    "utf-16.csv": GERMAN,
    "utf-16-be-no-mark.csv": PLAIN,
    "utf-32.csv": GERMAN,
}

REFUSED = {
    "archive.zip": (
        f" is a ZIP archive or an Excel workbook{NO_TABLE} Unpack it, or save the sheet as CSV."
    ),
    "blank-lines-only.csv": ": the first line is empty. Write the names of the columns there.",
    "ctrl-z.csv": (
        " is not text: 8% of its first bytes are control characters. Give a CSV or Parquet file, or"
        " name the encoding with --encoding."
    ),
    "cut-in-the-middle.parquet": (
        " is a Parquet file that cannot be read: parquet: File out of specification: The footer"
        " size must be smaller or equal to the file's size. Copy or write it again."
    ),
    "duplicate-headers.csv": (
        " has more than one column named 'a'. Give every column its own name."
    ),
    "duplicate-names.parquet": (
        " has more than one column of one name. Give every column its own name."
    ),
    "empty.csv": " is empty. Give a file with a line of names and rows of data.",
    "half-utf-8.csv": (
        ": line 3 is not utf-8, though the text before it is. Repair that line, or name the"
        " encoding with --encoding."
    ),
    "header-only.csv": " has a header with 2 columns and no rows below it. Add rows of data.",
    "json.csv": f" is JSON{NO_TABLE} Export the table as CSV.",
    "latin-1-only.csv": f": line 2{OTHER_ENCODING}",
    "no-header.csv": (
        ": the first line holds numbers (5.1, 3.5), not names. Write the names of the columns in a"
        " line above it."
    ),
    "no-rows.parquet": " has 1 column and 0 rows. Give a file with data.",
    "not-parquet.parquet": (
        " is named like a Parquet file but is none. If it is CSV, give it a name that ends in .csv."
    ),
    "nul-bytes.csv": (
        ": line 103 holds a NUL byte, which no text does. The file is damaged or not a CSV file."
    ),
    "nul-padding.csv": (
        " is not text: 98% of its first bytes are control characters. Give a CSV or Parquet file,"
        " or name the encoding with --encoding."
    ),
    "open-quote.csv": (
        ": the quotation mark opened in line 2 is never closed. Close it, or pass --quote none to"
        " read quotation marks as text."
    ),
    "packed-cut-off.csv.gz": (
        " is packed with gzip and damaged or cut off: Compressed file ended before the"
        " end-of-stream marker was reached. Copy or pack it again."
    ),
    "packed-damaged.csv.gz": (
        " is packed with gzip and damaged or cut off: Error -3 while decompressing data: invalid"
        " distance too far back. Copy or pack it again."
    ),
    "picture.csv": f" is a picture (PNG){NO_TABLE} Check that the file is what you meant.",
    "quote-inside.csv": (
        ": line 2 has a quotation mark inside a cell. Put the cell in quotation marks and double"
        ' those inside it ("5"" pipe"), or pass --quote none to read quotation marks as text.'
    ),
    "ragged-long.csv": f": row 2 (line 3) has 4{RAGGED}",
    "ragged-short.csv": f": row 2 (line 3) has 2{RAGGED}",
    "shift-jis.csv": f": line 3{OTHER_ENCODING}",
    "trailing-delimiter.csv": ": column 3 has no name. Name it in the first line, or remove it.",
    "truncated.parquet": (
        " is a Parquet file whose end is missing (2,647 bytes are there). Copy or write it again."
    ),
    "unnamed-columns.csv": (
        ": 2 columns (2, 4) have no name. Name them in the first line, or remove them."
    ),
    "web-page.csv": (
        f" is a web page{NO_TABLE} Download the file that it links to, or export the table as CSV."
    ),
    "workbook.xlsx": (
        f" is a ZIP archive or an Excel workbook{NO_TABLE} Unpack it, or save the sheet as CSV."
    ),
}


def test_each_file_of_the_directory_has_its_line():
    assert {*READ, *REFUSED, "nested.parquet"} == {file.name for file in FILES.iterdir()} - {
        ".gitattributes"
    }


@pytest.mark.parametrize("name", READ)
def test_a_hostile_file_that_is_a_table_is_read_right(name):
    found = read_table(FILES / name).frame.to_dict(as_series=False)
    # repr tells -0.0 from 0.0 and 1 from 1.0.
    assert repr(found) == repr(READ[name])


@pytest.mark.parametrize("name", REFUSED)
def test_a_hostile_file_that_is_no_table_gets_one_sentence(name):
    with pytest.raises(DataError) as caught:
        read_table(FILES / name)
    assert str(caught.value) == f"{FILES / name}{REFUSED[name]}"


@pytest.mark.parametrize("name", REFUSED)
def test_fit_says_that_sentence_and_nothing_else(name, tmp_path, capfd):
    model = tmp_path / "m.safetensors"
    assert main(["fit", str(FILES / name), "-q", "-o", str(model)]) == 2
    out, err = capfd.readouterr()
    assert (out, err) == ("", f"hiddenlogic: {FILES / name}{REFUSED[name]}\n")
    assert not model.exists()


@pytest.mark.parametrize("name", [name for name in READ if name != "all-distinct.csv"])
def test_fit_says_why_it_cannot_learn_from_so_few_rows(name, tmp_path, capfd):
    model = tmp_path / "m.safetensors"
    assert main(["fit", str(FILES / name), "-q", "-o", str(model)]) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err.startswith("hiddenlogic: ")
    assert err.count("\n") == 1
    assert not model.exists()
