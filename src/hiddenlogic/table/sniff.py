"""What a file is, guessed from its first bytes: format, encoding, delimiter, quotation marks."""

from __future__ import annotations

import codecs
from pathlib import Path

import numpy as np

from hiddenlogic.errors import DataError, UnknownNameError, did_you_mean
from hiddenlogic.table.records import Records, RecordScanner

PREFIX_BYTES = 1 << 20
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252", "latin-1")

# First bytes of files that people take for CSV, and what to do about each.
_FOREIGN = (
    (b"\x1f\x8b", "is compressed with gzip. Unpack it first: gunzip {name}"),
    (b"BZh", "is compressed with bzip2. Unpack it first: bunzip2 {name}"),
    (b"\x28\xb5\x2f\xfd", "is compressed with zstd. Unpack it first: unzstd {name}"),
    (
        b"PK\x03\x04",
        "is a ZIP archive or an Excel workbook. Unpack it, or save the sheet as CSV in Excel.",
    ),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook. Save the sheet as CSV in Excel."),
    (b"SQLite format 3\x00", "is an SQLite database. Export the table as CSV."),
    (b"%PDF", "is a PDF document. Export the table as CSV."),
)
# Below the space, text has tab, line feed, vertical tab, form feed, return and escape only.
_TEXT_CONTROLS = frozenset(b"\t\n\v\f\r\x1b")
# Text has practically no control characters; compressed and random bytes have 10 per cent.
_MAX_CONTROL_SHARE = 0.01


def refuse_foreign(path: Path, prefix: bytes) -> None:
    """Raise for bytes that are no text table.

    Parameters
    ----------
    path : Path
        Named in the messages.
    prefix : bytes
        The first bytes of the file; not UTF-16.

    Raises
    ------
    DataError
        For archives, workbooks, databases, and bytes that are no text.
    """
    for magic, advice in _FOREIGN:
        if prefix.startswith(magic):
            raise DataError(f"{path} {advice.format(name=path.name)}")
    counts = np.bincount(np.frombuffer(prefix, np.uint8), minlength=256)
    controls = sum(int(counts[code]) for code in range(32) if code not in _TEXT_CONTROLS)
    if controls > _MAX_CONTROL_SHARE * len(prefix):
        raise DataError(
            f"{path} is not text: {100 * controls / len(prefix):.0f}% of its first bytes are"
            " control characters. Give a CSV or Parquet file, or name the encoding with --encoding."
        )


def encoding_by_mark(prefix: bytes) -> str | None:
    """Return the encoding that a byte order mark, or the rhythm of NUL bytes, gives away."""
    if prefix.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if prefix.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # Western text in UTF-16 has a NUL in nearly every second byte and none between.
    pairs = np.frombuffer(prefix[: len(prefix) // 2 * 2], np.uint8).reshape(-1, 2)
    if len(pairs) > 1:
        high, low = (float(np.mean(pairs[:, side] < 1)) for side in (0, 1))
        if max(high, low) > 0.7 and min(high, low) < 0.01:
            return "utf-16-le" if low > high else "utf-16-be"
    return None


def check_encoding(name: str) -> str:
    """Return Python's name of an encoding.

    Raises
    ------
    UnknownNameError
        If Python knows no such text encoding.
    """
    try:
        found = codecs.lookup(name).name
        "".encode(found)
    except LookupError:
        raise UnknownNameError(
            f"`encoding` must be one that Python knows, such as {', '.join(ENCODINGS)};"
            f" got {name!r}.{did_you_mean(name, ENCODINGS)}"
        ) from None
    return found


def check_delimiter(delimiter: str) -> str:
    r"""Return a delimiter of one character; ``tab`` and ``\t`` written out are understood.

    Raises
    ------
    UnknownNameError
        If it is not one ASCII character, or one that cells are made of.
    """
    one = {"tab": "\t", "\\t": "\t"}.get(delimiter, delimiter)
    if len(one) != 1 or not one.isascii() or one.isalnum() or one in "\"'\r\n\0":
        raise UnknownNameError(
            f"`delimiter` must be one character, such as ',', ';', '|' or 'tab'; got {delimiter!r}."
        )
    return one


def sniff_dialect(text: str, delimiter: str | None, quote: str | None) -> tuple[str, str]:
    """Guess the delimiter and the quotation mark of a text.

    Parameters
    ----------
    text : str
        The beginning of the file; its last line may be cut off.
    delimiter, quote : str or None
        Given by the user; None to guess. An empty `quote` means that there are none.

    Returns
    -------
    tuple of str
        Delimiter and quotation mark (``""``: none).
    """
    sample = text.encode()
    delimiters = DELIMITERS if delimiter is None else (delimiter,)

    def best(mark: str) -> str:
        return max(delimiters, key=lambda candidate: _fit(sample, candidate, mark))

    if quote is not None:
        return best(quote), quote
    # Apostrophes and inch signs are common in text: a mark must prove itself by quoting cells.
    for mark in ('"', "'"):
        records = _scan(sample, best(mark), mark)
        if records.quoted and records.misquoted_line is None and records.open_line is None:
            return best(mark), mark
    plain = best("")
    if b'"' in sample and not _opens_cells(sample, plain):
        return plain, ""
    return best('"'), '"'


def _opens_cells(sample: bytes, delimiter: str) -> bool:
    """Tell whether any cell begins with a double quotation mark."""
    edges = (b"\n", delimiter.encode())
    return sample.startswith(b'"') or any(edge + b'"' in sample for edge in edges)


def _fit(sample: bytes, delimiter: str, quote: str) -> tuple[bool, float, int]:
    """Score a delimiter: does it split, how many rows agree with the header, how many columns."""
    records = _scan(sample, delimiter, quote)
    fields = records.fields[~records.blank]
    if not len(fields):
        return False, 0.0, 0
    agreeing = np.count_nonzero(fields == fields[0]) / len(fields)
    return bool(fields[0] > 1), agreeing, int(fields[0])


def _scan(sample: bytes, delimiter: str, quote: str) -> Records:
    """Scan the complete lines of a sample (all of it when it holds only one)."""
    end = sample.rfind(b"\n") + 1 or len(sample)
    scanner = RecordScanner("", delimiter, quote, max_record_bytes=len(sample))
    scanner.feed(sample[:end])
    return scanner.finish()
