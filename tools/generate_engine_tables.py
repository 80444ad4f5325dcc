"""Write the C++ lists of activations, losses, metrics, optimizers and schedules from their rows.

CMake runs ``python generate_engine_tables.py SOURCE_FOLDER OUTPUT_FOLDER`` at configure time; the
rows need the standard library only. Enums, kernel tables and name look-ups expand these lists, so a
row without a C++ body does not compile.
"""

from __future__ import annotations

import sys
from pathlib import Path


def write_if_changed(path: Path, lines: list[str]) -> None:
    """Write the lines, leaving an equal file untouched so that nothing is rebuilt."""
    text = "\n".join(lines) + "\n"
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")


def _cpp(value: bool) -> str:
    return "true" if value else "false"


def main(source: Path, output: Path) -> None:
    """Generate the lists."""
    sys.path.insert(0, str(source))
    from hiddenlogic import activations, losses, metrics, optimizers, schedules

    output.mkdir(parents=True, exist_ok=True)
    write_if_changed(
        output / "activations.inc",
        [
            # Without a C expression of one z it couples the units of a layer.
            f"HL_ACTIVATION({row.name}, {_cpp(row.saves == 'output')}, {_cpp(bool(row.c))}, "
            f"{_cpp(row.gates)})"
            for row in activations.ROWS
        ],
    )
    write_if_changed(
        output / "losses.inc",
        # What has an activation of its own is computed from logits too.
        [f"HL_LOSS({row.name}, {_cpp(bool(row.output))})" for row in losses.ROWS],
    )
    write_if_changed(
        output / "reductions.inc", [f"HL_REDUCTION({name})" for name in losses.REDUCTIONS]
    )
    for macro, name, rows in (
        ("HL_METRIC", "metrics", [row for row in metrics.ROWS if row.over == "rows"]),
        ("HL_SCORE", "scores", [row for row in metrics.ROWS if row.over == "set"]),
        ("HL_OPTIMIZER", "optimizers", optimizers.ROWS),
        ("HL_SCHEDULE", "schedules", schedules.ROWS),
    ):
        write_if_changed(output / f"{name}.inc", [f"{macro}({row.name})" for row in rows])
    slots = [f"{row.slots}," for row in optimizers.ROWS]
    write_if_changed(output / "optimizer_slots.inc", slots)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
