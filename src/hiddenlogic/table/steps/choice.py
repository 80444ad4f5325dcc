"""Which step a column gets: the one wished for, or the one that its kind and cells ask for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.table.cells import texts
from hiddenlogic.table.schema import Column
from hiddenlogic.table.steps.boolean import BooleanStep
from hiddenlogic.table.steps.calendar import CalendarStep
from hiddenlogic.table.steps.category import CategoryStep
from hiddenlogic.table.steps.clock import ClockStep
from hiddenlogic.table.steps.date import DateStep
from hiddenlogic.table.steps.duration import DurationStep
from hiddenlogic.table.steps.embedded import EmbeddedStep
from hiddenlogic.table.steps.hashed import HashedStep
from hiddenlogic.table.steps.number import NumberStep
from hiddenlogic.table.steps.step import Step

# RealMLP-TD (arXiv:2407.04491): one-hot for up to 9 different cells, missing among them.
_MOST_ONE_HOT = 8
_MOST_EMBEDDED = 10_000
_OF_CATEGORIES: dict[str, type[CategoryStep | EmbeddedStep | HashedStep]] = {
    "one_hot": CategoryStep,
    "embedding": EmbeddedStep,
    "hashing": HashedStep,
}


@dataclass(frozen=True)
class Wish:
    """What the user wants for a column: an encoding's name, empty for the usual one, and gaps."""

    encoding: str = ""
    learned: bool = False


def fit_step(cells: pl.Series, rows: NDArray[np.integer], column: Column, wish: Wish) -> Step:
    """Return the step of a column, learned from the training rows only.

    Parameters
    ----------
    cells : polars.Series
        All rows.
    rows : ndarray of integers
        The training rows.
    column : Column
        Its kind, one of those used.
    wish : Wish
        With an encoding that the kind can have.
    """
    match column.kind:
        case "number":
            return NumberStep.fit(cells, rows, wish.encoding or None, learned=wish.learned)
        case "duration":
            return DurationStep.fit(cells, rows, wish.encoding or None, learned=wish.learned)
        case "category":
            name = wish.encoding or _usual_of_levels(cells, rows)
            return _OF_CATEGORIES[name].fit(cells, rows)
        case "boolean":
            return BooleanStep.fit(cells, rows)
        case "time":
            return ClockStep.fit(cells, rows, column.format)
        case _:
            date = DateStep if wish.encoding == "elapsed" else CalendarStep
            return date.fit(cells, rows, column.format)


def _usual_of_levels(cells: pl.Series, rows: NDArray[np.integer]) -> str:
    """Return the encoding by the number of levels in the training rows."""
    n_levels = texts(cells).gather(rows).drop_nulls().n_unique()
    if n_levels <= _MOST_ONE_HOT:
        return "one_hot"
    return "embedding" if n_levels <= _MOST_EMBEDDED else "hashing"
