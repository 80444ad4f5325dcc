"""JSON from files that anyone may have written: bounded, plain, and read one way only.

Python's own reader takes NaN, numbers beyond all bounds, the same key twice and any depth; each of
them lets a file mean two things or stop the reader, so each is refused here.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from hiddenlogic.errors import FormatError

MAX_DEPTH = 64
"""Deepest nesting that is read; the files written here need less than ten."""

# A string is one match, so that brackets inside it are not counted.
# An unfinished string runs to the end: trying again behind each of its quotes would take hours.
_TOKENS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[{]|[\]}]', re.DOTALL)


class _Refusal(ValueError):
    """Why a text is not read, as the end of a sentence."""


def parse(text: bytes | str, what: str) -> Any:
    """Read one JSON document.

    Parameters
    ----------
    text : bytes or str
        UTF-8 when bytes.
    what : str
        What the text is, for the message: "The header of `m.safetensors`".

    Returns
    -------
    object
        dict, list, str, int, finite float, bool or None.

    Raises
    ------
    FormatError
        If the text is not UTF-8 or not JSON, nests deeper than `MAX_DEPTH`, or holds a key twice,
        NaN, Infinity, or a number too large for a float.

    Examples
    --------
    >>> parse('{"units": [3, 1]}', "The network")
    {'units': [3, 1]}
    """
    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
        _check_depth(decoded)
        return json.loads(
            decoded,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_float=_float,
            parse_int=_int,
        )
    except _Refusal as refusal:
        raise FormatError(f"{what} is not read: {refusal}.") from None
    except (ValueError, RecursionError):
        raise FormatError(f"{what} is not valid JSON.") from None


def _check_depth(text: str) -> None:
    """Count brackets before the reader recurses into them."""
    depth = 0
    for match in _TOKENS.finditer(text):
        token = text[match.start()]
        if token in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise _Refusal(f"it nests deeper than {MAX_DEPTH} levels")
        elif token in "]}":
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse a key given twice: readers differ in which of the two they take."""
    result = dict(pairs)
    if len(result) < len(pairs):
        seen: set[str] = set()
        twice = next(name for name, _ in pairs if name in seen or seen.add(name))
        raise _Refusal(f"the key {twice[:60]!r} is there twice")
    return result


def _constant(name: str) -> Any:
    """Refuse NaN and the infinities, which are not JSON."""
    raise _Refusal(f"it holds {name}, which is not a JSON number")


def _float(text: str) -> float:
    """Refuse numbers that a float would turn into an infinity."""
    value = float(text)
    if not math.isfinite(value):
        raise _Refusal(f"the number {text[:20]} is too large")
    return value


def _int(text: str) -> int:
    """Refuse integers beyond 64 bits: no size, index or label is one."""
    if len(text) > 20:
        raise _Refusal(f"the number {text[:20]}… is too large")
    return int(text)
