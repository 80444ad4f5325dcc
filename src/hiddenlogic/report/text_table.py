"""Tables of text, aligned; numbers with as many digits as they deserve."""

from __future__ import annotations

import math
from collections.abc import Sequence


def text_table(header: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> str:
    """Lay out a table.

    Parameters
    ----------
    header : sequence of str
    rows : sequence of sequences of str
        Each as long as the header.
    left : int
        How many columns, from the first, are aligned to the left; the others to the right.

    Returns
    -------
    str
        Header, a rule and the rows, without a newline at the end.

    Examples
    --------
    >>> print(text_table(["structure", "RMSE"], [["[8]", "12.5"], ["[64, 64]", "3.25"]]))
    structure  RMSE
    ─────────  ────
    [8]        12.5
    [64, 64]   3.25
    """
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]
    lines = [header, ["─" * width for width in widths], *rows]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if place < left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


def number(value: float, digits: int = 4) -> str:
    """Write a number with `digits` significant digits, and without an exponent where it can be.

    Examples
    --------
    >>> number(12.34567), number(123456.7), number(0.00001234), number(float("nan"))
    ('12.35', '123457', '1.234e-05', 'nan')
    """
    if not math.isfinite(value):
        return str(value)
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    if exponent < -4 or exponent > 9:
        return f"{value:.{digits - 1}e}"
    return f"{value:.{max(digits - 1 - exponent, 0)}f}"


def seconds(value: float) -> str:
    """Write a time in the unit that suits it.

    Examples
    --------
    >>> seconds(0.0312), seconds(2.31), seconds(75)
    ('31 ms', '2.3 s', '1 min 15 s')
    """
    if value < 0.9995:
        return f"{1000 * value:.0f} ms"
    if value < 59.95:
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest} s"
