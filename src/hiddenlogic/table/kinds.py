"""The kind of a column, and the reason in words."""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass

import polars as pl

from hiddenlogic.table.cells import texts, tidy
from hiddenlogic.table.dates import DAY_FIRST, MONTH_FIRST, recognise_dates, recognise_times
from hiddenlogic.table.numerals import has_leading_zeros, plain_numbers
from hiddenlogic.table.wording import plural

# What a network can be fed, and what is left out; the order is that of messages.
USED_KINDS = ("number", "category", "boolean", "date", "time", "duration")
LEFT_OUT_KINDS = ("constant", "empty", "id", "text", "duplicate", "other", "ignore")
KINDS = (*USED_KINDS, *LEFT_OUT_KINDS)

# Text of up to this many different values is a category however few rows there are.
_ALWAYS_CATEGORY = 20
# Text whose values are mostly different says nothing that repeats.
_TEXT_SHARE = 0.5
# Longer texts are sentences, even where they repeat.
_SENTENCE_LETTERS = 60
# A run 1, 2, 3, … over fewer rows may well be a measurement.
_COUNTED_ROWS = 20
_ID_NAME = re.compile(
    r"(^|[^a-z])(id|ids|index|idx|key|uuid|guid|row|rownum|rownames|no|nr)($|[^a-z])"
    r"|^unnamed|^column 1$"
)


@dataclass(frozen=True)
class KindGuess:
    """A kind, why, and the format of dates in text."""

    kind: str
    reason: str
    format: str = ""


def guess_kind(column: pl.Series) -> KindGuess:
    """Tell what a column holds.

    Parameters
    ----------
    column : polars.Series
        The whole column, missing cells null (or NaN).

    Returns
    -------
    KindGuess
        The kind, one of `KINDS`, with a reason that fits behind "because it ...".
    """
    dtype = column.dtype
    column = tidy(column)
    present = column.drop_nulls()
    missing = len(column) - len(present)
    if not len(present):
        return KindGuess("empty", "has no values")
    if dtype.is_nested() or isinstance(dtype, pl.Binary | pl.Object):
        return KindGuess("other", f"holds {str(dtype).split('(')[0].lower()} cells")
    distinct = present.n_unique()
    if distinct == 1 and not missing:
        return KindGuess("constant", f"holds only {_shown(present[0])}")
    if dtype == pl.Boolean:
        guess = KindGuess("boolean", "holds true and false")
    elif isinstance(dtype, pl.Date | pl.Datetime):
        guess = KindGuess("date", "holds dates; they become days since 1970-01-01")
    elif isinstance(dtype, pl.Categorical | pl.Enum):
        guess = KindGuess("category", f"holds categories, {plural(distinct, 'different one')}")
    elif dtype == pl.Time:
        guess = KindGuess("time", "holds times of day")
    elif isinstance(dtype, pl.Duration):
        guess = KindGuess("duration", "holds durations; they become seconds")
    elif dtype.is_numeric():
        guess = _number(present, distinct, missing)
    else:
        guess = _text(present, distinct)
    if not missing:
        return guess
    return KindGuess(guess.kind, f"{guess.reason}; {plural(missing, 'cell')} missing", guess.format)


def _number(present: pl.Series, distinct: int, missing: int) -> KindGuess:
    """Tell a measurement from a number that only names its row."""
    if not present.dtype.is_integer():
        return KindGuess("number", f"holds numbers from {present.min():g} to {present.max():g}")
    if distinct == len(present) and not missing and distinct > 1:
        if _ID_NAME.search(_words(present.name)):
            return KindGuess("id", "holds a different whole number in every row, as its name says")
        if len(present) >= _COUNTED_ROWS and _counts_rows(present):
            first, last = present[0], present[-1]
            return KindGuess("id", f"counts the rows from {first} to {last}")
    return KindGuess(
        "number",
        f"holds whole numbers from {present.min()} to {present.max()},"
        f" {plural(distinct, 'different one')}",
    )


def _text(stripped: pl.Series, distinct: int) -> KindGuess:
    """Tell what a column of text is."""
    zeros = has_leading_zeros(stripped)
    if not zeros and plain_numbers(stripped) is not None:
        return KindGuess("number", "holds text that reads as numbers throughout")
    if distinct == 2 and bool(stripped.str.to_lowercase().is_in(("true", "false")).all()):
        return KindGuess(
            "boolean", f"holds only {' and '.join(sorted(stripped.unique().to_list()))}"
        )
    formats = recognise_dates(stripped)
    if len(formats) == 1:
        reason = f"holds dates written as {_pattern(formats[0])}; they become days since 1970-01-01"
        return KindGuess("date", reason, formats[0])
    if pattern := recognise_times(stripped):
        return KindGuess("time", f"holds times written as {_pattern(pattern)}", pattern)
    doubt = ""
    if formats == (DAY_FIRST, MONTH_FIRST):
        doubt = " that look like dates, but day and month cannot be told apart"
    elif zeros:
        doubt = ", some of them numbers with leading zeros"
    else:
        doubt = _nearly_numbers(stripped)
    letters = stripped.str.len_chars().mean()
    sentences = isinstance(letters, float) and letters > _SENTENCE_LETTERS
    if distinct <= _ALWAYS_CATEGORY and not sentences:
        return KindGuess("category", f"holds {plural(distinct, 'different text')}{doubt}")
    if distinct == len(stripped) and (
        _ID_NAME.search(_words(stripped.name)) or not stripped.str.contains(r"\s").any()
    ):
        return KindGuess("id", f"holds a different text in every row{doubt}")
    if sentences or distinct > _TEXT_SHARE * len(stripped):
        rows = plural(len(stripped), "row")
        return KindGuess("text", f"holds {plural(distinct, 'different text')} in {rows}{doubt}")
    return KindGuess("category", f"holds {plural(distinct, 'different text')}{doubt}")


def _nearly_numbers(stripped: pl.Series) -> str:
    """Name the cell that keeps a column of numbers from being one."""
    readable = stripped.cast(pl.Float64, strict=False)
    wrong = readable.is_null() | readable.is_nan()
    if not wrong.any():
        return " that are whole numbers of too many digits"
    if int(wrong.sum()) > 0.1 * len(stripped):
        return ""
    first = stripped.filter(wrong)[0]
    return f", {len(stripped) - int(wrong.sum()):,} of whose cells are numbers but one is {first!r}"


def _counts_rows(present: pl.Series) -> bool:
    """Tell whether a column counts its rows from 0 or 1."""
    return present[0] in (0, 1) and bool((present.cast(pl.Int64).diff().drop_nulls() == 1).all())


def _words(name: str) -> str:
    """Return a column's name in lower case, CamelCase taken apart: CustomerID, userId, order_no."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _shown(value: object) -> str:
    """Return a cell as a message shows it."""
    return repr(value) if isinstance(value, str) else str(value)


def _pattern(codes: str) -> str:
    """Return a format in the letters people use: YYYY-MM-DD."""
    letters = {
        "%Y": "YYYY",
        "%m": "MM",
        "%d": "DD",
        "%H": "hh",
        "%M": "mm",
        "%S%.f": "ss",
        "%S": "ss",
    }
    for code, letter in letters.items():
        codes = codes.replace(code, letter)
    return codes


def kind_flag(cells: pl.Series, kind: str) -> str:
    """Return the command line flag that gives a column the likeliest other kind."""
    if kind in ("constant", "empty") or (kind == "id" and cells.dtype.is_numeric()):
        other = "number"
    elif kind == "category" or kind == "other":
        other = "ignore"
    else:
        other = "category"
    return f"--kind {shlex.quote(f'{cells.name}={other}')}"


def distinct_texts(column: pl.Series) -> list[str]:
    """Return the different values of a column as text, in the order of their values."""
    return texts(tidy(column).drop_nulls().unique().sort()).to_list()
