"""The few turns of phrase that the sentences of this room share."""

from __future__ import annotations

from collections.abc import Sequence


def plural(count: int, noun: str) -> str:
    """Return ``1 row`` or ``1,200 rows``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def listing(items: Sequence[object], most: int = 5) -> str:
    """Return the first few items, with ``…`` for the rest."""
    shown = ", ".join(str(item) for item in items[:most])
    return f"{shown}, …" if len(items) > most else shown


def less(symbol: str, amount: float) -> str:
    """Return ``x``, ``(x - 3)`` or ``(x + 3)``."""
    if amount == 0:
        return symbol
    return f"({symbol} {'-' if amount > 0 else '+'} {abs(amount):g})"


def which_rows(numbers: Sequence[int]) -> str:
    """Return ``row 3`` or ``rows 3, 17, …``; rows count from 1, the first below the header."""
    return f"{'row' if len(numbers) == 1 else 'rows'} {listing(numbers)}"
