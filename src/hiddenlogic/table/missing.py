"""How files write a missing cell."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from hiddenlogic.table.wording import plural

# None is left out on purpose: in many tables it is a level ("no garage"), not a gap.
MARKERS = (
    *("", "NA", "N/A", "n/a", "#N/A", "<NA>", "NaN", "nan", "NULL", "null", "?", "-"),
    *("NAN", "Nan", "-NaN", "-nan", "NaT", "1.#QNAN", "-1.#QNAN", "1.#IND", "-1.#IND", "#NA"),
    *("#DIV/0!", "#VALUE!", "#REF!", "#NUM!", "#NAME?", "#NULL!"),  # spreadsheets that could not
)


def blank_markers(frame: pl.DataFrame, markers: Sequence[str]) -> tuple[pl.DataFrame, list[str]]:
    """Turn the markers of missing cells into missing cells.

    Parameters
    ----------
    frame : polars.DataFrame
        Columns of text.
    markers : sequence of str
        Compared with whole cells, in the case as written.

    Returns
    -------
    tuple of polars.DataFrame and list of str
        The frame, and a note for each marker that was found.
    """
    found: dict[str, list[tuple[str, int]]] = {}
    columns: list[pl.Series] = []
    for column in frame.iter_columns():
        if (empty := column.null_count()) and "" in markers:
            found.setdefault("", []).append((column.name, empty))
        hits = column.is_in(list(markers))
        if hits.any():
            for marker, count in column.filter(hits).value_counts(name="#").iter_rows():
                found.setdefault(marker, []).append((column.name, count))
            column = column.set(hits, None)
        columns.append(column)
    notes = [_note(marker, found[marker]) for marker in markers if marker in found]
    return pl.DataFrame(columns), notes


def _note(marker: str, places: list[tuple[str, int]]) -> str:
    """Say which cells became missing."""
    totals: dict[str, int] = {}
    for name, count in places:
        totals[name] = totals.get(name, 0) + count
    shown = ", ".join(f"{count} in {name!r}" for name, count in list(totals.items())[:5])
    more = f" and {plural(len(totals) - 5, 'more column')}" if len(totals) > 5 else ""
    what = repr(marker) if marker else "empty cells"
    return f"{what} read as missing: {shown}{more} (--missing)"
