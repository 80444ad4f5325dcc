"""A column of dates: how long ago, which year, and where in the year, the week and the day."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table import plain
from hiddenlogic.table.blocks import Block
from hiddenlogic.table.cells import days
from hiddenlogic.table.dates import FORMATS
from hiddenlogic.table.encodings.robust import RobustScale
from hiddenlogic.table.portable import sine_and_cosine
from hiddenlogic.table.steps.date import DateStep
from hiddenlogic.table.wording import less, listing

_CYCLES = ("month", "day of the week", "day of the year", "hour")


@dataclass(frozen=True)
class CalendarStep:
    """Days since 1970-01-01, the year, and sine and cosine of cycles; missing: 0 in all of them.

    Attributes
    ----------
    elapsed : DateStep
        The days, with an input that tells of missing cells.
    year : RobustScale or None
        None where all training rows are of one year.
    cycles : tuple of str
        Those of month, day of the week, day of the year and hour that vary in the training rows.
    """

    elapsed: DateStep
    year: RobustScale | None
    cycles: tuple[str, ...]

    @classmethod
    def fit(cls, cells: pl.Series, rows: NDArray[np.integer], format: str) -> CalendarStep:
        """Learn from the training rows what varies."""
        values = days(cells, format or FORMATS[0])[rows]
        elapsed = DateStep.fit_days(cells.name, values, format)
        years, turns = _parts(values[~np.isnan(values)])
        varying = tuple(name for name in _CYCLES if len(np.unique(turns[name])) > 1)
        one = len(np.unique(years)) < 2
        return cls(elapsed, None if one else RobustScale.fit(years, cells.name), varying)

    @property
    def column(self) -> str:
        """Name of the column."""
        return self.elapsed.column

    @property
    def feature_names(self) -> tuple[str, ...]:
        """The days, whether they are missing, the year, and two inputs a cycle."""
        year = () if self.year is None else (f"year of {self.column}",)
        waves = (
            f"{wave} of the {name} of {self.column}" for name in self.cycles for wave in _WAVES
        )
        return (*self.elapsed.feature_names, *year, *waves)

    @property
    def blocks(self) -> tuple[Block, ...]:
        """All inputs in one."""
        return (Block(self.column, 0, len(self.feature_names)),)

    def write(self, cells: pl.Series, out: NDArray[np.float32]) -> None:
        """Fill `out` from dates, or from text in the format."""
        values = self.elapsed.measured(cells)
        gaps = np.isnan(values)
        years, turns = _parts(np.where(gaps, 0.0, values))
        at = len(self.elapsed.feature_names)
        self.elapsed.number.write_values(values, out[:, :at])
        if self.year is not None:
            out[:, at] = self.year(np.where(gaps, np.nan, years))
            at += 1
        for name in self.cycles:
            for wave in sine_and_cosine(turns[name]):
                out[:, at] = np.where(gaps, 0.0, wave)
                at += 1

    def warnings(self, cells: pl.Series) -> list[str]:
        """Count missing cells if there were none in training, and cells too far off."""
        return self.elapsed.warnings(cells)

    def without_clip(self) -> CalendarStep:
        """Return the step that does not bend days and years."""
        year = None if self.year is None else self.year.without_clip()
        return replace(self, elapsed=self.elapsed.without_clip(), year=year)

    def describe(self) -> str:
        """Say in one sentence what is done."""
        more: list[str] = []
        if self.year is not None:
            more.append(f"the year, {less('x', self.year.center)} / {self.year.spread:g}")
        if self.cycles:
            more.append(f"sine and cosine of the {listing(self.cycles)}")
        return "; ".join([self.elapsed.describe(), *more])

    def to_json(self) -> dict[str, object]:
        """Return plain data."""
        return {
            "kind": "calendar",
            "elapsed": self.elapsed.to_json(),
            "year": None if self.year is None else self.year.to_json(),
            "cycles": list(self.cycles),
        }

    @classmethod
    def from_json(cls, data: object, where: str) -> CalendarStep:
        """Check plain data and return the step."""
        found = plain.record(data, where, ("kind", "elapsed", "year", "cycles"))
        year = found["year"]
        cycles = plain.items(
            found["cycles"], f"{where}.cycles", lambda one, at: plain.text(one, at, _CYCLES)
        )
        return cls(
            elapsed=DateStep.from_json(found["elapsed"], f"{where}.elapsed"),
            year=None if year is None else RobustScale.from_json(year, f"{where}.year"),
            cycles=plain.distinct(cycles, f"{where}.cycles"),
        )


_WAVES = ("sine", "cosine")


def _parts(
    values: NDArray[np.float64],
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Return the years of days since 1970-01-01, and each cycle as a share of its turn."""
    whole = np.floor(values)
    dates = pl.Series(whole).cast(pl.Int32, strict=False).cast(pl.Date)

    def number(part: pl.Series) -> NDArray[np.float64]:
        return part.cast(pl.Float64).fill_null(0.0).to_numpy()

    turns = {
        "month": (number(dates.dt.month()) - 1) % 12 / 12,
        # 1970-01-01 was a Thursday; weeks begin on Monday.
        "day of the week": (whole + 3) % 7 / 7,
        "day of the year": (number(dates.dt.ordinal_day()) - 1) % 366 / 366,
        "hour": values - whole,
    }
    return number(dates.dt.year()), turns
