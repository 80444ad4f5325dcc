"""From the bytes of a CSV file to UTF-8 text whose records are known."""

from __future__ import annotations

import codecs
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from hiddenlogic.errors import DataError, UnknownNameError
from hiddenlogic.table.foreign import refuse_binary, refuse_foreign
from hiddenlogic.table.packed import open_unpacked, packing
from hiddenlogic.table.records import Records, RecordScanner
from hiddenlogic.table.sniff import (
    PREFIX_BYTES,
    check_delimiter,
    check_encoding,
    encoding_by_mark,
    sniff_dialect,
)

_CHUNK_BYTES = 1 << 20
# The line by which Excel tells itself the delimiter.
_SEPARATOR_LINE = re.compile(r"\A\"?sep=(.)\"?(\r\n|\n)", re.IGNORECASE)


@dataclass(frozen=True)
class CsvOptions:
    """What the user said about the file; None where it is to be detected."""

    delimiter: str | None
    decimal: str | None
    encoding: str | None
    quote: str | None
    missing: Sequence[str]
    text: Collection[str]
    max_line_bytes: int


@dataclass(frozen=True)
class ScannedText:
    """The text of a file as UTF-8 and where its records are."""

    text: bytes
    records: Records
    encoding: str
    delimiter: str
    quote: str
    packing: str | None
    says_delimiter: bool


def scan_text(path: Path, options: CsvOptions) -> ScannedText:
    """Decode and scan a file in the first encoding that fits all of it.

    Raises
    ------
    DataError
        If the file is no text, holds NUL bytes or lines over the limit.
    """
    with open_unpacked(path) as file:
        prefix = file.read(PREFIX_BYTES)
    if options.encoding is not None:
        encoding = check_encoding(options.encoding)
        try:
            return _scan_as(path, encoding, prefix, options)
        except UnicodeError as error:  # such as UTF-16 without a byte-order mark
            raise DataError(
                f"{path} cannot be read as {encoding}: {error}. Leave --encoding out to have it"
                " detected, or name another."
            ) from None
    refuse_foreign(path, prefix)
    if (encoding := encoding_by_mark(prefix)) is not None:
        return _scan_as(path, encoding, prefix, options)
    refuse_binary(path, prefix)
    try:
        return _scan_as(path, "utf-8", prefix, options)
    except _UnfitEncodingError:
        return _scan_as(path, "cp1252", prefix, options)


class _UnfitEncodingError(Exception):
    """A guessed encoding that does not fit the file."""


def _scan_as(path: Path, encoding: str, prefix: bytes, options: CsvOptions) -> ScannedText:
    """Decode and scan a file in one encoding."""
    start = codecs.getincrementaldecoder(encoding)("replace").decode(prefix)
    returns_only = "\r" in start and "\n" not in start
    if returns_only:
        start = start.replace("\r", "\n")
    mark = start.startswith("\ufeff")  # still there where the user named the encoding
    said, length = _separator(start[mark:])
    delimiter, quote = sniff_dialect(
        start[mark + length :], options.delimiter or said, options.quote
    )
    before, skipped = int(length > 0), length + mark * len("\ufeff".encode())
    scanner = RecordScanner(str(path), delimiter, quote, options.max_line_bytes, before)
    chunks: list[bytes] = []
    line = 1 + before
    for chunk in _utf8_chunks(path, encoding, options.encoding is not None):
        if returns_only:
            chunk = chunk.replace(b"\r", b"\n")
        chunk, skipped = chunk[skipped:], 0
        if (at := chunk.find(0)) >= 0:
            raise DataError(
                f"{path}: line {line + chunk.count(10, 0, at)} holds a NUL byte, which no text"
                " does. The file is damaged or not a CSV file."
            )
        scanner.feed(chunk)
        chunks.append(chunk)
        line += chunk.count(10)
    return ScannedText(
        text=b"".join(chunks),
        records=scanner.finish(),
        encoding=encoding,
        delimiter=delimiter,
        quote=quote,
        packing=packing(path),
        says_delimiter=bool(said),
    )


def _separator(start: str) -> tuple[str | None, int]:
    """Return the delimiter that the first line names, if it does, and the length of that line."""
    found = _SEPARATOR_LINE.match(start)
    if found is None:
        return None, 0
    try:
        return check_delimiter(found[1]), found.end()
    except UnknownNameError:  # the name of a column
        return None, 0


def _utf8_chunks(path: Path, encoding: str, by_user: bool) -> Iterator[bytes]:
    """Give the file's text as UTF-8, in chunks."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line, seen_beyond_ascii = 1, False
    with open_unpacked(path) as file:
        while True:
            raw = file.read(_CHUNK_BYTES)
            try:
                text = decoder.decode(raw, final=not raw)
            except UnicodeDecodeError as error:
                valid = error.object[: error.start]
                line += valid.count(b"\n")
                seen_beyond_ascii = seen_beyond_ascii or not valid.isascii()
                raise _unfit(path, encoding, line, by_user, seen_beyond_ascii) from None
            seen_beyond_ascii = seen_beyond_ascii or not text.isascii()
            line += text.count("\n")
            yield text.encode()
            if not raw:
                return


def _unfit(path: Path, encoding: str, line: int, by_user: bool, beyond_ascii: bool) -> Exception:
    """Return what to raise where a file cannot be decoded."""
    if by_user:
        return DataError(
            f"{path}: line {line} cannot be read as {encoding}. Leave --encoding out to have it"
            " detected, or name another."
        )
    # Umlauts that were right before this line make a damaged UTF-8 file likelier than another
    # encoding, which would turn them all into two wrong letters each.
    if encoding == "utf-8" and not beyond_ascii:
        return _UnfitEncodingError()
    if encoding == "cp1252":
        return DataError(
            f"{path}: line {line} is text neither in UTF-8 nor in Windows-1252. Name the encoding"
            " with --encoding, such as shift_jis, gb18030, koi8-r or latin-1."
        )
    return DataError(
        f"{path}: line {line} is not {encoding}, though the text before it is. Repair that line,"
        " or name the encoding with --encoding."
    )
