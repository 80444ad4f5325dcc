"""Checks on plain data from a JSON file: each returns its value, or says where the file is wrong.

A model file may come from anywhere. What these functions let through has the right kind, the right
length and finite numbers; what they refuse costs one sentence and no traceback of a KeyError.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from itertools import pairwise
from typing import TypeVar, cast

from hiddenlogic.errors import FormatError

Item = TypeVar("Item")
# No table has more columns, and no column more levels: far above any use, below any harm.
MAX_ITEMS = 1_000_000


def record(value: object, where: str, keys: Collection[str]) -> dict[str, object]:
    """Return a JSON object that has exactly these keys."""
    if not isinstance(value, dict):
        raise _wrong(where, "an object", value)
    found = cast("dict[object, object]", value)
    if set(found) != set(keys):
        odd = sorted(str(key) for key in set(found) ^ set(keys))
        raise FormatError(
            f"The model file is damaged: `{where}` must have the keys {', '.join(keys)};"
            f" {_short(odd[0])} is {'missing' if odd[0] in keys else 'unknown'}."
        )
    return cast("dict[str, object]", value)


def text(value: object, where: str, choices: Collection[str] | None = None) -> str:
    """Return a string, one of `choices` if these are given."""
    if not isinstance(value, str):
        raise _wrong(where, "text", value)
    if choices is not None and value not in choices:
        raise _wrong(where, f"one of {', '.join(choice or repr('') for choice in choices)}", value)
    return value


def number(value: object, where: str, *, least: float = -math.inf) -> float:
    """Return a finite number, at least `least`."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _wrong(where, "a finite number", value)
    try:
        real = float(value)
    except OverflowError:
        real = math.inf
    if not math.isfinite(real):
        raise _wrong(where, "a finite number", value)
    if real < least:
        raise _wrong(where, f"a number of at least {least:g}", value)
    return real


def positive(value: object, where: str) -> float:
    """Return a finite number greater than 0."""
    real = number(value, where)
    if real <= 0:
        raise _wrong(where, "a number greater than 0", value)
    return real


def count(value: object, where: str) -> int:
    """Return a whole number from 1 to `MAX_ITEMS`."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_ITEMS:
        raise _wrong(where, f"a whole number from 1 to {MAX_ITEMS}", value)
    return value


def rising(value: object, where: str, *, least: int) -> tuple[float, ...]:
    """Return numbers of which each is greater than the one before it."""
    found = items(value, where, number, least=least)
    if any(after <= before for before, after in pairwise(found)):
        raise FormatError(f"The model file is damaged: `{where}` must rise from item to item.")
    return found


def flag(value: object, where: str) -> bool:
    """Return true or false."""
    if not isinstance(value, bool):
        raise _wrong(where, "true or false", value)
    return value


def items(
    value: object, where: str, check: Callable[[object, str], Item], *, least: int = 0
) -> tuple[Item, ...]:
    """Return a JSON array, each item checked."""
    if not isinstance(value, list):
        raise _wrong(where, "a list", value)
    found = cast("list[object]", value)
    if not least <= len(found) <= MAX_ITEMS:
        raise FormatError(
            f"The model file is damaged: `{where}` must have {least} to {MAX_ITEMS} items; it has"
            f" {len(found)}."
        )
    return tuple(check(item, f"{where}[{position}]") for position, item in enumerate(found))


def distinct(values: tuple[Item, ...], where: str) -> tuple[Item, ...]:
    """Return values of which no two are equal."""
    if len(set(values)) != len(values):
        raise FormatError(f"The model file is damaged: `{where}` must not hold an item twice.")
    return values


def _wrong(where: str, expected: str, got: object) -> FormatError:
    """Return the error for a value of the wrong kind."""
    return FormatError(
        f"The model file is damaged: `{where}` must be {expected}; got {_short(got)}."
    )


def _short(value: object) -> str:
    """Return how a value reads, at most 40 characters of it; a hostile one may be huge or deep."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() > 128:
        return "a huge whole number"  # Python refuses to print beyond 4,300 digits
    if isinstance(value, str):
        return repr(value if len(value) <= 40 else value[:40] + "…")
    return repr(value)[:40]
