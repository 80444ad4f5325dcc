"""From a file to columns: the way in."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from hiddenlogic.errors import DataError, UnknownNameError
from hiddenlogic.table.csv_file import read_csv
from hiddenlogic.table.decode import CsvOptions
from hiddenlogic.table.missing import MARKERS
from hiddenlogic.table.parquet_file import MAGIC, read_parquet
from hiddenlogic.table.sniff import check_delimiter
from hiddenlogic.table.wording import plural

# No table that was written on purpose has longer lines: 16 MiB is 10,000 columns of 1,600 letters.
MAX_LINE_BYTES = 16 << 20
_PARQUET_SUFFIXES = (".parquet", ".pq")


@dataclass(frozen=True)
class Table:
    """A table as it was read.

    Attributes
    ----------
    frame : polars.DataFrame
        Numbers as Int64 and Float64, everything else of a CSV file as String; missing cells null.
    path : Path
        The file.
    format : {'csv', 'parquet'}
        What the file is, whatever its name says.
    notes : tuple of str
        What was detected or changed in reading, each with the flag that overrides it.
    """

    frame: pl.DataFrame
    path: Path
    format: Literal["csv", "parquet"]
    notes: tuple[str, ...]


def read_table(
    path: str | Path,
    *,
    delimiter: str | None = None,
    decimal: str | None = None,
    encoding: str | None = None,
    quote: str | None = None,
    missing: Sequence[str] = MARKERS,
    text: Collection[str] = (),
    max_line_bytes: int = MAX_LINE_BYTES,
) -> Table:
    r"""Read a CSV or Parquet file.

    Parameters
    ----------
    path : str or Path
        Parquet is known by its first bytes, not by its name. CSV may be packed with gzip, bzip2 or
        xz.
    delimiter : str, optional
        One character, or 'tab'. Detected among ``, ; tab |``.
    decimal : {'.', ','}, optional
        Detected.
    encoding : str, optional
        Any of Python's. Detected among utf-8, utf-8-sig, utf-16, utf-32 and cp1252.
    quote : {'"', "'", 'none'}, optional
        Detected.
    missing : sequence of str
        Cells of a CSV file that mean "missing".
    text : collection of str
        Columns of a CSV file that stay text though all their cells are numbers. A model reads the
        columns that were text in training in this way, so that '1.50' does not become '1.5'.
    max_line_bytes : int
        A longer line (or quoted cell) is refused before it is read to its end.

    Returns
    -------
    Table
        With at least one row.

    Raises
    ------
    DataError
        If the file is missing, empty, damaged, has no rows, has rows of differing length, columns
        without a name or with the same name.
    UnknownNameError
        If an option is not one of those above.

    Notes
    -----
    Nothing is dropped in silence: empty lines, markers of missing cells and every guess are noted.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "flats.csv"
    >>> _ = file.write_text("rooms;rent\n2;710,50\n3;920,00\n?;540,25\n")
    >>> table = read_table(file)
    >>> table.frame.rows()
    [(2, 710.5), (3, 920.0), (None, 540.25)]
    >>> for note in table.notes:
    ...     print(note)
    delimiter ';' (--delimiter)
    encoding utf-8 (--encoding)
    '?' read as missing: 1 in 'rooms' (--missing)
    decimal comma (--decimal)
    """
    file = Path(path)
    if decimal not in (None, ".", ","):
        raise UnknownNameError(f"`decimal` must be '.' or ','; got {decimal!r}.")
    if quote not in (None, '"', "'", "none", ""):
        raise UnknownNameError(f"`quote` must be '\"', \"'\" or 'none'; got {quote!r}.")
    options = CsvOptions(
        delimiter=None if delimiter is None else check_delimiter(delimiter),
        decimal=decimal,
        encoding=encoding,
        quote="" if quote == "none" else quote,
        missing=tuple(missing),
        text=frozenset(text),
        max_line_bytes=max_line_bytes,
    )
    try:
        return _read(file, options)
    except OSError as error:
        raise DataError(f"{file} cannot be opened: {error.strerror or error}.") from None


def _read(path: Path, options: CsvOptions) -> Table:
    """Read a file by what its first bytes say it is."""
    if path.is_dir():
        raise DataError(f"{path} is a directory. Give the path of one CSV or Parquet file.")
    if not path.exists():
        raise DataError(f"There is no file {path}.{_nearby(path)}")
    if not path.is_file():
        raise DataError(f"{path} is a pipe or a device. Save its contents to a file first.")
    with path.open("rb") as file:
        start = file.read(len(MAGIC))
    if not start:
        raise DataError(f"{path} is empty. Give a file with a line of names and rows of data.")
    by_name = path.suffix.lower() in _PARQUET_SUFFIXES
    if by_name or start == MAGIC:
        frame = read_parquet(path)
        notes = [] if by_name else ["read as Parquet, as its first bytes say"]
        if not frame.height or not frame.width:
            raise DataError(
                f"{path} has {plural(frame.width, 'column')} and {plural(frame.height, 'row')}."
                " Give a file with data."
            )
        return Table(frame, path, "parquet", tuple(notes))
    frame, csv_notes = read_csv(path, options)
    return Table(frame, path, "csv", tuple(csv_notes))


def _nearby(path: Path) -> str:
    """Name a file beside `path` that was perhaps meant."""
    from difflib import get_close_matches

    try:
        names = [entry.name for entry in path.parent.iterdir() if entry.is_file()]
    except OSError:
        return f" There is no directory {path.parent} either. Check the path."
    close = get_close_matches(path.name, names, n=1, cutoff=0.6)
    return f" Did you mean {str(path.parent / close[0])!r}?" if close else " Check the path."
