"""A hash that tells whether two tables are the same, cell by cell."""

from __future__ import annotations

import hashlib
import json
from typing import Protocol

import numpy as np
import polars as pl


class _Digest(Protocol):
    """A running hash; `hashlib` has no public name for it."""

    def update(self, data: bytes, /) -> None:
        """Take more bytes."""
        ...


def fingerprint(frame: pl.DataFrame) -> str:
    """Return the SHA-256 of a table's column names, types and cells.

    Parameters
    ----------
    frame : polars.DataFrame

    Returns
    -------
    str
        64 hexadecimal digits. The order of rows and columns counts; how polars holds the columns in
        memory (chunks, slices, the codes of categories, the bytes under missing cells) does not.

    Examples
    --------
    >>> import polars as pl
    >>> whole = pl.DataFrame({"x": [1, 2, None]})
    >>> halves = pl.concat([whole[:1], whole[1:]], rechunk=False)
    >>> fingerprint(whole) == fingerprint(halves)
    True
    """
    digest = hashlib.sha256()
    # Every part is preceded by its length, so that no two tables run together to the same bytes.
    _add(digest, f"{frame.height} {frame.width}".encode())
    for column in frame.iter_columns():
        _add(digest, column.name.encode())
        _add(digest, str(column.dtype.base_type()).encode())
        _add(digest, np.packbits(column.is_null().to_numpy()).tobytes())
        for part in _cells(column):
            _add(digest, part)
    return digest.hexdigest()


def _cells(column: pl.Series) -> list[bytes]:
    """Return the bytes of a column's cells, missing ones as zeros."""
    dtype = column.dtype
    if isinstance(dtype, pl.Categorical | pl.Enum):
        column, dtype = column.cast(pl.String), pl.String()
    if dtype == pl.String:
        lengths = column.str.len_bytes().fill_null(0).to_numpy().astype("<u4")
        return [lengths.tobytes(), "".join(column.drop_nulls().to_list()).encode()]
    if dtype.is_temporal():
        unit = getattr(dtype, "time_unit", ""), getattr(dtype, "time_zone", "")
        return [repr(unit).encode(), *_cells(column.to_physical())]
    if dtype.is_float():
        # All NaN are one; -0.0 and 0.0 stay two, as 1/x tells them apart.
        values = column.cast(pl.Float64).fill_null(0.0).to_numpy()
        return [np.where(np.isnan(values), np.nan, values).astype("<f8").tobytes()]
    if dtype.is_integer() and not isinstance(dtype, pl.Int128 | pl.UInt128):
        return [
            column.fill_null(0)
            .to_numpy()
            .astype("<i8" if dtype.is_signed_integer() else "<u8")
            .tobytes()
        ]
    if dtype == pl.Boolean:
        return [np.packbits(column.fill_null(False).to_numpy()).tobytes()]
    return [json.dumps(column.to_list(), default=repr).encode()]


def _add(digest: _Digest, part: bytes) -> None:
    """Hash a part and its length."""
    digest.update(len(part).to_bytes(8, "little"))
    digest.update(part)
