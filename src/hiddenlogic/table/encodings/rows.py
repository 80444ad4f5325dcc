"""One frozen row an encoding: what a column of a kind may become."""

from __future__ import annotations

from dataclasses import dataclass

from hiddenlogic.registry import Registry


@dataclass(frozen=True)
class EncodingRow:
    """All that is known of an encoding.

    Parameters
    ----------
    name, aliases : str, tuple of str
        Names it is looked up by.
    kinds : tuple of str
        Kinds of columns that may have it.
    formula : str
        What becomes of a cell.
    why : str
        When it is the one to take.
    source : str
        Where it was published, or whose practice it is.
    """

    name: str
    aliases: tuple[str, ...]
    kinds: tuple[str, ...]
    formula: str
    why: str
    source: str


_NUMBERS = ("number", "duration")

ROWS: Registry[EncodingRow] = Registry(
    (
        EncodingRow(
            name="robust",
            aliases=("robust_scale",),
            kinds=_NUMBERS,
            formula="y = (x - median) / interquartile range, y / sqrt(1 + (y / 3)^2)",
            why="the default: outliers keep their order and lose their force",
            source="Holzmüller, Grinsztajn and Steinwart (2024), arXiv:2407.04491, section 3",
        ),
        EncodingRow(
            name="standard",
            aliases=("standardize", "zscore"),
            kinds=_NUMBERS,
            formula="(x - mean) / deviation",
            why="numbers without outliers, where coefficients are to be compared",
            source="scikit-learn's StandardScaler",
        ),
        EncodingRow(
            name="quantile",
            aliases=("quantile_normal", "rank"),
            kinds=_NUMBERS,
            formula="the standard normal distribution's quantile at x's share of the training rows",
            why="only the order of the numbers means something, or they come in clumps",
            source="Gorishniy et al. (2021), arXiv:2106.11959, section 4.2",
        ),
        EncodingRow(
            name="log",
            aliases=("logarithm", "log1p"),
            kinds=_NUMBERS,
            formula="sign(x) log(1 + |x| / unit), then as robust",
            why="the default of strongly skewed numbers: ratios count, not differences",
            source="Box and Cox (1964), doi:10.1111/j.2517-6161.1964.tb00553.x, lambda 0",
        ),
        EncodingRow(
            name="piecewise",
            aliases=("piecewise_linear", "ple", "bins"),
            kinds=_NUMBERS,
            formula="of each of 8 bins of equal counts, (x - low) / (high - low), at least 0 and "
            "at most 1",
            why="the target bends or jumps at some values",
            source="Gorishniy, Rubachev and Babenko (2022), arXiv:2203.05556, section 3.1",
        ),
        EncodingRow(
            name="periodic",
            aliases=("pbld",),
            kinds=_NUMBERS,
            formula="as robust, y; in the network W cos(2 pi c y + b) + d beside y, W, c, b and d "
            "learned",
            why="the target goes up and down with the number, or jumps often",
            source="Holzmüller, Grinsztajn and Steinwart (2024), arXiv:2407.04491, section 3",
        ),
        EncodingRow(
            name="plain",
            aliases=("none", "passthrough", "identity"),
            kinds=_NUMBERS,
            formula="x",
            why="numbers that are scaled already",
            source="",
        ),
        EncodingRow(
            name="one_hot",
            aliases=("onehot", "dummies"),
            kinds=("category",),
            formula="1 in the input of the level, 0 in the others; of two levels, -1 and +1",
            why="the default up to 8 levels",
            source="Holzmüller, Grinsztajn and Steinwart (2024), arXiv:2407.04491, table A.1",
        ),
        EncodingRow(
            name="embedding",
            aliases=("embedded", "learned"),
            kinds=("category",),
            formula="8 learned numbers a level",
            why="the default from 9 to 10,000 levels: alike levels come to lie together",
            source="Guo and Berkhahn (2016), arXiv:1604.06737; 8: arXiv:2407.04491, table A.1",
        ),
        EncodingRow(
            name="hashing",
            aliases=("hash", "hashed"),
            kinds=("category",),
            formula="8 learned numbers for each of 4,096 buckets, the level's being BLAKE2b modulo "
            "4,096",
            why="the default above 10,000 levels: the size stays bounded, levels may collide",
            source="Weinberger et al. (2009), arXiv:0902.2206; BLAKE2b: RFC 7693",
        ),
        EncodingRow(
            name="signs",
            aliases=(),
            kinds=("boolean",),
            formula="true +1, false -1, missing 0",
            why="the only one of truth values",
            source="",
        ),
        EncodingRow(
            name="calendar",
            aliases=("date_parts",),
            kinds=("date",),
            formula="days since 1970-01-01 and the year as robust; sine and cosine of the month, "
            "day of the week, day of the year and hour; each where it varies",
            why="the default of dates: seasons, weekends and nights come back",
            source="scikit-learn's example of cyclical feature engineering",
        ),
        EncodingRow(
            name="elapsed",
            aliases=("days",),
            kinds=("date",),
            formula="days since 1970-01-01, as robust",
            why="only how long ago a date is means something",
            source="",
        ),
        EncodingRow(
            name="cycle",
            aliases=("clock",),
            kinds=("time",),
            formula="sine and cosine of the share of the day",
            why="the default of times of day: 23:59 is near 0:00",
            source="scikit-learn's example of cyclical feature engineering",
        ),
    )
)


def rows_of(kind: str) -> Registry[EncodingRow]:
    """Return the rows that a kind of columns may have."""
    return Registry(row for row in ROWS if kind in row.kinds)
