"""What the user says of encodings and gaps, checked, for each column."""

from __future__ import annotations

from collections.abc import Mapping

from hiddenlogic.errors import DataError, UnknownNameError, did_you_mean
from hiddenlogic.table.encodings import ROWS, rows_of
from hiddenlogic.table.schema import Column, Schema
from hiddenlogic.table.steps.choice import Wish
from hiddenlogic.table.wording import listing

Wishes = str | Mapping[str, str] | None

EVERY = "*"
"""In place of a column's name: every column that can have it."""
_MISSING = ("indicator", "learned")
_WITH_GAPS = ("number", "duration")


def wishes_of(schema: Schema, encodings: Wishes, missing: Wishes) -> dict[str, Wish]:
    """Return the wish for each column that is used.

    Raises
    ------
    UnknownNameError
        If a column, an encoding or a way with missing cells does not exist.
    DataError
        If a column is left out, or its kind cannot have what is wished for.
    """
    encoded, gaps = _by_column(encodings), _by_column(missing)
    for name in (*encoded, *gaps):
        _check_column(schema, name)
    if EVERY in encoded:
        ROWS.find(encoded[EVERY], "`encodings`")
    found: dict[str, Wish] = {}
    for column in schema.features:
        encoding = _encoding(column, encoded)
        found[column.name] = Wish(encoding, learned=_is_learned(column, gaps))
    return found


def _by_column(wishes: Wishes) -> Mapping[str, str]:
    """Return wishes by column; a single name is for every column."""
    if wishes is None:
        return {}
    return {EVERY: wishes} if isinstance(wishes, str) else wishes


def _check_column(schema: Schema, name: str) -> None:
    """Raise for a column that is not fed to the network."""
    used = [column.name for column in schema.features]
    if name == EVERY or name in used:
        return
    left_out = {column.name: column.kind for column in schema.left_out}
    if name in left_out:
        raise DataError(
            f"Column {name!r} is left out ({left_out[name]}), so it has no encoding. Give it a kind"
            f" first: --kind {name}=number."
        )
    raise UnknownNameError(
        f"The table has no column {name!r} to encode; it has {listing(used, 10)}."
        f"{did_you_mean(name, used)}"
    )


def _encoding(column: Column, encoded: Mapping[str, str]) -> str:
    """Return the encoding of a column; empty for the usual one."""
    rows = rows_of(column.kind)
    if column.name in encoded:
        argument = f"The encoding of column {column.name!r}, a {column.kind},"
        return rows.find(encoded[column.name], argument).name
    if EVERY in encoded and encoded[EVERY] in rows:
        return rows.find(encoded[EVERY], "`encodings`").name
    return ""


def _is_learned(column: Column, gaps: Mapping[str, str]) -> bool:
    """Whether missing cells of a column get a learned value."""
    way = gaps.get(column.name, gaps.get(EVERY, _MISSING[0]))
    if way not in _MISSING:
        raise UnknownNameError(
            f"`missing` must be one of {', '.join(_MISSING)}; got {way!r}."
            f"{did_you_mean(way, _MISSING)}"
        )
    if way == "learned" and column.name in gaps and column.kind not in _WITH_GAPS:
        raise DataError(
            f"Missing cells of column {column.name!r}, a {column.kind}, cannot be learned as a"
            " number is. Leave it out of `missing`."
        )
    return way == "learned" and column.kind in _WITH_GAPS
