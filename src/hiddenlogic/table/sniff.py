"""How a text is written, guessed from its first bytes: encoding, delimiter, quotation marks."""

from __future__ import annotations

import codecs

import numpy as np

from hiddenlogic.errors import UnknownNameError, did_you_mean
from hiddenlogic.table.records import Records, RecordScanner

PREFIX_BYTES = 1 << 20
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252", "latin-1")


def encoding_by_mark(prefix: bytes) -> str | None:
    """Return the encoding that a byte order mark, or the rhythm of NUL bytes, gives away."""
    if prefix.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"  # whose mark begins with that of UTF-16
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
