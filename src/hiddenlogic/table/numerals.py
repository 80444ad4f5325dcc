"""Numbers as people write them in text: decimal point or comma, thousands separators."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

# A space, a no-break space, a narrow no-break space, the Swiss apostrophe.
_SPACES = (" ", "\u00a0", "\u202f", "'")
# The sign that typesetters and Wikipedia write for the hyphen of programs.
_MINUS = "−"
# The rows looked at to tell a decimal comma from a decimal point.
_SAMPLE_ROWS = 10_000


@dataclass(frozen=True)
class Numerals:
    """A column of text read as numbers, and how."""

    values: pl.Series
    decimal: str
    thousands: str


def plain_numbers(column: pl.Series) -> pl.Series | None:
    """Return a column of plain numerals as Int64 or Float64, or None if any cell is something else.

    Whole numbers with more digits than Int64 holds are not read: as floats they would lose digits.
    """
    whole = column.cast(pl.Int64, strict=False)
    if whole.null_count() == column.null_count():
        return whole
    real = column.cast(pl.Float64, strict=False)
    # NaN as a number would be a missing cell that no marker of missing cells explains.
    if (
        real.null_count() > column.null_count()
        or real.is_nan().any()
        or _all_match(column, r"^[+-]?\d+$")
    ):
        return None
    return real


def has_leading_zeros(column: pl.Series) -> bool:
    """Tell whether any cell is a code such as 00123, which as a number would lose digits."""
    return bool(column.str.contains(r"^0\d+$").any())


def read_numerals(column: pl.Series, decimal: str) -> Numerals | None:
    """Read a column of text as numbers if every cell fits one way of writing them.

    Parameters
    ----------
    column : polars.Series of String
        Stripped of blanks, markers of missing cells already missing.
    decimal : {'.', ','}
        The file's decimal sign; a column that contradicts it is read by its own.

    Returns
    -------
    Numerals or None
        None if a cell is no number in the way of the others. Thousands separators must stand
        exactly every three digits in every cell of four or more.
    """
    other = "." if decimal == "," else ","
    point_is_thousands = decimal == "," and _all_match(column, r"^[+-]?\d{1,3}(\.\d{3})+$")
    if not point_is_thousands and (values := plain_numbers(column)) is not None:
        return Numerals(values, ".", "")
    if decimal == "," and not _any_contains(column, "."):
        values = plain_numbers(column.str.replace(",", ".", literal=True))
        if values is not None:
            return Numerals(values, ",", "")
    for thousands in (other, *_SPACES):
        if not _any_contains(column, thousands):
            continue
        group, mark = _escape(thousands), _escape(decimal)
        if _all_match(column, rf"^[+-]?\d{{1,3}}({group}\d{{3}})*({mark}\d+)?$"):
            bare = column.str.replace_all(thousands, "", literal=True)
            values = plain_numbers(bare.str.replace(decimal, ".", literal=True))
            if values is not None:
                return Numerals(values, decimal, thousands)
    if _any_contains(column, _MINUS):
        return read_numerals(column.str.replace(_MINUS, "-", literal=True), decimal)
    return None


def guess_decimal(frame: pl.DataFrame, delimiter: str) -> str:
    """Tell whether a file of text columns writes decimals with a point or a comma.

    Cells such as 3,14 decide; cells such as 1,234 could be either and count as decimals only where
    the delimiter is a semicolon, which spreadsheets write where the comma is the decimal sign.
    """
    comma = point = unsure = 0
    groups = "".join((".", *_SPACES))
    for column in frame.head(_SAMPLE_ROWS).iter_columns():
        if not _any_contains(column, ","):
            continue
        either = _count(column, r"^[+-]?[1-9]\d{0,2},\d{3}$")
        comma += _count(column, rf"^[+-]?(\d+|\d{{1,3}}([{groups}]\d{{3}})+),\d+$") - either
        point += _count(column, r"^[+-]?\d{1,3}(,\d{3})+\.\d+$")
        unsure += either
    if comma > point or (not comma and not point and unsure and delimiter == ";"):
        return ","
    return "."


def _escape(sign: str) -> str:
    """Return a sign as it is written in a regular expression."""
    return rf"\{sign}" if sign == "." else sign


def _count(column: pl.Series, pattern: str) -> int:
    """Count the cells that match."""
    return int(column.str.contains(pattern).sum())


def _all_match(column: pl.Series, pattern: str) -> bool:
    """Tell whether every cell that is there matches."""
    return bool(column.str.contains(pattern).all())


def _any_contains(column: pl.Series, text: str) -> bool:
    """Tell whether any cell contains `text`."""
    return bool(column.str.contains(text, literal=True).any())
