"""Dates as people write them in text, and as days since 1970-01-01."""

from __future__ import annotations

import polars as pl

DAY_FIRST, MONTH_FIRST = "%d/%m/%Y", "%m/%d/%Y"
# In the order tried. The two with slashes are told apart by a day above 12, or not at all.
FORMATS = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.f",
    "%Y-%m-%dT%H:%M:%S%.fZ",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y",
    DAY_FIRST,
    MONTH_FIRST,
)
TIME_FORMATS = ("%H:%M:%S", "%H:%M", "%H:%M:%S%.f")
_NANOSECONDS_A_DAY = 86_400_000_000_000
_MICROSECONDS_A_DAY = 86_400_000_000


def parse_dates(column: pl.Series, format: str) -> pl.Series:
    """Return dates in text as microseconds since the epoch; null where a cell is none."""
    if "%H" in format:
        moments = column.str.to_datetime(format, time_unit="us", strict=False)
    else:
        moments = column.str.to_date(format, strict=False).cast(pl.Datetime("us"))
    return moments.to_physical()


def recognise_dates(column: pl.Series) -> tuple[str, ...]:
    """Return the formats in which every cell of a column of text is a date; mostly none or one."""

    def fits(cells: pl.Series, pattern: str) -> bool:
        return parse_dates(cells, pattern).null_count() == cells.null_count()

    start = column.head(100)  # nearly all columns of text are no dates, which their start tells
    return tuple(pattern for pattern in FORMATS if fits(start, pattern) and fits(column, pattern))


def recognise_times(column: pl.Series) -> str:
    """Return the format in which every cell of a column of text is a time of day; mostly none."""

    def fits(cells: pl.Series, pattern: str) -> bool:
        return cells.str.to_time(pattern, strict=False).null_count() == cells.null_count()

    start = column.head(100)
    return next((one for one in TIME_FORMATS if fits(start, one) and fits(column, one)), "")


def shares_of_day(column: pl.Series, format: str) -> pl.Series:
    """Return times of any type as Float64 from 0 to 1; null where a cell is missing or no time."""
    if column.dtype == pl.String:
        column = column.str.to_time(format, strict=False)
    return column.to_physical().cast(pl.Float64) / _NANOSECONDS_A_DAY


def days_since_epoch(column: pl.Series, format: str) -> pl.Series:
    """Return dates of any type as Float64 days; null where a cell is missing or no date."""
    if column.dtype == pl.String:
        moments = parse_dates(column, format)
    else:
        moments = column.cast(pl.Datetime("us")).to_physical()
    return moments.cast(pl.Float64) / _MICROSECONDS_A_DAY
