"""The first line of a file: the names of its columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from hiddenlogic.errors import DataError
from hiddenlogic.table.wording import listing, plural


def check_header(source: str, cells: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the names of the columns, stripped of blanks, and notes.

    Parameters
    ----------
    source : str
        What the messages call the file.
    cells : sequence of str
        The cells of the first line.

    Returns
    -------
    tuple of list of str
        Names, one a column, and notes.

    Raises
    ------
    DataError
        If a column has no name, two have the same, or the first line holds data.

    Notes
    -----
    Only the first column may lack a name: that is how pandas and R write their row labels.
    """
    names = [" ".join(cell.split()) for cell in cells]
    notes: list[str] = []
    if not any(names):
        raise DataError(f"{source}: the first line is empty. Write the names of the columns there.")
    numbers = [name for name in names if _is_number(name)]
    repeated = [name for name, count in Counter(names).items() if count > 1 and name]
    if len(numbers) == len(names) and (repeated or not all(name.isdigit() for name in numbers)):
        raise DataError(
            f"{source}: the first line holds numbers ({listing(names)}), not names. Write the names"
            " of the columns in a line above it."
        )
    if not names[0] and len(names) > 1 and "column 1" not in names:
        names[0] = "column 1"
        notes.append("the first column has no name and is called 'column 1'")
    unnamed = [position for position, name in enumerate(names, start=1) if not name]
    if unnamed:
        raise DataError(
            f"{source}: {_columns(unnamed)} no name. Name"
            f" {'it' if len(unnamed) == 1 else 'them'} in the first line, or remove"
            f" {'it' if len(unnamed) == 1 else 'them'}."
        )
    if repeated:
        raise DataError(
            f"{source} has more than one column named {listing([repr(r) for r in repeated])}. Give"
            " every column its own name."
        )
    if len(numbers) == len(names):
        notes.append(
            f"the names of the columns are numbers ({listing(names)}): if the first line is data,"
            " write names above it"
        )
    return names, notes


def _columns(positions: Sequence[int]) -> str:
    """Return 'column 3 has' or 'columns 3, 5 have'."""
    if len(positions) == 1:
        return f"column {positions[0]} has"
    return f"{plural(len(positions), 'column')} ({listing(list(positions))}) have"


def _is_number(text: str) -> bool:
    """Tell whether a name reads as a number."""
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
