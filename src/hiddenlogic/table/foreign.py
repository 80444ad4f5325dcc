"""Files that people take for tables of text, known by their first bytes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from hiddenlogic.errors import DataError

_WORKBOOK = "Save the sheet as CSV in the program that wrote it."
_EXPORT = "Export the table as CSV."
# First bytes, what they are the beginning of, and the way out.
_KINDS = (
    (b"PK\x03\x04", "a ZIP archive or an Excel workbook", "Unpack it, or save the sheet as CSV."),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "Unpack it first: unzstd {name}"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive", "Unpack it first."),
    (b"Rar!\x1a\x07", "a RAR archive", "Unpack it first."),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook", _WORKBOOK),
    (b"PAR1", "a Parquet file inside another", "Unpack it first."),
    (b"ARROW1", "an Arrow file", "Write it as Parquet, or pass the frame itself."),
    (b"\x89HDF\r\n", "an HDF5 file", "Write the table as Parquet or CSV."),
    (b"\x93NUMPY", "an array of NumPy", "Pass numpy.load({name!r}) itself."),
    (b"\x80\x04\x95", "a pickle of Python, which may run programs", "Write the table as Parquet."),
    (b"SQLite format 3\x00", "an SQLite database", _EXPORT),
    (b"%PDF", "a PDF document", _EXPORT),
    (b"{\\rtf", "a document of a word processor", _EXPORT),
    (b"\x89PNG\r\n", "a picture (PNG)", "Check that the file is what you meant."),
    (b"\xff\xd8\xff", "a picture (JPEG)", "Check that the file is what you meant."),
    (b"GIF8", "a picture (GIF)", "Check that the file is what you meant."),
    (b"\x7fELF", "a program", "Check that the file is what you meant."),
    (b"<!DOCTYPE", "a web page", "Download the file that it links to, or export the table as CSV."),
    (b"<html", "a web page", "Download the file that it links to, or export the table as CSV."),
    (b"<?xml", "XML", _EXPORT),
    (b'{"', "JSON", _EXPORT),
    (b'[{"', "JSON", _EXPORT),
)
# Below the space, text has tab, line feed, vertical tab, form feed, return and escape only.
_TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x1b")
# Text has practically no control characters; packed and random bytes have 10 per cent.
_MAX_CONTROL_SHARE = 0.01


def refuse_foreign(path: Path, prefix: bytes) -> None:
    """Raise for the first bytes of something that is known and no table of text.

    Parameters
    ----------
    path : Path
        Named in the messages.
    prefix : bytes
        The first bytes of the file.

    Raises
    ------
    DataError
        For archives, workbooks, databases, documents, pictures, programs, JSON and XML.
    """
    for magic, what, way_out in _KINDS:
        if prefix[: len(magic)].lower() == magic.lower():
            raise DataError(
                f"{path} is {what}, not a CSV or Parquet file. {way_out.format(name=path.name)}"
            )


def refuse_binary(path: Path, prefix: bytes) -> None:
    """Raise for bytes that are no text in any encoding that has one byte for a plain letter.

    Parameters
    ----------
    path : Path
        Named in the message.
    prefix : bytes
        The first bytes of the file; not UTF-16 or UTF-32.

    Raises
    ------
    DataError
        If more than 1% of them are control characters.
    """
    counts = np.bincount(np.frombuffer(prefix, np.uint8), minlength=256)
    controls = sum(int(counts[code]) for code in range(32) if code not in _TEXT_CONTROLS)
    if controls > _MAX_CONTROL_SHARE * len(prefix):
        raise DataError(
            f"{path} is not text: {100 * controls / len(prefix):.0f}% of its first bytes are"
            " control characters. Give a CSV or Parquet file, or name the encoding with --encoding."
        )
