"""Parquet files, through polars."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from hiddenlogic.errors import DataError
from hiddenlogic.table.panics import without_panics

MAGIC = b"PAR1"


def read_parquet(path: Path) -> pl.DataFrame:
    """Read a Parquet file.

    Raises
    ------
    DataError
        If the file is cut off, damaged or no Parquet file.
    """
    with path.open("rb") as file:
        begins = file.read(len(MAGIC)) == MAGIC
        size = file.seek(0, 2)
        file.seek(max(0, size - len(MAGIC)))
        ends = file.read() == MAGIC
    if not begins:
        raise DataError(
            f"{path} is named like a Parquet file but is none. If it is CSV, give it a name that"
            " ends in .csv."
        )
    if not ends:
        raise DataError(
            f"{path} is a Parquet file whose end is missing ({size:,} bytes are there). Copy or"
            " write it again."
        )
    try:
        # `hive_partitioning` would invent columns from the names of the folders.
        with without_panics():
            return pl.read_parquet(path, hive_partitioning=False, glob=False)
    except pl.exceptions.DuplicateError:
        raise DataError(
            f"{path} has more than one column of one name. Give every column its own name."
        ) from None
    except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DataError(
            f"{path} is a Parquet file that cannot be read: {reason}. Copy or write it again."
        ) from None
