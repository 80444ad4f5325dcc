"""CSV files: bytes to columns of text, every row accounted for; then columns of text to numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError
from hiddenlogic.table.decode import CsvOptions, ScannedText, scan_text
from hiddenlogic.table.header import check_header
from hiddenlogic.table.missing import blank_markers
from hiddenlogic.table.numerals import guess_decimal, has_leading_zeros, read_numerals
from hiddenlogic.table.records import Records
from hiddenlogic.table.units import without_unit
from hiddenlogic.table.wording import listing, plural


def read_csv(path: Path, options: CsvOptions) -> tuple[pl.DataFrame, list[str]]:
    """Read a CSV file into typed columns.

    Parameters
    ----------
    path : Path
        A file that exists and is not empty.
    options : CsvOptions
        What not to detect.

    Returns
    -------
    tuple of polars.DataFrame and list of str
        The columns, and one note for each thing that was detected.

    Raises
    ------
    DataError
        If the file is no table; the message names the line.
    """
    scanned = scan_text(path, options)
    notes = _dialect_notes(scanned, options)
    header = _header(path, scanned)
    names, header_notes = check_header(str(path), header)
    frame, blank_notes = _text_columns(path, scanned, names)
    frame, missing_notes = blank_markers(_strip(frame), options.missing)
    frame, number_notes = _typed(frame, options, scanned.delimiter)
    return frame, [*notes, *header_notes, *blank_notes, *missing_notes, *number_notes]


def _header(path: Path, scanned: ScannedText) -> list[str]:
    """Return the cells of the first line."""
    text = scanned.text[: scanned.records.first_end].decode()
    quoting = csv.QUOTE_MINIMAL if scanned.quote else csv.QUOTE_NONE
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=scanned.delimiter,
        quotechar=scanned.quote or None,
        quoting=quoting,
    )
    try:
        cells: list[str] | None = next(reader, None)
    except csv.Error as error:
        raise DataError(
            f"{path}: the first line cannot be read as column names ({error})."
        ) from None
    return cells or []


def _text_columns(
    path: Path, scanned: ScannedText, names: Sequence[str]
) -> tuple[pl.DataFrame, list[str]]:
    """Let polars cut the rows into columns of text, after checking that each row has its cells."""
    records = scanned.records
    _refuse_misquoted(path, records, scanned.quote)
    _refuse_ragged(path, records, len(names))
    rows = len(records.fields) - 1
    if rows == int(np.count_nonzero(records.blank[1:])):
        raise DataError(
            f"{path} has a header with {plural(len(names), 'column')} and no rows below it. Add"
            " rows of data."
        )
    try:
        frame = pl.read_csv(
            scanned.text[records.first_end :],
            has_header=False,
            schema={str(i): pl.String for i in range(len(names))},
            separator=scanned.delimiter,
            quote_char=scanned.quote or None,
        )
    except pl.exceptions.PolarsError as error:
        raise DataError(f"{path} cannot be read as CSV: {str(error).splitlines()[0]}") from None
    if frame.height != rows:
        raise DataError(
            f"{path} cannot be read as CSV: it has {rows} rows, of which {frame.height} could be"
            " cut into cells. Check its quotation marks, or pass --quote none."
        )
    frame.columns = list(names)
    return _without_blank_lines(frame, records.blank[1:], records.lines[1:], len(names))


def _without_blank_lines(
    frame: pl.DataFrame, blank: NDArray[np.bool_], lines: NDArray[np.int64], n_columns: int
) -> tuple[pl.DataFrame, list[str]]:
    """Leave empty lines out and say so; in a table of one column they are missing cells."""
    if n_columns == 1:
        filled = np.flatnonzero(~blank)
        blank = blank & (np.arange(len(blank)) > filled[-1])
    if not blank.any():
        return frame, []
    count = int(np.count_nonzero(blank))
    note = f"{plural(count, 'empty line')} left out (line {listing(lines[blank].tolist())})"
    return frame.filter(pl.Series(~blank)), [note]


def _refuse_misquoted(path: Path, records: Records, quote: str) -> None:
    """Raise where quotation marks do not enclose whole cells."""
    if records.misquoted_line is not None:
        example = f"{quote}5{quote * 2} pipe{quote}"
        raise DataError(
            f"{path}: line {records.misquoted_line} has a quotation mark inside a cell. Put the"
            f" cell in quotation marks and double those inside it ({example}), or pass --quote none"
            " to read quotation marks as text."
        )
    if records.open_line is not None:
        raise DataError(
            f"{path}: the quotation mark opened in line {records.open_line} is never closed. Close"
            " it, or pass --quote none to read quotation marks as text."
        )


def _refuse_ragged(path: Path, records: Records, n_columns: int) -> None:
    """Raise when a row has more or fewer cells than the header."""
    # A table of one column sees a blank line as one (missing) cell, others leave it out.
    wrong = np.flatnonzero((records.fields != n_columns) & ~records.blank)
    wrong = wrong[wrong > 0]
    if not len(wrong):
        return
    first = int(wrong[0])
    others = f" ({len(wrong) - 1} more such rows follow)" if len(wrong) > 1 else ""
    raise DataError(
        f"{path}: row {first} (line {records.lines[first]}) has"
        f" {plural(int(records.fields[first]), 'cell')}, but the header names"
        f" {plural(n_columns, 'column')}{others}. Correct the row, put cells that hold the"
        " delimiter in quotation marks, or name the delimiter with --delimiter."
    )


def _strip(frame: pl.DataFrame) -> pl.DataFrame:
    """Take blanks off both ends of every cell."""
    return frame.select(pl.all().str.strip_chars())


def _typed(
    frame: pl.DataFrame, options: CsvOptions, delimiter: str
) -> tuple[pl.DataFrame, list[str]]:
    """Turn the columns of text whose every cell is a number into numbers."""
    bare = [without_unit(column) for column in frame.iter_columns()]
    decimal = options.decimal or guess_decimal(pl.DataFrame([one.cells for one in bare]), delimiter)
    columns: list[pl.Series] = []
    notes: list[str] = []
    reals: list[str] = []
    by_thousands: dict[str, list[str]] = {}
    by_unit: dict[str, list[str]] = {}
    codes: list[str] = []
    for column, (cells, unit) in zip(frame.iter_columns(), bare, strict=True):
        if column.name in options.text or column.null_count() == len(column):
            columns.append(column)
        elif has_leading_zeros(column):
            codes.append(column.name)
            columns.append(column)
        elif (read := read_numerals(cells, decimal)) is None:
            columns.append(column)
        else:
            columns.append(read.values)
            if unit:
                by_unit.setdefault(unit, []).append(column.name)
            if read.thousands:
                by_thousands.setdefault(read.thousands, []).append(column.name)
            if read.values.dtype == pl.Float64:
                reals.append(read.decimal)
    if options.decimal is None and reals:
        notes.append("decimal comma (--decimal)" if "," in reals else "decimal point (--decimal)")
    for sign, names in by_thousands.items():
        notes.append(
            f"thousands separator {sign!r} in {listing([repr(n) for n in names])} (--kind)"
        )
    for unit, names in by_unit.items():
        notes.append(f"{unit!r} left off the cells of {listing([repr(n) for n in names])} (--kind)")
    if codes:
        shown = listing([repr(name) for name in codes])
        notes.append(f"whole numbers with leading zeros kept as text: {shown} (--kind)")
    return pl.DataFrame(columns), notes


def _dialect_notes(scanned: ScannedText, options: CsvOptions) -> list[str]:
    """Say what was detected about the file as a whole."""
    notes: list[str] = []
    if options.delimiter is None:
        shown = "tab" if scanned.delimiter == "\t" else repr(scanned.delimiter)
        said = ", as the line 'sep=' says" if scanned.says_delimiter else ""
        notes.append(f"delimiter {shown}{said} (--delimiter)")
    if options.encoding is None:
        notes.append(f"encoding {scanned.encoding} (--encoding)")
    if scanned.packing is not None:
        notes.append(f"unpacked with {scanned.packing}")
    if options.quote is None and scanned.quote != '"':
        shown = f"quotation mark {scanned.quote!r}" if scanned.quote else "no quotation marks"
        notes.append(f"{shown} (--quote)")
    return notes
