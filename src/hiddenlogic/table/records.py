"""Where the rows of a delimited text begin and end, found without holding or splitting the text.

polars fills short rows with missing cells in silence and has no limit on the length of a line; this
scan finds both first, at a few hundred megabytes a second.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiddenlogic.errors import DataError

_NEWLINE, _RETURN = 10, 13


@dataclass(frozen=True)
class Records:
    """What a scan found; the arrays have one entry a record, the header first.

    Attributes
    ----------
    fields : ndarray of int64
        Cells of each record.
    lines : ndarray of int64
        Line of the file, from 1, in which each record begins.
    blank : ndarray of bool
        Which records are empty lines.
    first_end : int
        Byte offset behind the header.
    quoted : int
        Cells in quotation marks.
    misquoted_line : int or None
        The first line with a quotation mark that neither begins nor ends a cell.
    open_line : int or None
        The line of a quotation mark that is never closed.
    """

    fields: NDArray[np.int64]
    lines: NDArray[np.int64]
    blank: NDArray[np.bool_]
    first_end: int
    quoted: int
    misquoted_line: int | None
    open_line: int | None


class RecordScanner:
    """Count the cells of each record of UTF-8 text that comes in chunks.

    Parameters
    ----------
    source : str
        What the messages call the file.
    delimiter : str
        One ASCII character.
    quote : str
        One ASCII character, or ``""`` for none.
    max_record_bytes : int
        A longer record is refused before it is read to its end.
    lines_before : int
        Lines of the file that are no part of the text.
    """

    def __init__(
        self,
        source: str,
        delimiter: str,
        quote: str,
        max_record_bytes: int,
        lines_before: int = 0,
    ) -> None:
        self._source = source
        self._delimiter = ord(delimiter)
        self._quote = ord(quote) if quote else -1
        self._limit = max_record_bytes
        self._inside = False
        self._opened_line = 0
        self._previous = _NEWLINE
        self._previous_closed = False
        self._delimiters_open = 0  # in the record that the next chunk continues
        self._open_start = 0  # byte offset of that record
        self._offset = 0
        self._lines = lines_before
        self._record_line = lines_before + 1
        self._quoted = 0
        self._misquoted_line: int | None = None
        self._parts: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.bool_]]] = []
        self._first_end = 0

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes.

        Raises
        ------
        DataError
            If a record is longer than `max_record_bytes`.
        """
        if not chunk:
            return
        text = np.frombuffer(chunk, np.uint8)
        newlines = np.flatnonzero(text == _NEWLINE)
        delimiters = np.flatnonzero(text == self._delimiter)
        ends = newlines
        has_quotes = self._quote >= 0 and self._quote in chunk
        if has_quotes or self._inside or self._previous_closed:
            inside = self._follow_quotes(text, newlines)
            ends = newlines[~inside[newlines]]
            delimiters = delimiters[~inside[delimiters]]
        self._close_records(text, newlines, delimiters, ends)
        self._offset += len(chunk)
        self._lines += len(newlines)
        self._previous = int(text[-1])
        self._refuse_long(self._offset - self._open_start, self._record_line)

    def finish(self) -> Records:
        """Return what was found; a last record without a line break counts."""
        if self._offset > self._open_start:
            self._keep(
                np.array([self._delimiters_open + 1]),
                np.array([self._record_line]),
                np.array([self._previous == _RETURN and self._offset == self._open_start + 1]),
            )
            if len(self._parts) == 1 and len(self._parts[0][0]) == 1:
                self._first_end = self._offset
        empty = np.zeros(0, np.int64)
        fields, lines, blank = (
            (np.concatenate(column) for column in zip(*self._parts, strict=True))
            if self._parts
            else (empty, empty, np.zeros(0, np.bool_))
        )
        return Records(
            fields=fields,
            lines=lines,
            blank=blank,
            first_end=self._first_end,
            quoted=self._quoted,
            misquoted_line=self._misquoted_line,
            open_line=self._opened_line if self._inside else None,
        )

    def _follow_quotes(
        self, text: NDArray[np.uint8], newlines: NDArray[np.int64]
    ) -> NDArray[np.bool_]:
        """Tell which bytes lie between quotation marks, and check where these stand."""
        is_quote = text == self._quote
        inside = np.logical_xor.accumulate(is_quote) ^ self._inside
        before = np.empty_like(text)
        before[0], before[1:] = self._previous, text[:-1]
        closed_before = np.empty_like(is_quote)
        closed_before[0] = self._previous_closed
        np.logical_and(is_quote[:-1], ~inside[:-1], out=closed_before[1:])
        opening = is_quote & inside
        edge = np.array([self._delimiter, _NEWLINE, self._quote], np.uint8)
        after_edge = np.array([self._delimiter, _NEWLINE, _RETURN, self._quote], np.uint8)
        wrong = np.flatnonzero(
            (opening & ~np.isin(before, edge)) | (closed_before & ~np.isin(text, after_edge))
        )
        if len(wrong) and self._misquoted_line is None:
            self._misquoted_line = self._line_of(int(wrong[0]), newlines)
        # `""` inside a quoted cell closes and opens again: only openings after an edge count.
        self._quoted += int(np.count_nonzero(opening & (before != self._quote)))
        self._inside = bool(inside[-1])
        self._previous_closed = bool(is_quote[-1] and not inside[-1])
        if self._inside:
            starts = np.flatnonzero(opening)
            if len(starts):
                self._opened_line = self._line_of(int(starts[-1]), newlines)
        return inside

    def _close_records(
        self,
        text: NDArray[np.uint8],
        newlines: NDArray[np.int64],
        delimiters: NDArray[np.int64],
        ends: NDArray[np.int64],
    ) -> None:
        """Note the cells, first line and emptiness of each record that ends in this chunk."""
        if not len(ends):
            self._delimiters_open += len(delimiters)
            return
        until = np.searchsorted(delimiters, ends)
        fields = np.diff(until, prepend=0) + 1
        fields[0] += self._delimiters_open
        starts = np.concatenate(([self._open_start], self._offset + ends[:-1] + 1))
        lengths = self._offset + ends - starts
        next_lines = self._lines + np.searchsorted(newlines, ends) + 2
        lines = np.concatenate(([self._record_line], next_lines[:-1]))
        longest = int(lengths.argmax())
        self._refuse_long(int(lengths[longest]), int(lines[longest]))
        last_byte = np.where(ends > 0, text[ends - 1], self._previous)
        if not self._parts:
            self._first_end = self._offset + int(ends[0]) + 1
        self._keep(fields, lines, (lengths == 0) | ((lengths == 1) & (last_byte == _RETURN)))
        self._delimiters_open = len(delimiters) - int(until[-1])
        self._open_start = self._offset + int(ends[-1]) + 1
        self._record_line = int(next_lines[-1])

    def _keep(
        self, fields: NDArray[np.int64], lines: NDArray[np.int64], blank: NDArray[np.bool_]
    ) -> None:
        """Append what was found of some records."""
        self._parts.append((fields, lines, blank))

    def _line_of(self, position: int, newlines: NDArray[np.int64]) -> int:
        """Return the line in the file, from 1, of a position in the present chunk."""
        return self._lines + int(np.searchsorted(newlines, position)) + 1

    def _refuse_long(self, length: int, line: int) -> None:
        """Raise when a record has outgrown the limit."""
        if length <= self._limit:
            return
        size = f"{self._limit / 2**20:g} MiB" if self._limit >= 2**20 else f"{self._limit:,} bytes"
        if self._inside and self._misquoted_line is None:
            raise DataError(
                f"{self._source}: the quotation mark opened in line {self._opened_line} is not"
                f" closed within {size}. Close it, or pass --quote none to read quotation marks as"
                " text."
            )
        raise DataError(
            f"{self._source}: line {line} is longer than {size}, so this is not a table with one"
            " row a line. Check that the file is what you meant."
        )
