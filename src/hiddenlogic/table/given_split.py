"""Rows that say themselves which part they are in."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hiddenlogic.errors import DataError
from hiddenlogic.table.cells import texts
from hiddenlogic.table.wording import plural, which_rows

TRAIN, VALIDATION, TEST = range(3)
_WORDS = {
    "train": TRAIN,
    "training": TRAIN,
    "fit": TRAIN,
    "val": VALIDATION,
    "valid": VALIDATION,
    "validation": VALIDATION,
    "dev": VALIDATION,
    "test": TEST,
    "testing": TEST,
    "holdout": TEST,
    "held out": TEST,
}


def given_parts(cells: pl.Series, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the part of each of these rows: 0 training, 1 validation, 2 test.

    Raises
    ------
    DataError
        If a cell is missing or no name of a part, or no row is for training or for testing.
    """
    words = texts(cells.gather(rows))
    parts = _parts(words)
    wrong = parts.is_null().arg_true().to_list()
    if wrong:
        got = words[wrong[0]]
        raise DataError(
            f"The split column {cells.name!r} must hold train, val or test; got"
            f" {'nothing' if got is None else repr(got)} in {which_rows([int(rows[wrong[0]]) + 1])}"
            f" ({plural(len(wrong), 'such row')}). Correct them, or name another --split-column."
        )
    found = np.array(parts)
    for part, name in ((TRAIN, "train"), (TEST, "test")):
        if not np.any(found == part):
            raise DataError(
                f"The split column {cells.name!r} marks no row as {name!r}. Mark some, or leave"
                " --split-column out."
            )
    return found


def names_parts(cells: pl.Series) -> bool:
    """Tell whether a column holds names of parts and nothing else, two of them at least."""
    if not (cells.dtype == pl.String or isinstance(cells.dtype, pl.Categorical | pl.Enum)):
        return False
    distinct = texts(cells.unique()).drop_nulls()
    # Cells that differ in case or in blanks are the same part, but no table has many spellings.
    if not 2 <= len(distinct) <= len(_WORDS):
        return False
    parts = _parts(distinct)
    return parts.null_count() == 0 and {TRAIN, TEST} <= set(parts.to_list())


def _parts(words: pl.Series) -> pl.Series:
    """Look the words up; null where they name no part."""
    return words.str.to_lowercase().replace_strict(
        list(_WORDS), list(_WORDS.values()), default=None, return_dtype=pl.Int64
    )
