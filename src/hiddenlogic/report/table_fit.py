"""The result of `fit` on a table: leaderboard, verdict, some held-out rows."""

from __future__ import annotations

import math
from typing import Any

from hiddenlogic.report.text_table import number, text_table
from hiddenlogic.search.conclusion import TableFit
from hiddenlogic.search.leaderboard import Row

_MOST_ROWS = 12


def table_fit_text(fit: TableFit) -> str:
    """Write the whole result.

    Parameters
    ----------
    fit : TableFit

    Returns
    -------
    str
        Leaderboard, verdict, a table of true and predicted, notes.
    """
    parts = [leaderboard_text(fit), fit.verdict.text, sample_text(fit)]
    if fit.notes:
        parts.append("\n".join(f"Note: {note}" for note in fit.notes))
    return "\n\n".join(parts)


def leaderboard_text(fit: TableFit) -> str:
    """Write the leaderboard: best structures by the validation rows, baselines always.

    Held-out scores stand only beside the chosen network and the baselines: no other network has
    seen those rows.
    """
    measures = next(row.held_out for row in fit.leaderboard if row.chosen)
    rows = [
        row
        for place, row in enumerate(fit.leaderboard)
        if place < _MOST_ROWS or row.chosen or row.held_out
    ]
    header = ["structure", "activation", "parameters", "networks", f"validation {fit.measure}"]
    header += [f"held-out {name}" for name in measures]
    lines = [_line(row, list(measures)) for row in rows]
    hidden = len(fit.leaderboard) - len(rows)
    note = f"\n{hidden} more structures were tried." if hidden else ""
    return (
        f"{fit.networks} networks in {fit.seconds:.1f} s; rows: {fit.rows['train']} to train,"
        f" {fit.rows['validation']} to choose, {fit.rows['held out']} held out.\n\n"
        + text_table(header, lines, left=2)
        + note
    )


def _line(row: Row, measures: list[str]) -> list[str]:
    """One row as text; the chosen network is marked."""
    held_out = [number(row.held_out[name]) if row.held_out else "" for name in measures]
    mark = "→ " if row.chosen else "  "
    return [
        mark + row.name,
        row.activation,
        str(row.parameters),
        str(row.networks),
        number(row.validation),
        *held_out,
    ]


def sample_text(fit: TableFit) -> str:
    """Write some held-out rows: true beside predicted."""
    header = list(fit.sample.columns)
    rows = [
        [number(cell) if isinstance(cell, float) else str(cell) for cell in row]
        for row in fit.sample.iter_rows()
    ]
    return "Some held-out rows:\n\n" + text_table(header, rows, left=0)


def table_fit_json(fit: TableFit) -> dict[str, Any]:
    """The same as plain data, for programs; a score that is not defined is None."""
    return {
        "event": "Result",
        "networks": fit.networks,
        "seconds": fit.seconds,
        "interrupted": fit.interrupted,
        "rows": dict(fit.rows),
        "measure": fit.measure,
        "leaderboard": [
            {
                "structure": row.name,
                "activation": row.activation,
                "parameters": row.parameters,
                "networks": row.networks,
                "validation": row.validation if math.isfinite(row.validation) else None,
                "chosen": row.chosen,
                "held_out": {
                    name: value if math.isfinite(value) else None
                    for name, value in row.held_out.items()
                },
            }
            for row in fit.leaderboard
        ],
        "verdict": {"outcome": fit.verdict.outcome, "text": fit.verdict.text},
        "sample": fit.sample.to_dicts(),
        "notes": list(fit.notes),
    }
